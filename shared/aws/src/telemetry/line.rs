//! The format of a log line: one JSON object, and with metrics in CloudWatch's embedded metric format.
//!
//! Source: CloudWatch, "Specification: Embedded metric format".

use std::{
    fmt::{self, Write as _},
    sync::Arc,
};

use domain::{Clock, metric::Metric};
use tracing::{
    Event, Subscriber,
    field::{Field, Visit},
};
use tracing_subscriber::{
    fmt::{FmtContext, FormatEvent, FormatFields, format::Writer},
    registry::LookupSpan,
};

/// What every line has: the function that writes it and its version. They are the dimensions of a metric too.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Dimensions {
    /// The name of the function.
    pub function: String,
    /// The version of the function.
    pub version: String,
}

/// What the metrics in a log line need.
#[derive(Clone)]
pub struct Metrics {
    /// CloudWatch's namespace; without one, the lines have no metrics.
    pub namespace: Option<String>,
    /// The current time.
    pub clock: Clock,
    /// Which function writes the line.
    pub dimensions: Arc<dyn Fn() -> Dimensions + Send + Sync>,
}

impl fmt::Debug for Metrics {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("Metrics").field("namespace", &self.namespace).finish_non_exhaustive()
    }
}

/// Writes events as JSON lines. The format of `tracing_subscriber` cannot write the nested object that CloudWatch
/// wants.
pub(super) struct JsonLine {
    pub(super) metrics: Metrics,
}

