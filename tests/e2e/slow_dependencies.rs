//! A call to DynamoDB or SQS that takes too long changes nothing that anybody sees in the end.
//!
//! Each call of each act, in both functions, is held up past the deadline in turn, or lost. What is
//! said at last, to whom, and what is stored then must be what it would have been.

use std::{collections::BTreeSet, time::Duration};

use futures_util::{StreamExt, stream};
use serde_json::Value;
use steward::{Line, Trouble};
use tests::{Interaction, Look, TestApp};

use crate::{
    play::Player,
    scenarios::{self, Act, Of, Step},
    seen::anonymous,
};

/// Past the two seconds of the front door, and past what the SDK gives one call with its second try.
const PAST: Duration = Duration::from_millis(2_300);
/// In time for one call, and slow if all are like this.
const SLOW: Duration = Duration::from_millis(300);
/// Apps at a time.
const AT_ONCE: usize = 12;

/// Of looking whether it is settled.
const STEP: Duration = Duration::from_millis(50);
/// So many steps a job may take, with all its receives.
const LONGEST: u32 = 400;
/// So many steps a slow invocation takes.
const STILL: u32 = 160;

/// What came of it in the end.
#[derive(Debug, PartialEq)]
struct Outcome {
    /// What is said, and whether only the user sees it.
    text: String,
    is_private: bool,
    is_form: bool,
    /// The State table, and whether it was another before.
    stored: Vec<String>,
    has_effect: bool,
    /// Nothing is promised, nothing queued and nothing dead.
    is_settled: bool,
}

/// Does it while that goes wrong. Gives the calls that it took as well.
async fn outcome(act: &'static Act, trouble: Option<Trouble>) -> (Outcome, Vec<String>) {
    let line = Line::default();
    let app = TestApp::on(&line).await;
    // A second receive takes away what the first has taken away, if time runs faster than the first.
    app.allows_refusal("10008");
    // All of them at the same time of day: the weather is told by the hour.
    let now = app.stack.clock.now().as_second();
    app.pass(u64::try_from(86_400 - now.rem_euclid(86_400) + 600).unwrap());
    let player = Player::of(&app);
    let before = player.prepares(act).await;
    app.pass_until("all is quiet", || app.queued("jobs") == 0).await;
    let stored = stored_in(&app).await;
    line.trouble(trouble);
    let asked = player.does(act, before.as_ref()).await;
    answered(asked).await;
    let is_settled = || asked.look().settled && app.queued("jobs") == 0;
    // Retries are seconds apart; but where everything is slow, no invocation must age by that.
    let still = if matches!(trouble, Some(Trouble::SlowFrom(..))) { STILL } else { 0 };
    for step in 0..LONGEST {
        if is_settled() {
            break;
        }
        app.pass(u64::from(step >= still));
        tokio::time::sleep(STEP).await;
    }
    let calls = line.calls();
    line.trouble(None);
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

/// Until Discord has its answer. A message that stays as it is for now shows nothing of it.
async fn answered(asked: Interaction<'_>) {
    for _ in 0..60 {
        if !asked.look().steps.is_empty() {
            return;
        }
        tokio::time::sleep(STEP).await;
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

/// Every way in which one of these calls, or all from the first on, can go wrong.
fn troubles(calls: &[String]) -> Vec<Trouble> {
    let late = (0..calls.len()).map(|call| Trouble::Late(call, PAST));
    let writes =
        calls.iter().enumerate().filter(|(_, operation)| !["GetItem", "Query"].contains(&operation.as_str()));
    let lost = writes.map(|(call, _)| Trouble::Lost(call, PAST));
    late.chain(lost).chain([Trouble::SlowFrom(0, SLOW)]).collect()
}

/// A form cannot be shown later. Nothing has happened, and the user knows that it should be asked for again.
fn says_that_the_form_is_late(found: &Outcome) -> bool {
    found.text.starts_with("I was too slow to show the form") && !found.has_effect && found.is_settled
}

/// The job has never come to the queue, so nothing was done, and the user knows that this may be.
fn says_so(found: &Outcome) -> bool {
    let says = ["I am not sure that this got through", "Ich weiß nicht, ob das angekommen ist"];
    says.iter().any(|said| found.text.starts_with(said)) && !found.has_effect && found.is_settled
}

type Undisturbed = (&'static Of, &'static Act, Outcome, Vec<String>);

/// Acts by which one ability of a command makes the same calls are late in the same way: the first stands for all.
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
async fn no_call_that_is_late_or_lost_changes_what_is_said_seen_and_stored() {
    // What is offered while somebody types may be nothing, if a call is late.
    let acts = scenarios::acts().filter(|(_, act)| !matches!(act.does, Step::Type(_)));
    let undisturbed: Vec<Undisturbed> = stream::iter(acts)
        .map(|(of, act)| async move {
            let (outcome, calls) = outcome(act, None).await;
            (of, act, outcome, calls)
        })
        .buffered(AT_ONCE)
        .collect()
        .await;
    let cases = differing(&undisturbed).into_iter().flat_map(|(_, act, expected, calls)| {
        troubles(calls).into_iter().map(move |trouble| (*act, trouble, expected, calls))
    });
    let cases: Vec<_> = cases.collect();
    assert!(cases.len() > 100, "{}", cases.len());
    let differences: Vec<String> = stream::iter(cases)
        .map(|(act, trouble, expected, calls)| async move {
            // A task of its own: what panics in it is told with the case.
            let found = tokio::spawn(outcome(act, Some(trouble))).await;
            // What is asked at once comes in any order, so it counts which call it was this time.
            let is_right = |(found, happened): &(Outcome, Vec<String>)| {
                let is_send = |call: usize| happened.get(call).is_some_and(|name| name == "SendMessage");
                let loses_job = matches!(trouble, Trouble::Lost(call, _) if is_send(call));
                let is_late_form = expected.is_form && says_that_the_form_is_late(found);
                if loses_job { says_so(found) } else { found == expected || is_late_form }
            };
            (!found.as_ref().is_ok_and(is_right)).then(|| {
                format!("{}, {trouble:?} of {calls:?}:\n{found:#?}\ninstead of {expected:#?}", act.name)
            })
        })
        .buffer_unordered(AT_ONCE)
        .filter_map(async |difference| difference)
        .collect()
        .await;
    assert!(differences.is_empty(), "{}: {}", differences.len(), differences.join("\n\n"));
}
