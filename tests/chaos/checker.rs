//! Checks the invariants at the end of a seed, from what users saw in the simulated Discord and from the tables, never
//! from the bot's own counters.

mod effects;
mod ending;
mod excuses;

use std::{collections::BTreeSet, fmt};

use domain::dead_letter::interaction_of;
use local_discord::{InteractionId, Seen, View, render};
use steward::settings::{JOBS, JOBS_DEAD, TIMERS};

use crate::{
    calls::Purpose,
    faults::{Fault, Service},
    history::{Event, Id},
    performed::Performed,
    simulation::Simulation,
};
pub(crate) use ending::Ending;

/// How many requests may be made for a response that Discord never learns of.
const MAX_REQUESTS_TO_UNKNOWN_WEBHOOK: usize = 14;

/// The refusal of an outside service that is not being asked.
const BREAKER_OPEN: [&str; 2] = ["is not responding at the moment", "antwortet gerade nicht"];
/// The refusals of a rate limit: one that is exceeded, and one whose bucket the table throttles.
const BUSY: [&str; 4] = [
    "doing that too often",
    "zu oft in kurzer Zeit",
    "too many requests at the moment",
    "gerade zu viele Anfragen",
];

/// A violated invariant.
pub(crate) struct Violation {
    /// The interaction, if it is about one.
    pub(crate) id: Option<Id>,
    /// Whether it is about stored items.
    pub(crate) is_stored: bool,
    pub(crate) what: String,
}

impl fmt::Display for Violation {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(&self.what)
    }
}

/// An action and its result.
pub(crate) struct Checked {
    pub(crate) act: Performed,
    pub(crate) view: View,
    pub(crate) events: Vec<Event>,
    pub(crate) ending: Ending,
    /// Whether Lambda throttled the jobs function for too long to be waited out.
    was_throttled: bool,
}

impl Checked {
    pub(crate) fn id(&self) -> Id {
        number(self.act.id)
    }

    /// Whether the user got a reply, and neither an error message nor a refusal because a service is not available.
    fn is_done(&self) -> bool {
        matches!(self.ending, Ending::Answered | Ending::Edited)
            && !self.says(&BUSY)
            && !self.says(&BREAKER_OPEN)
    }

    /// Whether the last message has one of these sentences.
    fn says(&self, sentences: &[&str]) -> bool {
        let text = self.view.message().map(|message| render(message).join("\n")).unwrap_or_default();
        sentences.iter().any(|sentence| text.contains(sentence))
    }

    fn had_fault(&self, is_it: impl Fn(Fault) -> bool) -> bool {
        self.events.iter().filter_map(|event| event.fault).any(is_it)
    }
}

/// All actions with their results, and all violations.
pub(crate) fn check(simulation: &Simulation, performed: Vec<Performed>) -> (Vec<Checked>, Vec<Violation>) {
    let dead = dead_letters(simulation);
    let checked: Vec<Checked> = performed.into_iter().map(|act| check_one(simulation, act, &dead)).collect();
    let mut violations: Vec<Violation> =
        checked.iter().flat_map(|checked| check_interaction(simulation, checked)).collect();
    violations.extend(check_queues(simulation, &checked, &dead));
    violations.extend(effects::check(simulation, &checked));
    (checked, violations)
}

fn number(id: InteractionId) -> Id {
    id.to_string().parse().unwrap_or_default()
}

/// The interactions of the dead letters; `None` for one that cannot be parsed.
fn dead_letters(simulation: &Simulation) -> Vec<Option<Id>> {
    let dead = simulation.queues.peek(JOBS_DEAD, 1_000).expect("a queue");
    dead.iter().map(|dead_letter| interaction_of(&dead_letter.body).map(|id| id.get())).collect()
}

fn check_one(simulation: &Simulation, act: Performed, dead: &[Option<Id>]) -> Checked {
    let view = simulation.discord.view(act.id).expect("a view");
    let (id, plan) = (number(act.id), &simulation.plan);
    let unanswered = match dead.contains(&Some(id)) {
        true if plan.is_always_refused(id) => Ending::GivenUp,
        true if was_throttled_to_the_end(&plan.history.events(id)) => Ending::GivenUp,
        true if is_killed_without_watchdog(&plan.history.events(id)) => Ending::GivenUp,
        _ if plan.is_never_known(id) => Ending::Unreachable,
        _ => Ending::Lost,
    };
    let ending = Ending::of(&view, unanswered);
    let events = plan.history.events(id);
    let created = domain::InteractionId::new(id).expect("an id").created_at();
    let was_throttled = plan.outages.throttled_for(created).as_millis() >= i128::from(excuses::WAITED_OUT_MS);
    Checked { act, view, events, ending, was_throttled }
}

/// Whether the jobs function was not invoked when the last reply could be given, nor its watchdog.
fn was_throttled_to_the_end(events: &[Event]) -> bool {
    const LAST_REPLY_MS: i64 = 14 * 60 * 1_000;
    events.iter().any(|event| event.fault == Some(Fault::LambdaThrottled) && event.ms >= LAST_REPLY_MS)
}

/// Whether every receive of its job was killed, and its watchdog could not be sent.
fn is_killed_without_watchdog(events: &[Event]) -> bool {
    let had = |fault: Fault| events.iter().any(|event| event.fault == Some(fault));
    let could_not_be_sent = events.iter().any(|event| {
        let is_send = event.call.as_ref().is_some_and(|call| call.service == Service::Sqs);
        event.by == "door" && is_send && event.fault.is_some() && !event.is_for(Purpose::Job)
    });
    had(Fault::AlwaysKilled) && could_not_be_sent
}

