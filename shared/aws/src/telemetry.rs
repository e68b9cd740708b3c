//! Logging: one JSON line per unit of work, without any text of users.

use std::io;

use domain::{
    InteractionId,
    measurement::{Handled, Step},
};
use tracing::{Level, Metadata, Subscriber, level_filters::LevelFilter};
use tracing_subscriber::{
    Layer, fmt::MakeWriter, layer::SubscriberExt, registry::LookupSpan, util::SubscriberInitExt,
};

/// The target of log lines about a step.
pub const STEP_TARGET: &str = "steward::step";
/// The message of the log line that ends a unit of work.
pub const HANDLED_MESSAGE: &str = "handled";

/// The target of log lines that belong to no crate, and the prefix of our crates' targets. Other crates log
/// only errors, because they may log whole requests and responses.
const CRATE_PREFIX: &str = "steward";
/// The target of the log line of a panic.
const PANIC_TARGET: &str = "panic";

/// A layer that writes log lines to `writer`. `level` is `trace`, `debug`, `info`, `warn`, `error` or
/// `off`; anything else, and `None`, means `info`.
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

/// Starts logging to standard output, where Lambda collects it, and logs panics. A second call has no
/// effect.
pub fn start_on_stdout(level: Option<&str>) {
    // It fails if a subscriber is installed already; that one stays.
    let _ = tracing_subscriber::registry().with(lines(level, io::stdout)).try_init();
    report_panics();
}

/// Logs a unit of work.
pub fn record(handled: &Handled<'_>) {
    tracing::info!(
        name: HANDLED_MESSAGE,
        target: CRATE_PREFIX,
        interaction = handled.interaction.map(tracing::field::display),
        guild = handled.guild.map(tracing::field::display),
        command = handled.command,
        autocomplete = handled.autocomplete.then_some(true),
        outcome = handled.outcome.name(),
        user_outcome = handled.user_outcome().map(domain::measurement::UserOutcome::name),
        took_ms = handled.took_ms,
        age_ms = handled.age_ms,
        cold = handled.cold,
        version = handled.version,
        receive = handled.receive,
        request_id = handled.ids.gateway,
        function_request_id = handled.ids.lambda,
        trace_id = handled.ids.trace,
        "handled"
    );
}

/// Logs a finished step at level `debug`; with level `info` that costs nothing. `receive` as in
/// [`Handled`].
pub fn step(step: Step, interaction: InteractionId, receive: Option<u32>) {
    tracing::debug!(target: STEP_TARGET, %interaction, step = step.name(), receive, "step");
}

struct Permitted {
    level: LevelFilter,
}

impl Permitted {
    fn level_of(&self, target: &str) -> LevelFilter {
        let is_ours = target.starts_with(CRATE_PREFIX) || target == PANIC_TARGET;
        if is_ours { self.level } else { self.level.min(LevelFilter::ERROR) }
    }
}

impl<S> tracing_subscriber::layer::Filter<S> for Permitted {
    fn enabled(&self, metadata: &Metadata<'_>, _: &tracing_subscriber::layer::Context<'_, S>) -> bool {
        // Without spans: their fields would be repeated in every line within them.
        metadata.is_event() && *metadata.level() <= self.level_of(metadata.target())
    }

    fn max_level_hint(&self) -> Option<LevelFilter> {
        Some(self.level)
    }
}

/// Makes panics be logged, by location only: their message may quote text of users.
pub fn report_panics() {
    std::panic::set_hook(Box::new(|panic| {
        let location = panic.location().map(tracing::field::display);
        tracing::event!(target: PANIC_TARGET, Level::ERROR, location, "panicked");
    }));
}
