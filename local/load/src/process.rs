//! CPU time and memory of a process, from proc(5); Linux only.

use std::time::Duration;

/// The unit of times in `/proc/PID/stat`: `USER_HZ`, which is 100 on all common Linux platforms.
const TICKS_PER_SECOND: u64 = 100;

/// CPU time so far, and current memory.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub struct Usage {
    /// User and system time of all threads, with a resolution of 10 ms.
    pub cpu: Duration,
    /// Resident memory in bytes.
    pub memory: u64,
}

/// `None` if the process has ended, or the system has no proc(5).
pub fn usage(pid: u32) -> Option<Usage> {
    let read = |file: &str| std::fs::read_to_string(format!("/proc/{pid}/{file}")).ok();
    Some(Usage { cpu: cpu(&read("stat")?)?, memory: memory(&read("status")?)? })
}

/// `utime` and `stime`, the 12th and 13th field after the name. The name may contain spaces and brackets, so
/// fields are counted from the last `)`.
fn cpu(stat: &str) -> Option<Duration> {
    let (_, fields) = stat.rsplit_once(')')?;
    let mut fields = fields.split_whitespace().skip(11).map(str::parse::<u64>);
    let ticks = fields.next()?.ok()? + fields.next()?.ok()?;
    Some(Duration::from_millis(ticks * 1_000 / TICKS_PER_SECOND))
}

fn memory(status: &str) -> Option<u64> {
    let line = status.lines().find_map(|line| line.strip_prefix("VmRSS:"))?;
    let kib: u64 = line.split_whitespace().next()?.parse().ok()?;
    Some(kib * 1_024)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_name_with_brackets_does_not_shift_the_fields() {
        let stat = "42 (a) b) S 1 42 42 0 -1 4194560 100 0 0 0 250 50 7 7 20 0 4 0 100 1000 10";
        assert_eq!(cpu(stat), Some(Duration::from_secs(3)));
        assert_eq!(memory("Name:\tx\nVmRSS:\t  2048 kB\n"), Some(2 << 20));
    }

    #[test]
    #[cfg(target_os = "linux")]
    fn this_process_has_memory() {
        assert!(usage(std::process::id()).is_some_and(|usage| usage.memory > 1 << 20));
    }
}
