//! Late, lost and failing calls of DynamoDB and SQS do not change what users finally see.
//!
//! Each call of each act, in both functions, is delayed past the deadline, lost, or answered twice with an
//! error, one at a time. The final reply, its visibility and the stored items must be the same as without the
//! fault.

use std::{collections::BTreeSet, time::Duration};

use futures_util::{StreamExt, stream};
use serde_json::Value;
use steward::{Failure, Fault, FaultProxy};
use tests::{Interaction, Look, TestApp};

use crate::{
    play::Player,
    scenarios::{self, Act, Of, Step},
    seen::anonymous,
};

/// Longer than the interactions function's two seconds, and than the SDK's timeout of a call with its retry.
const LONGER_THAN_TIMEOUT: Duration = Duration::from_millis(2_300);
/// Fast enough for one call, but too slow if all calls are.
const SLOW_DELAY: Duration = Duration::from_millis(300);
/// Concurrent test apps.
const CONCURRENT_APPS: usize = 12;

/// The interval of polling.
const POLL_INTERVAL: Duration = Duration::from_millis(50);
/// The maximum number of steps for a job with all its receives.
const MAX_POLLS: u32 = 400;
/// The number of steps that a slow invocation takes.
const POLLS_WITHOUT_CLOCK: u32 = 160;

/// The final result of an act.
#[derive(Debug, PartialEq)]
struct Outcome {
    /// The reply, and whether it is ephemeral.
    text: String,
    is_private: bool,
    is_form: bool,
    /// The State table, and whether it changed.
    stored: Vec<String>,
    has_effect: bool,
    /// Whether the interaction is settled, and the queues are empty.
    is_settled: bool,
}

/// Performs the act with this fault. Returns the result and the calls.
async fn outcome(act: &'static Act, fault: Option<Fault>) -> (Outcome, Vec<String>) {
    let proxy = FaultProxy::default();
    let app = TestApp::with_fault_proxy(&proxy).await;
    // A second receive may delete the message that the first has already deleted.
    app.allows_refusal("10008");
    // Always at the same time of day, because the weather depends on the hour.
    let now = app.stack.clock.now().as_second();
    app.pass(u64::try_from(86_400 - now.rem_euclid(86_400) + 600).unwrap());
    let player = Player::of(&app);
    let before = player.prepares(act).await;
    app.pass_until("all is quiet", || app.queued("jobs") == 0).await;
    let stored = stored_in(&app).await;
    proxy.fault(fault);
    let asked = player.does(act, before.as_ref()).await;
    answered(asked).await;
    let is_settled = || asked.look().settled && app.queued("jobs") == 0;
    // Advance the clock, because retries are seconds apart; but not during a slow invocation, which would expire.
    let polls_without_clock =
        if matches!(fault, Some(Fault::SlowFrom(..))) { POLLS_WITHOUT_CLOCK } else { 0 };
    for step in 0..MAX_POLLS {
        if is_settled() {
            break;
        }
        let step = Duration::from_secs(u64::from(step >= polls_without_clock));
        app.stack.advance(step).await.unwrap();
        tokio::time::sleep(POLL_INTERVAL).await;
    }
    let calls = proxy.calls();
    proxy.fault(None);
    let seen = asked.look();
    let before = stored;
    let stored = stored_in(&app).await;
    let outcome = Outcome {
        text: anonymous(&seen.text()).replace(|letter: char| act.is_random && letter.is_ascii_digit(), ""),
        is_private: seen.message().is_some_and(is_private),
        is_form: seen.story().last() == Some(&"modal"),
        has_effect: stored != before,
        stored,
        is_settled: is_settled() && app.queued("jobs-dead") == 0,
    };
    (outcome, calls)
}

/// Waits for the first step. A response of type 6 has none, so the wait is limited.
async fn answered(asked: Interaction<'_>) {
    for _ in 0..60 {
        if !asked.look().steps.is_empty() {
            return;
        }
        tokio::time::sleep(POLL_INTERVAL).await;
    }
}

async fn stored_in(app: &TestApp) -> Vec<String> {
    let mut stored: Vec<String> = app.state().await.iter().map(|item| anonymous(&item.to_string())).collect();
    stored.sort_unstable();
    stored
}

/// Source: Discord, "Message Flags".
fn is_private(message: &Value) -> bool {
    message["flags"].as_u64().is_some_and(|flags| flags & 64 != 0)
}

