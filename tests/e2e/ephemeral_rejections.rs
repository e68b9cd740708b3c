//! A refusal of a command with a public reply is shown only to its user.

use std::time::Duration;

use jobs::Jobs;
use local_discord::{Seen, View};
use runtime::Function;
use steward::settings::{JOBS, JOBS_DEAD};
use tests::{Look, TestApp};

use crate::environment::{asks_discord, environment, gives, nobody_takes_jobs, stolen};

const REJECTION_TEXT: &str = "The long half says no.";
const EXPECTED_STEPS: [&str; 3] = ["thinking", "deleted", "follow-up!"];

/// Whether the deferred message was deleted.
fn is_gone(app: &TestApp, seen: &View) -> bool {
    let deleted = seen.steps.iter().find_map(|step| match step.seen {
        Seen::Deleted { message_id } => Some(message_id),
        _ => None,
    });
    deleted.is_some_and(|id| app.stack.discord.message(id).unwrap().is_none())
}

#[tokio::test(flavor = "multi_thread")]
async fn others_see_nothing_of_it_in_the_end() {
    let app = TestApp::open().await;
    let asked = app.member().says("/misbehave work:refuse").await;
    let seen = asked.settled().await;
    assert_eq!((seen.story().as_slice(), seen.text().as_str()), (&EXPECTED_STEPS[..], REJECTION_TEXT));
    assert!(is_gone(&app, &seen));
    app.pass_until("the job is settled", || app.queued(JOBS) == 0).await;
    assert_eq!((asked.edits(), app.stack.discord.webhook_calls(asked.id)), (0, 2));
}

#[tokio::test(flavor = "multi_thread")]
async fn a_job_that_is_killed_before_it_says_so_says_so_the_next_time() {
    let app = TestApp::open().await;
    // The message is deleted after two seconds; the follow-up would come after four.
    app.stack.discord.faults().change(|faults| faults.latency = Duration::from_secs(2));
    app.stack.jobs.dies_after(Duration::from_secs(3));
    let asked = app.member().says("/misbehave work:refuse").await;
    app.stack.discord.wait_for(asked.id, Duration::from_secs(20), |seen| is_gone(&app, seen)).await.unwrap();
    tokio::time::sleep(Duration::from_secs(2)).await;
    let seen = asked.look();
    assert_eq!((seen.story(), seen.settled), (vec!["thinking", "deleted"], false));
    app.stack.discord.faults().change(|faults| faults.latency = Duration::ZERO);
    app.stack.jobs.dies_after(<Jobs>::TIMEOUT);
    app.expects_refusal("10008");
    app.pass(181);
    let seen = asked.settled().await;
    assert_eq!((seen.story().as_slice(), seen.text().as_str()), (&EXPECTED_STEPS[..], REJECTION_TEXT));
    app.pass_until("the job is settled", || app.queued(JOBS) == 0).await;
    assert_eq!(app.queued(JOBS_DEAD), 0);
}

#[tokio::test(flavor = "multi_thread")]
async fn whatever_comes_of_a_job_whose_message_was_taken_away_is_said_beside() {
    let app = TestApp::open().await;
    app.expects_refusal("10008");
    nobody_takes_jobs(&app);
    for (line, receives, story, part) in [
        ("/misbehave", 1, ["thinking", "deleted", "follow-up"], "The long half is done."),
        ("/misbehave work:fail", 4, EXPECTED_STEPS, "include this reference"),
    ] {
        let asked = app.member().says(line).await;
        let job = stolen(&app).await;
        // As an earlier receive did before it was killed.
        let jobs = environment(&app, &[]).await;
        asks_discord(&app, http::Method::DELETE, &job, "").await;
        for receive in 1..=receives {
            gives(&jobs, &job, receive).await;
        }
        let seen = asked.settled().await;
        assert_eq!(seen.story(), story, "{line}");
        assert!(seen.text().contains(part), "{}", seen.text());
    }
}

#[tokio::test(flavor = "multi_thread")]
async fn an_outage_keeps_a_no_from_nobody() {
    let app = TestApp::open().await;
    app.stack.discord.faults().change(|faults| faults.fail_webhooks = Some(503));
    let asked = app.member().says("/misbehave work:refuse").await;
    app.pass_until("it was tried", || app.stack.discord.webhook_calls(asked.id) >= 6).await;
    app.stack.discord.faults().change(|faults| faults.fail_webhooks = None);
    app.pass_until("the reply is there", || asked.look().settled).await;
    assert_eq!(asked.look().text(), REJECTION_TEXT);
    app.pass_until("the job is settled", || app.queued(JOBS) == 0).await;
    assert_eq!(app.queued(JOBS_DEAD), 0);
}
