//! Stores the newest log lines, so that the inspector can show those of an interaction.

use std::{
    collections::VecDeque,
    io::{self, Write},
    sync::{Arc, OnceLock},
};

use aws::telemetry::{self, Dimensions, Metrics};
use local_clock::{Clock, Notifier};
use parking_lot::Mutex;
use tracing_subscriber::{fmt::MakeWriter, layer::SubscriberExt, util::SubscriberInitExt};

use crate::spans;

/// How many lines are stored.
const MAX_LINES: usize = 2_000;

/// The namespace of the metrics.
pub(crate) const NAMESPACE: &str = "Steward/local";

/// The most severe first.
const LEVELS: [&str; 5] = ["ERROR", "WARN", "INFO", "DEBUG", "TRACE"];

/// Installs the functions' log format and the listener to their trace steps. A second call changes nothing.
pub fn start<W>(level: Option<&str>, writer: W)
where
    W: for<'a> MakeWriter<'a> + Send + Sync + 'static,
{
    let all = tracing_subscriber::registry().with(telemetry::lines(level, metrics(), writer));
    // It fails if a subscriber is installed already, which then stays.
    let _ = all.with(spans::listener()).try_init();
}

/// Lines as the deployed functions write them. Their timestamps are the machine's, because several stacks with
/// clocks of their own may share the log; an environment is a thread with the name of its function.
#[expect(clippy::disallowed_methods, reason = "one log for stacks with different clocks")]
fn metrics() -> Metrics {
    let function = || std::thread::current().name().unwrap_or_default().to_owned();
    Metrics {
        namespace: Some(NAMESPACE.to_owned()),
        clock: domain::Clock::new(jiff::Timestamp::now),
        dimensions: Arc::new(move || Dimensions {
            function: function(),
            version: engine::VERSION.to_owned(),
        }),
    }
}

/// The stored lines. Clones share them.
#[derive(Clone, Debug, Default)]
pub struct Logs(Arc<Shared>);

#[derive(Debug, Default)]
struct Shared {
    lines: Mutex<VecDeque<Line>>,
    followed: OnceLock<(Clock, Notifier)>,
}

/// A line, and when it was written: milliseconds since 1970 by the stack's clock.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(crate) struct Line {
    pub at: i64,
    pub text: String,
}

impl Logs {
    /// A writer that stores every line, and prints those of this level and above to standard error.
    pub fn writer(&self, level: &str) -> impl Write + use<> {
        let wanted = LEVELS.iter().position(|known| known.eq_ignore_ascii_case(level));
        Tee { logs: self.clone(), printed: LEVELS.get(..wanted.map_or(0, |at| at + 1)).unwrap_or_default() }
    }

    /// Sets the clock that dates the lines, and the notifier to call for each. The first call wins.
    pub(crate) fn follow(&self, clock: &Clock, notifier: &Notifier) {
        let _ = self.0.followed.set((clock.clone(), notifier.clone()));
    }

    /// The lines that contain this id, oldest first.
    pub(crate) fn about(&self, correlation_id: &str) -> Vec<Line> {
        let lines = self.0.lines.lock();
        lines.iter().filter(|line| line.text.contains(correlation_id)).cloned().collect()
    }

    /// At most `count` lines that contain this text, ignoring case, newest first.
    pub(crate) fn newest_with(&self, part: &str, count: usize) -> Vec<Line> {
        let part = part.to_lowercase();
        let lines = self.0.lines.lock();
        let meant = lines.iter().rev().filter(|line| line.text.to_lowercase().contains(&part));
        meant.take(count).cloned().collect()
    }

    fn keep(&self, written: &[u8]) {
        let followed = self.0.followed.get();
        let at = followed.map_or(0, |(clock, _)| clock.now().as_millisecond());
        let mut lines = self.0.lines.lock();
        let text = String::from_utf8_lossy(written);
        lines.extend(text.lines().map(|line| Line { at, text: line.to_owned() }));
        let surplus = lines.len().saturating_sub(MAX_LINES);
        lines.drain(..surplus);
        drop(lines);
        if let Some((_, notifier)) = followed {
            notifier.notify();
        }
    }
}

struct Tee {
    logs: Logs,
    printed: &'static [&'static str],
}

impl Tee {
    fn is_printed(&self, line: &[u8]) -> bool {
        let line = String::from_utf8_lossy(line);
        self.printed.iter().any(|level| line.contains(&format!("\"level\":\"{level}\"")))
    }
}

impl Write for Tee {
    /// Each call has one whole line: `tracing_subscriber` formats an event into a buffer first.
    fn write(&mut self, line: &[u8]) -> io::Result<usize> {
        self.logs.keep(line);
        if self.is_printed(line) {
            io::stderr().write_all(line)?;
        }
        Ok(line.len())
    }

    fn flush(&mut self) -> io::Result<()> {
        io::stderr().flush()
    }
}

#[cfg(test)]
mod tests {
    #![allow(clippy::unwrap_used, reason = "a test that cannot go on has failed")]

    use super::*;

    #[test]
    fn lines_are_found_by_what_they_speak_of_and_the_oldest_go() {
        let logs = Logs::default();
        for number in 0..=MAX_LINES {
            logs.keep(format!("{{\"interaction\":\"{number}x\"}}\n").as_bytes());
        }
        assert!(logs.about("\"0x\"").is_empty());
        let line = |number: usize| Line { at: 0, text: format!("{{\"interaction\":\"{number}x\"}}") };
        assert_eq!(logs.about("\"7x\""), [line(7)]);
        assert_eq!(logs.newest_with("", 1), [line(MAX_LINES)]);
        assert_eq!(logs.newest_with("\"17X", 9), [line(17)]);
    }

    #[test]
    fn everything_is_kept_and_only_the_grave_is_printed() {
        let logs = Logs::default();
        let mut quiet = logs.writer("off");
        quiet.write_all(b"{\"level\":\"INFO\",\"message\":\"kept\"}\n").unwrap();
        assert_eq!(logs.newest_with("", 9).len(), 1);
        let is_printed = |level: &str, line: &str| {
            let wanted =
                LEVELS.iter().position(|known| known.eq_ignore_ascii_case(level)).map_or(0, |at| at + 1);
            Tee { logs: Logs::default(), printed: &LEVELS[..wanted] }.is_printed(line.as_bytes())
        };
        assert!(is_printed("warn", r#"{"level":"ERROR"}"#));
        assert!(!is_printed("warn", r#"{"level":"INFO"}"#));
        assert!(!is_printed("off", r#"{"level":"ERROR"}"#));
    }
}
