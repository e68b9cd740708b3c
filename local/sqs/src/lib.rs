//! An SQS-compatible queue server: standard queues, stored in SQLite, with a clock that tests can advance.
//!
//! ```no_run
//! # async fn run() -> Result<(), Box<dyn std::error::Error>> {
//! use std::time::Duration;
//! use steward_local_sqs::{Attributes, Clock, Outgoing, Queues};
//!
//! let queues = Queues::open(None, Clock::default())?;
//! queues.create("jobs", &Attributes::default())?;
//! queues.send("jobs", &Outgoing::new("hello"))?;
//! for message in queues.receive("jobs", 10, Duration::from_secs(20)).await? {
//!     queues.delete("jobs", &message.receipt_handle)?;
//! }
//! # Ok(()) }
//! ```

mod address;
mod attributes;
mod checksum;
mod errors;
mod http;
mod message;
mod message_attribute;
mod poll;
mod receipt;
mod store;

use std::{path::Path, sync::Arc};

use parking_lot::{Mutex, MutexGuard};
use tokio::sync::Notify;

use self::store::{Millis, Store, dead_letters, messages, queues, retention};
pub use self::{
    attributes::{Attributes, RedrivePolicy},
    checksum::of_text as md5,
    errors::Error,
    message::{Message, Outgoing, Sent, State, Stored},
    message_attribute::{Attribute, AttributeValue, MessageAttributes},
};

pub use local_clock::Clock;

/// All queues of the stack. Clones share them.
#[derive(Clone)]
pub struct Queues {
    shared: Arc<Shared>,
}

struct Shared {
    /// Never held across an await; operations take microseconds.
    store: Mutex<Store>,
    clock: Clock,
    /// Notified when a message may have become visible. One for all queues, because there are few and
    /// polling an empty queue is cheap.
    arrived: Notify,
}

/// The numbers of messages of a queue by state, for the inspector.
#[derive(Clone, Debug, PartialEq, Eq, serde::Serialize, serde::Deserialize)]
pub struct Depth {
    pub name: String,
    pub visible: u64,
    pub in_flight: u64,
    pub delayed: u64,
    /// Visible messages in its dead-letter queue.
    pub dead: u64,
}

impl Queues {
    /// Opens the queues in this file; `None` keeps them in memory.
    pub fn open(path: Option<&Path>, clock: Clock) -> Result<Self, Error> {
        let store = Mutex::new(Store::open(path)?);
        Ok(Self { shared: Arc::new(Shared { store, clock, arrived: Notify::new() }) })
    }

    /// SQS's JSON protocol on `POST /`.
    pub fn router(&self) -> axum::Router {
        http::router(self.clone())
    }

    /// Creates a queue; its dead-letter queue must exist. Creating it again with the same attributes does
    /// nothing.
    pub fn create(&self, name: &str, attributes: &Attributes) -> Result<(), Error> {
        let now = self.now();
        let mut store = self.store();
        let db = store.begin()?;
        match queues::find(&db, name)? {
            None => queues::create(&db, name, attributes, now)?,
            Some(queue) => match queue.attributes.difference(attributes) {
                None => return Ok(()),
                Some(attribute) => return Err(Error::QueueNameExists(attribute)),
            },
        }
        Ok(db.commit()?)
    }

    /// Replaces the attributes of a queue. Except the delay, they apply to messages that are already in
    /// it.
    pub fn set_attributes(&self, name: &str, attributes: &Attributes) -> Result<(), Error> {
        let now = self.now();
        let mut store = self.store();
        let db = store.begin()?;
        queues::set(&db, name, attributes, now)?;
        Ok(db.commit()?)
    }

    /// The attributes of a queue.
    pub fn attributes(&self, name: &str) -> Result<Attributes, Error> {
        Ok(queues::get(&*self.store().begin()?, name)?.attributes)
    }

