//! The report as a self-contained HTML page: checks, tables and plots.

use maud::{DOCTYPE, Markup, PreEscaped, html};

use super::{Check, Report, Row, latency::Latency, statistics::PhaseStatistics};

const STYLE: &str = include_str!("page.css");

impl Report {
    /// The report as one HTML file.
    pub fn page(&self) -> String {
        let page = html! {
            (DOCTYPE)
            html lang="en" {
                head {
                    meta charset="utf-8";
                    meta name="viewport" content="width=device-width, initial-scale=1";
                    meta name="color-scheme" content="dark light";
                    title { "Steward load test" }
                    style { (PreEscaped(STYLE)) }
                }
                body { main {
                    header { h1 { "Steward load test" } p { (self.about()) } }
                    section.checks aria-label="Checks" { @for check in &self.checks { (card(check)) } }
                    @if !self.statistics.wrong.is_empty() { (self.wrong()) }
                    section.plots {
                        (self.latencies().render())
                        (self.edits().render())
                        (self.shares().render())
                        (self.throughput().render())
                        (self.cpu().render())
                        @if let Some(chart) = self.memory() { (chart.render()) }
                    }
                    @for phase in &self.statistics.phases { (table(phase)) }
                    footer { p { (self.ways()) } }
                } }
            }
        };
        page.into_string()
    }

    fn about(&self) -> String {
        let Self { version, plan, guilds, cores, environments, .. } = self;
        let built =
            if self.release { "built for release" } else { "a debug build, whose times are not meaningful" };
        let environments =
            environments.map(|count| format!(", {count} environments of each function")).unwrap_or_default();
        let phases =
            plan.phases.iter().map(|phase| format!("{}/s for {} s", phase.per_second, phase.seconds));
        format!(
            "Version {version}, {built}{environments}. {} members of {guilds} guilds send {}, on {cores} cores that \
             the generator shares with the stack. Seed {}.",
            plan.members,
            phases.collect::<Vec<_>>().join(", then "),
            plan.seed
        )
    }

    fn ways(&self) -> String {
        let lag = self.statistics.generator_lag.map_or_else(String::new, |lag| {
            format!(" The generator itself was {:.1} ms late at p99.", lag.p99)
        });
        format!(
            "Arrivals are planned before anything is sent, and latency is measured from the planned time. The times \
             include signed requests over HTTP, both functions, tables and queue on this machine, a simulated \
             weather service without latency, and the edits. They do not include Discord, API Gateway and the \
             network to AWS.{lag}"
        )
    }

    fn wrong(&self) -> Markup {
        html! {
            section.wrong {
                h2 { "Errors" }
                ul { @for (what, count) in &self.statistics.wrong { li { (count) " × " (what) } } }
            }
        }
    }
}

fn card(check: &Check) -> Markup {
    let (class, verdict) = match check.holds {
        Some(true) => ("card good", "passed"),
        Some(false) => ("card bad", "failed"),
        None => ("card", "not checked"),
    };
    html! {
        div class=(class) {
            p.what { (check.what) }
            p.found { (check.found) }
            p.wanted { (check.wanted) " · " (verdict) }
        }
    }
}

fn table(statistics: &PhaseStatistics) -> Markup {
    let PhaseStatistics { phase, commands, instant, .. } = statistics;
    let each = |cpu: Option<f64>| cpu.map_or_else(|| "not measured".to_owned(), |ms| format!("{ms:.2} ms"));
    html! {
        section.phase {
            h2 { (phase.per_second) "/s for " (phase.seconds) " s" }
            p {
                "CPU for each interaction: stack " (each(statistics.stack_cpu_ms))
                ", generator " (each(statistics.generator_cpu_ms)) "."
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
    /// The column headings: the first is for the row's name, the others for [`Row::cells`].
    pub const HEADING: [&'static str; 11] = [
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

    /// The cells of the row, without its name.
    pub fn cells(&self) -> Vec<String> {
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
