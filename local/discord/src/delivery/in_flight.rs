//! Which interactions are on their way, so that the clock is moved only between them.
//!
//! To the application an interaction is as old as its way was long. If the clock jumped meanwhile, an
//! interaction could arrive when it is too late for Discord, although hardly any time has passed.

use std::sync::Arc;

use tokio::sync::{OwnedRwLockReadGuard, OwnedRwLockWriteGuard, RwLock};

use crate::Discord;

/// Deliveries share the lock; a pause holds it alone. The lock is fair: a pause waits for the deliveries that
/// began before it, and later ones wait for the pause.
#[derive(Debug, Default)]
pub(crate) struct InFlight(Arc<RwLock<()>>);

/// An interaction between its creation and its first response, or the lack of one. Clones are its duplicates.
#[derive(Clone, Debug)]
pub(crate) struct Delivery {
    _shared: Arc<OwnedRwLockReadGuard<()>>,
}

/// A time without deliveries; they continue when it is dropped.
#[derive(Debug)]
pub struct Pause {
    _alone: OwnedRwLockWriteGuard<()>,
}

impl InFlight {
    /// Must be called before the interaction's id is made, because the id has the time.
    pub(crate) async fn begin(&self) -> Delivery {
        Delivery { _shared: Arc::new(Arc::clone(&self.0).read_owned().await) }
    }
}

impl Discord {
    /// Waits until every interaction that was sent has its first response, or Discord has given up on it. New
    /// ones are held back until the [`Pause`] is dropped: whatever moves the clock must hold one.
    pub async fn between_deliveries(&self) -> Pause {
        Pause { _alone: Arc::clone(&self.inner.in_flight.0).write_owned().await }
    }
}

#[cfg(test)]
mod tests {
    #![allow(clippy::unwrap_used, reason = "a test that cannot go on has failed")]

    use std::sync::Arc;

    use axum::{
        body::Bytes,
        http::{HeaderMap, HeaderValue, StatusCode, header},
    };
    use futures_util::FutureExt;
    use serde_json::{Value, json};
    use tokio::sync::Semaphore;

    use crate::{Delivered, DeliveryFuture, testing::TestApp};

    /// An application that answers each interaction only when it gets a permit.
    async fn waiting() -> (TestApp, Arc<Semaphore>) {
        let app = TestApp::open(|_| Value::Null).await;
        let permits = Arc::new(Semaphore::new(0));
        let given = Arc::clone(&permits);
        app.discord.set_transport(Arc::new(move |_| -> DeliveryFuture {
            let given = Arc::clone(&given);
            Box::pin(async move {
                given.acquire().await.unwrap().forget();
                let json = HeaderValue::from_static("application/json");
                let headers = HeaderMap::from_iter([(header::CONTENT_TYPE, json)]);
                let body = Bytes::from(json!({ "type": 4, "data": { "content": "here" } }).to_string());
                Ok(Delivered { status: StatusCode::OK, headers, body })
            })
        }));
        (app, permits)
    }

    #[tokio::test]
    async fn the_clock_waits_for_the_interactions_on_their_way_and_later_ones_wait_for_the_clock() {
        let (app, permits) = waiting().await;
        let first = app.say("/ping").await;
        let mut pause = Box::pin(app.discord.between_deliveries());
        assert!((&mut pause).now_or_never().is_none(), "an interaction is on its way");
        let mut later = Box::pin(app.discord.say("Bartholomew Finch", "general", "/ping"));
        assert!((&mut later).now_or_never().is_none(), "the clock is about to be moved");
        permits.add_permits(2);
        let paused = pause.await;
        assert!(!app.discord.view(first).unwrap().steps.is_empty());
        app.clock.advance(std::time::Duration::from_secs(5));
        drop(paused);
        let later = later.await.unwrap();
        let view = app.discord.wait_until_settled(later, crate::testing::WAIT_TIMEOUT).await.unwrap();
        // Its id is made after the jump, so it is no older than its way was long.
        assert!(view.steps[0].ms < 5_000, "{} ms", view.steps[0].ms);
    }
}
