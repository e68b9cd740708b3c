//! The newest log lines, kept beside being written, so that the page can show those of an interaction.

use std::{
    collections::VecDeque,
    io::{self, Write},
    sync::{Arc, Mutex, PoisonError},
};

/// So many lines are kept.
const KEPT: usize = 2_000;

/// The lines. Clones are the same ones.
#[derive(Clone, Debug, Default)]
pub struct Logs(Arc<Mutex<VecDeque<String>>>);

impl Logs {
    /// Writes to standard error, and keeps what was written.
    pub fn writer(&self) -> impl Write + use<> {
        Tee(self.clone())
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

struct Tee(Logs);

impl Write for Tee {
    /// A line is written whole.
    fn write(&mut self, line: &[u8]) -> io::Result<usize> {
        self.0.keep(line);
        io::stderr().write(line)
    }

    fn flush(&mut self) -> io::Result<()> {
        io::stderr().flush()
    }
}

#[cfg(test)]
mod tests {
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
}
