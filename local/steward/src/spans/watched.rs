//! Wraps a function's handler, and notes in a thread-local which invocation the thread is running.

use std::cell::{Cell, RefCell};

use jiff::Timestamp;
use local_discord::InteractionId;
use local_lambda::{Handler, InvokeError};
use serde_json::value::RawValue;

use super::{Place, Span, Spans, What};

thread_local! {
    static NOTE: RefCell<Option<Invocation>> = const { RefCell::new(None) };
}

/// A handler whose spans are recorded.
pub(crate) struct Watched<H> {
    pub(crate) handler: H,
    pub(crate) spans: Spans,
    pub(crate) function: &'static str,
    pub(crate) environment: u64,
    pub(crate) warm: Cell<bool>,
}

/// The event that an environment is handling.
struct Invocation {
    spans: Spans,
    place: Place,
    began: Timestamp,
    /// The last span of each interaction that the function has not finished.
    open: Vec<(InteractionId, Last)>,
}

#[derive(Clone, Copy)]
struct Last {
    at: Timestamp,
    receive: Option<u32>,
}

impl<H: Handler> Handler for Watched<H> {
    async fn handle(&self, event: &RawValue, deadline: u64) -> Result<String, InvokeError> {
        let place =
            Place { function: self.function, environment: self.environment, cold: !self.warm.replace(true) };
        let began = self.spans.clock.exact();
        NOTE.set(Some(Invocation { spans: self.spans.clone(), place, began, open: Vec::new() }));
        // Killing the environment drops this future, and with it the guard.
        let _end = End;
        self.handler.handle(event, deadline).await
    }
}

/// A guard for the end of an invocation. Interactions that are still open then were killed.
struct End;

impl Drop for End {
    fn drop(&mut self) {
        let Some(mut invocation) = NOTE.take() else { return };
        for (interaction, last) in std::mem::take(&mut invocation.open) {
            invocation.span(interaction, last.receive, What::Killed);
        }
    }
}

/// Records a span of the function that runs on this thread, if one does.
pub(super) fn keep(interaction: InteractionId, receive: Option<u32>, what: What) {
    NOTE.with_borrow_mut(|note| {
        if let Some(invocation) = note {
            invocation.span(interaction, receive, what);
        }
    });
}

impl Invocation {
    fn span(&mut self, interaction: InteractionId, receive: Option<u32>, what: What) {
        let (spans, place, at) = (self.spans.clone(), self.place, self.spans.clock.exact());
        let known = self.open.iter().position(|(id, last)| (*id, last.receive) == (interaction, receive));
        let since = known.map_or(self.began, |index| self.open.swap_remove(index).1.at);
        if known.is_none() {
            let what = What::Received;
            spans.keep(interaction, Span { since, at: since, what, place, receive });
        }
        if !matches!(what, What::Ended(_) | What::Killed) {
            self.open.push((interaction, Last { at, receive }));
        }
        spans.keep(interaction, Span { since, at, what, place, receive });
    }
}
