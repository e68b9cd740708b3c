//! Probes: on request, a function checks what it needs.

use std::time::Duration;

use aws::{ProbeResult, SendError};
use domain::{ApplicationId, Fault, Flags, InteractionId, InteractionToken, ProbeJob, Result};
use futures_util::FutureExt;

use crate::{Rest, Services};

/// The time limit for sending a probe job.
const SEND_TIMEOUT: Duration = Duration::from_secs(1);
/// A token that Discord does not know.
const UNKNOWN_TOKEN: &str = "probe";

/// Checks what the interactions function needs: both tables, and the jobs queue, to which it sends a probe job.
///
/// # Errors
/// The first [`Fault`] that was met.
pub async fn interactions(services: &Services, probe: InteractionId) -> Result<(), Fault> {
    tables(services, "interactions", probe).await?;
    let job = ProbeJob::new(probe, services.application());
    let sent = services.jobs().send_probe(&job, SEND_TIMEOUT).boxed().await;
    sent.map_err(|error| match error {
        SendError::Refused(fault) | SendError::Unknown(fault) => fault,
    })
}

/// Checks what the jobs function needs: both tables, and that Discord answers the edit of a reply. The token does
/// not exist, so the answer is that Discord does not know it.
pub(crate) async fn jobs(services: &Services, rest: &Rest, probe: &ProbeJob) -> Result<(), Fault> {
    edit_unknown(rest, probe.application).await?;
    tables(services, "jobs", probe.interaction).await
}

/// Reads an item of State, and writes the result to Ephemeral.
async fn tables(services: &Services, function: &str, probe: InteractionId) -> Result<(), Fault> {
    let now = services.now();
    services.store::<Flags>().load((), now).boxed().await?;
    let result = ProbeResult { probe, at: now };
    services.store::<ProbeResult>().put(function, &result, now).boxed().await
}

async fn edit_unknown(rest: &Rest, application: ApplicationId) -> Result<(), Fault> {
    let token = InteractionToken::new(UNKNOWN_TOKEN);
    match rest.edit_reply(application, &token, UNKNOWN_TOKEN.to_owned().into()).await {
        Err(error) if error.may_appear() || error.is_expired() => Ok(()),
        Err(error) => Err(Fault::new("discord", error.to_string())),
        Ok(()) => Err(Fault::new("discord", "it knows a token that does not exist")),
    }
}
