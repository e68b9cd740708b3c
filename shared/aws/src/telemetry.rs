//! Logging and metrics: one JSON line per unit of work, without any text of users.

mod line;

use std::io;

use domain::{
    InteractionId,
    measurement::{Handled, Step},
    metric::Metric,
};
use tracing::{Level, Metadata, Subscriber, level_filters::LevelFilter, subscriber::Interest};
use tracing_subscriber::{
    Layer, fmt::MakeWriter, layer::SubscriberExt, registry::LookupSpan, util::SubscriberInitExt,
};

use line::JsonLine;
pub use line::{Dimensions, Metrics};

/// The target of log lines about a step.
pub const STEP_TARGET: &str = "steward::step";
/// The message of the log line that ends a unit of work.
pub const HANDLED_MESSAGE: &str = "handled";

/// The target of log lines that belong to no crate, and the prefix of our crates' targets. Other crates log
/// only errors, because they may log whole requests and responses.
const CRATE_PREFIX: &str = "steward";
/// The target of the log line of a panic.
const PANIC_TARGET: &str = "panic";

/// The variable with CloudWatch's namespace of the metrics. Without it there are none.
pub const METRICS_NAMESPACE: &str = "METRICS_NAMESPACE";

/// A layer that writes log lines to `writer`. `level` is `trace`, `debug`, `info`, `warn`, `error` or
/// `off`; anything else, and `None`, means `info`. Lines with metrics are written at every level but `off`.
pub fn lines<S, W>(level: Option<&str>, metrics: Metrics, writer: W) -> impl Layer<S>
where
    S: Subscriber + for<'a> LookupSpan<'a>,
    W: for<'a> MakeWriter<'a> + Send + Sync + 'static,
{
    let level = level.and_then(|level| level.parse().ok()).unwrap_or(LevelFilter::INFO);
    let lines = tracing_subscriber::fmt::layer().event_format(JsonLine { metrics });
    lines.with_writer(writer).with_filter(Permitted { level })
}

/// Starts logging to standard output, where Lambda collects it, and logs panics. A second call has no
/// effect.
pub fn start_on_stdout(level: Option<&str>, metrics: Metrics) {
    // It fails if a subscriber is installed already; that one stays.
    let _ = tracing_subscriber::registry().with(lines(level, metrics, io::stdout)).try_init();
    report_panics();
}

/// Logs a unit of work, with its metrics.
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
        AgeMs = handled.metric_age_ms(),
        age_ms = handled.age_ms,
        Failed = handled.failed_percent(),
        Deferred = handled.deferred(),
        Expired = handled.expired(),
        WaitMs = handled.wait_ms,
        cold = handled.cold,
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

    fn is_permitted(&self, metadata: &Metadata<'_>) -> bool {
        // Without spans: their fields would be repeated in every line within them.
        metadata.is_event()
            && (*metadata.level() <= self.level_of(metadata.target()) || self.has_metrics(metadata))
    }

    /// An alarm must not depend on the level of the log.
    fn has_metrics(&self, metadata: &Metadata<'_>) -> bool {
        self.level != LevelFilter::OFF
            && metadata.fields().iter().any(|field| Metric::named(field.name()).is_some())
    }
}

impl<S> tracing_subscriber::layer::Filter<S> for Permitted {
    fn enabled(&self, metadata: &Metadata<'_>, _: &tracing_subscriber::layer::Context<'_, S>) -> bool {
        self.is_permitted(metadata)
    }

    fn callsite_enabled(&self, metadata: &'static Metadata<'static>) -> Interest {
        if self.is_permitted(metadata) { Interest::always() } else { Interest::never() }
    }

    fn max_level_hint(&self) -> Option<LevelFilter> {
        // Lines with metrics have this level at most.
        Some(if self.level == LevelFilter::OFF { self.level } else { self.level.max(LevelFilter::INFO) })
    }
}

/// Makes panics be logged, by location only: their message may quote text of users.
pub fn report_panics() {
    std::panic::set_hook(Box::new(|panic| {
        let location = panic.location().map(tracing::field::display);
        tracing::event!(target: PANIC_TARGET, Level::ERROR, location, "panicked");
    }));
}
