//! The I/O of one receive: executes each [`Action`] and returns its result.

use std::{panic::AssertUnwindSafe, time::Duration};

use aws::{Claim, Claims, SendError, telemetry};
use discord::{CustomId, Envelope, Reply, rest::RestError};
use domain::{
    ApplicationId, Error, Fault, InteractionId, InteractionToken, Job, Language, Result, Watchdog,
    attempt::{Action, Claimed, Event, JobState, Receive, Sent, Worked},
    dead_letter::Failure,
    deadline,
    job::{Act, Target},
    measurement::Step,
};
use futures_util::{FutureExt, future};
use jiff::Timestamp;

use super::{JOB_CLAIM, WATCHDOG_CLAIM, Worker};
use crate::{
    Caller, Class, Visibility, component_state,
    dispatch::Input,
    fault_log::log,
    guard,
    reply_client::{ReplyClient, ReplyError},
};

/// The time limit for sending a watchdog, or a job that is sent again.
const SEND_TIMEOUT: Duration = Duration::from_secs(1);
/// Time of the invocation that is reserved for what follows after the claim is completed.
const COMPLETE_RESERVE: Duration = Duration::from_secs(2);
/// Pauses between tries to complete a claim while the table is unavailable. There is no try after the last
/// one.
const COMPLETE_RETRY_DELAYS: [Duration; 4] =
    [Duration::from_millis(300), Duration::from_secs(1), Duration::from_secs(3), Duration::ZERO];

/// The message that was received.
#[expect(clippy::large_enum_variant, reason = "there is one for each receive, and it is not moved")]
pub(super) enum Message<'a> {
    /// A job and its interaction, `None` if that cannot be parsed.
    Job {
        job: &'a Job,
        envelope: Option<Envelope<'a>>,
    },
    Watchdog(&'a Watchdog),
}

/// One receive of a message, with its results so far.
pub(super) struct Attempt<'a> {
    worker: &'a Worker,
    message: Message<'a>,
    receive: Receive,
    /// Identifies this receive as the holder of its claim.
    holder: u64,
    /// The reply to deliver, once the work is done.
    reply: Reply,
    fault: Option<Fault>,
}

impl<'a> Attempt<'a> {
    pub(super) fn new(worker: &'a Worker, message: Message<'a>, receive: Receive) -> Self {
        let holder = worker.services.nonce();
        Self { worker, message, receive, holder, reply: Reply::default(), fault: None }
    }

    /// Executes an action.
    pub(super) async fn perform(&mut self, action: Action) -> Event {
        let interaction = self.interaction();
        let claims = self.worker.services.store::<Claims>();
        match action {
            Action::SetWatchdog => self.set_watchdog().await,
            Action::Claim => Event::Claimed(self.claim().await),
            Action::Work { within } => Event::Worked(self.work(within).await),
            Action::Edit { within } => {
                let edited = self.reply_client().edit(self.reply.clone(), within).await;
                self.sent(edited)
            }
            Action::Delete { within } => match self.reply_client().delete(within).await {
                Ok(()) => Event::Sent(Sent::Accepted),
                declined => self.sent(declined),
            },
            Action::FollowUp { to, within } => {
                let sent = self.reply_client().follow_up(self.reply.clone(), to, within).await;
                self.sent(sent)
            }
            Action::NotifyFailure { within } => {
                let sent = self.notify_failure(within).await;
                self.notified(sent)
            }
            Action::AskWatchdog => {
                let asked = claims.status(WATCHDOG_CLAIM, interaction, self.now()).await;
                Event::WatchdogAsked { has_notified: matches!(asked, Ok(Some(Claim::Done))) }
            }
            Action::SilenceWatchdog => {
                let completed = claims.complete(WATCHDOG_CLAIM, interaction, self.now()).await;
                self.log_error(completed);
                Event::WatchdogSilenced
            }
            Action::AskJob => Event::JobAsked(self.ask_job().await),
            Action::Release => Event::Released { lease_left: self.release().await },
            Action::Record => self.record().await,
            Action::SendAgain { after } => Event::SentAgain { accepted: self.send_again(after).await },
            Action::Complete => self.complete().await,
            Action::End(_) => Event::Completed,
        }
    }

    /// A watchdog that cannot be sent is logged; the work continues without it.
    async fn set_watchdog(&self) -> Event {
        let Message::Job { job, .. } = &self.message else { return Event::WatchdogSet };
        let watchdog = Watchdog::for_job(job, matches!(self.receive.target, Target::InPlace(_)));
        let after = deadline::left(self.now(), deadline::watchdog_at(job.interaction));
        let timers = self.worker.services.queue(&self.worker.timers_queue_url);
        if let Err(SendError::Refused(fault) | SendError::Unknown(fault)) =
            timers.send_watchdog(&watchdog, after, SEND_TIMEOUT).await
        {
            log(job.interaction, &Fault { component: "watch", ..fault });
        }
        Event::WatchdogSet
    }

