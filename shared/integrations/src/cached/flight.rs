//! Single flight: what several ask for at once is worked out once, and all get the outcome.

use std::{collections::HashMap, sync::Arc};

use parking_lot::{Mutex, MutexGuard};

/// Empty until somebody has brought the outcome; locked by who is working on it.
type Slot<T> = tokio::sync::Mutex<Option<T>>;

/// What is being worked on in this process, by key.
#[derive(Debug)]
pub(super) struct Flights<T>(Mutex<HashMap<String, Arc<Slot<T>>>>);

impl<T: Clone> Flights<T> {
    pub(super) fn new() -> Self {
        Self(Mutex::default())
    }

    /// The outcome of `work`, or of the same work that somebody else has begun.
    ///
    /// If who works is cancelled, the next in line does its own `work`. Failures are shared as well:
    /// a crowd that waited for one refusal must not bring fifty more upon a tired API.
    pub(super) async fn join(&self, key: &str, work: impl Future<Output = T>) -> T {
        let seat = self.seat(key);
        let mut slot = seat.slot.lock().await;
        if let Some(outcome) = &*slot {
            return outcome.clone();
        }
        let outcome = work.await;
        *slot = Some(outcome.clone());
        // Who comes from now on begins anew, and finds it in memory if it was good.
        self.open().remove(key);
        outcome
    }

    fn seat<'a>(&'a self, key: &'a str) -> Seat<'a, T> {
        let slot = Arc::clone(self.open().entry(key.to_owned()).or_default());
        let flights = self;
        Seat { flights, key, slot }
    }

    fn open(&self) -> MutexGuard<'_, HashMap<String, Arc<Slot<T>>>> {
        self.0.lock()
    }
}

/// A part in a flight. The last one to leave clears it away, so that cancelled flights do not pile up.
struct Seat<'a, T: Clone> {
    flights: &'a Flights<T>,
    key: &'a str,
    slot: Arc<Slot<T>>,
}

impl<T: Clone> Drop for Seat<'_, T> {
    fn drop(&mut self) {
        let mut open = self.flights.open();
        let ours = |slot: &Arc<Slot<T>>| Arc::ptr_eq(slot, &self.slot);
        // Two: the map's and ours. Nobody can take another while the map is locked.
        if open.get(self.key).is_some_and(ours) && Arc::strong_count(&self.slot) == 2 {
            open.remove(self.key);
        }
    }
}

#[cfg(test)]
mod tests {
    use std::{future::pending, time::Duration};

    use super::*;

    #[tokio::test(start_paused = true)]
    async fn a_crowd_shares_one_outcome_and_leaves_nothing_behind() {
        let flights = Flights::new();
        let slow = |n| async move {
            tokio::time::sleep(Duration::from_secs(1)).await;
            n
        };
        let outcomes =
            tokio::join!(flights.join("a", slow(1)), flights.join("a", slow(2)), flights.join("b", slow(3)));
        assert_eq!(outcomes, (1, 1, 3));
        assert_eq!(flights.join("a", slow(4)).await, 4);
        assert!(flights.open().is_empty());
    }

    #[tokio::test(start_paused = true)]
    async fn the_next_in_line_takes_over_from_who_is_cancelled() {
        let flights = Flights::new();
        let mut first = Box::pin(flights.join("a", pending()));
        let short = Duration::from_millis(1);
        assert!(tokio::time::timeout(short, &mut first).await.is_err());
        let mut second = Box::pin(flights.join("a", async { 2 }));
        assert!(tokio::time::timeout(short, &mut second).await.is_err());
        drop(first);
        assert_eq!(second.await, 2);
        assert!(flights.open().is_empty());

        drop(tokio::time::timeout(short, flights.join("b", pending())).await);
        assert!(flights.open().is_empty());
    }
}
