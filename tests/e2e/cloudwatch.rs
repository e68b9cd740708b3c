//! CloudWatch, as far as the alarms of template.yaml need it: metrics from log lines in the embedded metric format, and
//! the evaluation of alarms.
//!
//! What an alarm has that is not known here is an error. Composite alarms are not evaluated.

use std::collections::{BTreeMap, BTreeSet};

use saphyr::{LoadableYamlNode, Yaml};
use serde_json::Value;

const MINUTE_MS: i64 = 60_000;
/// How many periods beyond `EvaluationPeriods` are looked at for values. Source: CloudWatch, "Configuring how
/// CloudWatch alarms treat missing data", whose tables have five periods for an alarm on three.
const FURTHER_PERIODS: usize = 2;

const KNOWN_PROPERTIES: [&str; 15] = [
    "AlarmActions",
    "AlarmDescription",
    "AlarmName",
    "ComparisonOperator",
    "DatapointsToAlarm",
    "Dimensions",
    "EvaluationPeriods",
    "ExtendedStatistic",
    "MetricName",
    "Namespace",
    "OKActions",
    "Period",
    "Statistic",
    "Threshold",
    "TreatMissingData",
];

/// Which values belong together: namespace, metric and dimensions.
#[derive(Clone, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub struct Series {
    pub namespace: String,
    pub metric: String,
    pub dimensions: BTreeSet<(String, String)>,
}

/// The values by series and minute.
#[derive(Debug, Default)]
pub struct Metrics(BTreeMap<Series, BTreeMap<i64, Vec<f64>>>);

impl Metrics {
    /// Reads a log line. A line without metrics changes nothing.
    pub fn read(&mut self, line: &str) {
        let line: Value = serde_json::from_str(line).unwrap();
        let Some(embedded) = line.get("_aws") else { return };
        let at_ms = embedded["Timestamp"].as_i64().unwrap();
        for directive in embedded["CloudWatchMetrics"].as_array().unwrap() {
            for names in directive["Dimensions"].as_array().unwrap() {
                let names = names.as_array().unwrap().iter().map(|name| name.as_str().unwrap());
                let dimensions: BTreeSet<_> =
                    names.map(|name| (name.to_owned(), line[name].as_str().unwrap().to_owned())).collect();
                for metric in directive["Metrics"].as_array().unwrap() {
                    let metric = metric["Name"].as_str().unwrap().to_owned();
                    let value = line[&metric].as_f64().unwrap();
                    let namespace = directive["Namespace"].as_str().unwrap().to_owned();
                    self.put(Series { namespace, metric, dimensions: dimensions.clone() }, at_ms, value);
                }
            }
        }
    }

    pub fn put(&mut self, series: Series, at_ms: i64, value: f64) {
        self.0.entry(series).or_default().entry(at_ms / MINUTE_MS).or_default().push(value);
    }

    fn of(&self, series: &Series, minute: i64) -> &[f64] {
        self.0.get(series).and_then(|minutes| minutes.get(&minute)).map_or(&[], Vec::as_slice)
    }
}

#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum State {
    Ok,
    Alarm,
}

#[derive(Clone, Copy, Debug, PartialEq)]
enum Statistic {
    Average,
    Maximum,
    Sum,
    Percentile(f64),
}

impl Statistic {
    /// `None` without values.
    fn of(self, values: &[f64]) -> Option<f64> {
        if values.is_empty() {
            return None;
        }
        #[expect(clippy::cast_precision_loss, reason = "there are few values")]
        let count = values.len() as f64;
        Some(match self {
            Self::Sum => values.iter().sum(),
            Self::Average => values.iter().sum::<f64>() / count,
            Self::Maximum => values.iter().copied().fold(f64::MIN, f64::max),
            Self::Percentile(percent) => {
                let mut sorted = values.to_vec();
                sorted.sort_by(f64::total_cmp);
                #[expect(clippy::cast_possible_truncation, clippy::cast_sign_loss, reason = "a rank")]
                let rank = (percent / 100.0 * count).ceil().max(1.0) as usize;
                sorted[rank - 1]
            }
        })
    }
}

#[derive(Clone, Copy, Debug, PartialEq, Eq)]
enum Comparison {
    Greater,
    Less,
}

#[derive(Clone, Copy, Debug, PartialEq, Eq)]
enum Missing {
    Breaching,
    NotBreaching,
}

