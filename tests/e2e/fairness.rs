//! Fair queues: one guild's backlog does not delay other guilds. The exact order is tested in
//! `local/sqs/tests/queue/fairness.rs`.

use local_sqs::Outgoing;
use serde_json::json;
use steward::settings::JOBS;
use tests::{Look, TestApp};

const BACKLOG_JOBS: u64 = 5_000;
/// How long a job takes: 4 environments with 5 jobs each need about a minute for the backlog.
const JOB_MS: u64 = 250;
/// Another guild, and interaction ids too old for a reply: the jobs run without calling Discord.
const OTHER_GUILD: &str = "1100000000000000002";
const FIRST_EXPIRED_ID: u64 = 1_100_000_000_000_000_000;

fn job(n: u64) -> Outgoing {
    let id = (FIRST_EXPIRED_ID + n).to_string();
    let takes = json!({ "name": "work_takes", "type": 4, "value": JOB_MS });
    let data = json!({ "id": "1", "type": 1, "name": "misbehave", "options": [takes] });
    let body = json!({ "type": 2, "id": id, "token": "t", "guild_id": OTHER_GUILD, "data": data });
    let job = json!({
        "v": 1, "interaction": id, "application": "5", "token": "t", "guild": OTHER_GUILD, "act": "command",
        "command": "misbehave", "language": "en", "body": body,
    });
    Outgoing { group: Some(OTHER_GUILD.to_owned()), ..Outgoing::new(job.to_string()) }
}

#[tokio::test(flavor = "multi_thread")]
async fn five_thousand_jobs_of_one_guild_do_not_hold_up_the_reply_in_another() {
    let app = TestApp::with_environments(4).await;
    for n in 0..BACKLOG_JOBS {
        app.stack.queues.send(JOBS, &job(n)).unwrap();
    }
    let seen = app.member().says("/misbehave").await.settled().await;
    assert_eq!(seen.story(), ["thinking", "edited"]);
    let left = app.queued(JOBS);
    // Without fairness the backlog would be finished first. How much is left depends on the machine.
    assert!(
        (BACKLOG_JOBS / 2..BACKLOG_JOBS).contains(&left),
        "{left} of {BACKLOG_JOBS} are still to be done"
    );
}
