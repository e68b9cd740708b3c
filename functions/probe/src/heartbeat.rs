//! Once a minute: does the bot work as Discord and its users meet it?

use std::time::Duration;

use aws::ProbeResult;
use bytes::Bytes;
use futures_util::FutureExt;
use http::{Request, StatusCode, header};
use jiff::SignedDuration;
use serde_json::Value;

use crate::{Findings, Probe, Probed, interaction::Sent};

/// The time limit of the endpoint for a request without a signature.
const ENDPOINT_TIMEOUT: Duration = Duration::from_secs(1);
/// The time in which a probe job is done if all is well. The last probe may have been a hook's, a moment ago.
const JOB_TIME: SignedDuration = SignedDuration::from_secs(20);
/// How far the clocks of two environments may differ.
const CLOCK_TOLERANCE: SignedDuration = SignedDuration::from_secs(1);

impl Probe {
    /// Checks the endpoint, the probe job of the last heartbeat, the alias, and the version that gets a part of the
    /// traffic while a deployment runs.
    pub(crate) async fn heartbeat(&self) -> Findings {
        let mut failures = Vec::new();
        failures.extend(self.check_endpoint().await.err());
        failures.extend(self.check_last_job().boxed().await.err());
        failures
            .extend(self.probe_interaction(&self.target, Sent::Ping, false).await.err().unwrap_or_default());
        match self.lambda.canaries(&self.target, self.clock.now()).await {
            Ok(versions) => {
                for version in versions {
                    let failed = self.probe_interaction(&version, Sent::Ping, false).await.err();
                    let of = |failure| format!("version {}: {failure}", version.qualifier);
                    failures.extend(failed.unwrap_or_default().into_iter().map(of));
                }
            }
            Err(fault) => failures.push(format!("the alias cannot be read ({fault})")),
        }
        match failures.is_empty() {
            true => tracing::info!(Heartbeat = 1, "heartbeat"),
            false => tracing::error!(Heartbeat = 0, reason = failures.join("; "), "heartbeat"),
        }
        Findings { ok: failures.is_empty(), failures }
    }

    /// The endpoint must answer a request without a signature with the 401 of the interactions function, as it
    /// answers Discord's own checks. The gateway's errors have another shape.
    async fn check_endpoint(&self) -> Result<(), String> {
        let Some(url) = &self.interactions_url else {
            return Err("endpoint: INTERACTIONS_URL is not set".to_owned());
        };
        let request = Request::post(url).header(header::CONTENT_TYPE, "application/json");
        let request = request.body(Bytes::from_static(br#"{"type":1}"#));
        let request = request.map_err(|_| "endpoint: INTERACTIONS_URL is not a URL".to_owned())?;
        let response = self.http.send(request, ENDPOINT_TIMEOUT).await;
        let response = response.map_err(|error| format!("endpoint: {error}"))?;
        let body: Value = serde_json::from_slice(response.body()).unwrap_or_default();
        match (response.status(), body["error"].is_string()) {
            (StatusCode::UNAUTHORIZED, true) => Ok(()),
            (StatusCode::UNAUTHORIZED, false) => {
                Err("endpoint: the 401 is not that of the function".to_owned())
            }
            (status, _) => Err(format!("endpoint: answered {} in place of 401", status.as_u16())),
        }
    }

    /// After the last probe of the interactions function there must have been one of the jobs function, which came
    /// through the queue.
    async fn check_last_job(&self) -> Result<(), String> {
        let now = self.clock.now();
        let load = async |function: Probed| {
            let loaded = self.results.get(function.name(), now).await;
            loaded.map_err(|fault| format!("the last probe cannot be read ({fault})"))
        };
        let Some(ProbeResult { at: queued, .. }) = load(Probed::Interactions).await? else {
            // The first heartbeat, or the first for an hour. If the probe below fails, that is said there.
            return Ok(());
        };
        if now.duration_since(queued) < JOB_TIME {
            return Ok(());
        }
        match load(Probed::Jobs).await? {
            Some(ProbeResult { at: done, .. }) if done >= queued - CLOCK_TOLERANCE => Ok(()),
            _ => Err("the last probe job has not been done".to_owned()),
        }
    }
}
