//! A tracing layer that records the functions' steps.

use std::fmt;

use aws::telemetry::{HANDLED_MESSAGE, STEP_TARGET};
use local_discord::InteractionId;
use tracing::{
    Event, Subscriber,
    field::{Field, Visit},
    level_filters::LevelFilter,
};
use tracing_subscriber::{Layer, filter::filter_fn, layer::Context, registry::LookupSpan};

use super::{SpanKind, traced};

/// The layer, filtered to the events of steps and of finished work.
pub(crate) fn listener<S>() -> impl Layer<S>
where
    S: Subscriber + for<'a> LookupSpan<'a>,
{
    let steps = filter_fn(|fields| fields.target() == STEP_TARGET || fields.name() == HANDLED_MESSAGE);
    Listener.with_filter(steps.with_max_level_hint(LevelFilter::DEBUG))
}

struct Listener;

impl<S: Subscriber> Layer<S> for Listener {
    fn on_event(&self, event: &Event<'_>, _: Context<'_, S>) {
        let mut fields = EventFields::default();
        event.record(&mut fields);
        let what = fields.step.map(SpanKind::Done).or(fields.outcome.map(SpanKind::Ended));
        if let (Some(interaction), Some(what)) = (fields.interaction, what) {
            traced::record(interaction, fields.receive, what);
        }
    }
}

/// The fields of an event that a span needs.
#[derive(Default)]
struct EventFields {
    interaction: Option<InteractionId>,
    receive: Option<u32>,
    step: Option<String>,
    outcome: Option<String>,
}

impl Visit for EventFields {
    fn record_u64(&mut self, field: &Field, value: u64) {
        if field.name() == "receive" {
            self.receive = u32::try_from(value).ok();
        }
    }

    fn record_str(&mut self, field: &Field, value: &str) {
        match field.name() {
            "step" => self.step = Some(value.to_owned()),
            "outcome" => self.outcome = Some(value.to_owned()),
            _ => {}
        }
    }

    fn record_debug(&mut self, field: &Field, value: &dyn fmt::Debug) {
        if field.name() == "interaction" {
            self.interaction = format!("{value:?}").parse().ok();
        }
    }
}
