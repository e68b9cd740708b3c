//! A list of stages, run in order until one fails, with the time of each.

use std::time::{Duration, Instant};

use crate::failure::{Failure, Result};
use crate::stages::{Outcome, Stage};
use crate::workspace::Workspace;

pub struct Plan {
    /// The command line: `cargo xtask test`.
    pub command: &'static str,
    pub stages: &'static [Stage],
    /// The text below the list in `--help`.
    pub note: &'static str,
}

impl Plan {
    pub fn help(&self) -> String {
        let mut help = format!(
            "Usage: {} [STAGE...]\n\nRuns every stage, or the named ones, in this order, and stops at the first failure:\n\n",
            self.command
        );
        for stage in self.stages {
            help.push_str(&format!("  {:<14}{}\n", stage.name, stage.what));
        }
        help.push_str(&format!("\n{}", self.note));
        help
    }

    pub fn run(&self, workspace: &Workspace, names: &[String]) -> Result<()> {
        let mut rows = Vec::new();
        let mut red = None;
        for stage in self.chosen(names)? {
            println!("\n== {}: {}", stage.name, stage.what);
            let start = Instant::now();
            let outcome = (stage.run)(workspace);
            let took = start.elapsed();
            let verdict = verdict(&outcome);
            println!("-- {}: {verdict}, {} min", stage.name, minutes(took));
            rows.push(Row { stage: stage.name, verdict, took });
            if let Err(failure) = outcome {
                red = Some(Failure::new(format!("the stage `{}` failed: {failure}", stage.name)));
                break;
            }
        }
        println!("\n{}", table(&rows));
        red.map_or(Ok(()), Err)
    }

    pub fn chosen(&self, names: &[String]) -> Result<Vec<Stage>> {
        let knows = |name: &String| self.stages.iter().any(|stage| stage.name == name.as_str());
        if let Some(unknown) = names.iter().find(|name| !knows(name)) {
            return Err(Failure::new(format!("there is no stage `{unknown}`\n\n{}", self.help())));
        }
        let is_chosen = |stage: &&Stage| names.is_empty() || names.iter().any(|name| name == stage.name);
        Ok(self.stages.iter().filter(is_chosen).copied().collect())
    }
}

fn verdict(outcome: &Result<Outcome>) -> String {
    match outcome {
        Ok(Outcome::Green) => "green".into(),
        Ok(Outcome::Skipped(reason)) => format!("skipped, {reason}"),
        Err(_) => "RED".into(),
    }
}

struct Row {
    stage: &'static str,
    verdict: String,
    took: Duration,
}

fn table(rows: &[Row]) -> String {
    let total = rows.iter().map(|row| row.took).sum();
    let mut table = format!("{:<14}{:>8}\n", "stage", "minutes");
    for row in rows {
        table.push_str(&format!("{:<14}{:>8}  {}\n", row.stage, minutes(row.took), row.verdict));
    }
    table.push_str(&format!("{:<14}{:>8}", "all", minutes(total)));
    table
}

fn minutes(took: Duration) -> String {
    format!("{:.1}", took.as_secs_f64() / 60.0)
}

#[cfg(test)]
mod tests {
    use super::*;

    fn green(_: &Workspace) -> Result<Outcome> {
        Ok(Outcome::Green)
    }

    const FIRST: Stage = Stage { name: "first", what: "comes first", run: green };
    const SECOND: Stage = Stage { name: "second", what: "comes after it", run: green };
    const PLAN: Plan = Plan { command: "cargo xtask plan", stages: &[FIRST, SECOND], note: "A note." };

    fn names(asked_for: &[&str]) -> Vec<&'static str> {
        let asked_for: Vec<String> = asked_for.iter().map(|name| (*name).to_owned()).collect();
        PLAN.chosen(&asked_for).expect("known names").iter().map(|stage| stage.name).collect()
    }

    #[test]
    fn named_stages_keep_the_order_of_the_list() {
        assert_eq!(names(&[]), ["first", "second"]);
        assert_eq!(names(&["second", "first"]), ["first", "second"]);
        assert_eq!(names(&["second"]), ["second"]);
    }

    #[test]
    fn an_unknown_stage_is_refused_with_the_list() {
        let refusal = PLAN.chosen(&["third".into()]).map(|_| ()).expect_err("unknown").to_string();
        assert!(refusal.contains("`third`") && refusal.contains("comes after it"), "{refusal}");
    }

    #[test]
    fn the_table_names_the_red_stage_and_adds_up() {
        let rows = [
            Row { stage: "format", verdict: "green".into(), took: Duration::from_secs(6) },
            Row { stage: "clippy", verdict: "RED".into(), took: Duration::from_secs(90) },
        ];
        assert_eq!(
            table(&rows),
            "stage          minutes\nformat             0.1  green\nclippy             1.5  RED\nall                1.6"
        );
    }
}
