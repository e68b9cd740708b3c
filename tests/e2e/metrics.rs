//! Checks that the metrics of the code, of the documentation and of the log lines are the same.

use std::collections::BTreeSet;

use domain::metric::Metric;

const RUNBOOK: &str = include_str!("../../docs/runbook.md");

#[test]
fn the_runbook_explains_every_metric_with_its_unit_and_functions() {
    let section = RUNBOOK.split("\n## Metrics\n").nth(1).unwrap().split("\n## ").next().unwrap();
    let rows = section.lines().filter(|line| line.starts_with("| `"));
    let cells = rows.map(|row| {
        let cells: Vec<_> = row.trim_matches('|').splitn(4, '|').map(str::trim).collect();
        (cells[0].trim_matches('`').to_owned(), cells[1].to_owned(), cells[2].to_owned())
    });
    let expected = Metric::ALL.map(|metric| {
        (metric.name().to_owned(), metric.unit().name().to_owned(), metric.functions().join(", "))
    });
    assert_eq!(cells.collect::<Vec<_>>(), expected);
}

/// The files that write a metric: `Name = value` as a field of a log line.
fn written() -> BTreeSet<&'static str> {
    let sources = [
        include_str!("../../shared/aws/src/telemetry.rs"),
        include_str!("../../shared/aws/src/queue.rs"),
        include_str!("../../shared/discord/src/rest.rs"),
        include_str!("../../shared/integrations/src/api.rs"),
        include_str!("../../shared/integrations/src/breaker.rs"),
        include_str!("../../shared/runtime/src/serve.rs"),
        include_str!("../../functions/interactions/src/lib.rs"),
    ];
    let is_written = |metric: &Metric| {
        let field = format!("{} = ", metric.name());
        sources.iter().any(|source| source.contains(&field))
    };
    Metric::ALL.iter().filter(|metric| is_written(metric)).map(|metric| metric.name()).collect()
}

#[test]
fn every_metric_is_written_by_the_code() {
    assert_eq!(written(), Metric::ALL.iter().map(|metric| metric.name()).collect());
}
