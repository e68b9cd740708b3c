//! The newest log lines, kept beside being written, so that the page can show those of an interaction.

use std::{
    collections::VecDeque,
    io::{self, Write},
    sync::{Arc, Mutex, PoisonError},
};

/// So many lines are kept.
const KEPT: usize = 2_000;

/// The gravest first.
const LEVELS: [&str; 5] = ["ERROR", "WARN", "INFO", "DEBUG", "TRACE"];

/// The lines. Clones are the same ones.
#[derive(Clone, Debug, Default)]
pub struct Logs(Arc<Mutex<VecDeque<String>>>);

impl Logs {
    /// Keeps every line, and writes those of this level and graver ones to standard error.
    pub fn writer(&self, level: &str) -> impl Write + use<> {
        let wanted = LEVELS.iter().position(|known| known.eq_ignore_ascii_case(level));
        Tee { logs: self.clone(), printed: LEVELS.get(..wanted.map_or(0, |at| at + 1)).unwrap_or_default() }
    }

    /// The lines that speak of this, oldest first.
    pub(crate) fn about(&self, correlation_id: &str) -> Vec<String> {
        let lines = self.0.lock().unwrap_or_else(PoisonError::into_inner);
        lines.iter().filter(|line| line.contains(correlation_id)).cloned().collect()
    }

    /// The newest lines, newest first.
    pub(crate) fn newest(&self, count: usize) -> Vec<String> {
        let lines = self.0.lock().unwrap_or_else(PoisonError::into_inner);
        lines.iter().rev().take(count).cloned().collect()
    }

    fn keep(&self, written: &[u8]) {
        let mut lines = self.0.lock().unwrap_or_else(PoisonError::into_inner);
        lines.extend(String::from_utf8_lossy(written).lines().map(str::to_owned));
        let surplus = lines.len().saturating_sub(KEPT);
        lines.drain(..surplus);
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
    /// A line is written whole.
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
        for number in 0..=KEPT {
            logs.keep(format!("{{\"interaction\":\"{number}x\"}}\n").as_bytes());
        }
        assert!(logs.about("\"0x\"").is_empty());
        assert_eq!(logs.about("\"7x\""), ["{\"interaction\":\"7x\"}"]);
        assert_eq!(logs.newest(1), [format!("{{\"interaction\":\"{KEPT}x\"}}")]);
    }

    #[test]
    fn everything_is_kept_and_only_the_grave_is_printed() {
        let logs = Logs::default();
        let mut quiet = logs.writer("off");
        quiet.write_all(b"{\"level\":\"INFO\",\"message\":\"kept\"}\n").unwrap();
        assert_eq!(logs.newest(9).len(), 1);
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
