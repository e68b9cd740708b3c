//! A job whose every attempt is killed still ends in words: somebody watches.

use std::time::Duration;

use domain::Watch;
use jobs::Jobs;
use local_sqs::Outgoing;
use runtime::Function;
use steward::settings::{JOBS, JOBS_DEAD, TIMERS};
use tests::{House, Interaction, Look};

use crate::environment::{asks_discord, environment, gives, nobody_takes_jobs, stolen};

/// Of real time: enough for a claim and a watch, and far less than the work takes.
const LIFE: Duration = Duration::from_millis(1_500);

/// A job that is received four times, each time by an environment that does not survive it.
async fn killed_at_every_attempt(house: &House) -> Interaction<'_> {
    house.stack.jobs.dies_after(LIFE);
    let asked = house.member().says("/misbehave work_takes:15000").await;
    asked.first().await;
    for attempt in 1..=4 {
        house.pass_until("it is received", || house.stack.jobs.started() >= attempt).await;
        tokio::time::sleep(LIFE + Duration::from_millis(300)).await;
        house.pass(91);
    }
    house.pass_until("a dead letter", || house.queued(JOBS_DEAD) == 1).await;
    asked
}

#[tokio::test(flavor = "multi_thread")]
async fn the_user_of_a_job_whose_every_attempt_is_killed_is_told_while_the_token_lives() {
    let house = House::open().await;
    let asked = killed_at_every_attempt(&house).await;
    assert_eq!(asked.look().story(), ["thinking"]);
    house.pass(6 * 60);
    house.pass_until("the user is told", || asked.look().settled).await;
    let seen = asked.settled().await;
    assert_eq!(seen.story(), ["thinking", "edited"]);
    assert!(seen.text().contains(&format!("give this reference: `{}`", asked.id)), "{}", seen.text());
    assert!(seen.steps[1].ms < 14 * 60_000, "told after {} ms", seen.steps[1].ms);
    house.pass_until("the watch is over", || house.queued(TIMERS) == 0).await;
    let letters = house.stack.dead_letters.list().await.unwrap();
    assert_eq!((letters.len(), letters[0].reason.as_str()), (1, "every attempt was killed"));
}

#[tokio::test(flavor = "multi_thread")]
async fn a_job_that_is_done_in_the_end_is_not_spoken_of() {
    let house = House::open().await;
    house.stack.jobs.dies_after(LIFE);
    let asked = house.member().says("/misbehave work_takes:3000").await;
    for attempt in 1..=2 {
        house.pass_until("it is received", || house.stack.jobs.started() >= attempt).await;
        tokio::time::sleep(LIFE + Duration::from_millis(300)).await;
        if attempt == 2 {
            house.stack.jobs.dies_after(<Jobs>::TIMEOUT);
        }
        house.pass(91);
    }
    assert_eq!(asked.settled().await.text(), "The long half is done.");
    assert_eq!(house.queued(TIMERS), 2, "one of the second receive, and one of the third");
    house.pass(11 * 60);
    house.pass_until("the watch is over", || house.queued(TIMERS) == 0).await;
    assert_eq!((asked.edits(), asked.look().text().as_str()), (1, "The long half is done."));
}

#[tokio::test(flavor = "multi_thread")]
async fn who_was_told_on_the_last_receive_is_not_told_again() {
    let house = House::open().await;
    let asked = house.member().says("/misbehave work:fail").await;
    house.pass_until("a dead letter", || house.queued(JOBS_DEAD) == 1).await;
    assert_eq!((asked.settled().await.story(), house.queued(TIMERS)), (vec!["thinking", "edited"], 2));
    house.pass(13 * 60);
    house.pass_until("the watches are over", || house.queued(TIMERS) == 0).await;
    // Whoever tells looks first.
    assert_eq!((asked.edits(), house.stack.discord.webhook_calls(asked.id)), (1, 2));
}

