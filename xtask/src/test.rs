//! `cargo xtask test` - every check there is, in the order in which they fail fastest.

use std::time::{Duration, Instant};

use crate::failure::{Failure, Result};
use crate::stages::{self, Outcome, Stage};
use crate::workspace::Workspace;

const STAGES: [Stage; 8] = [
    stages::format::STAGE,
    stages::template::STAGE,
    stages::clippy::STAGE,
    stages::tests::STAGE,
    stages::clients::STAGE,
    stages::answers::STAGE,
    stages::private::STAGE,
    stages::docs::STAGE,
];

pub fn help() -> String {
    let mut help = String::from(
        "Usage: cargo xtask test [STAGE...]\n\nRuns every stage, or the named ones, in this order, and stops at the first red one:\n\n",
    );
    for stage in STAGES {
        help.push_str(&format!("  {:<10}{}\n", stage.name, stage.what));
    }
    help.push_str("\nIt installs what it needs under target/tools. Where there is no Python or no network for it,\n`template` is skipped, except in CI, and where there is no Node `clients` is. Where Discord's OpenAPI file does not lie beside the project, `answers` is.");
    help
}

pub fn run(workspace: &Workspace, names: &[String]) -> Result<()> {
    let mut rows = Vec::new();
    let mut red = None;
    for stage in chosen(names)? {
        println!("\n== {}: {}", stage.name, stage.what);
        let start = Instant::now();
        let outcome = (stage.run)(workspace);
        let took = start.elapsed();
        let verdict = verdict(&outcome);
        println!("-- {}: {verdict}, {} min", stage.name, minutes(took));
        rows.push(Row { stage: stage.name, verdict, took });
        if let Err(failure) = outcome {
            red = Some(Failure::new(format!("the stage `{}` is red: {failure}", stage.name)));
            break;
        }
    }
    println!("\n{}", table(&rows));
    red.map_or(Ok(()), Err)
}

fn chosen(names: &[String]) -> Result<Vec<Stage>> {
    if let Some(unknown) = names.iter().find(|name| STAGES.iter().all(|stage| stage.name != name.as_str())) {
        return Err(Failure::new(format!("there is no stage `{unknown}`\n\n{}", help())));
    }
    let is_chosen = |stage: &Stage| names.is_empty() || names.iter().any(|name| name == stage.name);
    Ok(STAGES.into_iter().filter(is_chosen).collect())
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
    let mut table = format!("{:<10}{:>8}\n", "stage", "minutes");
    for row in rows {
        table.push_str(&format!("{:<10}{:>8}  {}\n", row.stage, minutes(row.took), row.verdict));
    }
    table.push_str(&format!("{:<10}{:>8}", "all", minutes(total)));
    table
}

fn minutes(took: Duration) -> String {
    format!("{:.1}", took.as_secs_f64() / 60.0)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn without_names_every_stage_runs_in_order() {
        let names: Vec<&str> = chosen(&[]).expect("all").iter().map(|stage| stage.name).collect();
        assert_eq!(names, ["format", "template", "clippy", "tests", "clients", "answers", "private", "docs"]);
    }

    #[test]
    fn named_stages_keep_the_order_of_the_list() {
        let chosen = chosen(&["private".into(), "tests".into()]).expect("known names");
        assert_eq!(chosen.iter().map(|stage| stage.name).collect::<Vec<_>>(), ["tests", "private"]);
    }

    #[test]
    fn an_unknown_stage_is_refused_with_the_list() {
        let refusal = chosen(&["lint".into()]).map(|_| ()).expect_err("unknown").to_string();
        assert!(refusal.contains("`lint`") && refusal.contains("template"), "{refusal}");
    }

    #[test]
    fn the_table_names_the_red_stage_and_adds_up() {
        let rows = [
            Row { stage: "format", verdict: "green".into(), took: Duration::from_secs(6) },
            Row { stage: "clippy", verdict: "RED".into(), took: Duration::from_secs(90) },
        ];
        assert_eq!(
            table(&rows),
            "stage      minutes\nformat         0.1  green\nclippy         1.5  RED\nall            1.6"
        );
    }
}
