//! The output on the terminal.

use std::collections::BTreeMap;

use crate::{
    judge::{Ending, Violation},
    seed::{INTERACTIONS, Outcome},
};

/// How many violations of a failed seed are shown.
const SHOWN: usize = 5;

/// The results of all seeds.
pub(crate) struct Report {
    wanted: u64,
    seeds: BTreeMap<u64, u64>,
    took: Vec<f64>,
    interactions: usize,
    effects: usize,
    environments: u64,
    faults: BTreeMap<&'static str, u64>,
    endings: BTreeMap<Ending, u64>,
    red: Vec<u64>,
}

impl Report {
    pub(crate) fn new(wanted: u64) -> Self {
        Self {
            wanted,
            seeds: BTreeMap::new(),
            took: Vec::new(),
            interactions: 0,
            effects: 0,
            environments: 0,
            faults: BTreeMap::new(),
            endings: BTreeMap::new(),
            red: Vec::new(),
        }
    }

    pub(crate) fn add(&mut self, outcome: Outcome, seconds: f64) {
        self.seeds.insert(outcome.seed, outcome.digest);
        self.took.push(seconds);
        self.interactions += outcome.interactions;
        self.effects += outcome.effects;
        self.environments += outcome.environments;
        for (fault, count) in &outcome.faults {
            *self.faults.entry(fault).or_default() += count;
        }
        for (ending, count) in &outcome.endings {
            *self.endings.entry(*ending).or_default() += count;
        }
        let struck: u64 = outcome.faults.values().sum();
        eprintln!(
            "seed {:>4} ({}, {}/{}): {struck} faults, digest {:016x}, {seconds:.1} s{}",
            outcome.seed,
            outcome.day,
            self.seeds.len(),
            self.wanted,
            outcome.digest,
            if outcome.violations.is_empty() { "" } else { "  RED" },
        );
        if !outcome.violations.is_empty() {
            self.red.push(outcome.seed);
            show(&outcome);
        }
    }

    /// Compares the second run of a seed with its first.
    pub(crate) fn replayed(&mut self, again: &Outcome) {
        if self.seeds.get(&again.seed) == Some(&again.digest) {
            eprintln!("seed {:>4} again: the same, {:016x}", again.seed, again.digest);
        } else {
            eprintln!("seed {:>4} again: ANOTHER, {:016x}", again.seed, again.digest);
            self.red.push(again.seed);
        }
    }

    /// Prints the summary. True if there were no failures.
    pub(crate) fn tell(&self) -> bool {
        let seeds = self.took.len();
        let longest = self.took.iter().copied().fold(0.0, f64::max);
        let mean = self.took.iter().sum::<f64>() / seeds.max(1) as f64;
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
        for seed in &self.red {
            println!("\nred: cargo xtask chaos --seed {seed}");
        }
        if self.red.is_empty() {
            println!("\nno reply was lost, and nothing was done twice");
        }
        self.red.is_empty()
    }
}

/// Prints by which seed a defect was detected, and how. True if it was.
pub(crate) fn defect(name: &str, by: Option<&Outcome>, within: u64) -> bool {
    match by {
        Some(outcome) => {
            let what = outcome.wrongs().next().map(ToString::to_string).unwrap_or_default();
            let more = outcome.violations.len() - 1;
            println!("{name:<20} caught by seed {}: {what} (and {more} more)", outcome.seed);
            true
        }
        None => {
            println!("{name:<20} NOT CAUGHT within {within} seeds");
            false
        }
    }
}

fn show(outcome: &Outcome) {
    for violation in outcome.violations.iter().take(SHOWN) {
        eprintln!("  {violation}");
    }
    for story in outcome.stories.iter().take(SHOWN) {
        eprintln!("{story}");
    }
    eprintln!("  replay: cargo xtask chaos --seed {}", outcome.seed);
}

impl Outcome {
    /// The outcome of a seed in which the harness or the simulated Discord panicked.
    pub(crate) fn panicked(seed: u64) -> Self {
        let what = "something panicked outside the functions".to_owned();
        Self {
            seed,
            day: "",
            interactions: 0,
            effects: 0,
            environments: 0,
            faults: BTreeMap::new(),
            endings: BTreeMap::new(),
            violations: vec![Violation { id: None, is_stored: false, what }],
            stories: Vec::new(),
            digest: 0,
        }
    }
}
