//! `steward invoke`: posts an interaction from a file to the running stack.

use std::{
    path::PathBuf,
    process::ExitCode,
    time::{Duration, Instant},
};

use bytes::Bytes;
use clap::Args;
use http::{Request, Response, StatusCode, Uri, header};
use jiff::Timestamp;
use ops::terminal::{now, print};
use serde_json::Value;

use super::{
    ENDPOINT,
    sign::{SignatureOptions, describe, read},
};
use crate::events::{self, Signed};

/// Longer than Discord's 3 s, so that a late response is still printed.
const RESPONSE_TIMEOUT: Duration = Duration::from_secs(10);

#[derive(Debug, Args)]
pub(super) struct Invoke {
    /// An interaction in JSON, or an event of API Gateway that holds one.
    file: PathBuf,
    /// Where to post it.
    #[arg(long, default_value = ENDPOINT)]
    url: Uri,
    #[command(flatten)]
    with: SignatureOptions,
    /// Send the event's own signature and timestamp instead of signing it anew.
    #[arg(long, conflicts_with_all = ["key", "timestamp"])]
    unchanged: bool,
}

pub(super) async fn run(invoke: &Invoke) -> Result<ExitCode, String> {
    let client = outbound::Client::new();
    let text = read(&invoke.file)?;
    let unusable = |problem| describe(&invoke.file, &problem);
    let signed = if invoke.unchanged {
        events::signed_of(&text).map_err(unusable)?
    } else {
        let body = events::body_of(&text).map_err(unusable)?;
        let now = stack_time(&client, &invoke.url).await.unwrap_or_else(now);
        invoke.with.sign(body, now)?
    };
    let began = Instant::now();
    let answer = post(&client, &invoke.url, signed).await?;
    print(&shown(&answer, began.elapsed()));
    Ok(if answer.status().is_success() { ExitCode::SUCCESS } else { ExitCode::FAILURE })
}

/// The stack's clock, which may have been advanced: the signature must match it. `None` for any other
/// machine, which is not queried.
async fn stack_time(client: &outbound::Client, url: &Uri) -> Option<Timestamp> {
    url.host().filter(|host| ["127.0.0.1", "localhost"].contains(host))?;
    let request = Request::post(format!("{}://{}/local/clock", url.scheme()?, url.authority()?))
        .header(header::CONTENT_TYPE, "application/json")
        .body(Bytes::from_static(br#"{"seconds":0}"#));
    let answer = client.send(request.ok()?, RESPONSE_TIMEOUT).await.ok()?;
    let answer: Value = serde_json::from_slice(answer.body()).ok()?;
    answer["now"].as_str()?.parse().ok()
}

async fn post(client: &outbound::Client, url: &Uri, signed: Signed) -> Result<Response<Bytes>, String> {
    let mut request = Request::post(url);
    for (name, value) in signed.headers() {
        request = request.header(name, value);
    }
    let request = request.body(Bytes::from(signed.body)).map_err(|error| error.to_string())?;
    client.send(request, RESPONSE_TIMEOUT).await.map_err(|error| {
        format!("no response from {url} ({error}). Start steward first in another terminal: cargo run")
    })
}

fn shown(answer: &Response<Bytes>, took: Duration) -> String {
    let body = serde_json::from_slice::<Value>(answer.body())
        .and_then(|body| serde_json::to_string_pretty(&body))
        .unwrap_or_else(|_| String::from_utf8_lossy(answer.body()).into_owned());
    let meaning = match answer.status() {
        StatusCode::OK => "",
        StatusCode::UNAUTHORIZED => {
            ", the signature is invalid: wrong key, changed body, or older than five minutes"
        }
        StatusCode::NOT_FOUND => ", there is no interactions endpoint at this URL",
        _ => "",
    };
    format!("{} in {} ms{meaning}\n{body}\n", answer.status(), took.as_millis())
}
