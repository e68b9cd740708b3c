//! Checks the invariants at the end of a seed, from what users saw in the simulated Discord and from the tables, never
//! from the bot's own counters.

mod effects;
mod ending;

use std::{collections::BTreeSet, fmt};

use domain::dead_letter::interaction_of;
use local_discord::{InteractionId, Seen, View};
use steward::settings::{JOBS, JOBS_DEAD, TIMERS};

use crate::{
    acts::Done,
    faults::Fault,
    story::{Event, Id},
    world::World,
};
pub(crate) use ending::Ending;

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
pub(crate) struct Judged {
    pub(crate) act: Done,
    pub(crate) view: View,
    pub(crate) story: Vec<Event>,
    pub(crate) ending: Ending,
}

impl Judged {
    pub(crate) fn id(&self) -> Id {
        number(self.act.id)
    }

    /// Whether the user got a reply, possibly a refusal, and not an error message.
    fn is_done(&self) -> bool {
        matches!(self.ending, Ending::Answered | Ending::Edited)
    }

    fn suffered(&self, is_it: impl Fn(Fault) -> bool) -> bool {
        self.story.iter().filter_map(|event| event.fault).any(is_it)
    }
}

/// All actions with their results, and all violations.
pub(crate) fn judge(world: &World, acts: Vec<Done>) -> (Vec<Judged>, Vec<Violation>) {
    let dead = dead_letters(world);
    let judged: Vec<Judged> = acts.into_iter().map(|act| look(world, act, &dead)).collect();
    let mut violations: Vec<Violation> = judged.iter().flat_map(|judged| of_one(world, judged)).collect();
    violations.extend(of_queues(world, &judged, &dead));
    violations.extend(effects::judge(world, &judged));
    (judged, violations)
}

fn number(id: InteractionId) -> Id {
    id.to_string().parse().unwrap_or_default()
}

/// The interactions of the dead letters; `None` for one that cannot be parsed.
fn dead_letters(world: &World) -> Vec<Option<Id>> {
    let dead = world.queues.peek(JOBS_DEAD, 1_000).expect("a queue");
    dead.iter().map(|letter| interaction_of(&letter.body).map(|id| id.get())).collect()
}

fn look(world: &World, act: Done, dead: &[Option<Id>]) -> Judged {
    let view = world.discord.view(act.id).expect("a view");
    let is_dead = dead.contains(&Some(number(act.id)));
    let ending = Ending::of(&view, is_dead && world.fate.is_refused(number(act.id)));
    let story = world.fate.stories.of(number(act.id));
    Judged { act, view, story, ending }
}

fn of_one(world: &World, judged: &Judged) -> Vec<Violation> {
    let mut wrong = Vec::new();
    let mut says = |what: String| {
        let number = world.fate.stories.number(judged.id());
        let what = format!("interaction {number} ({}, {}): {what}", judged.act.who, judged.act.what);
        wrong.push(Violation { id: Some(judged.id()), is_stored: false, what });
    };
    match judged.ending {
        Ending::Lost => says("was lost: its user waits for ever".to_owned()),
        Ending::Told if !judged.suffered(|fault| !is_of_the_queue(fault)) => {
            says("its user was told that it failed, and nothing had gone wrong".to_owned());
        }
        Ending::Unreached if !judged.suffered(breaks_the_way) => {
            says("got no answer in time, and nothing had cut it off".to_owned());
        }
        _ => {}
    }
    let edits = judged.view.steps.iter().filter(|step| matches!(step.seen, Seen::Edited { .. })).count();
    if edits > 1 && !judged.suffered(|fault| !is_of_the_queue(fault)) {
        says(format!("the reply was given {edits} times, for a message that came twice"));
    }
    if is_told_after_done(judged) && !judged.suffered(Fault::hides_the_effect) {
        says("its user was told that it failed, after it was done".to_owned());
    }
    let said = judged.view.steps.iter().filter(|step| matches!(step.seen, Seen::FollowUp { .. })).count();
    if said > 1 && !judged.suffered(Fault::hides_the_effect) {
        says(format!("its user was told {said} times"));
    }
    if judged.act.is_private && judged.view.steps.iter().any(|step| is_public(&step.seen)) {
        says("others saw what only its user was to see".to_owned());
    }
    let receives = world.fate.stories.receives(judged.id());
    if receives > 1 && judged.story.iter().all(|event| event.fault.is_none()) {
        says(format!("its job came back ({receives} receives), and nothing had gone wrong"));
    }
    wrong
}

/// Whether a reply was followed by an error message.
fn is_told_after_done(judged: &Judged) -> bool {
    let edits = judged.view.steps.iter().filter_map(|step| match &step.seen {
        Seen::Edited { message } | Seen::FollowUp { message, .. } => {
            Some(Ending::is_told(&judged.view, message))
        }
        _ => None,
    });
    let told: Vec<bool> = edits.collect();
    told.windows(2).any(|two| two == [false, true])
}

/// Whether the fault excuses "The application did not respond".
fn breaks_the_way(fault: Fault) -> bool {
    use Fault::{AnswerLost, DeliveryLost, KillAfter, KillBefore, TimedOut};
    matches!(fault, AnswerLost | DeliveryLost | KillAfter | KillBefore | TimedOut)
}

/// Whether it is normal behaviour of a queue, which users must not notice.
fn is_of_the_queue(fault: Fault) -> bool {
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

fn of_queues(world: &World, judged: &[Judged], dead: &[Option<Id>]) -> Vec<Violation> {
    let mut wrong = Vec::new();
    let mut says = |id: Option<Id>, what: String| wrong.push(Violation { id, is_stored: false, what });
    for queue in [JOBS, TIMERS] {
        let left = world.queued(queue);
        if left > 0 {
            says(None, format!("{left} messages are still in the queue {queue}"));
        }
    }
    let poison = dead.iter().filter(|id| id.is_none()).count() as u64;
    let planted = world.fate.stories.counted().get(Fault::Poison.name()).copied().unwrap_or_default();
    if poison != planted {
        says(None, format!("{planted} messages were poison, and {poison} are among the dead letters"));
    }
    let ids: BTreeSet<Id> = dead.iter().flatten().copied().collect();
    for judged in judged.iter().filter(|judged| ids.contains(&judged.id())) {
        if judged.story.iter().all(|event| event.fault.is_none()) {
            says(
                Some(judged.id()),
                format!("{} is a dead letter, and nothing had gone wrong", judged.act.what),
            );
        }
    }
    for refusal in world.discord.refusals() {
        // An earlier receive may have deleted the deferred message for an ephemeral rejection.
        let is_gone = refusal.contains("/messages/@original: 404") && refusal.contains("10008");
        if !is_gone && !refusal.starts_with("no response to") {
            says(None, format!("Discord had to refuse: {refusal}"));
        }
    }
    wrong
}
