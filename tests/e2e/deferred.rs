//! A deferred reply cannot get lost, and nothing is done twice.

use local_sqs::Outgoing;
use tests::{Look, TestApp};

const JOBS: &str = "jobs";
const JOBS_DEAD: &str = "jobs-dead";

#[tokio::test(flavor = "multi_thread")]
async fn a_command_that_takes_ten_seconds_is_thinking_within_two_and_a_half() {
    let app = TestApp::open().await;
    let asked = app.member().says("/misbehave run:answer run_takes:10000 work:answer work_takes:10000").await;
    let first = asked.first().await;
    assert_eq!(first.story(), ["thinking"]);
    assert!(first.steps[0].ms < 2_500, "{} ms", first.steps[0].ms);
    let seen = asked.settled().await;
    assert_eq!(
        (seen.story().as_slice(), seen.text().as_str()),
        (&["thinking", "edited"][..], "The long half is done.")
    );
}

#[tokio::test(flavor = "multi_thread")]
async fn the_same_job_delivered_five_times_edits_once() {
    let app = TestApp::open().await;
    let asked = app.member().says("/misbehave work_takes:5000").await;
    asked.first().await;
    let job = app.stack.queues.peek(JOBS, 1).unwrap().remove(0).body;
    for _ in 0..4 {
        app.stack.queues.send(JOBS, &Outgoing::new(job.clone())).unwrap();
    }
    asked.settled().await;
    app.pass_until("all five are settled", || app.queued(JOBS) == 0).await;
    assert_eq!((asked.edits(), app.queued(JOBS_DEAD)), (1, 0));
}

#[tokio::test(flavor = "multi_thread")]
async fn a_message_that_discord_does_not_know_yet_is_edited_when_it_does() {
    let app = TestApp::open().await;
    app.stack.discord.faults().change(|faults| faults.unknown_webhook_times = 2);
    let asked = app.member().says("/misbehave").await;
    assert_eq!(asked.settled().await.story(), ["thinking", "edited"]);
    assert_eq!((asked.edits(), app.stack.discord.webhook_calls(asked.id)), (1, 3));
}

#[tokio::test(flavor = "multi_thread")]
async fn a_message_that_stays_unknown_for_longer_comes_back_through_the_queue() {
    let app = TestApp::open().await;
    app.stack.discord.faults().change(|faults| faults.unknown_webhook_times = 5);
    let asked = app.member().says("/misbehave").await;
    assert_eq!(asked.settled().await.text(), "The long half is done.");
}

#[tokio::test(flavor = "multi_thread")]
async fn a_job_that_always_fails_tells_the_user_and_ends_in_the_dead_letters() {
    let app = TestApp::open().await;
    tests::forbid("pineapple");
    for ending in ["fail", "panic"] {
        let dead = app.queued(JOBS_DEAD);
        let asked = app.member().says(&format!("/misbehave work:{ending}")).await;
        app.pass_until("the reply is there", || asked.look().settled).await;
        let seen = asked.settled().await;
        assert!(seen.text().contains(&format!("include this reference: `{}`", asked.id)), "{}", seen.text());
        app.pass_until("a dead letter", || app.queued(JOBS_DEAD) == dead + 1).await;
        assert_eq!((asked.edits(), app.queued(JOBS)), (1, 0));
    }
}

#[tokio::test(flavor = "multi_thread")]
async fn discord_being_down_for_a_while_loses_no_reply() {
    let app = TestApp::open().await;
    for status in [500, 503, 429] {
        app.stack.discord.faults().change(|faults| faults.fail_webhooks = Some(status));
        let asked = app.member().says("/misbehave").await;
        asked.first().await;
        app.pass_until("Discord has refused", || app.stack.discord.webhook_calls(asked.id) > 0).await;
        app.stack.discord.faults().change(|faults| faults.fail_webhooks = None);
        app.pass_until("the reply is there", || asked.look().settled).await;
        assert_eq!(asked.settled().await.text(), "The long half is done.", "{status}");
        assert!(app.stack.discord.webhook_calls(asked.id) > asked.edits(), "{status} was never met");
    }
}

#[tokio::test(flavor = "multi_thread")]
async fn what_cannot_be_read_is_a_dead_letter_at_once_and_what_is_of_another_version_is_one_after_14_minutes()
{
    let app = TestApp::open().await;
    let poison = ["not a job", r#"{"v":99}"#, r#"{"v":1,"interaction":"5"}"#];
    for body in poison {
        app.stack.queues.send(JOBS, &Outgoing::new(body)).unwrap();
    }
    let asked = app.member().says("/misbehave").await;
    assert_eq!(asked.settled().await.story(), ["thinking", "edited"]);
    app.pass_until("what no version can read is there", || app.queued(JOBS_DEAD) == 2).await;
    // The message of another version may find that version for as long as a reply can be given.
    app.pass(13 * 60);
    app.pass_until("three dead letters", || app.queued(JOBS_DEAD) == 3).await;
    let mut dead: Vec<_> =
        app.stack.queues.peek(JOBS_DEAD, 10).unwrap().into_iter().map(|message| message.body).collect();
    dead.sort_unstable();
    let mut expected = poison.map(str::to_owned);
    expected.sort_unstable();
    assert_eq!(dead, expected);
}

#[tokio::test(flavor = "multi_thread")]
async fn a_reply_that_discord_would_not_take_is_told_as_a_failure() {
    let app = TestApp::open().await;
    for line in ["/misbehave run:too_long", "/misbehave work:too_long"] {
        let asked = app.member().says(line).await;
        let seen = asked.settled().await;
        assert!(seen.text().contains(&asked.id.to_string()), "{}", seen.text());
    }
    assert_eq!(app.queued(JOBS_DEAD), 0);
}

#[tokio::test(flavor = "multi_thread")]
async fn a_user_who_could_not_be_told_is_told_later() {
    let app = TestApp::open().await;
    app.stack.discord.faults().change(|faults| faults.fail_webhooks = Some(503));
    let asked = app.member().says("/misbehave work:too_long").await;
    app.pass_until("it was tried", || app.stack.discord.webhook_calls(asked.id) >= 3).await;
    app.stack.discord.faults().change(|faults| faults.fail_webhooks = None);
    app.pass_until("the user is told", || asked.look().settled).await;
    assert!(asked.look().text().contains(&asked.id.to_string()), "{}", asked.look().text());
    app.pass_until("the job is settled", || app.queued(JOBS) == 0).await;
    assert_eq!(app.queued(JOBS_DEAD), 0);
}
