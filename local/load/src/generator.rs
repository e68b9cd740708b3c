//! The generator: sends each planned interaction at its planned time, and records the result.

use std::{
    sync::Arc,
    time::{Duration, Instant},
};

use local_clock::Clock;
use tokio::task::JoinSet;

use super::{
    Application, Plan, Progress, Target,
    measured::{Measured, Sample},
    plan::Arrival,
    process::usage,
    sender::{Sender, Sent, Start},
    webhooks::Webhooks,
    workload::Workload,
};

/// Warms the stack up, sends the load, and waits for the last edits. `tell` is called every second.
pub async fn run(
    plan: &Plan,
    application: Application,
    target: &Target,
    webhooks: &Webhooks,
    tell: impl Fn(&Progress),
) -> Result<Measured, String> {
    let clock = Clock::default();
    let workload = Workload::new(plan.guilds(), clock.now())?;
    let sender = Arc::new(Sender::new(application, target, workload, webhooks.clone()));
    sender.warm_up(plan.guilds(), &clock).await?;
    let start = Start { instant: Instant::now(), time: clock.now() };
    let mut loading = tokio::spawn(load(Arc::clone(&sender), plan.arrivals(), start));
    let mut samples = Vec::new();
    let mut ticks = tokio::time::interval(Duration::from_secs(1));
    let sent = loop {
        tokio::select! {
            sent = &mut loading => break sent.map_err(|error| error.to_string())?,
            _ = ticks.tick() => {
                samples.push(sample(start, target));
                tell(&sender.progress(start));
            }
        }
    };
    samples.push(sample(start, target));
    let records = sender.settle(sent, start).await;
    Ok(Measured { records, samples })
}

async fn load(sender: Arc<Sender>, arrivals: Vec<Arrival>, start: Start) -> Vec<Sent> {
    let mut sent = JoinSet::new();
    for arrival in arrivals {
        tokio::time::sleep_until((start.instant + arrival.at).into()).await;
        sent.spawn(Arc::clone(&sender).send(arrival, start));
    }
    sent.join_all().await
}

fn sample(start: Start, target: &Target) -> Sample {
    Sample {
        at: start.instant.elapsed(),
        generator: usage(std::process::id()),
        stack: target.pid().and_then(usage),
    }
}
