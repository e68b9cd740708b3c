//! `discord-sim`: the simulated Discord as a program.

use std::{
    io::{self, Write},
    net::{Ipv4Addr, SocketAddr},
    path::PathBuf,
    process::ExitCode,
    time::Duration,
};

use axum::{
    Json, Router,
    extract::State,
    http::StatusCode,
    response::{IntoResponse, Response},
    routing::{get, post},
};
use clap::Parser;
use serde::Deserialize;
use serde_json::{Value, json};
use steward_local_discord::{Clock, Discord, Options, Status, control, localhost};
use tokio::net::TcpListener;

/// One year; without a limit, the clock could overflow.
const MAX_ADVANCE_SECONDS: u64 = 366 * 24 * 3_600;

/// A simulated Discord: run any interactions bot against it, in any language.
///
/// It signs and posts interactions to the bot, and serves Discord's REST API under /api/v10. Scripts act as
/// members, and read what members see, under /local. The README of this crate describes all of it.
#[derive(Debug, Parser)]
#[command(name = "discord-sim", version)]
struct Arguments {
    /// The port on 127.0.0.1; 0 is any free port.
    #[arg(long, default_value_t = 7_800)]
    port: u16,
    /// The bot's interactions endpoint. The bot can also set it: PATCH /applications/@me.
    #[arg(long, value_name = "URL")]
    interactions_url: Option<String>,
    /// The SQLite file of guilds, messages, commands and keys. Without it, all of it is in memory.
    #[arg(long, value_name = "FILE")]
    database: Option<PathBuf>,
    /// The key pair of a new database, and the order of injected faults. Application id and bot token also depend on
    /// the time.
    #[arg(long, default_value_t = 1)]
    seed: u64,
    /// Print URL, ids, public key and bot token as one line of JSON.
    #[arg(long)]
    json: bool,
}

#[tokio::main]
async fn main() -> ExitCode {
    match run(Arguments::parse()).await {
        Ok(()) => ExitCode::SUCCESS,
        Err(problem) => {
            let _ = writeln!(io::stderr(), "discord-sim: {problem}");
            ExitCode::FAILURE
        }
    }
}

async fn run(arguments: Arguments) -> Result<(), String> {
    let cannot_listen =
        |error| format!("cannot listen on 127.0.0.1:{}: {error}. --port chooses another", arguments.port);
    let address = SocketAddr::from((Ipv4Addr::LOCALHOST, arguments.port));
    let listener = TcpListener::bind(address).await.map_err(cannot_listen)?;
    let url = format!("http://{}", listener.local_addr().map_err(cannot_listen)?);
    let discord = Discord::open(Options {
        database: arguments.database,
        clock: Clock::default(),
        interactions_url: arguments.interactions_url.unwrap_or_default(),
        seed: arguments.seed,
        answers: None,
    });
    let discord = discord.map_err(|error| error.to_string())?;
    let status = discord.status().map_err(|error| error.to_string())?;
    let text = if arguments.json { line(&url, &status) } else { banner(&url, &status) };
    let _ = io::stdout().write_all(text.as_bytes()).and_then(|()| io::stdout().flush());
    axum::serve(listener, router(discord)).await.map_err(|error| error.to_string())
}

fn router(discord: Discord) -> Router {
    let own = Router::new()
        .route("/local/status", get(status))
        .route("/local/clock", post(advance))
        .with_state(discord.clone());
    localhost::guarded(discord.watched_router().merge(control::router(discord)).merge(own))
}

async fn status(State(discord): State<Discord>) -> Result<Json<Status>, Response> {
    discord.status().map(Json).map_err(|error| problem(StatusCode::INTERNAL_SERVER_ERROR, &error.to_string()))
}

#[derive(Deserialize)]
struct Advance {
    seconds: u64,
}

/// Advances the clock by which tokens expire and rate limits end.
async fn advance(State(discord): State<Discord>, Json(by): Json<Advance>) -> Result<Json<Value>, Response> {
    if by.seconds > MAX_ADVANCE_SECONDS {
        return Err(problem(StatusCode::UNPROCESSABLE_ENTITY, "the clock can be advanced by at most a year"));
    }
    let _pause = discord.between_deliveries().await;
    discord.clock().advance(Duration::from_secs(by.seconds));
    Ok(Json(json!({ "now": discord.clock().now() })))
}

fn problem(status: StatusCode, sentence: &str) -> Response {
    (status, Json(json!({ "error": sentence }))).into_response()
}

fn line(url: &str, status: &Status) -> String {
    let known = json!({
        "url": url,
        "application_id": status.application_id,
        "public_key": status.public_key,
        "bot_token": status.bot_token,
        "interactions_endpoint_url": status.interactions_endpoint_url,
    });
    format!("{known}\n")
}

fn banner(url: &str, status: &Status) -> String {
    let members: Vec<_> = status.users.iter().map(|user| user.name.as_str()).collect();
    let endpoint = match status.interactions_endpoint_url.as_str() {
        "" => "none: start with --interactions-url, or PATCH /applications/@me",
        url => url,
    };
    format!(
        "A simulated Discord is running at {url}\n\n\
         \x20 application id  {}\n\
         \x20 public key      {}\n\
         \x20 bot token       {}\n\
         \x20 REST API        {url}/api/v10\n\
         \x20 interactions    {endpoint}\n\
         \x20 members         {}\n\
         \x20 status          {url}/local/status\n\n\
         Ctrl-C stops it.\n",
        status.application_id,
        status.public_key,
        status.bot_token,
        members.join(", "),
    )
}
