//! The shared circuit breakers: an item per recently opened breaker, and none while all is well.

use domain::{
    Fault,
    breaker::{Change, Changed, Dependency, Open},
};
use jiff::{SignedDuration, Timestamp};

use crate::{
    items::{Item, get_number, get_text, get_time, is_alive, number, seconds_after, text},
    keys::EXPIRES_AT,
    kinds::Personal,
    stored::{Condition, Kind, Store, Written, written_by_hand},
};

/// How long an item is kept after the breaker's time is over. One that was not probed since is not in use.
const BREAKER_RETENTION: SignedDuration = SignedDuration::from_hours(1);

/// The breakers of all dependencies.
#[derive(Debug)]
pub enum Breakers {}

written_by_hand! {
    Breakers: reader |item| open(item).is_some();
    "breaker" version 1 in Ephemeral;
    key |dependency: str| "BREAKER#{dependency}";
    personal Personal::No;
    attributes holder, open_until, failed_probes;
}

impl Store<Breakers> {
    /// The stored state; `None` while the breaker is closed.
    ///
    /// # Errors
    /// [`Fault`] if the table cannot be read.
    pub async fn load(&self, of: Dependency, now: Timestamp) -> Result<Option<Open>, Fault> {
        // Consistent: an environment that has just opened the breaker must not read that it is closed.
        let found = self.access().get(Breakers::key(of.name()), true).await?;
        found.map_or(Ok(None), |item| self.parse(&item, now))
    }

    /// Makes a conditional write in the name of `holder`: it succeeds if the stored state is still
    /// `change.seen`.
    ///
    /// # Errors
    /// [`Fault`] if the table is unavailable; the change may have been made all the same.
    pub async fn change(
        &self,
        of: Dependency,
        holder: &str,
        change: Change,
        now: Timestamp,
    ) -> Result<Changed, Fault> {
        let as_seen = match change.seen {
            Some(seen) => {
                Condition::new("open_until = :seen").value(":seen", number(seen.until.as_millisecond()))
            }
            None => Condition::new("attribute_not_exists(open_until) OR expires_at <= :now")
                .value(":now", number(now.as_second())),
        };
        let item = item(holder, change.next, now);
        match self.access().put(Breakers::key(of.name()), item, as_seen).await? {
            Written::Done(()) => Ok(Changed::Made),
            Written::Refused(None) => Ok(Changed::Otherwise(None)),
            Written::Refused(Some(standing)) => {
                let open = self.parse(&standing, now)?;
                // The SDK retries a write whose response was lost, and may then find its own change.
                let is_ours = get_text(&standing, "holder") == Some(holder) && open == change.next;
                Ok(if is_ours { Changed::Made } else { Changed::Otherwise(open) })
            }
        }
    }

    fn parse(&self, item: &Item, now: Timestamp) -> Result<Option<Open>, Fault> {
        if !is_alive(item, now) {
            return Ok(None);
        }
        open(item).ok_or_else(|| self.access().unreadable())
    }
}

fn item(holder: &str, open: Option<Open>, now: Timestamp) -> Item {
    let until = open.map_or(now, |open| open.until);
    let mut item = Item::from([
        ("holder".to_owned(), text(holder)),
        (EXPIRES_AT.to_owned(), seconds_after(until, BREAKER_RETENTION)),
    ]);
    if let Some(open) = open {
        item.insert("open_until".to_owned(), number(open.until.as_millisecond()));
        item.insert("failed_probes".to_owned(), number(open.failed_probes.into()));
    }
    item
}

/// `Some(None)`: the breaker is closed. `None`: the item is unreadable.
fn open(item: &Item) -> Option<Option<Open>> {
    if !item.contains_key("open_until") {
        return Some(None);
    }
    let failed_probes = u32::try_from(get_number(item, "failed_probes")?).ok()?;
    Some(Some(Open { until: get_time(item, "open_until")?, failed_probes }))
}
