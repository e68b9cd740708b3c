//! Leases: which environment fetches a value for all environments.

use domain::Fault;
use jiff::{SignedDuration, Timestamp};

use crate::{
    items::{Item, get_text, get_time, number, seconds_after, text},
    keys::EXPIRES_AT,
    kinds::Personal,
    stored::{Condition, Kind, Store, written_by_hand},
};

/// How long the item is kept after the end of the lease.
const LEASE_RETENTION: SignedDuration = SignedDuration::from_secs(60);

/// The exclusive right to fetch something for a limited time.
#[derive(Debug)]
pub enum Leases {}

written_by_hand! {
    Leases: reader |item| get_text(item, "holder").and(get_time(item, "lease_until")).is_some();
    "lease" version 1 in Ephemeral;
    key |what: str| "LEASE#{what}";
    personal Personal::No;
    attributes holder, lease_until;
}

impl Store<Leases> {
    /// Takes a lease until `until`; false if another holder has it.
    ///
    /// # Errors
    /// [`Fault`] if the table is unavailable.
    pub async fn take(
        &self,
        what: &str,
        holder: &str,
        now: Timestamp,
        until: Timestamp,
    ) -> Result<bool, Fault> {
        let item = Item::from([
            ("holder".to_owned(), text(holder)),
            ("lease_until".to_owned(), number(until.as_millisecond())),
            (EXPIRES_AT.to_owned(), seconds_after(until, LEASE_RETENTION)),
        ]);
        let free = Condition::new("attribute_not_exists(pk) OR lease_until <= :now OR holder = :holder")
            .value(":now", number(now.as_millisecond()))
            .value(":holder", text(holder));
        Ok(self.access().put(Leases::key(what), item, free).await?.is_done())
    }

    /// Releases a lease, if this holder still has it.
    ///
    /// # Errors
    /// [`Fault`] if the table is unavailable; the lease then expires by itself.
    pub async fn release(&self, what: &str, holder: &str) -> Result<(), Fault> {
        let ours = Condition::new("holder = :holder").value(":holder", text(holder));
        self.access().delete(Leases::key(what), ours).await.map(drop)
    }
}
