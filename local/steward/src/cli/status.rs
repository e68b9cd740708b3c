//! `steward status`: what users saw, the queues' depths (dead letters too), and the breakers of outside APIs.

use clap::Args;
use domain::measurement::Row;
use http::Method;
use local_sqs::Depth;
use ops::terminal::{print, table};
use serde::Deserialize;

use super::steward::Steward;
use crate::status::{Breaker, Environments, State};

#[derive(Debug, Args)]
pub(super) struct Status {
    /// The port of the running steward.
    #[arg(long, default_value_t = 7700)]
    port: u16,
}

/// The parts of `/local/status` that are shown.
#[derive(Deserialize)]
struct StatusResponse {
    version: String,
    queues: Vec<Depth>,
    environments: Environments,
    breakers: Vec<Breaker>,
    outcomes: Vec<Row>,
}

pub(super) async fn run(status: &Status) -> Result<(), String> {
    let response: StatusResponse =
        Steward::at(status.port).request(Method::GET, "/local/status", None::<&()>).await?;
    print(&render(&response));
    Ok(())
}

fn render(response: &StatusResponse) -> String {
    let Environments { interactions, jobs } = response.environments;
    let noun = if interactions == 1 { "environment" } else { "environments" };
    let seen = if response.outcomes.is_empty() {
        "No interactions since the start.\n".to_owned()
    } else {
        format!("User outcomes:\n{}", table(&rows(&response.outcomes)))
    };
    format!(
        "Steward {}, {interactions} {noun} of interactions and {jobs} of jobs started\n\n{seen}\n{}\n{}",
        response.version,
        table(&queues(&response.queues)),
        table(&breakers(&response.breakers)),
    )
}

fn rows(lines: &[Row]) -> Vec<Vec<String>> {
    let heading = [
        "command",
        "version",
        "<1 s",
        "<3 s",
        "refused",
        "failed",
        "deferred",
        "done",
        "expired",
        "abandoned",
    ];
    let row = |line: &Row| {
        let counts = line.counts.in_order().map(|(_, count)| count.to_string());
        [line.name(), line.version.clone()].into_iter().chain(counts).collect()
    };
    std::iter::once(heading.map(str::to_owned).to_vec()).chain(lines.iter().map(row)).collect()
}

fn queues(queues: &[Depth]) -> Vec<Vec<String>> {
    let heading = ["queue", "visible", "in flight", "delayed"].map(str::to_owned).to_vec();
    let row = |depth: &Depth| {
        let counts = [depth.visible, depth.in_flight, depth.delayed].map(|count| count.to_string());
        std::iter::once(depth.name.clone()).chain(counts).collect()
    };
    std::iter::once(heading).chain(queues.iter().map(row)).collect()
}

fn breakers(breakers: &[Breaker]) -> Vec<Vec<String>> {
    let heading = ["outside API", "circuit breaker", "until"].map(str::to_owned).to_vec();
    let row = |Breaker { name, state, until }: &Breaker| {
        let asked = match state {
            State::Closed => "closed",
            State::Open => "open",
            State::HalfOpen => "half-open",
        };
        let until = until.map(|until| until.strftime("%H:%M:%S UTC").to_string()).unwrap_or_default();
        vec![name.clone(), asked.to_owned(), until]
    };
    std::iter::once(heading).chain(breakers.iter().map(row)).collect()
}
