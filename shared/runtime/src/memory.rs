//! The memory of this process.

use std::fs;

/// The most memory that this process has had, in megabytes; `None` where there is no `/proc`.
pub(crate) fn peak_megabytes() -> Option<f64> {
    parse(&fs::read_to_string("/proc/self/status").ok()?)
}

/// Source: Linux, proc_pid_status(5): `VmHWM` in units of 1,024 bytes.
fn parse(status: &str) -> Option<f64> {
    let line = status.lines().find_map(|line| line.strip_prefix("VmHWM:"))?;
    let kilobytes: u32 = line.trim().strip_suffix("kB")?.trim().parse().ok()?;
    Some((f64::from(kilobytes) / 102.4).round() / 10.0)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_peak_is_read_in_megabytes_with_one_decimal() {
        assert_eq!(parse("Name:\tjobs\nVmHWM:\t   12345 kB\nVmRSS:\t  9000 kB\n"), Some(12.1));
        assert_eq!(parse("Name:\tjobs\n"), None);
        assert!(peak_megabytes().is_none_or(|megabytes| megabytes > 0.5));
    }
}
