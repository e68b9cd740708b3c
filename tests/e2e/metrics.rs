//! Checks that the metrics of the code, of the documentation and of the log lines are the same.

use std::collections::BTreeSet;

use domain::metric::Metric;
use saphyr::{LoadableYamlNode, Yaml};

use crate::cloudwatch::text_of;

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
        include_str!("../../functions/probe/src/heartbeat.rs"),
    ];
    let is_written = |metric: &Metric| {
        // With the space before it: the names of some metrics end with that of another.
        let field = format!(" {} = ", metric.name());
        let first = format!("({} = ", metric.name());
        sources.iter().any(|source| source.contains(&field) || source.contains(&first))
    };
    Metric::ALL.iter().filter(|metric| is_written(metric)).map(|metric| metric.name()).collect()
}

#[test]
fn every_alarm_has_an_action_a_section_of_the_runbook_and_a_metric_that_its_function_writes() {
    let template = Yaml::load_from_str(include_str!("../../template.yaml")).unwrap().remove(0);
    let resources = template["Resources"].as_mapping().unwrap().iter();
    let alarms: Vec<_> =
        resources.filter(|(_, it)| it["Type"].as_str() == Some("AWS::CloudWatch::Alarm")).collect();
    assert!(!alarms.is_empty());
    let anchors: BTreeSet<String> = RUNBOOK.lines().filter_map(anchor).collect();
    for (name, alarm) in alarms {
        let (name, alarm) = (name.as_str().unwrap(), &alarm["Properties"]);
        assert!(alarm["AlarmActions"].as_sequence().is_some_and(|actions| !actions.is_empty()), "{name}");
        let description = alarm["AlarmDescription"].as_str().unwrap();
        let section =
            description.split("docs/runbook.md#").nth(1).unwrap_or_else(|| panic!("{name}: no section"));
        assert!(anchors.contains(section), "{name}: {section} is not among {anchors:?}");
        if text_of(&alarm["Namespace"]).starts_with("AWS/") {
            continue;
        }
        let variables = &template["Globals"]["Function"]["Environment"]["Variables"];
        assert_eq!(text_of(&alarm["Namespace"]), text_of(&variables["METRICS_NAMESPACE"]), "{name}");
        let metric = alarm["MetricName"].as_str().and_then(Metric::named);
        let metric = metric.unwrap_or_else(|| panic!("{name}: no such metric"));
        let dimensions = alarm["Dimensions"].as_sequence().unwrap();
        let names: Vec<_> = dimensions.iter().map(|it| it["Name"].as_str().unwrap()).collect();
        assert!([&["function"][..], &["function", "version"]].contains(&&names[..]), "{name}: {names:?}");
        let function = dimensions.iter().find(|it| it["Name"].as_str() == Some("function")).unwrap();
        assert!(metric.functions().contains(&function["Value"].as_str().unwrap()), "{name}");
    }
}

/// The metrics of the dashboard: namespace, name, and the dimensions' names and values in turn.
fn of_the_dashboard() -> Vec<Vec<String>> {
    let template = Yaml::load_from_str(include_str!("../../template.yaml")).unwrap().remove(0);
    let body = text_of(&template["Resources"]["Dashboard"]["Properties"]["DashboardBody"]);
    let body: serde_json::Value = serde_json::from_str(body).unwrap();
    let widgets = body["widgets"].as_array().unwrap().iter();
    let metrics = widgets.filter_map(|widget| widget["properties"]["metrics"].as_array()).flatten();
    let texts = |metric: &serde_json::Value| {
        let texts = metric.as_array().unwrap().iter().filter_map(|part| part.as_str());
        texts.map(str::to_owned).collect()
    };
    metrics.map(texts).collect()
}

#[test]
fn the_dashboard_shows_every_metric_of_every_function_that_writes_it_and_no_other() {
    let own = of_the_dashboard().into_iter().filter(|metric| !metric[0].starts_with("AWS/"));
    let shown: BTreeSet<(String, String)> = own
        .map(|metric| {
            assert_eq!((&*metric[0], &*metric[2]), ("Steward/${AWS::StackName}", "function"), "{metric:?}");
            (metric[1].clone(), metric[3].clone())
        })
        .collect();
    let written = Metric::ALL.iter().flat_map(|metric| {
        metric.functions().iter().map(|function| (metric.name().to_owned(), (*function).to_owned()))
    });
    assert_eq!(shown, written.collect());
}

#[test]
fn an_alarm_is_raised_at_four_fifths_of_the_memory_of_each_function() {
    let template = Yaml::load_from_str(include_str!("../../template.yaml")).unwrap().remove(0);
    let number =
        |resource: &str, name: &str| template["Resources"][resource]["Properties"][name].as_integer();
    for (function, alarm) in [
        ("Interactions", "InteractionsMemory"),
        ("Jobs", "JobsMemory"),
        ("Health", "HealthMemory"),
        ("Heartbeat", "ProbeMemory"),
    ] {
        let size = number(function, "MemorySize").unwrap();
        assert_eq!(number(alarm, "Threshold"), Some(size * 4 / 5), "{alarm}");
    }
}

/// The anchor that GitHub gives to a heading.
fn anchor(line: &str) -> Option<String> {
    let heading = line.strip_prefix("## ")?.to_lowercase().replace(' ', "-");
    Some(heading.chars().filter(|it| it.is_alphanumeric() || *it == '-').collect())
}

#[test]
fn every_metric_is_written_by_the_code() {
    assert_eq!(written(), Metric::ALL.iter().map(|metric| metric.name()).collect());
}