impl<S, N> FormatEvent<S, N> for JsonLine
where
    S: Subscriber + for<'a> LookupSpan<'a>,
    N: for<'a> FormatFields<'a> + 'static,
{
    fn format_event(
        &self,
        _: &FmtContext<'_, S, N>,
        mut writer: Writer<'_>,
        event: &Event<'_>,
    ) -> fmt::Result {
        let (now, metadata) = (self.metrics.clock.now(), event.metadata());
        let Dimensions { function, version } = (self.metrics.dimensions)();
        let mut line = format!(r#"{{"timestamp":"{now:.6}","level":"{}""#, metadata.level());
        let mut fields = Fields { line: &mut line, metrics: Vec::new() };
        event.record(&mut fields);
        let measured = std::mem::take(&mut fields.metrics);
        if let (Some(namespace), [_, ..]) = (&self.metrics.namespace, &measured[..]) {
            embed(&mut line, namespace, now.as_millisecond(), &measured);
        }
        add_text(&mut line, "function", &function);
        add_text(&mut line, "version", &version);
        writeln!(writer, r#"{line},"target":"{}"}}"#, metadata.target())
    }
}

/// The object that declares which fields of the line are metrics and which are their dimensions.
fn embed(line: &mut String, namespace: &str, at_ms: i64, measured: &[Metric]) {
    line.push_str(r#","_aws":{"Timestamp":"#);
    let _ = write!(line, "{at_ms}");
    line.push_str(r#","CloudWatchMetrics":[{"Namespace":"#);
    line.push_str(&json(namespace));
    line.push_str(r#","Dimensions":[["function"],["function","version"]],"Metrics":["#);
    for (number, metric) in measured.iter().enumerate() {
        let comma = if number == 0 { "" } else { "," };
        let (name, unit) = (metric.name(), metric.unit().name());
        let _ = write!(line, r#"{comma}{{"Name":"{name}","Unit":"{unit}"}}"#);
    }
    line.push_str("]}]}");
}

/// Appends the fields of an event to a line, and notes which are metrics.
struct Fields<'a> {
    line: &'a mut String,
    metrics: Vec<Metric>,
}

impl Fields<'_> {
    fn add(&mut self, field: &Field, value: impl fmt::Display) {
        let _ = write!(self.line, r#","{}":{value}"#, field.name());
    }

    fn add_number(&mut self, field: &Field, value: impl fmt::Display) {
        let metric = Metric::named(field.name());
        debug_assert!(
            metric.is_some() || !field.name().starts_with(char::is_uppercase),
            "{} is not in domain::metric",
            field.name()
        );
        self.metrics.extend(metric);
        self.add(field, value);
    }
}

impl Visit for Fields<'_> {
    fn record_u64(&mut self, field: &Field, value: u64) {
        self.add_number(field, value);
    }

    fn record_i64(&mut self, field: &Field, value: i64) {
        self.add_number(field, value);
    }

    fn record_bool(&mut self, field: &Field, value: bool) {
        self.add(field, value);
    }

    fn record_f64(&mut self, field: &Field, value: f64) {
        // JSON has no other numbers.
        if value.is_finite() {
            self.add_number(field, value);
        }
    }

    fn record_str(&mut self, field: &Field, value: &str) {
        add_text(self.line, field.name(), value);
    }

    fn record_debug(&mut self, field: &Field, value: &dyn fmt::Debug) {
        add_text(self.line, field.name(), &format!("{value:?}"));
    }
}

fn add_text(line: &mut String, name: &str, text: &str) {
    let _ = write!(line, r#","{name}":{}"#, json(text));
}

/// A JSON string.
fn json(text: &str) -> String {
    serde_json::Value::from(text).to_string()
}

#[cfg(test)]
mod tests {
    use std::{
        io,
        sync::{Mutex, PoisonError},
    };

    use serde_json::{Value, json};
    use tracing_subscriber::layer::SubscriberExt;

    use super::*;
    use crate::telemetry;

    #[derive(Clone, Default)]
    struct Written(Arc<Mutex<Vec<u8>>>);

    impl io::Write for Written {
        fn write(&mut self, part: &[u8]) -> io::Result<usize> {
            self.0.lock().unwrap_or_else(PoisonError::into_inner).write(part)
        }

        fn flush(&mut self) -> io::Result<()> {
            Ok(())
        }
    }

    /// The lines that `log` writes at this `LOG_LEVEL`.
    fn lines(level: &str, log: impl FnOnce()) -> Vec<Value> {
        let written = Written::default();
        let writer = written.clone();
        let dimensions = || Dimensions { function: "jobs".to_owned(), version: "7".to_owned() };
        let metrics = Metrics {
            namespace: Some("Steward/a \"stack\"".to_owned()),
            clock: Clock::new(|| jiff::Timestamp::from_millisecond(1_500).unwrap()),
            dimensions: Arc::new(dimensions),
        };
        let layer = telemetry::lines(Some(level), metrics, move || writer.clone());
        tracing::subscriber::with_default(tracing_subscriber::registry().with(layer), log);
        let text = written.0.lock().unwrap().clone();
        String::from_utf8(text).unwrap().lines().map(|line| serde_json::from_str(line).unwrap()).collect()
    }

    #[test]
    fn a_line_is_json_whatever_its_fields_are() {
        let text = "a \"quote\", a \\ and\na new line \u{1}";
        let written = lines("info", || {
            tracing::info!(target: "steward::test", text, number = -5, yes = true, half = 0.5, not = f64::NAN, "said {text}");
        });
        let expected = json!({
            "timestamp": "1970-01-01T00:00:01.500000Z", "level": "INFO", "message": format!("said {text}"),
            "text": text, "number": -5, "yes": true, "half": 0.5, "function": "jobs", "version": "7",
            "target": "steward::test",
        });
        assert_eq!(written, [expected]);
    }

    #[test]
    fn a_field_with_the_name_of_a_metric_is_one_and_is_written_at_every_level() {
        for level in ["error", "warn", "info", "debug"] {
            let written = lines(level, || {
                tracing::info!(target: "steward::test", AgeMs = 12, Failed = Some(0_u64), Expired = None::<u64>, took_ms = 3, "handled");
            });
            let [line] = &written[..] else { panic!("{level}: {written:?}") };
            assert_eq!((&line["function"], &line["version"]), (&json!("jobs"), &json!("7")));
            assert_eq!((&line["AgeMs"], &line["Failed"]), (&json!(12), &json!(0)));
            let declared = json!({
                "Timestamp": 1_500,
                "CloudWatchMetrics": [{
                    "Namespace": "Steward/a \"stack\"",
                    "Dimensions": [["function"], ["function", "version"]],
                    "Metrics": [
                        { "Name": "AgeMs", "Unit": "Milliseconds" }, { "Name": "Failed", "Unit": "Percent" },
                    ],
                }],
            });
            assert_eq!(line["_aws"], declared);
        }
    }

    #[test]
    fn other_lines_are_written_at_their_level_and_those_of_libraries_only_if_they_are_errors() {
        let written = lines("warn", || {
            tracing::info!(target: "steward::test", "not");
            tracing::warn!(target: "steward::test", "ours");
            tracing::warn!(target: "hyper", "not");
            tracing::error!(target: "hyper", "theirs");
        });
        let messages: Vec<_> = written.iter().map(|line| line["message"].as_str().unwrap()).collect();
        assert_eq!(messages, ["ours", "theirs"]);
        assert!(lines("off", || tracing::info!(target: "steward::test", AgeMs = 12, "handled")).is_empty());
    }
}
