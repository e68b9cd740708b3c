//! The output on the terminal.

use std::collections::BTreeMap;

use crate::{
    checker::{Ending, Violation},
    seed::{INTERACTIONS, Outcome},
};

/// How many violations of a failed seed are shown.
const MAX_VIOLATIONS_SHOWN: usize = 5;

/// The results of all seeds.
pub(crate) struct Report {
    total: u64,
    seeds: BTreeMap<u64, u64>,
    seconds_each: Vec<f64>,
    interactions: usize,
    effects: usize,
    environments: u64,
    faults: BTreeMap<&'static str, u64>,
    endings: BTreeMap<Ending, u64>,
    failed_seeds: Vec<u64>,
}

impl Report {
    pub(crate) fn new(total: u64) -> Self {
        Self {
            total,
            seeds: BTreeMap::new(),
            seconds_each: Vec::new(),
            interactions: 0,
            effects: 0,
            environments: 0,
            faults: BTreeMap::new(),
            endings: BTreeMap::new(),
            failed_seeds: Vec::new(),
        }
    }

    pub(crate) fn add(&mut self, outcome: Outcome, seconds: f64) {
        self.seeds.insert(outcome.seed, outcome.digest);
        self.seconds_each.push(seconds);
        self.interactions += outcome.interactions;
        self.effects += outcome.effects;
        self.environments += outcome.environments;
        for (fault, count) in &outcome.faults {
            *self.faults.entry(fault).or_default() += count;
        }
        for (ending, count) in &outcome.endings {
            *self.endings.entry(*ending).or_default() += count;
        }
        let faults: u64 = outcome.faults.values().sum();
        eprintln!(
            "seed {:>4} ({} fault rates, {}/{}): {faults} faults, digest {:016x}, {seconds:.1} s{}",
            outcome.seed,
            outcome.fault_rates,
            self.seeds.len(),
            self.total,
            outcome.digest,
            if outcome.violations.is_empty() { "" } else { "  FAILED" },
        );
        if !outcome.violations.is_empty() {
            self.failed_seeds.push(outcome.seed);
            print_violations(&outcome);
        }
    }

    /// Compares the second run of a seed with its first.
    pub(crate) fn compare_replay(&mut self, again: &Outcome) {
        if self.seeds.get(&again.seed) == Some(&again.digest) {
            eprintln!("seed {:>4} again: the same, {:016x}", again.seed, again.digest);
        } else {
            eprintln!("seed {:>4} again: DIFFERENT, {:016x}", again.seed, again.digest);
            self.failed_seeds.push(again.seed);
        }
    }

    /// Prints the summary. True if there were no failures.
    pub(crate) fn print(&self) -> bool {
        let seeds = self.seconds_each.len();
        let longest = self.seconds_each.iter().copied().fold(0.0, f64::max);
        let mean = self.seconds_each.iter().sum::<f64>() / seeds.max(1) as f64;
        println!(
            "\nseeds {seeds}, interactions {}, and autocompletes: {INTERACTIONS} each",
            self.interactions
        );
        println!(
            "with a stored effect {} ({} %)",
            self.effects,
            self.effects * 100 / self.interactions.max(1)
        );
        println!("environments {}; seconds a seed {mean:.1}, at most {longest:.1}", self.environments);
        println!("\n{:<36}{:>9}", "fault", "times");
        for (fault, count) in &self.faults {
            println!("{fault:<36}{count:>9}");
        }
        println!("\n{:<36}{:>9}", "ending", "times");
        for (ending, name) in Ending::ALL {
            println!("{name:<36}{:>9}", self.endings.get(&ending).copied().unwrap_or_default());
        }
        for seed in &self.failed_seeds {
            println!("\nfailed: cargo xtask chaos --seed {seed}");
        }
        if self.failed_seeds.is_empty() {
            println!("\nno reply was lost, and nothing was done twice");
        }
        self.failed_seeds.is_empty()
    }
}

/// Prints by which seed a defect was detected, and how. True if it was.
pub(crate) fn print_defect(name: &str, by: Option<&Outcome>, max_seeds: u64) -> bool {
    match by {
        Some(outcome) => {
            let what = outcome.detecting_violations().next().map(ToString::to_string).unwrap_or_default();
            let more = outcome.violations.len() - 1;
            println!("{name:<20} detected by seed {}: {what} (and {more} more)", outcome.seed);
            true
        }
        None => {
            println!("{name:<20} NOT DETECTED within {max_seeds} seeds");
            false
        }
    }
}

fn print_violations(outcome: &Outcome) {
    for violation in outcome.violations.iter().take(MAX_VIOLATIONS_SHOWN) {
        eprintln!("  {violation}");
    }
    for history in outcome.histories.iter().take(MAX_VIOLATIONS_SHOWN) {
        eprintln!("{history}");
    }
    eprintln!("  replay: cargo xtask chaos --seed {}", outcome.seed);
}

impl Outcome {
    /// The outcome of a seed in which the harness or the simulated Discord panicked.
    pub(crate) fn panicked(seed: u64) -> Self {
        let what = "something panicked outside the functions".to_owned();
        Self {
            seed,
            fault_rates: "",
            interactions: 0,
            effects: 0,
            environments: 0,
            faults: BTreeMap::new(),
            endings: BTreeMap::new(),
            violations: vec![Violation { id: None, is_stored: false, what }],
            histories: Vec::new(),
            digest: 0,
        }
    }
}