    async fn claim(&mut self) -> Claimed {
        let (services, rest) = (&self.worker.services, &self.worker.rest);
        let claims = services.store::<Claims>();
        let claim =
            claims.claim(self.consumer(), self.interaction(), self.holder, services.now(), self.receive.ends);
        // Boxed, like all SDK calls, because their futures are large.
        let (claim, ()) = future::join(claim.boxed(), rest.load_shared_limits()).await;
        match claim {
            Ok(Claim::Mine) => Claimed::Mine { closed_until: rest.closed_until() },
            Ok(Claim::Done) => Claimed::Done,
            Ok(Claim::Busy(lease_until)) => {
                self.fault = Some(Fault::new("claim", "busy"));
                Claimed::Busy { lease_until }
            }
            Err(fault) => {
                self.failed(fault);
                Claimed::Unknown
            }
        }
    }

    async fn work(&mut self, within: Duration) -> Worked {
        self.step(Step::Claimed);
        let worked = AssertUnwindSafe(self.run_command()).catch_unwind();
        let worked = tokio::time::timeout(within, worked).await;
        self.step(Step::Worked);
        let fault = match worked {
            Ok(Ok(Ok((reply, visibility)))) => {
                self.reply = reply;
                return Worked::Reply(visibility);
            }
            Ok(Ok(Err(Error::Refused(refusal)))) => {
                self.reply = refusal.0.into();
                return Worked::Rejection;
            }
            Ok(Ok(Err(Error::Failed(fault)))) => fault,
            Ok(Err(_)) => Fault::new("command", "panic"),
            Err(_) => Fault::timeout("command"),
        };
        let kind = fault.kind;
        self.failed(fault);
        Worked::Fault(kind)
    }

    /// Runs the command's own code. Its options may make the reply more restrictive than the command's
    /// default.
    async fn run_command(&self) -> Result<(Reply, Visibility)> {
        let Message::Job { job, envelope: Some(envelope) } = &self.message else {
            return Err(Fault::new("job", "not an interaction").into());
        };
        let services = &self.worker.services;
        let visibility = self.receive.target.visibility();
        let caller = Caller::new(envelope, services.now(), services);
        let admitted = guard::admitted(services, caller, Class::Normal, visibility).await;
        let input = Input { envelope, body: job.body.get() };
        let (reply, visibility) = if job.act == Act::Command {
            let started = (self.worker.calls.work)(&job.command, input, admitted)?;
            (started.result.await?, started.cx.reply())
        } else {
            let id = envelope.custom_id().and_then(CustomId::parse);
            let id = id.ok_or_else(|| Fault::new("job", "no custom id"))?;
            let cx = admitted.context(visibility);
            let calls = self.worker.calls;
            let called = match job.act {
                Act::Modal => (calls.submit)(id, input, &cx),
                _ if envelope.is_button() => (calls.press)(id, input, &cx),
                _ => (calls.choose)(id, input, &cx),
            };
            (called.await?, visibility)
        };
        component_state::store(services, &reply.stored_states()).boxed().await?;
        Ok((reply, visibility))
    }

    /// Sends the error message: in place of the deferred message or, for a component, as an ephemeral
    /// follow-up.
    async fn notify_failure(&self, within: Duration) -> Result<(), ReplyError> {
        let failed = words::errors::failed(self.language(), self.interaction());
        match self.receive.target {
            Target::InPlace(_) => {
                self.reply_client().follow_up(failed.into(), Visibility::Ephemeral, within).await
            }
            Target::New(_) => {
                let doubt = words::errors::perhaps_later(self.language(), self.interaction());
                self.reply_client().notify_failure(&failed, &doubt, within).await
            }
        }
    }

    async fn ask_job(&self) -> JobState {
        let asked =
            self.worker.services.store::<Claims>().status(JOB_CLAIM, self.interaction(), self.now()).await;
        match asked {
            Ok(Some(Claim::Done)) => JobState::Done,
            Ok(Some(Claim::Busy(lease_until))) => JobState::Busy { lease_until },
            Ok(_) => JobState::Free,
            Err(fault) => {
                log(self.interaction(), &fault);
                JobState::Unknown
            }
        }
    }

    /// Releases the claim. Returns how long it still lasts if that fails, otherwise zero.
    async fn release(&self) -> Duration {
        let released = self
            .worker
            .services
            .store::<Claims>()
            .abandon(self.consumer(), self.interaction(), self.holder)
            .await;
        if self.log_error(released) { deadline::left(self.now(), self.receive.ends) } else { Duration::ZERO }
    }

