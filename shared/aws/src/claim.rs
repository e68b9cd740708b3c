//! Idempotency: which receive is working on an interaction, how many attempts there were, and whether it is
//! done or has failed for good.

use aws_sdk_dynamodb::types::AttributeValue;
use domain::{Fault, InteractionId, attempt::Failure};
use jiff::{SignedDuration, Timestamp};

use crate::{
    items::{Item, get_bool, get_number, get_text, get_time, number, seconds_after, text},
    keys::EXPIRES_AT,
    kinds::Personal,
    stored::{Condition, Kind, Store, Written, written_by_hand},
};

/// How long a claim is kept. The queue may keep a job longer, but its reply is then too late, and its
/// effects are keyed by the interaction id.
const CLAIM_RETENTION: SignedDuration = SignedDuration::from_hours(24);
const IN_PROGRESS: &str = "INPROGRESS";
const COMPLETED: &str = "COMPLETED";
/// The holder of a claim that was released.
const NO_HOLDER: &str = "0";

/// The claims of all functions. Each has a consumer name of its own, so that they do not collide.
#[derive(Debug)]
pub enum Claims {}

written_by_hand! {
    Claims: reader |item| of_another(item).is_some();
    "claim" version 1 in Ephemeral;
    key |(consumer, interaction): (&'static str, InteractionId)| "IDEM#{consumer}#{interaction}";
    personal Personal::No;
    attributes status, holder, lease_until, attempts, gave_up, told;
}

/// The state of a claim, as this receive sees it.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Claim {
    /// This receive holds it until the lease ends.
    Mine(Held),
    /// The work is completed.
    Done,
    /// Another receive holds the claim until then.
    Busy(Timestamp),
}

/// What earlier receives have left in a claim that is now ours.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Held {
    /// How many attempts have begun, including this one if it counts.
    pub attempts: u32,
    /// Why the work has failed for good; `None` if it has not.
    pub gave_up: Option<String>,
    /// Whether the user has been told so.
    pub is_told: bool,
    /// Whether the last holder was killed: its lease ended before it released the claim.
    pub was_killed: bool,
}

impl Held {
    /// Whether the work has failed for good.
    pub fn failure(&self) -> Failure {
        match (&self.gave_up, self.is_told) {
            (None, _) => Failure::None,
            (Some(_), false) => Failure::Untold,
            (Some(_), true) => Failure::Told,
        }
    }

    fn read(item: &Item, was_killed: bool) -> Self {
        Self {
            attempts: get_number(item, "attempts").and_then(|count| u32::try_from(count).ok()).unwrap_or(0),
            gave_up: get_text(item, "gave_up").map(str::to_owned),
            is_told: get_bool(item, "told") == Some(true),
            was_killed,
        }
    }
}

/// For what a claim is made.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Purpose {
    /// An attempt at the work.
    Attempt,
    /// An attempt at work that an operator has sent back: an earlier failure no longer counts.
    Redrive,
    /// Only to see what has become of the work.
    Inspection,
}

/// The holder of a claim, and how long it lasts.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Lease {
    /// Unique to this receive, not 0.
    pub holder: u64,
    /// When the claim is free again, should the holder be killed.
    pub until: Timestamp,
}

impl Store<Claims> {
    /// Claims the work of an interaction, with one conditional write that counts the attempt.
    ///
    /// # Errors
    /// [`Fault`] if the table is unavailable.
    pub async fn claim(
        &self,
        consumer: &'static str,
        interaction: InteractionId,
        lease: Lease,
        purpose: Purpose,
        now: Timestamp,
    ) -> Result<Claim, Fault> {
        let free = match purpose {
            Purpose::Redrive => {
                "attribute_not_exists(pk) OR expires_at < :now OR \
                 (lease_until <= :now_ms AND (#status = :in_progress OR attribute_exists(gave_up)))"
            }
            Purpose::Attempt | Purpose::Inspection => {
                "attribute_not_exists(pk) OR expires_at < :now OR \
                 (#status = :in_progress AND lease_until <= :now_ms)"
            }
        };
        let condition = in_progress(Condition::new(free))
            .value(":now", number(now.as_second()))
            .value(":now_ms", number(now.as_millisecond()))
            .value(":ours", text(lease.holder.to_string()))
            .value(":lease", number(lease.until.as_millisecond()))
            .value(":expires", seconds_after(now, CLAIM_RETENTION))
            .value(":counted", number(i64::from(purpose != Purpose::Inspection)));
        let expression = match purpose {
            Purpose::Redrive => {
                "SET v = :v, #status = :in_progress, holder = :ours, lease_until = :lease, \
                 expires_at = :expires REMOVE gave_up, told ADD attempts :counted"
            }
            Purpose::Attempt | Purpose::Inspection => {
                "SET v = :v, #status = :in_progress, holder = :ours, lease_until = :lease, \
                 expires_at = :expires ADD attempts :counted"
            }
        };
        let key = Claims::key(&(consumer, interaction));
        match self.access().update_from(key, expression, condition).await? {
            Written::Done(before) => {
                let mut held = Held::read(&before, is_held(&before));
                if purpose == Purpose::Redrive {
                    (held.gave_up, held.is_told) = (None, false);
                }
                held.attempts += u32::from(purpose != Purpose::Inspection);
                Ok(Claim::Mine(held))
            }
            Written::Refused(standing) => {
                let held = standing.as_ref().and_then(|item| held(item, lease.holder));
                held.ok_or_else(|| Fault::new(Claims::COMPONENT, "unreadable"))
            }
        }
    }

