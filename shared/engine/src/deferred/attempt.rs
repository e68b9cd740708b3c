//! The I/O of one receive: executes each [`Action`] and returns its result.

use std::{panic::AssertUnwindSafe, time::Duration};

use aws::{Claim, Claims, Held, Lease, Purpose, SendError, Store, telemetry};
use discord::{CustomId, Envelope, Reply, rest::RestError};
use domain::{
    ApplicationId, Delivery, Error, Fault, InteractionId, InteractionToken, Job, Language, Result, Watchdog,
    attempt::{Action, Cause, Claimed, Event, Receive, Sent, Worked},
    deadline,
    job::{Act, Target},
    measurement::Step,
};
use futures_util::{FutureExt, future};
use jiff::Timestamp;

use super::{JOBS_CONSUMER, Worker};
use crate::{
    Caller, Class, Visibility, component_state,
    dispatch::Input,
    fault_log::log,
    guard,
    reply_client::{ReplyClient, ReplyError},
};

/// The time limit for sending a message to the dead-letter queue.
const SEND_TIMEOUT: Duration = Duration::from_secs(3);
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
    delivery: &'a Delivery<'a>,
    /// Identifies this receive as the holder of its claim.
    holder: u64,
    /// What earlier receives have left in the claim.
    held: Held,
    /// Whether the command's work has begun, so that this receive is an attempt.
    has_begun: bool,
    /// The reply to deliver, once the work is done.
    reply: Reply,
    fault: Option<Fault>,
}

impl<'a> Attempt<'a> {
    pub(super) fn new(
        worker: &'a Worker,
        message: Message<'a>,
        receive: Receive,
        delivery: &'a Delivery<'a>,
    ) -> Self {
        let (holder, held) = (worker.services.nonce(), Held::default());
        Self {
            worker,
            message,
            receive,
            delivery,
            holder,
            held,
            has_begun: false,
            reply: Reply::default(),
            fault: None,
        }
    }

    /// Executes an action.
    pub(super) async fn perform(&mut self, action: Action) -> Event {
        match action {
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
            Action::GiveUp(cause) => Event::Recorded { is_certain: self.give_up(cause).await },
            Action::RecordNotified => {
                let recorded =
                    self.claims().record_told(JOBS_CONSUMER, self.interaction(), self.holder).boxed().await;
                Event::Recorded { is_certain: !self.log_error(recorded) }
            }
            Action::DeadLetter => Event::DeadLettered { accepted: self.dead_letter().await },
            Action::Release { is_attempt } => Event::Released { lease_left: self.release(is_attempt).await },
            Action::Complete => self.complete().await,
            Action::End(_) => Event::Completed,
        }
    }

    async fn claim(&mut self) -> Claimed {
        let (services, rest) = (&self.worker.services, &self.worker.rest);
        let purpose = match self.message {
            Message::Watchdog(_) => Purpose::Inspection,
            Message::Job { .. } if self.receive.is_redriven => Purpose::Redrive,
            Message::Job { .. } => Purpose::Attempt,
        };
        let lease = Lease { holder: self.holder, until: self.receive.ends };
        let claims = self.claims();
        let claim = claims.claim(JOBS_CONSUMER, self.interaction(), lease, purpose, services.now());
        // Boxed, like all SDK calls, because their futures are large.
        let (claim, ()) = future::join(claim.boxed(), rest.load_shared_limits()).await;
        match claim {
            Ok(Claim::Mine(held)) => {
                let claimed = Claimed::Mine {
                    attempts: held.attempts,
                    failure: held.failure(),
                    was_killed: held.was_killed,
                    closed_until: rest.closed_until(),
                };
                self.held = held;
                claimed
            }
            Ok(Claim::Done) => Claimed::Done,
            Ok(Claim::Busy(lease_until)) => Claimed::Busy { lease_until },
            Err(fault) => {
                self.failed(fault);
                Claimed::Unknown
            }
        }
    }

    async fn work(&mut self, within: Duration) -> Worked {
        self.step(Step::Claimed);
        self.has_begun = true;
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

    /// Records the cause of the failure in the claim. False if that is uncertain.
    async fn give_up(&mut self, cause: Cause) -> bool {
        let cause = cause.text(self.fault.as_ref());
        let recorded =
            self.claims().give_up(JOBS_CONSUMER, self.interaction(), self.holder, &cause).boxed().await;
        self.held.gave_up = Some(cause);
        match recorded {
            Ok(is_ours) => is_ours,
            Err(fault) => {
                log(self.interaction(), &fault);
                false
            }
        }
    }

    /// Sends the message to the dead-letter queue, with the recorded cause. False if it may not be there.
    async fn dead_letter(&self) -> bool {
        let cause = self.held.gave_up.as_deref().unwrap_or_default();
        // The claim counts this receive too.
        let attempts = self.held.attempts.saturating_sub(u32::from(!self.has_begun));
        let queue = self.worker.dead_letters();
        let sent = queue.send_dead_letter(self.delivery, cause, attempts, SEND_TIMEOUT).boxed();
        match sent.await {
            Ok(()) => true,
            Err(SendError::Refused(fault) | SendError::Unknown(fault)) => {
                log(self.interaction(), &fault);
                false
            }
        }
    }

    /// Releases the claim. Returns how long it still lasts if that fails, otherwise zero.
    async fn release(&self, is_attempt: bool) -> Duration {
        let released =
            self.claims().release(JOBS_CONSUMER, self.interaction(), self.holder, is_attempt).boxed().await;
        if self.log_error(released) { deadline::left(self.now(), self.receive.ends) } else { Duration::ZERO }
    }

    /// Completes the claim, with retries: if a finished job is not marked as completed, its watchdog
    /// reports it as failed.
    async fn complete(&self) -> Event {
        for pause in COMPLETE_RETRY_DELAYS {
            let now = self.now();
            let completed = self.claims().complete(JOBS_CONSUMER, self.interaction(), now).boxed().await;
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

    /// Logs a fault, and keeps it for [`Action::GiveUp`].
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

    fn claims(&self) -> Store<Claims> {
        self.worker.services.store()
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