/// An alarm of the template, with a period of a minute.
#[derive(Clone, Debug)]
pub struct Alarm {
    /// Its name in the template.
    pub id: String,
    pub name: String,
    series: Series,
    statistic: Statistic,
    evaluation_periods: usize,
    datapoints_to_alarm: usize,
    threshold: f64,
    comparison: Comparison,
    missing: Missing,
}

impl Alarm {
    /// Its state after this minute.
    pub fn state(&self, metrics: &Metrics, minute: i64) -> State {
        let range = i64::try_from(self.evaluation_periods + FURTHER_PERIODS).unwrap();
        let newest_first = (0..range).map(|ago| self.breaches(metrics.of(&self.series, minute - ago)));
        self.state_of(newest_first)
    }

    fn breaches(&self, values: &[f64]) -> Option<bool> {
        let value = self.statistic.of(values)?;
        Some(match self.comparison {
            Comparison::Greater => value > self.threshold,
            Comparison::Less => value < self.threshold,
        })
    }

    /// The state, of the periods of the evaluation range, newest first; `None` is missing. The newest that are there
    /// count; only if they are too few are missing ones filled in.
    fn state_of(&self, periods: impl Iterator<Item = Option<bool>>) -> State {
        let there: Vec<bool> = periods.flatten().take(self.evaluation_periods).collect();
        let filled = self.evaluation_periods - there.len();
        let mut breaching = there.iter().filter(|breaches| **breaches).count();
        if self.missing == Missing::Breaching {
            breaching += filled;
        }
        if breaching >= self.datapoints_to_alarm { State::Alarm } else { State::Ok }
    }
}

/// The alarms of template.yaml. `values` has what its references stand for: `Interactions`, `Interactions.Version.Version`,
/// `AWS::StackName` and so on. A reference to something else stays as it is. `ConcurrencyUsed`, whose threshold is a
/// parameter, is left out.
pub fn alarms(values: &BTreeMap<&str, &str>) -> Vec<Alarm> {
    let template = Yaml::load_from_str(include_str!("../../template.yaml")).unwrap().remove(0);
    let resources = template["Resources"].as_mapping().unwrap().iter();
    let alarms = resources.filter(|(_, it)| it["Type"].as_str() == Some("AWS::CloudWatch::Alarm"));
    let read = |(id, it): (&Yaml<'_>, &Yaml<'_>)| alarm(id.as_str().unwrap(), &it["Properties"], values);
    alarms.filter_map(read).collect()
}

fn alarm(id: &str, yaml: &Yaml<'_>, values: &BTreeMap<&str, &str>) -> Option<Alarm> {
    let text = |name: &str| {
        let found = yaml.as_mapping_get(name).map(|value| text_of(value).to_owned());
        found.map(|text| resolved(&text, values).unwrap_or(text))
    };
    let number = |name: &str| yaml.as_mapping_get(name).and_then(Yaml::as_integer);
    let dimensions = yaml.as_mapping_get("Dimensions").and_then(Yaml::as_sequence);
    let dimensions = dimensions.into_iter().flatten().map(|dimension| {
        let value = text_of(&dimension["Value"]);
        let value = resolved(value, values).unwrap_or_else(|| value.to_owned());
        (dimension["Name"].as_str().unwrap().to_owned(), value)
    });
    let dimensions = dimensions.collect();
    let statistic = match (text("Statistic").as_deref(), text("ExtendedStatistic").as_deref()) {
        (Some("Average"), None) => Statistic::Average,
        (Some("Maximum"), None) => Statistic::Maximum,
        (Some("Sum"), None) => Statistic::Sum,
        (None, Some(percentile)) => {
            Statistic::Percentile(percentile.strip_prefix('p').unwrap().parse().unwrap())
        }
        other => panic!("{id}: {other:?}"),
    };
    let comparison = match text("ComparisonOperator").as_deref() {
        Some("GreaterThanThreshold") => Comparison::Greater,
        Some("LessThanThreshold") => Comparison::Less,
        other => panic!("{id}: {other:?}"),
    };
    let missing = match text("TreatMissingData").as_deref() {
        Some("breaching") => Missing::Breaching,
        Some("notBreaching") => Missing::NotBreaching,
        other => panic!("{id}: {other:?}"),
    };
    assert_eq!(number("Period"), Some(60), "{id}");
    let evaluation_periods = usize::try_from(number("EvaluationPeriods").unwrap()).unwrap();
    let datapoints = number("DatapointsToAlarm").map(|datapoints| usize::try_from(datapoints).unwrap());
    for property in yaml.as_mapping().unwrap().keys() {
        let property = property.as_str().unwrap();
        assert!(KNOWN_PROPERTIES.contains(&property), "{id}: {property}");
    }
    #[expect(clippy::cast_precision_loss, reason = "thresholds are small")]
    let threshold = match number("Threshold") {
        Some(threshold) => threshold as f64,
        None if id == "ConcurrencyUsed" => return None,
        None => panic!("{id}: {:?}", yaml["Threshold"]),
    };
    Some(Alarm {
        id: id.to_owned(),
        name: text("AlarmName").unwrap(),
        series: Series {
            namespace: text("Namespace").unwrap(),
            metric: text("MetricName").unwrap(),
            dimensions,
        },
        statistic,
        evaluation_periods,
        datapoints_to_alarm: datapoints.unwrap_or(evaluation_periods),
        threshold,
        comparison,
        missing,
    })
}