/// All faults: each call late, each write lost, each call failing twice, and all calls slow.
fn faults(calls: &[String]) -> Vec<Fault> {
    let late = (0..calls.len()).map(|call| Fault::Late(call, LONGER_THAN_TIMEOUT));
    let writes =
        calls.iter().enumerate().filter(|(_, operation)| !["GetItem", "Query"].contains(&operation.as_str()));
    let lost = writes.map(|(call, _)| Fault::Lost(call, LONGER_THAN_TIMEOUT));
    let failing = (0..calls.len()).flat_map(|call| {
        let failures = [Failure::InternalError, Failure::Throttled, Failure::Reset];
        failures.map(|failure| Fault::FailsTwice(call, failure))
    });
    late.chain(lost).chain(failing).chain([Fault::SlowFrom(0, SLOW_DELAY)]).collect()
}

/// Whether the user was told to retry, without an effect: a modal cannot be shown by a deferred response.
fn says_that_the_form_is_late(found: &Outcome) -> bool {
    found.text.starts_with("The form could not be opened in time") && !found.has_effect && found.is_settled
}

/// Whether the user was told that the command may be lost, without an effect: the job never reached the queue.
fn says_so(found: &Outcome) -> bool {
    let says = ["I am not sure whether this worked", "Ich weiß nicht, ob das geklappt hat"];
    says.iter().any(|said| found.text.starts_with(said)) && !found.has_effect && found.is_settled
}

/// Whether the user was told that the bot is busy, without an effect: the table throttled their bucket.
fn says_that_it_is_busy(found: &Outcome) -> bool {
    let says = ["I am getting too many requests at the moment", "Ich bekomme gerade zu viele Anfragen"];
    says.iter().any(|said| found.text.starts_with(said)) && !found.has_effect && found.is_settled
}

type Undisturbed = (&'static Of, &'static Act, Outcome, Vec<String>);

/// One act for each combination of command, ability and calls; others would only repeat the same faults.
fn differing(all: &[Undisturbed]) -> Vec<&Undisturbed> {
    let mut known = BTreeSet::new();
    let is_new = |(of, act, outcome, calls): &&Undisturbed| {
        let mut calls = calls.clone();
        calls.sort_unstable();
        known.insert((of.command, act.uses, outcome.has_effect, outcome.stored.len(), calls))
    };
    all.iter().filter(is_new).collect()
}

#[tokio::test(flavor = "multi_thread")]
async fn no_call_that_is_late_lost_or_failing_changes_what_is_said_seen_and_stored() {
    // Not autocomplete, which may return no choices if a call is late.
    let acts = scenarios::acts().filter(|(_, act)| !matches!(act.does, Step::Type(_)));
    let undisturbed: Vec<Undisturbed> = stream::iter(acts)
        .map(|(of, act)| async move {
            let (outcome, calls) = outcome(act, None).await;
            (of, act, outcome, calls)
        })
        .buffered(CONCURRENT_APPS)
        .collect()
        .await;
    let cases = differing(&undisturbed).into_iter().flat_map(|(_, act, expected, calls)| {
        faults(calls).into_iter().map(move |fault| (*act, fault, expected, calls))
    });
    let cases: Vec<_> = cases.collect();
    assert!(cases.len() > 100, "{}", cases.len());
    let differences: Vec<String> = stream::iter(cases)
        .map(|(act, fault, expected, calls)| async move {
            // A task of its own, so that a panic is reported with its case.
            let found = tokio::spawn(outcome(act, Some(fault))).await;
            // Concurrent calls have no fixed order, so check which call was hit in this run.
            let is_right = |(found, happened): &(Outcome, Vec<String>)| {
                let is = |call: usize, operation| happened.get(call).is_some_and(|name| name == operation);
                let loses_job = matches!(fault, Fault::Lost(call, _) if is(call, "SendMessage"));
                // The bucket is the first item that is updated.
                let bucket = happened.iter().position(|name| name == "UpdateItem");
                let throttles_bucket = matches!(
                    fault, Fault::FailsTwice(call, Failure::Throttled) if bucket == Some(call)
                );
                let is_late_form = expected.is_form && says_that_the_form_is_late(found);
                // A job that was lost is sent again, if there is time.
                let is_refused = throttles_bucket && says_that_it_is_busy(found);
                found == expected || is_late_form || loses_job && says_so(found) || is_refused
            };
            (!found.as_ref().is_ok_and(is_right)).then(|| {
                format!("{}, {fault:?} of {calls:?}:\n{found:#?}\ninstead of {expected:#?}", act.name)
            })
        })
        .buffer_unordered(CONCURRENT_APPS)
        .filter_map(async |difference| difference)
        .collect()
        .await;
    assert!(differences.is_empty(), "{}: {}", differences.len(), differences.join("\n\n"));
}
