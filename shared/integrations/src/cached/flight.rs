//! Single flight: concurrent requests for the same key share one execution and its result.

use std::{collections::HashMap, sync::Arc};

use parking_lot::{Mutex, MutexGuard};

/// Empty until there is a result; locked by the caller that executes the work.
type Slot<T> = tokio::sync::Mutex<Option<T>>;

/// The executions under way in this process, by key.
#[derive(Debug)]
pub(super) struct Flights<T>(Mutex<HashMap<String, Arc<Slot<T>>>>);

impl<T: Clone> Flights<T> {
    pub(super) fn new() -> Self {
        Self(Mutex::default())
    }

    /// The result of `work`, or of an execution for the same key that is already under way.
    ///
    /// If the executing caller is cancelled, the next one executes its own `work`. Failures are shared too:
    /// fifty callers that waited for one failure must not send fifty more requests to an API in trouble.
    pub(super) async fn join(&self, key: &str, work: impl Future<Output = T>) -> T {
        let seat = self.seat(key);
        let mut slot = seat.slot.lock().await;
        if let Some(outcome) = &*slot {
            return outcome.clone();
        }
        let outcome = work.await;
        *slot = Some(outcome.clone());
        // Later callers start anew; after a success they find the result in memory.
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

/// A caller's share in an execution. The last one to be dropped removes the entry, so that cancelled
/// executions do not pile up.
struct Seat<'a, T: Clone> {
    flights: &'a Flights<T>,
    key: &'a str,
    slot: Arc<Slot<T>>,
}

impl<T: Clone> Drop for Seat<'_, T> {
    fn drop(&mut self) {
        let mut open = self.flights.open();
        let ours = |slot: &Arc<Slot<T>>| Arc::ptr_eq(slot, &self.slot);
        // Two references: the map's and ours. There can be no new one while the map is locked.
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