/// The text of a scalar, whatever its tag.
pub fn text_of<'a>(yaml: &'a Yaml<'_>) -> &'a str {
    match yaml {
        Yaml::Tagged(_, inner) => inner.as_str(),
        plain => plain.as_str(),
    }
    .unwrap_or_else(|| panic!("not a text: {yaml:?}"))
}

/// A reference, or a text with `${...}` in it. `None` if something in it is not known.
fn resolved(text: &str, values: &BTreeMap<&str, &str>) -> Option<String> {
    if let Some(value) = values.get(text) {
        return Some((*value).to_owned());
    }
    let mut parts = text.split("${");
    let mut resolved = parts.next()?.to_owned();
    let mut is_known = text.contains("${");
    for part in parts {
        let (name, rest) = part.split_once('}')?;
        match values.get(name) {
            Some(value) => resolved.push_str(value),
            None => is_known = false,
        }
        resolved.push_str(rest);
    }
    is_known.then_some(resolved)
}

/// The rows of both tables of CloudWatch's page on missing data, for `breaching` and `notBreaching`.
#[test]
fn missing_data_are_treated_as_cloudwatchs_tables_say() {
    let state = |datapoints_to_alarm, missing, periods: &str| {
        let alarm = Alarm {
            id: String::new(),
            name: String::new(),
            series: Series { namespace: String::new(), metric: String::new(), dimensions: BTreeSet::new() },
            statistic: Statistic::Sum,
            evaluation_periods: 3,
            datapoints_to_alarm,
            threshold: 0.0,
            comparison: Comparison::Greater,
            missing,
        };
        let oldest_first: Vec<_> = periods
            .split(' ')
            .map(|period| match period {
                "X" => Some(true),
                "0" => Some(false),
                _ => None,
            })
            .collect();
        alarm.state_of(oldest_first.into_iter().rev())
    };
    for (datapoints, periods, breaching, not_breaching) in [
        (3, "0 - X - X", State::Ok, State::Ok),
        (3, "- - - - 0", State::Ok, State::Ok),
        (3, "- - - - -", State::Alarm, State::Ok),
        (3, "0 X X - X", State::Alarm, State::Alarm),
        (3, "- - X - -", State::Alarm, State::Ok),
        (2, "0 - X - X", State::Alarm, State::Alarm),
        (2, "0 0 X 0 X", State::Alarm, State::Alarm),
        (2, "0 - X - -", State::Alarm, State::Ok),
        (2, "- - - - 0", State::Alarm, State::Ok),
        (2, "- - - X -", State::Alarm, State::Ok),
    ] {
        assert_eq!(state(datapoints, Missing::Breaching, periods), breaching, "{datapoints} of 3: {periods}");
        assert_eq!(
            state(datapoints, Missing::NotBreaching, periods),
            not_breaching,
            "{datapoints} of 3: {periods}"
        );
    }
}

#[test]
fn a_percentile_is_the_value_below_which_so_many_lie() {
    let values: Vec<f64> = (1..=100).rev().map(f64::from).collect();
    assert_eq!(Statistic::Percentile(95.0).of(&values), Some(95.0));
    assert_eq!(Statistic::Percentile(95.0).of(&[7.0]), Some(7.0));
    assert_eq!(Statistic::Average.of(&[]), None);
}
