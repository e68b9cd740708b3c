//! `/rehearse`, which nobody but a test ever reads.

/// What Discord shows of it.
pub const GERMAN: &[(&str, &str)] = &[
    ("rehearse", "Probe"),
    ("rehearse run", "Probe"),
    ("rehearse run_takes", "Probe"),
    ("rehearse work", "Probe"),
    ("rehearse work_takes", "Probe"),
    ("rehearse tally", "Probe"),
];
