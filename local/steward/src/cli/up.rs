//! `steward up`: everything runs until Ctrl-C.

use std::{io::Write, time::Duration};

use super::Up;
use crate::{ApiMode, Options, Stack, logs::Logs};

pub(super) async fn run(up: &Up) -> Result<(), String> {
    let logs = Logs::default();
    let (lines, level) = (logs.clone(), up.log.clone());
    // The inspector shows INFO lines even if the terminal's level is higher.
    let noted = if matches!(&*level, "debug" | "trace") { &*up.log } else { "info" };
    crate::logs::start(Some(noted), move || lines.writer(&level));
    aws::telemetry::report_panics();
    let stack = Stack::start(Options { logs, ..options(up) }).await.map_err(|error| error.to_string())?;
    stack.open_meteo.set_latency(Duration::from_millis(up.weather_latency));
    let text = banner(up, &stack)?;
    // A failed write, to a closed terminal for example, is no reason to stop.
    let _ = std::io::stdout().write_all(text.as_bytes());
    tokio::select! {
        pressed = tokio::signal::ctrl_c() => pressed.map_err(|error| format!("cannot wait for Ctrl-C: {error}"))?,
        () = end_of_stdin(), if up.until_stdin_ends => (),
    }
    let kept: &[u8] = if up.memory {
        b"\nStopped. The state was in memory and is lost.\n"
    } else {
        b"\nStopped. The state is saved: the next start continues from it.\n"
    };
    let _ = std::io::stdout().write_all(kept);
    Ok(())
}

/// Reads in a thread of its own: the runtime's shutdown would wait for a blocking read of `tokio::io::stdin`.
async fn end_of_stdin() {
    let (ended, end) = tokio::sync::oneshot::channel();
    std::thread::spawn(move || {
        let _ = std::io::copy(&mut std::io::stdin(), &mut std::io::sink());
        let _ = ended.send(());
    });
    let _ = end.await;
}

#[expect(clippy::disallowed_methods, reason = "without --seed chance comes from outside")]
fn options(up: &Up) -> Options {
    Options {
        port: up.port,
        data: (!up.memory).then(|| up.data.clone()),
        environments: usize::from(up.environments),
        weather: if up.live { ApiMode::Live } else { ApiMode::Simulated },
        public_keys: up.public_key.clone().filter(|keys| !keys.is_empty()),
        discord_api_base: up.discord_api_base.clone(),
        limits: !up.no_limits,
        seed: up.seed.unwrap_or_else(|| fastrand::Rng::new().u64(..)),
        answers: up.answers.clone(),
        fault_proxy: None,
        heartbeat: !up.no_heartbeat,
        logs: Logs::default(),
    }
}

fn banner(up: &Up, stack: &Stack) -> Result<String, String> {
    let status = stack.discord.status().map_err(|error| error.to_string())?;
    let kept = if up.memory { "in memory".to_owned() } else { format!("in {}", up.data.display()) };
    let weather = if up.live { "open-meteo.com" } else { "simulated (--live uses open-meteo.com)" };
    let people: Vec<_> = status.users.iter().map(|user| user.name.as_str()).collect();
    Ok(format!(
        "Steward {version} is running at {url}\n\n\
         \x20 endpoint     POST {url}/interactions, up to {environments} {noun} of each function\n\
         \x20 Discord      simulated, REST at {url}/api/v10, application {application}\n\
         \x20 members      {people}\n\
         \x20 state        DynamoDB and queue {kept}\n\
         \x20 weather      {weather}\n\
         \x20 status       {url}/local/status\n\n\
         Open {url} in a browser, or try it in another terminal:\n\
         cargo run -- try '/weather place:Paris'\n\
         Ctrl-C stops it.\n",
        version = engine::VERSION,
        url = stack.url,
        environments = up.environments,
        noun = if up.environments == 1 { "environment" } else { "environments" },
        application = status.application_id,
        people = people.join(", "),
    ))
}
