//! The body of a queue message: a job or a watchdog message is handled, anything else is returned to the queue or sent
//! to the dead-letter queue.

use domain::{Queued, watchdog};
use serde_json::Value;

use super::stand;

/// A message that cannot be parsed, in the same batch as the input.
const GARBAGE: &str = "garbage";

/// Checks one input.
pub fn check(input: &[u8]) {
    // SQS accepts text only.
    let Ok(body) = str::from_utf8(input) else { return };
    let read = Queued::parse(body);
    if let Ok(queued) = &read {
        assert_known(body);
        assert_same(queued);
    }
    let (failed, dead) = stand::with(|stand| {
        stand.set_clock(stand::NOW);
        stand.dead_letters();
        let failed = stand.worked(&[GARBAGE, body, GARBAGE]);
        stand.told();
        (failed, stand.dead_letters())
    });
    assert!(dead.iter().filter(|body| *body == GARBAGE).count() >= 2, "garbage is a dead letter: {dead:?}");
    assert!(failed.len() <= 1, "{failed:?}");
    assert!(read.is_ok() || failed.len() + dead.len() >= 3, "what cannot be read is not dropped");
}

/// Checks that only the three known kinds of messages are parsed.
fn assert_known(body: &str) {
    let body: Value = serde_json::from_str(body).expect("JSON");
    let known = match body["v"].as_u64() {
        Some(domain::job::VERSION) => true,
        Some(watchdog::VERSION) => body["kind"] == "watch" || body["kind"] == "probe",
        _ => false,
    };
    assert!(known, "{body}");
}

/// Checks that it is written back the same, and that `Debug` shows neither token nor body.
fn assert_same(queued: &Queued) {
    let (written, token) = match queued {
        Queued::Job(job) => (serde_json::to_string(job), job.token.expose()),
        Queued::Watchdog(watchdog) => (serde_json::to_string(watchdog), watchdog.token.expose()),
        Queued::Probe(probe) => (serde_json::to_string(probe), ""),
    };
    let written = written.expect("JSON");
    let again = Queued::parse(&written).expect("what we wrote");
    let same = match (queued, &again) {
        (Queued::Job(job), Queued::Job(again)) => {
            job.body.get() == again.body.get() && serde_json::to_string(again).is_ok_and(|it| it == written)
        }
        (Queued::Watchdog(watchdog), Queued::Watchdog(again)) => watchdog == again,
        (Queued::Probe(probe), Queued::Probe(again)) => probe == again,
        _ => false,
    };
    assert!(same, "{written}");
    let shown = format!("{queued:?}");
    let command = match queued {
        Queued::Job(job) => job.command.as_str(),
        Queued::Watchdog(watchdog) => watchdog.command.as_str(),
        Queued::Probe(_) => "",
    };
    assert!(token.len() < 20 || command.contains(token) || !shown.contains(token), "the token is shown");
}
