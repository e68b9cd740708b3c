//! `steward load`: a load test with ten thousand members. Is every interaction answered and edited in time?

use std::{io::Write, path::PathBuf, process::ExitCode, sync::LazyLock};

use clap::Args;
use jiff::Timestamp;
use local_load::{Application, Phase, Plan, Progress, Report, Row, Target};
use ops::terminal::{print, table};

use crate::events::{Signed, Signer};

#[derive(Debug, Args)]
pub(super) struct Load {
    /// Interactions a second in the first phase.
    #[arg(long, default_value_t = 50, value_name = "RATE", value_parser = clap::value_parser!(u32).range(1..=10_000))]
    steady: u32,
    /// Interactions a second in the second phase.
    #[arg(long, default_value_t = 500, value_name = "RATE", value_parser = clap::value_parser!(u32).range(1..=10_000))]
    peak: u32,
    /// How long each of the two phases lasts.
    #[arg(long, default_value_t = 60, value_parser = clap::value_parser!(u32).range(1..=3_600))]
    seconds: u32,
    /// How many members take part, 25 in each guild. With too few, the rate limits would reject some.
    #[arg(long, default_value_t = 10_000, value_parser = clap::value_parser!(u32).range(1..=1_000_000))]
    members: u32,
    /// The maximum number of environments of each function.
    #[arg(long, default_value_t = 4, value_parser = clap::value_parser!(u16).range(1..=100))]
    environments: u16,
    /// The seed of the workload. The same seed sends the same interactions.
    #[arg(long, default_value_t = 1)]
    seed: u64,
    /// A short run to check that it works: 20 and 60 a second for 3 s each, 500 members.
    #[arg(long, conflicts_with_all = ["steady", "peak", "seconds", "members"])]
    quick: bool,
    /// Test this running stack instead of a new one. It must run on this machine, started with
    /// `--discord-api-base http://127.0.0.1:7780`.
    #[arg(long, conflicts_with = "environments")]
    url: Option<String>,
    /// The port that receives deferred replies: any free port by default, 7780 with --url.
    #[arg(long, value_name = "PORT")]
    replies: Option<u16>,
    /// The folder of the report: report.html, report.json, and the log of the stack.
    #[arg(long, default_value = "target/load", value_name = "FOLDER")]
    out: PathBuf,
}

/// A running stack sends its deferred replies to this port: `--discord-api-base http://127.0.0.1:7780`.
const REPLY_PORT: u16 = 7_780;

pub(super) async fn run(load: &Load) -> Result<ExitCode, String> {
    let cannot = |error: std::io::Error| format!("cannot write into {}: {error}", load.out.display());
    std::fs::create_dir_all(&load.out).map_err(cannot)?;
    let plan = load.plan();
    let application = Application { sign, version: engine::VERSION };
    let webhooks = local_load::Webhooks::new(application.version);
    let address = webhooks.serve(load.replies_port()).await?;
    let target = match &load.url {
        Some(url) => Target::running(url)?,
        None => Target::start(load.environments, load.seed, &address, &load.out.join("stack.log")).await?,
    };
    note(&format!("{} receives the load, and sends its deferred replies to {address}\n", target.url));
    let measured =
        local_load::run(&plan, application, &target, &webhooks, |progress| note(&told(progress, &plan)))
            .await;
    note("\n");
    let statistics = local_load::Statistics::of(&plan, &measured?);
    let environments = load.url.is_none().then_some(load.environments);
    let report = Report::of(application.version, plan, statistics, environments, !cfg!(debug_assertions));
    let json = serde_json::to_vec_pretty(&report).map_err(|error| error.to_string())?;
    std::fs::write(load.out.join("report.json"), json).map_err(cannot)?;
    std::fs::write(load.out.join("report.html"), report.page()).map_err(cannot)?;
    print(&summary(&report));
    print(&format!("\n{}\n", load.out.join("report.html").display()));
    Ok(if report.holds() { ExitCode::SUCCESS } else { ExitCode::FAILURE })
}

/// The headers that Discord would send with this body, signed with the development key.
fn sign(at: Timestamp, body: &str) -> Vec<(&'static str, String)> {
    static SIGNER: LazyLock<Signer> = LazyLock::new(Signer::development);
    let signed = Signed::new(&SIGNER, at, body.to_owned());
    signed.headers().map(|(name, value)| (name, value.to_owned())).to_vec()
}

impl Load {
    fn plan(&self) -> Plan {
        let (steady, peak, seconds, members) =
            if self.quick { (20, 60, 3, 500) } else { (self.steady, self.peak, self.seconds, self.members) };
        let phase = |name, per_second| Phase { name, per_second, seconds };
        let phases = vec![phase("steady", steady), phase("peak", peak)];
        Plan { seed: self.seed, members: members as usize, phases }
    }

    fn replies_port(&self) -> u16 {
        self.replies.unwrap_or(if self.url.is_some() { REPLY_PORT } else { 0 })
    }
}

/// Progress goes to standard error, so that standard output holds the result alone.
fn note(text: &str) {
    let _ = std::io::stderr().write_all(text.as_bytes());
}

fn told(progress: &Progress, plan: &Plan) -> String {
    let Progress { at, sent, answered, wrong } = progress;
    // `\r` overwrites the previous line.
    format!(
        "\r{:>4} of {} s: {sent} sent, {answered} answered, {wrong} errors ",
        at.as_secs(),
        plan.length().as_secs()
    )
}

fn summary(report: &Report) -> String {
    let mut text = String::new();
    for phase in &report.statistics.phases {
        let row = |row: &Row| [vec![row.what.to_owned()], row.cells()].concat();
        let rows = phase.commands.iter().chain([&phase.instant]).map(row);
        let heading = Row::HEADING.map(str::to_owned).to_vec();
        text += &format!("{}/s for {} s\n", phase.phase.per_second, phase.phase.seconds);
        text += &table(&std::iter::once(heading).chain(rows).collect::<Vec<_>>());
        text += "\n";
    }
    for (what, count) in &report.statistics.wrong {
        text += &format!("{count} x {what}\n");
    }
    for local_load::Check { what, wanted, found, holds } in &report.checks {
        let verdict = match holds {
            Some(true) => "ok  ",
            Some(false) => "FAIL",
            None => "-   ",
        };
        text += &format!("{verdict}  {what}: {found} ({wanted})\n");
    }
    if !report.release {
        text += "This is a debug build, so its times are not meaningful. Use: cargo run --release -- load\n";
    }
    text
}
