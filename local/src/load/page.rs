//! The report as a page that needs nothing else: verdicts, tables, plots.

use maud::{DOCTYPE, Markup, PreEscaped, html};

use super::{
    Check, Report, Row,
    chart::{Axis, Chart, Line},
    figures::{Latency, PhaseFigures, Second},
    report::INSTANT_P95_MS,
};

const STYLE: &str = include_str!("page.css");
/// So many points make a smooth line.
const POINTS: usize = 200;

impl Report {
    pub(crate) fn page(&self) -> String {
        let page = html! {
            (DOCTYPE)
            html lang="en" {
                head {
                    meta charset="utf-8";
                    meta name="viewport" content="width=device-width, initial-scale=1";
                    meta name="color-scheme" content="dark light";
                    title { "Steward under load" }
                    style { (PreEscaped(STYLE)) }
                }
                body { main {
                    header { h1 { "Steward under load" } p { (self.about()) } }
                    section.checks aria-label="What has to be so" { @for check in &self.checks { (card(check)) } }
                    @if !self.figures.wrong.is_empty() { (self.wrong()) }
                    section.plots {
                        (self.latencies().render())
                        (self.edits().render())
                        (self.shares().render())
                        (self.throughput().render())
                        (self.cpu().render())
                        @if let Some(chart) = self.memory() { (chart.render()) }
                    }
                    @for phase in &self.figures.phases { (table(phase)) }
                    footer { p { (self.ways()) } }
                } }
            }
        };
        page.into_string()
    }

    fn about(&self) -> String {
        let Self { version, plan, guilds, cores, environments, .. } = self;
        let built = if self.release { "built for release" } else { "a dev build, whose times mean nothing" };
        let environments =
            environments.map(|count| format!(", {count} environments of each function")).unwrap_or_default();
        let phases =
            plan.phases.iter().map(|phase| format!("{}/s for {} s", phase.per_second, phase.seconds));
        format!(
            "Version {version}, {built}{environments}. {} members of {guilds} guilds ask {}, on {cores} cores that \
             the generator shares with the stack. Seed {}.",
            plan.members,
            phases.collect::<Vec<_>>().join(", then "),
            plan.seed
        )
    }

    fn ways(&self) -> String {
        let lag = self.figures.generator_lag.map_or_else(String::new, |lag| {
            format!(" The generator itself sent {:.1} ms late at p99.", lag.p99)
        });
        format!(
            "Arrivals are planned before anything is sent, and latency counts from the planned moment. Measured are \
             signed requests over HTTP, the front door, tables and queue on this machine, the jobs function, the \
             weather's stand-in with no latency of its own, and the edits; not measured are Discord, API Gateway \
             and the network to AWS.{lag}"
        )
    }

    fn wrong(&self) -> Markup {
        html! {
            section.wrong {
                h2 { "What went wrong" }
                ul { @for (what, count) in &self.figures.wrong { li { (count) " × " (what) } } }
            }
        }
    }

    fn latencies(&self) -> Chart {
        let lines = self.percentiles(|second| second.latency);
        Chart {
            title: "Latency of instant commands",
            about: "By the second for which they were planned.".to_owned(),
            x: self.time(),
            y: Axis::logarithmic("ms", heights(&lines).chain([INSTANT_P95_MS])),
            lines,
            marks: self.marks(),
            limit: Some((INSTANT_P95_MS, "p95 has to be below")),
        }
    }

    fn edits(&self) -> Chart {
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

    fn shares(&self) -> Chart {
        let line = |(kind, sorted): &(super::plan::Kind, Vec<f64>)| {
            let every = sorted.len().div_ceil(POINTS).max(1);
            let all = sorted.len() as f64;
            let points = sorted.iter().enumerate().filter(|(n, _)| n % every == 0 || n + 1 == sorted.len());
            let points = points.map(|(n, ms)| (*ms, 100.0 * (n + 1) as f64 / all)).collect();
            Line { name: kind.name().to_owned(), points }
        };
        let sorted = &self.figures.sorted;
        let phase = self.plan.phases.last().map_or(0, |phase| phase.per_second);
        Chart {
            title: "Answered within",
            about: format!(
                "At {phase}/s: so many percent of each command had their first answer after so long."
            ),
            x: Axis::logarithmic("ms", sorted.iter().flat_map(|(_, times)| times.iter().copied())),
            y: Axis::upto("%", 100.0),
            lines: sorted.iter().map(line).collect(),
            marks: Vec::new(),
            limit: None,
        }
    }

    fn throughput(&self) -> Chart {
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
            about: "Interactions in each second.".to_owned(),
            x: self.time(),
            y: Axis::linear("/s", heights(&lines)),
            lines,
            marks: self.marks(),
            limit: None,
        }
    }

