//! Hands an interaction to the jobs function: sends its job and its watchdog.

use aws::{Claims, SendError};
use discord::Response;
use domain::{
    Fault, Job, Result, Watchdog, deadline, job,
    measurement::{Outcome, Step},
};
use futures_util::{FutureExt, future};
use serde_json::value::RawValue;

use super::{Call, Finished, InteractionRequest, ephemeral_response, message_response};
use crate::{Visibility, deferred::JOBS_CONSUMER, target::Target};

impl InteractionRequest<'_> {
    /// Defers to the jobs function. The deferred response is sent only after the queue has accepted the
    /// job.
    pub(super) async fn hand_over(&self, call: &Call<'_>) -> Finished {
        let sent = match self.job(call) {
            Ok(job) => self.send(&job, call).await,
            Err(fault) => Err(SendError::Refused(fault)),
        };
        if sent.is_ok() {
            self.step(Step::Queued);
        }
        match (sent, call.target) {
            (Ok(()), Target::InPlace(_)) => (Response::DeferredUpdate, Outcome::Deferred),
            (Ok(()), Target::New(seen)) => {
                (Response::DeferredMessage { ephemeral: seen == Visibility::Ephemeral }, Outcome::Deferred)
            }
            (Err(SendError::Refused(fault)), _) => self.error_message(&fault),
            (Err(SendError::Unknown(fault)), Target::InPlace(_)) => {
                // If the job was queued after all, it edits this message or sends a follow-up.
                self.log(&fault);
                (
                    ephemeral_response(words::errors::perhaps_soon(self.language(), self.envelope.id)),
                    Outcome::Failed,
                )
            }
            (Err(SendError::Unknown(fault)), Target::New(_)) => {
                // If the job was queued after all, it edits this message.
                self.log(&fault);
                let text = words::errors::perhaps_later(call.cx.language(), self.envelope.id);
                (message_response(text.into(), call.target), Outcome::Failed)
            }
        }
    }

    /// Sends the job and, at the same time, its watchdog. The answer does not depend on the watchdog: without
    /// it nothing is lost but the last word, should every attempt be killed.
    async fn send(&self, job: &Job, call: &Call<'_>) -> Result<(), SendError> {
        let (group, within) = (call.cx.caller.message_group(), self.left_to_send());
        let watchdog = Watchdog::for_job(job, matches!(call.target, Target::InPlace(_)));
        let delay = deadline::left(self.services.now(), deadline::watchdog_at(job.interaction));
        let (jobs, timers) = (self.services.jobs(), self.services.timers());
        let job_sent = jobs.send(job, &group, within).boxed();
        let watchdog_sent = timers.send_watchdog(&watchdog, &group, delay, within).boxed();
        let (job_sent, watchdog_sent) = future::join(job_sent, watchdog_sent).await;
        if let Err(SendError::Refused(fault) | SendError::Unknown(fault)) = watchdog_sent {
            self.log(&Fault { component: "watch", ..fault });
        } else if matches!(job_sent, Err(SendError::Refused(_))) {
            // The user is told now, so the watchdog must not do it again.
            let claims = self.services.store::<Claims>();
            let silenced = claims.complete(JOBS_CONSUMER, job.interaction, self.services.now()).boxed();
            let silenced = tokio::time::timeout(self.left_to_send(), silenced).await;
            if let Ok(Err(fault)) = silenced {
                self.log(&fault);
            }
        }
        job_sent
    }

    fn job(&self, call: &Call<'_>) -> Result<Job, Fault> {
        let Call { entry, act, target, cx } = call;
        // An error message beside a component's message is ephemeral.
        let language = match target {
            Target::New(_) => cx.language(),
            Target::InPlace(_) => cx.user_language(),
        };
        Ok(Job {
            v: job::VERSION,
            interaction: cx.caller.interaction,
            application: cx.caller.application,
            token: self.envelope.token.clone(),
            guild: cx.caller.guild,
            act: *act,
            command: entry.name.to_owned(),
            language,
            body: RawValue::from_string(self.body.to_owned()).map_err(|_| Fault::new("job", "not JSON"))?,
        })
    }
}
