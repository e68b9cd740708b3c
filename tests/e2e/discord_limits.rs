//! Discord's rate limits: the bot stays within them, and no reply is lost because of them.

use std::time::Duration;

use aws::DiscordLimits;
use discord::rest::MAX_INVALID_REQUESTS;
use domain::Job;
use futures_util::future::join_all;
use jiff::Timestamp;
use steward::settings::{JOBS, JOBS_BATCH, JOBS_DEAD};
use tests::{Interaction, Look, TestApp};

use crate::environment::{environment, gives, nobody_takes_jobs, stolen};

const DONE_TEXT: &str = "The long half is done.";
/// Seconds, longer than an environment caches the shared rate limit state.
const RATE_LIMIT_CACHE_SECONDS: u64 = 6;

fn calls(app: &TestApp) -> u64 {
    app.stack.discord.calls().all
}

fn limited(app: &TestApp) -> u64 {
    app.stack.discord.calls().limited
}

/// The number of jobs that are visible in the queue.
fn waiting(app: &TestApp) -> u64 {
    let queues = app.stack.queues.list().unwrap();
    queues.iter().filter(|depth| depth.name == JOBS).map(|depth| depth.visible).sum()
}

/// Makes Discord answer with a global 429 of this many seconds.
fn wants_peace(app: &TestApp, seconds: u64) {
    app.stack.discord.faults().change(|faults| faults.global_rate_limit = Duration::from_secs(seconds));
}

async fn is_done_once(app: &TestApp, asked: Interaction<'_>) {
    app.pass_until("the reply is there", || asked.look().settled).await;
    assert_eq!((asked.look().text().as_str(), asked.edits()), (DONE_TEXT, 1));
    app.pass_until("the job is settled", || app.queued(JOBS) == 0).await;
    assert_eq!(app.queued(JOBS_DEAD), 0);
}

#[tokio::test(flavor = "multi_thread")]
async fn in_a_flood_every_reply_is_edited_once_though_discord_takes_ten_a_minute() {
    let app = TestApp::without_limits(2).await;
    app.stack.discord.faults().change(|faults| faults.webhooks_per_minute = 10);
    let asked = join_all((0..25).map(|_| app.member().says("/misbehave"))).await;
    for asked in &asked {
        is_done_once(&app, *asked).await;
    }
    // Each job that had to wait got at most one 429 a minute.
    let refused = limited(&app);
    assert!((1..=15 + 5).contains(&refused), "{refused}");
}

#[tokio::test(flavor = "multi_thread")]
async fn a_job_is_asked_again_after_exactly_the_seven_seconds_that_discord_wants() {
    let app = TestApp::open().await;
    app.stack.discord.faults().change(|faults| {
        faults.fail_webhooks = Some(429);
        faults.retry_after = Duration::from_secs(7);
    });
    let asked = app.member().says("/misbehave").await;
    let calls = || app.stack.discord.webhook_calls(asked.id);
    app.pass_until("Discord has refused", || calls() > 0).await;
    let refused_at = app.stack.clock.now();
    app.stack.discord.faults().change(|faults| faults.fail_webhooks = None);
    // Otherwise the retry would come after 2 s (a failure) or 90 s (a killed worker).
    app.pass(8);
    let seen = asked.settled().await;
    let waited = seen.steps[1].ms - (refused_at.as_millisecond() - created_at(&asked));
    assert_eq!((seen.story(), calls()), (vec!["thinking", "edited"], 2));
    assert!(waited >= 6_000, "{waited} ms");
    is_done_once(&app, asked).await;
}

/// When the interaction was created, in milliseconds since 1970.
fn created_at(asked: &Interaction<'_>) -> i64 {
    let id: domain::InteractionId = asked.id.to_string().parse().unwrap();
    id.created_at().as_millisecond()
}

#[tokio::test(flavor = "multi_thread")]
async fn waiting_for_discord_uses_no_receive_up() {
    let app = TestApp::open().await;
    app.stack.discord.faults().change(|faults| {
        faults.fail_webhooks = Some(429);
        faults.retry_after = Duration::from_secs(60);
    });
    let asked = app.member().says("/misbehave").await;
    for waits in 1..=7 {
        let heard = || app.stack.discord.webhook_calls(asked.id) == waits;
        app.pass_until("Discord has refused once more", heard).await;
    }
    app.stack.discord.faults().change(|faults| faults.fail_webhooks = None);
    is_done_once(&app, asked).await;
}

#[tokio::test(flavor = "multi_thread")]
async fn what_discord_tells_one_environment_holds_another_back() {
    let app = TestApp::open().await;
    nobody_takes_jobs(&app);
    let [one, other] = [environment(&app, &[]).await, environment(&app, &[]).await];
    let first = app.member().says("/misbehave").await;
    let first_job = stolen(&app).await;
    wants_peace(&app, 60);
    assert!(!gives(&one, &first_job, 1).await);
    let before = calls(&app);
    assert_eq!(limited(&app), 1);
    let second = app.traveller().says("/misbehave").await;
    let second_job = stolen(&app).await;
    for receive in 1..=3 {
        app.pass(RATE_LIMIT_CACHE_SECONDS);
        assert!(!gives(&one, &first_job, receive).await);
        assert!(!gives(&other, &second_job, receive).await);
    }
    assert_eq!(calls(&app), before, "somebody asked");
    wants_peace(&app, 0);
    app.pass(60);
    assert!(gives(&other, &second_job, 2).await && gives(&one, &first_job, 2).await);
    for asked in [first, second] {
        assert_eq!((asked.look().text().as_str(), asked.edits()), (DONE_TEXT, 1));
    }
}

