//! Wraps a function's handler, and notes in a thread-local which invocation the thread is running.

use std::cell::{Cell, RefCell};

use jiff::Timestamp;
use local_discord::InteractionId;
use local_lambda::{Handler, InvocationContext, InvokeError};
use serde_json::value::RawValue;

use super::{Span, SpanKind, SpanSource, Spans};

thread_local! {
    static CURRENT: RefCell<Option<Invocation>> = const { RefCell::new(None) };
}

/// A handler whose spans are recorded.
pub(crate) struct TracedHandler<H> {
    pub(crate) handler: H,
    pub(crate) spans: Spans,
    pub(crate) function: &'static str,
    pub(crate) environment: u64,
    pub(crate) warm: Cell<bool>,
}

/// The event that an environment is handling.
struct Invocation {
    spans: Spans,
    source: SpanSource,
    began: Timestamp,
    /// The last span of each interaction that the function has not finished.
    open: Vec<(InteractionId, LastSpan)>,
}

#[derive(Clone, Copy)]
struct LastSpan {
    at: Timestamp,
    receive: Option<u32>,
}

impl<H: Handler> Handler for TracedHandler<H> {
    async fn handle(&self, event: &RawValue, context: InvocationContext) -> Result<String, InvokeError> {
        let source = SpanSource {
            function: self.function,
            environment: self.environment,
            cold: !self.warm.replace(true),
        };
        let began = self.spans.clock.exact();
        CURRENT.set(Some(Invocation { spans: self.spans.clone(), source, began, open: Vec::new() }));
        // Killing the environment drops this future, and with it the guard.
        let _guard = EndGuard;
        self.handler.handle(event, context).await
    }
}

/// A guard for the end of an invocation. Interactions that are still open then were killed.
struct EndGuard;

impl Drop for EndGuard {
    fn drop(&mut self) {
        let Some(mut invocation) = CURRENT.take() else { return };
        for (interaction, last) in std::mem::take(&mut invocation.open) {
            invocation.span(interaction, last.receive, SpanKind::Killed);
        }
    }
}

/// Records a span of the function that runs on this thread, if one does.
pub(super) fn record(interaction: InteractionId, receive: Option<u32>, what: SpanKind) {
    CURRENT.with_borrow_mut(|current| {
        if let Some(invocation) = current {
            invocation.span(interaction, receive, what);
        }
    });
}

impl Invocation {
    fn span(&mut self, interaction: InteractionId, receive: Option<u32>, what: SpanKind) {
        let (spans, source, at) = (self.spans.clone(), self.source, self.spans.clock.exact());
        let known = self.open.iter().position(|(id, last)| (*id, last.receive) == (interaction, receive));
        let since = known.map_or(self.began, |index| self.open.swap_remove(index).1.at);
        if known.is_none() {
            let what = SpanKind::Received;
            spans.record(interaction, Span { since, at: since, what, source, receive });
        }
        if !matches!(what, SpanKind::Ended(_) | SpanKind::Killed) {
            self.open.push((interaction, LastSpan { at, receive }));
        }
        spans.record(interaction, Span { since, at, what, source, receive });
    }
}
