//! Ten thousand interactions in one process: memory stays flat, and no edit is lost.

use std::time::Instant;

use futures_util::future::join_all;
use tests::{Look, TestApp};

const INTERACTIONS: usize = 10_000;
const CONCURRENT_INTERACTIONS: usize = 10;
/// After this many interactions, all bounded histories are full.
const WARM_UP_INTERACTIONS: usize = 1_000;
/// The allowed growth of memory afterwards.
const MAX_MEMORY_GROWTH: f64 = 1.25;

/// Takes a minute, so it is run by name: `cargo test -p tests --release -- --ignored endurance --nocapture`.
#[tokio::test(flavor = "multi_thread")]
#[ignore = "takes a minute"]
#[expect(clippy::print_stdout, reason = "the rate and the memory are what it is run for")]
async fn ten_thousand_interactions_leave_memory_flat_and_lose_no_edit() {
    let app = TestApp::without_limits(2).await;
    let (begun, mut warm) = (Instant::now(), 0.0);
    for done in (0..INTERACTIONS).step_by(CONCURRENT_INTERACTIONS) {
        if done == WARM_UP_INTERACTIONS {
            warm = resident_mib();
        }
        join_all((0..CONCURRENT_INTERACTIONS).map(|number| interact(&app, number))).await;
    }
    let (took, end) = (begun.elapsed().as_secs_f64(), resident_mib());
    println!(
        "{INTERACTIONS} interactions, {:.0} a second; {warm:.0} MiB after {WARM_UP_INTERACTIONS}, {end:.0} MiB at the end",
        INTERACTIONS as f64 / took
    );
    assert!(end < warm * MAX_MEMORY_GROWTH, "{warm:.0} MiB have become {end:.0} MiB");
}

/// Sends one interaction: three of ten are deferred and edited, the others answered at once.
async fn interact(app: &TestApp, number: usize) {
    let deferred = number % 10 < 3;
    let asked = app.member().says(if deferred { "/misbehave" } else { "/ping" }).await;
    let seen = asked.settled().await;
    let expected: &[&str] = if deferred { &["thinking", "edited"] } else { &["message!"] };
    assert_eq!(seen.story(), expected, "{}", asked.id);
}

/// Resident memory of this process. Source: proc(5), `/proc/self/statm`, in pages of 4 KiB.
fn resident_mib() -> f64 {
    let statm = std::fs::read_to_string("/proc/self/statm").unwrap_or_default();
    let pages: f64 = statm.split_whitespace().nth(1).and_then(|pages| pages.parse().ok()).unwrap_or_default();
    pages * 4_096.0 / 1_048_576.0
}
