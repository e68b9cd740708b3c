//! The outcomes of a crate's mutants, from the file of cargo-mutants.

use std::fs;
use std::path::Path;

use serde_json::Value;

use super::excuses::{Excuses, Mutant};
use crate::failure::{Failure, Result};

#[derive(Debug, Default)]
pub struct Outcomes {
    name: &'static str,
    caught: usize,
    unviable: usize,
    timeouts: usize,
    excused: Vec<Mutant>,
    /// Missed mutants without excused ones.
    missed: Vec<Mutant>,
}

impl Outcomes {
    /// Reads the outcomes. A missing file means that no mutant of the crate was selected.
    pub fn read(name: &'static str, file: &Path, excuses: &Excuses) -> Result<Self> {
        if !file.exists() {
            return Ok(Self { name, ..Self::default() });
        }
        let text = fs::read(file).map_err(Failure::at(file))?;
        let written: Value = serde_json::from_slice(&text)
            .map_err(|error| Failure::new(format!("{}: {error}", file.display())))?;
        Self::of(name, &written, excuses)
    }

    fn of(name: &'static str, written: &Value, excuses: &Excuses) -> Result<Self> {
        let mut outcomes = Self { name, ..Self::default() };
        for outcome in written["outcomes"].as_array().into_iter().flatten() {
            // The other scenario is the baseline without a mutation.
            let Some(mutant) = outcome["scenario"].get("Mutant") else { continue };
            match outcome["summary"].as_str().unwrap_or_default() {
                "CaughtMutant" => outcomes.caught += 1,
                "Unviable" => outcomes.unviable += 1,
                "Timeout" => outcomes.timeouts += 1,
                "MissedMutant" => {
                    let mutant = Mutant::of(mutant)?;
                    let is_excused = excuses.has(&mutant);
                    if is_excused { &mut outcomes.excused } else { &mut outcomes.missed }.push(mutant);
                }
                unknown => {
                    return Err(Failure::new(format!("unknown outcome `{unknown}` of a mutant of {name}")));
                }
            }
        }
        Ok(outcomes)
    }

    pub fn name(&self) -> &'static str {
        self.name
    }

    pub fn excused(&self) -> &[Mutant] {
        &self.excused
    }

    /// The missed mutants in the format of the list, without reasons.
    pub fn missed_lines(&self) -> String {
        self.missed.iter().map(|mutant| format!("missed, line {}: {mutant}\n", mutant.line)).collect()
    }

    /// Detected mutants; a timeout counts as detected.
    fn noticed(&self) -> usize {
        self.caught + self.timeouts
    }

    /// Viable mutants that are not excused.
    fn counted(&self) -> usize {
        self.noticed() + self.missed.len()
    }

    /// Whether enough mutants were detected; true if there are none.
    pub fn is_enough(&self, percent: usize) -> bool {
        self.noticed() * 100 >= self.counted() * percent
    }

    fn percentage(&self) -> String {
        match self.counted() {
            0 => "-".to_owned(),
            counted => format!("{:.1} %", self.noticed() as f64 * 100.0 / counted as f64),
        }
    }
}

/// A table with a line for each crate. The share is of viable mutants that are not excused.
pub fn table(tried: &[Outcomes]) -> String {
    let mut table = format!(
        "{:<10}{:>9}{:>9}{:>9}{:>9}{:>9}{:>10}{:>10}",
        "crate", "mutants", "caught", "missed", "excused", "unviable", "timeouts", "share"
    );
    for it in tried {
        let mutants = it.counted() + it.excused.len() + it.unviable;
        table.push_str(&format!(
            "\n{:<10}{mutants:>9}{:>9}{:>9}{:>9}{:>9}{:>10}{:>10}",
            it.name,
            it.caught,
            it.missed.len(),
            it.excused.len(),
            it.unviable,
            it.timeouts,
            it.percentage()
        ));
    }
    table
}

#[cfg(test)]
mod tests {
    use serde_json::json;

    use super::*;

    fn mutant(change: &str, summary: &str) -> Value {
        let (file, function) = ("shared/domain/src/gcra.rs", "Bucket::take");
        let name = format!("{file}:12:5: {change} in {function}");
        let mutant = json!({"name": name, "file": file, "function": {"function_name": function},
            "span": {"start": {"line": 12}}});
        json!({"scenario": {"Mutant": mutant}, "summary": summary})
    }

    fn outcomes() -> Outcomes {
        let excuses =
            "shared/domain/src/gcra.rs: Bucket::take: replace < with <= — equal is impossible here\n";
        let excuses = Excuses::parse(excuses).expect("a reason");
        let written = json!({"outcomes": [
            {"scenario": "Baseline", "summary": "Success"},
            mutant("replace + with -", "CaughtMutant"),
            mutant("replace + with *", "Timeout"),
            mutant("replace Bucket::take -> u8 with 0", "Unviable"),
            mutant("replace < with <=", "MissedMutant"),
            mutant("replace < with ==", "MissedMutant"),
        ]});
        Outcomes::of("domain", &written, &excuses).expect("known outcomes")
    }

    #[test]
    fn each_mutant_is_counted_once_and_an_excused_one_is_not_in_the_share() {
        let table = table(&[outcomes(), Outcomes { name: "engine", ..Outcomes::default() }]);
        let expected = "\
crate       mutants   caught   missed  excused unviable  timeouts     share
domain            5        1        1        1        1         1    66.7 %
engine            0        0        0        0        0         0         -";
        assert_eq!(table, expected);
    }

    #[test]
    fn the_share_decides_and_no_mutant_is_no_fault() {
        assert!(outcomes().is_enough(66) && !outcomes().is_enough(67));
        assert!(Outcomes::default().is_enough(90));
    }

    #[test]
    fn a_missed_one_is_shown_as_it_can_be_excused() {
        let line = "missed, line 12: shared/domain/src/gcra.rs: Bucket::take: replace < with ==\n";
        assert_eq!(outcomes().missed_lines(), line);
    }
}