fn check_interaction(simulation: &Simulation, checked: &Checked) -> Vec<Violation> {
    let mut violations = Vec::new();
    let mut report = |what: String| {
        let number = simulation.plan.history.number(checked.id());
        let what = format!("interaction {number} ({}, {}): {what}", checked.act.who, checked.act.what);
        violations.push(Violation { id: Some(checked.id()), is_stored: false, what });
    };
    match checked.ending {
        Ending::Lost => report("was lost: its user waits for ever".to_owned()),
        Ending::ReportedFailed if !checked.may_fail() => {
            report("its user was told that it failed, and all its faults could be waited out".to_owned());
        }
        Ending::NoResponse if !checked.may_have_no_response() => {
            report("got no answer in time, and nothing had cut it off".to_owned());
        }
        _ => {}
    }
    let edits = checked.view.steps.iter().filter(|step| matches!(step.seen, Seen::Edited { .. })).count();
    if edits > 1 && !checked.may_be_told_again() {
        report(format!("the reply was given {edits} times"));
    }
    if is_error_after_reply(checked) && !checked.may_be_told_again() {
        report("its user was told that it failed, after it was done".to_owned());
    }
    let follow_ups =
        checked.view.steps.iter().filter(|step| matches!(step.seen, Seen::FollowUp { .. })).count();
    if follow_ups > 1 && !checked.may_be_told_again() {
        report(format!("its user was told {follow_ups} times"));
    }
    if checked.act.is_private && checked.view.steps.iter().any(|step| is_public(&step.seen)) {
        report("others saw what only its user was to see".to_owned());
    }
    if checked.has_effect_after_failure() {
        report("something was stored for it after its user was told that it failed".to_owned());
    }
    let requests = checked.requests_to_unknown_webhook();
    let is_repeated = checked.had_fault(|fault| matches!(fault, Fault::Duplicate | Fault::DeliveredTwice));
    if requests > MAX_REQUESTS_TO_UNKNOWN_WEBHOOK && !is_repeated {
        report(format!("Discord got {requests} requests for a response that it never learned of"));
    }
    if is_refused_for_another_query(simulation, checked) {
        report("was refused because a query of others always fails".to_owned());
    }
    let receives = simulation.plan.history.receives(checked.id());
    let may_wait = simulation.plan.outages.may_pause_requests();
    if receives > 1 && !may_wait && checked.events.iter().all(|event| event.fault.is_none()) {
        report(format!("its job came back ({receives} receives), and nothing had gone wrong"));
    }
    violations
}

/// Whether a reply was followed by an error message.
fn is_error_after_reply(checked: &Checked) -> bool {
    let edits = checked.view.steps.iter().filter_map(|step| match &step.seen {
        Seen::Edited { message } | Seen::FollowUp { message, .. } => {
            Some(Ending::is_error_message(&checked.view, message))
        }
        _ => None,
    });
    let told: Vec<bool> = edits.collect();
    told.windows(2).any(|two| two == [false, true])
}

/// Whether it was refused by a circuit breaker although it met no fault of Open-Meteo and its place is not the one that
/// always fails. Such a seed has no other faults of Open-Meteo.
fn is_refused_for_another_query(simulation: &Simulation, checked: &Checked) -> bool {
    let Some(place) = simulation.plan.outages.failing_place else { return false };
    !checked.act.what.contains(place)
        && !checked.had_fault(|fault| fault == Fault::FailingQuery)
        && checked.says(&BREAKER_OPEN)
}

/// Whether it is normal behaviour of a queue, which users must not notice.
fn is_normal_for_queues(fault: Fault) -> bool {
    use Fault::{Delay, DeleteLost, DeliveredTwice, Duplicate};
    matches!(fault, Delay | DeleteLost | DeliveredTwice | Duplicate)
}

fn is_public(seen: &Seen) -> bool {
    matches!(
        seen,
        Seen::Thinking { private: false }
            | Seen::Message { private: false, .. }
            | Seen::FollowUp { private: false, .. }
    )
}

fn check_queues(simulation: &Simulation, checked: &[Checked], dead: &[Option<Id>]) -> Vec<Violation> {
    let mut violations = Vec::new();
    let mut report = |id: Option<Id>, what: String| violations.push(Violation { id, is_stored: false, what });
    for queue in [JOBS, TIMERS] {
        let left = simulation.queued(queue);
        if left > 0 {
            let oldest = simulation.queues.peek(queue, 1).expect("a queue");
            let id = oldest.first().and_then(|message| interaction_of(&message.body)).map(|id| id.get());
            report(id, format!("{left} messages are still in the queue {queue}"));
        }
    }
    let poison = dead.iter().filter(|id| id.is_none()).count() as u64;
    let injected =
        simulation.plan.history.fault_counts().get(Fault::Poison.name()).copied().unwrap_or_default();
    // One whose receive is killed after it was sent there comes a second time.
    if poison < injected {
        report(None, format!("{injected} messages were poison, and {poison} are among the dead letters"));
    }
    let ids: BTreeSet<Id> = dead.iter().flatten().copied().collect();
    for checked in checked.iter().filter(|checked| ids.contains(&checked.id())) {
        if !checked.may_be_dead_letter() {
            report(
                Some(checked.id()),
                format!("{} is a dead letter, and there was no outage", checked.act.what),
            );
        }
    }
    for refusal in simulation.discord.refusals() {
        // An earlier receive may have deleted the deferred message for an ephemeral rejection.
        let is_gone = refusal.contains("/messages/@original: 404") && refusal.contains("10008");
        if !is_gone && !refusal.starts_with("no response to") {
            report(None, format!("Discord had to refuse: {refusal}"));
        }
    }
    violations
}