    /// Marks the work as completed: later claims get [`Claim::Done`].
    ///
    /// # Errors
    /// [`Fault`] if the table is unavailable.
    pub async fn complete(
        &self,
        consumer: &'static str,
        interaction: InteractionId,
        now: Timestamp,
    ) -> Result<(), Fault> {
        let always = Condition::none()
            .name("#status", "status")
            .value(":completed", text(COMPLETED))
            .value(":free", text(NO_HOLDER))
            .value(":now_ms", number(now.as_millisecond()))
            .value(":expires", seconds_after(now, CLAIM_RETENTION));
        let expression = "SET v = :v, #status = :completed, holder = :free, lease_until = :now_ms, \
                          expires_at = :expires";
        let key = Claims::key(&(consumer, interaction));
        self.access().update_from(key, expression, always).await.map(drop)
    }

    /// The state of a claim: done, held by another receive, or `None` if it is free.
    ///
    /// # Errors
    /// [`Fault`] if the table is unavailable.
    pub async fn status(
        &self,
        consumer: &'static str,
        interaction: InteractionId,
        now: Timestamp,
    ) -> Result<Option<Claim>, Fault> {
        let found = self.access().get(Claims::key(&(consumer, interaction)), true).await?;
        Ok(found.and_then(|item| standing(&item, now)))
    }

    /// Releases a claim, so that the next receive can take it at once. If `is_attempt` is false, its attempt
    /// does not count.
    ///
    /// # Errors
    /// [`Fault`] if the table is unavailable; the lease then expires by itself.
    pub async fn release(
        &self,
        consumer: &'static str,
        interaction: InteractionId,
        holder: u64,
        is_attempt: bool,
    ) -> Result<(), Fault> {
        let expression = "SET v = :v, holder = :free, lease_until = :zero ADD attempts :minus";
        let ours = freeing(holder).value(":minus", number(-i64::from(!is_attempt)));
        let key = Claims::key(&(consumer, interaction));
        self.access().update_from(key, expression, ours).await.map(drop)
    }

    /// Records why the work has failed for good: no later claim does it, unless an operator sends it back.
    /// Returns whether the claim was still ours.
    ///
    /// # Errors
    /// [`Fault`] if the table is unavailable; it may be recorded all the same.
    pub async fn give_up(
        &self,
        consumer: &'static str,
        interaction: InteractionId,
        holder: u64,
        cause: &str,
    ) -> Result<bool, Fault> {
        let ours = held_by(holder).value(":cause", text(cause));
        let key = Claims::key(&(consumer, interaction));
        let written = self.access().update_from(key, "SET v = :v, gave_up = :cause", ours).await?;
        Ok(written.is_done())
    }

    /// Records that the user has been told of the failure, and releases the claim.
    ///
    /// # Errors
    /// [`Fault`] if the table is unavailable.
    pub async fn record_told(
        &self,
        consumer: &'static str,
        interaction: InteractionId,
        holder: u64,
    ) -> Result<(), Fault> {
        let expression = "SET v = :v, told = :true, holder = :free, lease_until = :zero";
        let ours = freeing(holder).value(":true", AttributeValue::Bool(true));
        let key = Claims::key(&(consumer, interaction));
        self.access().update_from(key, expression, ours).await.map(drop)
    }
}

/// Only if it is still ours: another receive may have taken over after the lease.
fn held_by(holder: u64) -> Condition {
    in_progress(Condition::new("holder = :ours AND #status = :in_progress"))
        .value(":ours", text(holder.to_string()))
}

fn freeing(holder: u64) -> Condition {
    held_by(holder).value(":free", text(NO_HOLDER)).value(":zero", number(0))
}

fn in_progress(condition: Condition) -> Condition {
    condition.name("#status", "status").value(":in_progress", text(IN_PROGRESS))
}

fn standing(item: &Item, now: Timestamp) -> Option<Claim> {
    // TTL deletion may take days.
    if get_number(item, EXPIRES_AT)? < now.as_second() {
        return None;
    }
    of_another(item).filter(|claim| !matches!(claim, Claim::Busy(until) if *until <= now))
}

/// The state of the claim that made the condition fail.
fn held(item: &Item, ours: u64) -> Option<Claim> {
    let claim = of_another(item)?;
    // The SDK retries a write whose response was lost, and may then find its own claim.
    let is_ours = claim != Claim::Done && get_text(item, "holder")?.parse() == Ok(ours);
    Some(if is_ours { Claim::Mine(Held::read(item, false)) } else { claim })
}

fn of_another(item: &Item) -> Option<Claim> {
    match get_text(item, "status")? {
        COMPLETED => Some(Claim::Done),
        _ => get_time(item, "lease_until").map(Claim::Busy),
    }
}

/// Whether a receive took this claim and never gave it back.
fn is_held(item: &Item) -> bool {
    get_text(item, "holder").is_some_and(|holder| holder != NO_HOLDER)
}
