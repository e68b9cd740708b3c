//! Logs: one JSON line per unit of work, and nothing in them that anybody wrote.

use std::io;

use domain::{
    InteractionId,
    measurement::{Handled, Step},
};
use tracing::{Level, Metadata, Subscriber, level_filters::LevelFilter};
use tracing_subscriber::{
    Layer, fmt::MakeWriter, layer::SubscriberExt, registry::LookupSpan, util::SubscriberInitExt,
};

/// The target of the lines that tell of a step.
pub const STEP: &str = "steward::step";
/// The name of the event that ends a unit of work.
pub const HANDLED: &str = "handled";

/// The target of lines that are not about one crate, and how the names of all our crates begin. Other crates may
/// log whole requests and responses, so only their errors are logged.
const OURS: &str = "steward";
/// The target of the line that tells of a panic.
const PANIC: &str = "panic";

/// The log lines, written to `writer`. `level` is one of `trace`, `debug`, `info`, `warn`, `error`, `off`;
/// anything else, or nothing, means `info`.
pub fn lines<S, W>(level: Option<&str>, writer: W) -> impl Layer<S>
where
    S: Subscriber + for<'a> LookupSpan<'a>,
    W: for<'a> MakeWriter<'a> + Send + Sync + 'static,
{
    let level = level.and_then(|level| level.parse().ok()).unwrap_or(LevelFilter::INFO);
    let lines = tracing_subscriber::fmt::layer()
        .json()
        .flatten_event(true)
        .with_current_span(false)
        .with_span_list(false);
    lines.with_writer(writer).with_filter(Permitted { level })
}

/// Starts logging to standard output, where Lambda collects it, panics included. A second call changes
/// nothing.
pub fn start_on_stdout(level: Option<&str>) {
    // It fails if something logs already, and then that goes on.
    let _ = tracing_subscriber::registry().with(lines(level, io::stdout)).try_init();
    report_panics();
}

/// Writes down a unit of work.
pub fn record(handled: &Handled<'_>) {
    tracing::info!(
        name: HANDLED,
        target: OURS,
        interaction = handled.interaction.map(tracing::field::display),
        guild = handled.guild.map(tracing::field::display),
        command = handled.command,
        autocomplete = handled.autocomplete.then_some(true),
        outcome = handled.outcome.name(),
        user_outcome = handled.user_outcome().map(domain::measurement::UserOutcome::name),
        took_ms = handled.took_ms,
        cold = handled.cold,
        version = handled.version,
        receive = handled.receive,
        "handled"
    );
}

/// Emits a step that is done, at level `debug`: at `info` it costs nothing.
/// `receive` as in [`Handled`].
pub fn step(step: Step, interaction: InteractionId, receive: Option<u32>) {
    tracing::debug!(target: STEP, %interaction, step = step.name(), receive, "step");
}

struct Permitted {
    level: LevelFilter,
}

impl Permitted {
    fn level_of(&self, target: &str) -> LevelFilter {
        let is_ours = target.starts_with(OURS) || target == PANIC;
        if is_ours { self.level } else { self.level.min(LevelFilter::ERROR) }
    }
}

impl<S> tracing_subscriber::layer::Filter<S> for Permitted {
    fn enabled(&self, metadata: &Metadata<'_>, _: &tracing_subscriber::layer::Context<'_, S>) -> bool {
        // A span's fields would be repeated in every line within it.
        metadata.is_event() && *metadata.level() <= self.level_of(metadata.target())
    }

    fn max_level_hint(&self) -> Option<LevelFilter> {
        Some(self.level)
    }
}

/// From now on a panic is logged, by its location alone: its message may quote what somebody wrote.
pub fn report_panics() {
    std::panic::set_hook(Box::new(|panic| {
        let location = panic.location().map(tracing::field::display);
        tracing::event!(target: PANIC, Level::ERROR, location, "panicked");
    }));
}
