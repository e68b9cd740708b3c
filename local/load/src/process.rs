//! What a process has used, where the system tells it: Linux, by proc(5).

use std::time::Duration;

/// Of the clock in `/proc/PID/stat`; on Linux it is the same everywhere.
const TICKS_PER_SECOND: u64 = 100;

/// CPU time so far, and memory now.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub struct Usage {
    /// Of all its threads, in user space and in the kernel, to 10 ms.
    pub cpu: Duration,
    /// Resident, in bytes.
    pub memory: u64,
}

/// `None` if the process is gone, or nobody tells.
pub fn usage(pid: u32) -> Option<Usage> {
    let read = |file: &str| std::fs::read_to_string(format!("/proc/{pid}/{file}")).ok();
    Some(Usage { cpu: cpu(&read("stat")?)?, memory: memory(&read("status")?)? })
}

/// `utime` and `stime`, the 12th and 13th field after the name, which may itself hold anything.
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