    /// Sends a message. Returns its id and checksums.
    pub fn send(&self, queue: &str, message: &Outgoing) -> Result<Sent, Error> {
        let now = self.now();
        let mut store = self.store();
        let db = store.begin()?;
        let id = messages::insert(&db, queue, message, now)?;
        db.commit()?;
        self.shared.arrived.notify_waiters();
        Ok(message.receipt(id))
    }

    /// Deletes the message that was received with this handle, even if it was received again since.
    pub fn delete(&self, queue: &str, receipt_handle: &str) -> Result<(), Error> {
        let mut store = self.store();
        let db = store.begin()?;
        queues::get(&db, queue)?;
        messages::delete(&db, queue, &receipt::message_id(queue, receipt_handle)?)?;
        Ok(db.commit()?)
    }

    /// Hides a message in flight for `timeout` seconds from now; 0 makes it visible at once.
    pub fn change_visibility(&self, queue: &str, receipt_handle: &str, timeout: u32) -> Result<(), Error> {
        let now = self.now();
        let mut store = self.store();
        let db = store.begin()?;
        queues::get(&db, queue)?;
        let id = receipt::message_id(queue, receipt_handle)?;
        messages::change_visibility(&db, queue, &id, timeout, now)?;
        db.commit()?;
        self.shared.arrived.notify_waiters();
        Ok(())
    }

    /// Deletes every message of the queue.
    pub fn purge(&self, queue: &str) -> Result<(), Error> {
        let mut store = self.store();
        let db = store.begin()?;
        messages::purge(&db, queue)?;
        Ok(db.commit()?)
    }

    /// Every queue by name, with the numbers of its messages.
    pub fn list(&self) -> Result<Vec<Depth>, Error> {
        let now = self.now();
        let mut store = self.store();
        let db = store.begin()?;
        let names = queues::names(&db)?.into_iter();
        let depths = names.map(|name| depth(&db, name, now)).collect::<Result<_, _>>()?;
        db.commit()?;
        Ok(depths)
    }

    /// The oldest messages in any state. Neither states nor receive counts change.
    pub fn peek(&self, queue: &str, limit: u32) -> Result<Vec<Stored>, Error> {
        let now = self.now();
        let mut store = self.store();
        let db = store.begin()?;
        let found = messages::oldest(&db, queue, limit, now)?;
        db.commit()?;
        Ok(found)
    }

    /// Moves the visible messages of a dead-letter queue back to the queues that they came from. Returns
    /// how many. Messages that were sent to it directly stay.
    pub fn redrive(&self, dead_letter_queue: &str) -> Result<usize, Error> {
        self.redrive_to(dead_letter_queue, None)
    }

    /// Deletes a message in any state.
    pub fn discard(&self, queue: &str, message_id: &str) -> Result<(), Error> {
        let mut store = self.store();
        let db = store.begin()?;
        queues::get(&db, queue)?;
        messages::delete(&db, queue, message_id)?;
        Ok(db.commit()?)
    }

    fn redrive_to(&self, dead: &str, destination: Option<&str>) -> Result<usize, Error> {
        let now = self.now();
        let mut store = self.store();
        let db = store.begin()?;
        let moved = dead_letters::redrive(&db, dead, destination, now)?;
        db.commit()?;
        self.shared.arrived.notify_waiters();
        Ok(moved)
    }

    fn now(&self) -> Millis {
        self.shared.clock.now().as_millisecond()
    }

    /// A panic under the lock leaves no partial change, because its transaction is rolled back.
    fn store(&self) -> MutexGuard<'_, Store> {
        self.shared.store.lock()
    }
}

fn depth(db: &rusqlite::Connection, name: String, now: Millis) -> Result<Depth, Error> {
    let retention::Counts { visible, in_flight, delayed } = retention::counts(db, &name, now)?;
    let dead = match dead_letters::dead_letter_queue(db, &name)? {
        Some(dead) => retention::counts(db, &dead, now)?.visible,
        None => 0,
    };
    Ok(Depth { name, visible, in_flight, delayed, dead })
}
