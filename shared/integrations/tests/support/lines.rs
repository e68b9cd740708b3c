//! Collects log lines. A test that uses it is in a process of its own, because a callsite that another thread
//! has used without a subscriber stays disabled.

#![allow(clippy::unwrap_used, reason = "the lint knows tests, but not what they share")]

use std::{
    fmt::{Debug, Write},
    sync::{Arc, Mutex},
};

use tracing::{
    Event, Metadata, Subscriber,
    field::{Field, Visit},
    span::{Attributes, Id, Record},
    subscriber::DefaultGuard,
};

/// Collects log lines as `message field=value ...` until the guard is dropped.
#[derive(Clone, Default)]
pub struct Lines(Arc<Mutex<Vec<String>>>);

impl Lines {
    pub fn listen() -> (Self, DefaultGuard) {
        let lines = Self::default();
        (lines.clone(), tracing::subscriber::set_default(lines))
    }

    /// The lines with this message; all of them for an empty one.
    pub fn of(&self, message: &str) -> Vec<String> {
        let all = self.0.lock().unwrap();
        all.iter().filter(|line| line.starts_with(message)).cloned().collect()
    }
}

struct Line(String);

impl Visit for Line {
    fn record_debug(&mut self, field: &Field, value: &dyn Debug) {
        let written = match field.name() {
            "message" => {
                self.0.insert_str(0, &format!("{value:?}"));
                Ok(())
            }
            name => write!(self.0, " {name}={value:?}"),
        };
        written.unwrap();
    }
}

impl Subscriber for Lines {
    fn enabled(&self, metadata: &Metadata<'_>) -> bool {
        metadata.is_event()
    }

    fn event(&self, event: &Event<'_>) {
        let mut line = Line(String::new());
        event.record(&mut line);
        self.0.lock().unwrap().push(line.0);
    }

    fn new_span(&self, _: &Attributes<'_>) -> Id {
        Id::from_u64(1)
    }

    fn record(&self, _: &Id, _: &Record<'_>) {}

    fn record_follows_from(&self, _: &Id, _: &Id) {}

    fn enter(&self, _: &Id) {}

    fn exit(&self, _: &Id) {}
}
