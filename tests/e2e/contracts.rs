//! Shapes that another version of this code may still hold: jobs in the queue, buttons under messages.
//!
//! `tests/contracts` keeps a sample of every shape ever released. A shape that changes gets a new
//! version and a new sample beside the old one, which must still be read.

use domain::{Job, Queued};
use serde_json::{Value, json};
use tests::House;

const JOB: &str = include_str!("../contracts/job.1.json");
const WATCH: &str = include_str!("../contracts/watch.2.json");
const BUTTONS: &str = include_str!("../contracts/custom_ids.txt");

#[test]
fn a_job_of_the_first_version_is_read_and_written_the_same() {
    let job = Job::parse(JOB.trim_end()).unwrap();
    assert_eq!(serde_json::to_string(&job).unwrap(), JOB.trim_end());
}

#[test]
fn a_watch_of_the_first_version_is_read_and_written_the_same() {
    let Ok(Queued::Watch(watch)) = Queued::parse(WATCH.trim_end()) else { panic!("not a watch") };
    assert_eq!(serde_json::to_string(&watch).unwrap(), WATCH.trim_end());
}

#[tokio::test(flavor = "multi_thread")]
async fn every_button_ever_sent_still_does_something() {
    let house = House::open().await;
    for button in BUTTONS.lines() {
        let press =
            json!({"type": 3, "id": "5", "token": "t", "data": {"custom_id": button, "component_type": 2}});
        let answer = house.stack.discord.deliver(press.to_string().into_bytes()).await.unwrap();
        let answer: Value = serde_json::from_slice(&answer.body).unwrap();
        // Deferred or updated; an old button would be told in a message (4).
        assert!([6, 7].map(Value::from).contains(&answer["type"]), "{button}: {answer}");
    }
}
