//! The plots of the report.

use super::{
    Phase, Report,
    chart::{Axis, Chart, Line},
    latency::Latency,
    plan::Kind,
    report::INSTANT_P95_MS,
    time_series::Second,
};

/// The number of points of a distribution's line.
const MAX_POINTS: usize = 200;

impl Report {
    pub(super) fn latencies(&self) -> Chart {
        let lines = self.percentiles(|second| second.latency);
        Chart {
            title: "Latency of instant commands",
            about: "By the second for which they were planned.".to_owned(),
            x: self.time(),
            y: Axis::logarithmic("ms", heights(&lines).chain([INSTANT_P95_MS])),
            lines,
            marks: self.marks(),
            limit: Some((INSTANT_P95_MS, "upper limit of p95")),
        }
    }

    pub(super) fn edits(&self) -> Chart {
        let lines = self.percentiles(|second| second.edit);
        Chart {
            title: "Deferred replies",
            about: "Until the edit, by the second for which the command was planned.".to_owned(),
            x: self.time(),
            y: Axis::logarithmic("ms", heights(&lines)),
            lines,
            marks: self.marks(),
            limit: None,
        }
    }

    pub(super) fn shares(&self) -> Chart {
        let line = |(kind, sorted): &(Kind, Vec<f64>)| {
            let every = sorted.len().div_ceil(MAX_POINTS).max(1);
            let all = sorted.len() as f64;
            let points = sorted.iter().enumerate().filter(|(n, _)| n % every == 0 || n + 1 == sorted.len());
            let points = points.map(|(n, ms)| (*ms, 100.0 * (n + 1) as f64 / all)).collect();
            Line { name: kind.name().to_owned(), points }
        };
        let sorted = &self.statistics.sorted;
        let phase = self.plan.phases.last().map_or(0, |phase| phase.per_second);
        Chart {
            title: "Answered within",
            about: format!(
                "At {phase}/s: the percentage of each command that had its first response within this time."
            ),
            x: Axis::logarithmic("ms", sorted.iter().flat_map(|(_, times)| times.iter().copied())),
            y: Axis::upto("%", 100.0),
            lines: sorted.iter().map(line).collect(),
            marks: Vec::new(),
            limit: None,
        }
    }

    pub(super) fn throughput(&self) -> Chart {
        let line = |name: &str, of: fn(&Second) -> usize| Line {
            name: name.to_owned(),
            points: self.seconds(|second| Some(of(second) as f64)),
        };
        let lines = vec![
            line("planned", |second| second.planned),
            line("answered", |second| second.answers),
            line("errors", |second| second.wrong),
        ];
        Chart {
            title: "Throughput",
            about: "Interactions per second.".to_owned(),
            x: self.time(),
            y: Axis::linear("/s", heights(&lines)),
            lines,
            marks: self.marks(),
            limit: None,
        }
    }

    pub(super) fn cpu(&self) -> Chart {
        let line = |name: &str, of: fn(&Second) -> Option<f64>| Line {
            name: name.to_owned(),
            points: self.seconds(of),
        };
        let lines = vec![
            line("stack", |second| second.stack_cpu_percent),
            line("generator", |second| second.generator_cpu_percent),
        ];
        let all = self.cores * 100;
        Chart {
            title: "CPU",
            about: format!("Of the stack and of the generator; {all} % is the whole machine."),
            x: self.time(),
            y: Axis::linear("%", heights(&lines)),
            lines,
            marks: self.marks(),
            limit: None,
        }
    }

    /// `None` if the stack's process is unknown.
    pub(super) fn memory(&self) -> Option<Chart> {
        let points = self.seconds(|second| second.stack_mib);
        if points.is_empty() {
            return None;
        }
        Some(Chart {
            title: "Memory of the stack",
            about: "Resident memory, which includes both tables and the queue.".to_owned(),
            x: self.time(),
            y: Axis::linear("MiB", points.iter().map(|point| point.1)),
            lines: vec![Line { name: "stack".to_owned(), points }],
            marks: self.marks(),
            limit: None,
        })
    }

    fn percentiles(&self, of: fn(&Second) -> Option<Latency>) -> Vec<Line> {
        let line = |name: &str, value: fn(Latency) -> f64| Line {
            name: name.to_owned(),
            points: self.seconds(|second| of(second).map(value)),
        };
        vec![line("p50", |it| it.p50), line("p95", |it| it.p95), line("p99", |it| it.p99)]
    }

    fn time(&self) -> Axis {
        Axis::upto("s", self.plan.length().as_secs_f64())
    }

    fn marks(&self) -> Vec<(f64, String)> {
        let mark = |(number, phase): (usize, &Phase)| {
            (self.plan.begins(number).as_secs_f64(), format!("{}/s", phase.per_second))
        };
        self.plan.phases.iter().enumerate().map(mark).collect()
    }

    fn seconds(&self, of: impl Fn(&Second) -> Option<f64>) -> Vec<(f64, f64)> {
        // The point is in the middle of its second.
        let point = |second: &Second| Some((second.second as f64 + 0.5, of(second)?));
        self.statistics.seconds.iter().filter_map(point).collect()
    }
}

fn heights(lines: &[Line]) -> impl Iterator<Item = f64> + Clone {
    lines.iter().flat_map(|line| line.points.iter().map(|point| point.1))
}