fn watch(house: &House, watch: &Watch) {
    let body = serde_json::to_string(watch).unwrap();
    house.stack.queues.send(TIMERS, &Outgoing::new(body)).unwrap();
}

#[tokio::test(flavor = "multi_thread")]
async fn whoever_pressed_a_button_is_told_beside_the_card_and_once() {
    let house = House::open().await;
    let card = house.member().says("/weather place:Paris").await.settled().await;
    house.pass_until("its job is settled", || house.queued(JOBS) == 0).await;
    // The forecast is no longer fresh, so that the press is deferred.
    house.pass(20 * 60);
    nobody_takes_jobs(&house);
    let pressed = house.member().presses(&card, "Refresh").await;
    let job = stolen(&house).await;
    let over = Watch::over(&job, true);
    for _ in 0..3 {
        watch(&house, &over);
    }
    house.pass_until("all three are over", || house.queued(TIMERS) == 0).await;
    let seen = pressed.look();
    assert_eq!((seen.story(), house.message(&card).text()), (vec!["follow-up!"], card.text()));
    assert!(seen.text().contains(&pressed.id.to_string()), "{}", seen.text());
    assert_eq!(house.stack.discord.webhook_calls(pressed.id), 1);
}

#[tokio::test(flavor = "multi_thread")]
async fn a_watch_that_discord_does_not_hear_looks_again() {
    let house = House::open().await;
    nobody_takes_jobs(&house);
    let asked = house.member().says("/misbehave").await;
    let job = stolen(&house).await;
    house.stack.discord.knobs().turn(|knobs| knobs.fail_webhooks = Some(503));
    watch(&house, &Watch::over(&job, false));
    house.pass_until("it was tried", || house.stack.discord.webhook_calls(asked.id) >= 3).await;
    house.stack.discord.knobs().turn(|knobs| knobs.fail_webhooks = None);
    house.pass_until("the user is told", || asked.look().settled).await;
    house.pass_until("the watch is over", || house.queued(TIMERS) == 0).await;
    assert_eq!((asked.edits(), house.queued(JOBS_DEAD)), (1, 0));
}

#[tokio::test(flavor = "multi_thread")]
async fn a_watch_that_comes_too_late_says_nothing() {
    let house = House::open().await;
    nobody_takes_jobs(&house);
    let asked = house.member().says("/misbehave").await;
    let job = stolen(&house).await;
    house.pass(14 * 60 + 1);
    watch(&house, &Watch::over(&job, false));
    house.pass_until("the watch is over", || house.queued(TIMERS) == 0).await;
    assert_eq!((house.stack.discord.webhook_calls(asked.id), house.queued(JOBS_DEAD)), (0, 0));
}

#[tokio::test(flavor = "multi_thread")]
async fn a_watch_that_cannot_be_set_does_not_keep_the_job_from_its_work() {
    let house = House::open().await;
    nobody_takes_jobs(&house);
    let asked = house.member().says("/misbehave").await;
    let job = stolen(&house).await;
    // Whose watches go to a queue that is not there.
    let jobs = environment(&house, &[("TIMERS_QUEUE_URL", "http://127.0.0.1/000000000000/nowhere")]).await;
    assert!(gives(&jobs, &job, 2).await);
    assert_eq!((asked.settled().await.text().as_str(), house.queued(TIMERS)), ("The long half is done.", 0));
}

#[tokio::test(flavor = "multi_thread")]
async fn a_reply_that_stands_is_not_overwritten_by_who_knows_nothing_of_it() {
    let house = House::open().await;
    nobody_takes_jobs(&house);
    let asked = house.member().says("/misbehave work_takes:10").await;
    let job = stolen(&house).await;
    // Whoever did this died before it was written down.
    asks_discord(&house, http::Method::PATCH, &job, r#"{"content":"The long half is done."}"#).await;
    watch(&house, &Watch::over(&job, false));
    house.pass_until("the watch is over", || house.queued(TIMERS) == 0).await;
    assert_eq!((asked.edits(), asked.look().text().as_str()), (1, "The long half is done."));
}