#[tokio::test(flavor = "multi_thread")]
async fn who_learns_of_a_pause_only_from_discord_asks_once() {
    let app = TestApp::without_limits(1).await;
    wants_peace(&app, 30);
    // All at once, in batches: jobs in progress get a 429, and later ones do not call Discord.
    let asked = join_all((0..20).map(|_| app.member().says("/misbehave work_takes:500"))).await;
    // Real time only: the clock is not advanced.
    for _ in 0..200 {
        if limited(&app) > 0 && waiting(&app) == 0 && app.stack.jobs.free_places() == 1 {
            break;
        }
        tokio::time::sleep(Duration::from_millis(50)).await;
    }
    assert_eq!((waiting(&app), app.queued(JOBS)), (0, 20), "each was received, and none is done");
    assert!((1..=u64::from(JOBS_BATCH)).contains(&limited(&app)), "{} have asked", limited(&app));
    wants_peace(&app, 0);
    for asked in asked {
        is_done_once(&app, asked).await;
    }
}

#[tokio::test(flavor = "multi_thread")]
async fn when_too_many_requests_were_invalid_nothing_is_sent_until_the_ten_minutes_end() {
    let app = TestApp::open().await;
    let now = app.stack.clock.now().as_second();
    // Moves to the start of a ten-minute window, whose end is within a token's lifetime.
    app.pass(u64::try_from(600 - now.rem_euclid(600)).unwrap());
    let now = app.stack.clock.now().as_second();
    let ends = Timestamp::from_second(now - now.rem_euclid(600) + 600).unwrap();
    let limits = app.aws().await.store::<DiscordLimits>();
    limits.count_invalid(ends, MAX_INVALID_REQUESTS).await.unwrap();
    let before = calls(&app);
    let asked = app.member().says("/misbehave").await;
    asked.first().await;
    for _ in 0..3 {
        app.pass(100);
        tokio::time::sleep(Duration::from_millis(200)).await;
    }
    assert_eq!((calls(&app), asked.look().story()), (before, vec!["thinking"]));
    app.pass(300);
    is_done_once(&app, asked).await;
}

#[tokio::test(flavor = "multi_thread")]
async fn the_first_401_stops_everybody_for_a_while() {
    let app = TestApp::open().await;
    app.expects_refusal("401: Unauthorized");
    app.stack.discord.faults().change(|faults| faults.fail_webhooks = Some(401));
    let first = app.member().says("/misbehave").await;
    app.pass_until("Discord has refused", || app.stack.discord.webhook_calls(first.id) == 1).await;
    app.pass(RATE_LIMIT_CACHE_SECONDS);
    let before = calls(&app);
    let second = app.traveller().says("/misbehave work:refuse").await;
    second.first().await;
    app.pass(30);
    tokio::time::sleep(Duration::from_millis(500)).await;
    assert_eq!(calls(&app), before);
    app.stack.discord.faults().change(|faults| faults.fail_webhooks = None);
    is_done_once(&app, first).await;
    app.pass_until("the other has its answer", || second.look().settled).await;
    assert_eq!(second.look().text(), "The long half says no.");
}

#[tokio::test(flavor = "multi_thread")]
async fn a_reply_that_could_only_be_given_after_its_token_has_died_is_a_dead_letter() {
    let app = TestApp::open().await;
    wants_peace(&app, 3_600);
    let asked = app.member().says("/misbehave").await;
    asked.first().await;
    app.pass_until("the job is settled", || app.queued(JOBS) == 0).await;
    assert_eq!((asked.edits(), limited(&app), app.queued(JOBS_DEAD)), (0, 1, 1));
    // The job still runs for its effect, without calling Discord.
    let later = app.traveller().says("/misbehave").await;
    later.first().await;
    app.pass_until("the job is settled", || app.queued(JOBS) == 0).await;
    assert_eq!((later.edits(), limited(&app), app.queued(JOBS_DEAD)), (0, 1, 2));
}

#[tokio::test(flavor = "multi_thread")]
async fn a_token_that_has_died_stops_nobody_else() {
    let app = TestApp::open().await;
    nobody_takes_jobs(&app);
    let jobs = environment(&app, &[]).await;
    app.member().says("/misbehave").await;
    let old = stolen(&app).await;
    app.pass(15 * 60);
    // Discord may consider a token expired that is still valid by our clock.
    app.member().says("/misbehave").await;
    let dead = Job { token: old.token, ..stolen(&app).await };
    app.expects_refusal("50027");
    assert!(gives(&jobs, &dead, 1).await);
    let asked = app.member().says("/misbehave").await;
    assert!(gives(&jobs, &stolen(&app).await, 1).await);
    assert_eq!(asked.look().text(), DONE_TEXT);
}
