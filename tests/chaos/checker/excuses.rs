//! What excuses an ending or a repetition: only the fault that hid this very effect, or one that lasted too long to be
//! waited out.

use std::collections::BTreeMap;

use domain::job::MAX_ATTEMPTS;
use local_discord::Seen;

use super::{Checked, Ending};
use crate::{calls::Purpose, faults::Fault, history::Event};

/// Faults that lie within less than this must be waited out.
pub(super) const WAITED_OUT_MS: i64 = 10 * 60 * 1_000;

impl Checked {
    /// The faults that it met, without those that are normal for a queue.
    fn faults(&self) -> impl Iterator<Item = (Fault, &Event)> {
        let faults = self.events.iter().filter_map(|event| Some((event.fault?, event)));
        faults.filter(|(fault, _)| !super::is_normal_for_queues(*fault))
    }

    /// Whether its user may be told that it failed.
    pub(super) fn may_fail(&self) -> bool {
        let times = || self.faults().map(|(_, event)| event.ms);
        let span = times().max().unwrap_or_default() - times().min().unwrap_or_default();
        span >= WAITED_OUT_MS
            || self.was_throttled
            || self.meets_permanent_fault()
            || self.was_killed_at_each_attempt()
            || self.could_not_be_queued()
    }

    /// Whether an outage excuses that its job or its watchdog is a dead letter.
    pub(super) fn may_be_dead_letter(&self) -> bool {
        let is_outage = |fault| matches!(fault, Fault::LambdaThrottled | Fault::DiscordDown { minutes: 10 });
        self.was_throttled
            || self.meets_permanent_fault()
            || self.was_killed_at_each_attempt()
            || self.had_fault(is_outage)
    }

    /// Whether the jobs function was killed in as many attempts as a job has. An attempt begins with the claim.
    fn was_killed_at_each_attempt(&self) -> bool {
        let (mut has_claimed, mut killed) = (false, 0);
        for event in self.events.iter().filter(|event| event.by == "job") {
            let claims = event.is_for(Purpose::Claim) && event.is_done;
            if let Some(Fault::KillBefore | Fault::KillAfter | Fault::TimedOut) = event.fault {
                killed += u32::from(has_claimed || claims);
                has_claimed = false;
            } else {
                has_claimed |= claims;
            }
        }
        killed >= MAX_ATTEMPTS
    }

    /// Whether one of its faults does not end while a reply can be given.
    fn meets_permanent_fault(&self) -> bool {
        use Fault::{AlwaysKilled, FailingQuery, Outage};
        self.had_fault(|fault| matches!(fault, AlwaysKilled | FailingQuery | Outage))
    }

    /// Whether the interactions function met more than one fault, and at least one when it sent the job: then there may
    /// have been no time to send it again.
    fn could_not_be_queued(&self) -> bool {
        let at_the_door = || self.faults().filter(|(_, event)| event.by == "door");
        at_the_door().count() > 1 && at_the_door().any(|(_, event)| event.is_for(Purpose::Job))
    }

    /// Whether a fault of the delivery or of the interactions function excuses "The application did not respond".
    pub(super) fn may_have_no_response(&self) -> bool {
        self.faults().any(|(fault, event)| match fault {
            Fault::DeliveryLost | Fault::AnswerLost => true,
            Fault::KillBefore | Fault::KillAfter | Fault::TimedOut => event.by == "door",
            _ => false,
        })
    }

    /// Whether the jobs function could not know, or could not store, that the reply had been sent.
    pub(super) fn may_be_told_again(&self) -> bool {
        self.faults().any(|(fault, event)| match fault {
            Fault::KillBefore | Fault::KillAfter | Fault::TimedOut | Fault::AlwaysKilled => {
                event.by != "door"
            }
            _ if event.is_for(Purpose::Claim) => event.by != "door",
            _ if event.is_for(Purpose::Reply) || event.is_for(Purpose::FollowUp) => fault.hides_the_effect(),
            _ => false,
        })
    }

    /// When its user was told by the jobs function that it failed, in milliseconds after the interaction.
    fn told_ms(&self) -> Option<i64> {
        let told = self.view.steps.iter().find(|step| match &step.seen {
            Seen::Edited { message } | Seen::FollowUp { message, .. } => {
                Ending::is_error_message(&self.view, message)
            }
            _ => false,
        });
        told.map(|step| step.ms)
    }

    /// Whether an item was stored for it only after its user had been told that it failed. A later write of an item
    /// may be another interaction's: a tally lists all interactions of its user.
    pub(super) fn has_effect_after_failure(&self) -> bool {
        let Some(told) = self.told_ms() else { return false };
        let mut first_writes = BTreeMap::new();
        for event in self.events.iter().filter(|event| event.is_for(Purpose::Effect) && event.is_done) {
            let items = event.call.as_ref().map(|call| call.items.as_str());
            first_writes.entry(items).or_insert(event.ms);
        }
        first_writes.values().any(|first| told < *first)
    }

    /// How many requests met a webhook that Discord never knows.
    pub(super) fn requests_to_unknown_webhook(&self) -> usize {
        self.faults().filter(|(fault, _)| *fault == Fault::NeverKnown).count()
    }
}
