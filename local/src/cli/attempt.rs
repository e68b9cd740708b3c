//! `steward try`: one interaction through the running system, as its user sees it.

use std::time::Duration;

use bytes::Bytes;
use http::{Method, Request, StatusCode, header};
use serde::{Serialize, de::DeserializeOwned};

use super::{Try, tell};
use crate::server::{Said, Say, Shown, ShownStep};

/// Longer than the server waits for something new to see.
const WITHIN: Duration = Duration::from_secs(30);

pub(super) async fn run(attempt: &Try) -> Result<(), String> {
    let steward = Steward { client: outbound::Client::new(), port: attempt.port };
    let say =
        Say { user: attempt.user.clone(), channel: attempt.channel.clone(), line: attempt.line.clone() };
    let Said { id } = steward.ask(Method::POST, "/local/say", Some(&say)).await?;
    tell(&format!("{} types in {}: {}\n", say.user, say.channel, say.line));
    let mut seen = 0;
    loop {
        let view: Shown =
            steward.ask(Method::GET, &format!("/local/interactions/{id}?after={seen}"), None::<&()>).await?;
        view.steps.iter().skip(seen).for_each(|step| tell(&told(step)));
        seen = seen.max(view.steps.len());
        match (view.settled, view.failed) {
            (true, true) => return Err("the application did not respond".to_owned()),
            (true, false) => return Ok(()),
            (false, _) => {}
        }
    }
}

/// A running `steward up`.
struct Steward {
    client: outbound::Client,
    port: u16,
}

impl Steward {
    async fn ask<T: DeserializeOwned>(
        &self,
        method: Method,
        path: &str,
        body: Option<&impl Serialize>,
    ) -> Result<T, String> {
        let body = body.map(serde_json::to_vec).transpose().map_err(|error| error.to_string())?;
        let request = Request::builder()
            .method(method)
            .uri(format!("http://127.0.0.1:{}{path}", self.port))
            .header(header::CONTENT_TYPE, "application/json")
            .body(Bytes::from(body.unwrap_or_default()))
            .map_err(|error| error.to_string())?;
        let answer = self.client.send(request, WITHIN).await.map_err(|error| self.nobody(error))?;
        if answer.status() == StatusCode::OK {
            return serde_json::from_slice(answer.body())
                .map_err(|error| format!("unexpected answer: {error}"));
        }
        let problem: serde_json::Value = serde_json::from_slice(answer.body()).unwrap_or_default();
        Err(problem["error"].as_str().map_or_else(|| format!("status {}", answer.status()), str::to_owned))
    }

    fn nobody(&self, error: outbound::Failed) -> String {
        format!(
            "nothing answers at 127.0.0.1:{} ({error}). Start it first in another terminal: cargo run",
            self.port
        )
    }
}

fn told(step: &ShownStep) -> String {
    let mut text = format!("\n{:>6} ms  {}\n", step.ms, step.what);
    for line in &step.lines {
        text.push_str(&format!("           │ {line}\n"));
    }
    text
}