    fn cpu(&self) -> Chart {
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
            about: format!("Of the stack's process and of the generator's; {all} % is the whole machine."),
            x: self.time(),
            y: Axis::linear("%", heights(&lines)),
            lines,
            marks: self.marks(),
            limit: None,
        }
    }

    /// Only of a stack whose process is known.
    fn memory(&self) -> Option<Chart> {
        let points = self.seconds(|second| second.stack_mib);
        if points.is_empty() {
            return None;
        }
        Some(Chart {
            title: "Memory of the stack",
            about: "Resident, with both tables and the queue in it.".to_owned(),
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
        let mark = |(number, phase): (usize, &super::Phase)| {
            (self.plan.begins(number).as_secs_f64(), format!("{}/s", phase.per_second))
        };
        self.plan.phases.iter().enumerate().map(mark).collect()
    }

    fn seconds(&self, of: impl Fn(&Second) -> Option<f64>) -> Vec<(f64, f64)> {
        // In the middle of the second that it is about.
        let point = |second: &Second| Some((second.second as f64 + 0.5, of(second)?));
        self.figures.seconds.iter().filter_map(point).collect()
    }
}

fn heights(lines: &[Line]) -> impl Iterator<Item = f64> + Clone {
    lines.iter().flat_map(|line| line.points.iter().map(|point| point.1))
}

fn card(check: &Check) -> Markup {
    let (class, verdict) = match check.holds {
        Some(true) => ("card good", "holds"),
        Some(false) => ("card bad", "does not hold"),
        None => ("card", "not judged"),
    };
    html! {
        div class=(class) {
            p.what { (check.what) }
            p.found { (check.found) }
            p.wanted { (check.wanted) " · " (verdict) }
        }
    }
}

fn table(figures: &PhaseFigures) -> Markup {
    let PhaseFigures { phase, commands, instant, .. } = figures;
    let each = |cpu: Option<f64>| cpu.map_or_else(|| "not measured".to_owned(), |ms| format!("{ms:.2} ms"));
    html! {
        section.phase {
            h2 { (phase.per_second) "/s for " (phase.seconds) " s" }
            p {
                "CPU for each interaction: stack " (each(figures.stack_cpu_ms))
                ", generator " (each(figures.generator_cpu_ms)) "."
            }
            div.wide { table {
                thead { tr { @for name in Row::HEADING { th scope="col" { (name) } } } }
                tbody {
                    @for row in commands.iter().chain([instant]) {
                        tr class=[std::ptr::eq(row, instant).then_some("sum")] {
                            th scope="row" { (row.what) }
                            @for cell in row.cells() { td { (cell) } }
                        }
                    }
                }
            } }
        }
    }
}

impl Row {
    pub(crate) const HEADING: [&'static str; 11] = [
        "latency in ms",
        "count",
        "errors",
        "p50",
        "p95",
        "p99",
        "max",
        "deferred",
        "edited",
        "edit p50",
        "edit p95",
    ];

    /// Under the heading, but for the first column.
    pub(crate) fn cells(&self) -> Vec<String> {
        let told = |ms: Option<f64>| ms.map_or_else(|| "-".to_owned(), |ms| format!("{ms:.1}"));
        let answer = |of: fn(Latency) -> f64| told(self.answer.map(of));
        let edit = |of: fn(Latency) -> f64| told(self.edit.map(of));
        vec![
            self.count.to_string(),
            self.wrong.to_string(),
            answer(|it| it.p50),
            answer(|it| it.p95),
            answer(|it| it.p99),
            answer(|it| it.max),
            self.deferred.to_string(),
            self.edited.to_string(),
            edit(|it| it.p50),
            edit(|it| it.p95),
        ]
    }
}