    /// Completes the claim, with retries: if a finished job is not marked as completed, its watchdog
    /// reports it as failed.
    async fn complete(&self) -> Event {
        for pause in COMPLETE_RETRY_DELAYS {
            let now = self.now();
            let completed = self
                .worker
                .services
                .store::<Claims>()
                .complete(self.consumer(), self.interaction(), now)
                .await;
            if !self.log_error(completed) {
                if let Message::Job { .. } = self.message {
                    self.step(Step::Completed);
                }
                break;
            }
            if deadline::left(self.now(), self.receive.ends).saturating_sub(COMPLETE_RESERVE) < pause {
                break;
            }
            tokio::time::sleep(pause).await;
        }
        Event::Completed
    }

    /// Stores the reason of the failure, for the dead letter that the job is about to become.
    async fn record(&self) -> Event {
        if let (Message::Job { job, .. }, Some(fault)) = (&self.message, &self.fault) {
            let failure = Failure {
                guild: job.guild,
                command: job.command.clone(),
                component: fault.component.to_owned(),
                code: fault.code.clone(),
                receives: self.receive.count,
                at: self.now(),
            };
            let noted = self.worker.services.store().put(job.interaction, &failure, failure.at).await;
            self.log_error(noted);
        }
        Event::Recorded
    }

    async fn send_again(&mut self, after: Duration) -> bool {
        let Message::Job { job, .. } = &self.message else { return false };
        match self.worker.services.jobs().send_later(job, after, SEND_TIMEOUT).await {
            Ok(()) => true,
            Err(SendError::Refused(fault) | SendError::Unknown(fault)) => {
                self.failed(fault);
                false
            }
        }
    }

    /// The result of sending the reply.
    fn sent(&mut self, answer: Result<(), ReplyError>) -> Event {
        let Err(declined) = answer else {
            self.step(Step::Edited);
            return Event::Sent(Sent::Accepted);
        };
        let sent = sent(&declined);
        let fault = Fault::new("discord", declined.error.to_string());
        match sent {
            // The message was deleted, or the token expired. Neither is a fault of ours.
            Sent::Gone | Sent::Expired => {}
            // Nothing was sent, and the original rate limit has been logged already.
            Sent::Wait(_) if matches!(declined.error, RestError::RateLimited(_)) => self.fault = Some(fault),
            _ => self.failed(fault),
        }
        Event::Sent(sent)
    }

    /// The result of sending the error message. The reason of the failure itself is kept.
    fn notified(&mut self, answer: Result<(), ReplyError>) -> Event {
        match answer {
            Ok(()) => {
                if let Message::Job { .. } = self.message {
                    self.step(Step::Edited);
                }
                Event::Sent(Sent::Accepted)
            }
            Err(declined) => {
                log(self.interaction(), &Fault::new("discord", declined.error.to_string()));
                Event::Sent(sent(&declined))
            }
        }
    }

    /// Logs a fault, and keeps it for [`Action::Record`].
    fn failed(&mut self, fault: Fault) {
        log(self.interaction(), &fault);
        self.fault = Some(fault);
    }

    /// Logs the fault, if there is one, and returns whether there was.
    fn log_error(&self, answer: Result<(), Fault>) -> bool {
        answer.inspect_err(|fault| log(self.interaction(), fault)).is_err()
    }

    fn step(&self, step: Step) {
        telemetry::step(step, self.interaction(), Some(self.receive.count));
    }

    fn now(&self) -> Timestamp {
        self.worker.services.now()
    }

    fn interaction(&self) -> InteractionId {
        self.receive.interaction
    }

    fn consumer(&self) -> &'static str {
        match self.message {
            Message::Job { .. } => JOB_CLAIM,
            Message::Watchdog(_) => WATCHDOG_CLAIM,
        }
    }

    fn language(&self) -> Language {
        match self.message {
            Message::Job { job, .. } => job.language,
            Message::Watchdog(watchdog) => watchdog.language,
        }
    }

    fn reply_client(&self) -> ReplyClient<'_> {
        let (application, token): (ApplicationId, &InteractionToken) = match self.message {
            Message::Job { job, .. } => (job.application, &job.token),
            Message::Watchdog(watchdog) => (watchdog.application, &watchdog.token),
        };
        ReplyClient { services: &self.worker.services, rest: &self.worker.rest, application, token }
    }
}

fn sent(declined: &ReplyError) -> Sent {
    match declined.wait() {
        _ if declined.error.is_expired() => Sent::Expired,
        _ if declined.error.is_gone() => Sent::Gone,
        _ if declined.error.may_appear() => Sent::UnknownWebhook,
        Some(wait) => Sent::Wait(wait),
        None if declined.may_retry => Sent::Later,
        None => Sent::Never,
    }
}
