//! Idempotency: which receive is working on an interaction, and whether it is done.

use domain::{Fault, InteractionId};
use jiff::{SignedDuration, Timestamp};

use crate::{
    items::{Item, get_number, get_text, get_time, number, seconds_after, text},
    keys::EXPIRES_AT,
    kinds::Personal,
    stored::{Condition, Kind, Store, Written, written_by_hand},
};

/// How long a claim is kept. The queue may keep a job longer, but its reply is then too late, and its
/// effects are keyed by the interaction id.
const CLAIM_RETENTION: SignedDuration = SignedDuration::from_hours(24);
const IN_PROGRESS: &str = "INPROGRESS";
const COMPLETED: &str = "COMPLETED";

/// The claims of all functions. Each has a consumer name of its own, so that they do not collide.
#[derive(Debug)]
pub enum Claims {}

written_by_hand! {
    Claims: reader |item| of_another(item).is_some();
    "claim" version 1 in Ephemeral;
    key |(consumer, interaction): (&'static str, InteractionId)| "IDEM#{consumer}#{interaction}";
    personal Personal::No;
    attributes status, holder, lease_until;
}

/// The state of a claim, as this receive sees it.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Claim {
    /// This receive holds it until the lease ends.
    Mine,
    /// The work is completed.
    Done,
    /// Another receive holds it until then.
    Busy(Timestamp),
}

impl Store<Claims> {
    /// Claims the work of an interaction until `lease_until`. `holder` must be unique to this receive.
    ///
    /// # Errors
    /// [`Fault`] if the table is unavailable.
    pub async fn claim(
        &self,
        consumer: &'static str,
        interaction: InteractionId,
        holder: u64,
        now: Timestamp,
        lease_until: Timestamp,
    ) -> Result<Claim, Fault> {
        let free = Condition::new(
            "attribute_not_exists(pk) OR expires_at < :now OR (#status = :in_progress AND lease_until <= :now_ms)",
        )
        .name("#status", "status")
        .value(":now", number(now.as_second()))
        .value(":now_ms", number(now.as_millisecond()))
        .value(":in_progress", text(IN_PROGRESS));
        let item = item(IN_PROGRESS, holder, now, lease_until);
        match self.access().put(Claims::key(&(consumer, interaction)), item, free).await? {
            Written::Done(()) => Ok(Claim::Mine),
            Written::Refused(standing) => {
                let held = standing.as_ref().and_then(|item| held(item, holder));
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
        let item = item(COMPLETED, 0, now, now);
        self.access().put(Claims::key(&(consumer, interaction)), item, Condition::none()).await.map(drop)
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

    /// Releases a claim, so that the next receive can take it at once.
    ///
    /// # Errors
    /// [`Fault`] if the table is unavailable; the lease then expires by itself.
    pub async fn abandon(
        &self,
        consumer: &'static str,
        interaction: InteractionId,
        holder: u64,
    ) -> Result<(), Fault> {
        // Only if it is still ours: another receive may have taken over after the lease.
        let ours = Condition::new("holder = :ours AND #status = :in_progress")
            .name("#status", "status")
            .value(":ours", text(holder.to_string()))
            .value(":in_progress", text(IN_PROGRESS));
        self.access().delete(Claims::key(&(consumer, interaction)), ours).await.map(drop)
    }
}

fn item(status: &str, holder: u64, now: Timestamp, lease_until: Timestamp) -> Item {
    Item::from([
        ("status".to_owned(), text(status)),
        ("holder".to_owned(), text(holder.to_string())),
        ("lease_until".to_owned(), number(lease_until.as_millisecond())),
        (EXPIRES_AT.to_owned(), seconds_after(now, CLAIM_RETENTION)),
    ])
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
    // The SDK retries a put whose response was lost, and may then find its own claim.
    let is_ours = claim != Claim::Done && get_text(item, "holder")?.parse() == Ok(ours);
    Some(if is_ours { Claim::Mine } else { claim })
}

fn of_another(item: &Item) -> Option<Claim> {
    match get_text(item, "status")? {
        COMPLETED => Some(Claim::Done),
        _ => get_time(item, "lease_until").map(Claim::Busy),
    }
}
