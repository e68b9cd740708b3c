//! What one receive does: the I/O of each [`Action`], and what came of it.

use std::{panic::AssertUnwindSafe, time::Duration};

use aws::{Claim, Claims, SendError, telemetry};
use discord::{CustomId, Envelope, Reply, rest::Failed};
use domain::{
    ApplicationId, Error, Fault, FaultKind, InteractionId, InteractionToken, Job, Language, Result, Watch,
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
    Caller, Class, Registry, Visibility, component_state,
    dispatch::Input,
    fault_log::log,
    guard,
    reply_client::{NotTaken, ReplyClient},
};

/// The queue is given this long to take a watchdog, or a job that is put off.
const SEND_TIMEOUT: Duration = Duration::from_secs(1);
/// Of an invocation, kept for what comes after the claim is completed.
const FOR_THE_RECORD: Duration = Duration::from_secs(2);
/// Pauses between tries to complete a claim while the table does not answer.
const COMPLETE_AGAIN_AFTER: [Duration; 4] =
    [Duration::from_millis(300), Duration::from_secs(1), Duration::from_secs(3), Duration::ZERO];

/// What the queue handed out.
#[expect(clippy::large_enum_variant, reason = "there is one for each receive, and it is not moved")]
pub(super) enum Message<'a> {
    /// A job, and its interaction, if it can be read.
    Job {
        job: &'a Job,
        envelope: Option<Envelope<'a>>,
    },
    Watchdog(&'a Watch),
}

/// One receive of one message, and what is known of it so far.
pub(super) struct Attempt<'a, R> {
    worker: &'a Worker<R>,
    message: Message<'a>,
    receive: Receive,
    /// Under which it holds its claim.
    holder: u64,
    /// What is to be delivered, once the work is done.
    reply: Reply,
    /// Why it failed last.
    fault: Option<Fault>,
}

impl<'a, R: Registry> Attempt<'a, R> {
    pub(super) fn new(worker: &'a Worker<R>, message: Message<'a>, receive: Receive) -> Self {
        let holder = worker.bot.nonce();
        Self { worker, message, receive, holder, reply: Reply::default(), fault: None }
    }

    /// Does it.
    pub(super) async fn perform(&mut self, action: Action) -> Event {
        let interaction = self.interaction();
        let claims = self.worker.bot.store::<Claims>();
        match action {
            Action::SetWatchdog => self.set_watchdog().await,
            Action::Claim => Event::Claimed(self.claim().await),
            Action::Work { within } => Event::Worked(self.work(within).await),
            Action::Edit { within } => {
                let edited = self.reply_client().edit(self.reply.clone(), within).await;
                self.sent(edited)
            }
            Action::Delete { within } => match self.reply_client().delete(within).await {
                Ok(()) => Event::Sent(Sent::Taken),
                declined => self.sent(declined),
            },
            Action::FollowUp { to, within } => {
                let said = self.reply_client().say_beside(self.reply.clone(), to, within).await;
                self.sent(said)
            }
            Action::NotifyFailure { within } => {
                let told = self.notify(within).await;
                self.notified(told)
            }
            Action::AskWatchdog => {
                let asked = claims.look(WATCHDOG_CLAIM, interaction, self.now()).await;
                Event::WatchdogAsked { has_told: matches!(asked, Ok(Some(Claim::Done))) }
            }
            Action::SilenceWatchdog => {
                let completed = claims.complete(WATCHDOG_CLAIM, interaction, self.now()).await;
                self.log_error(completed);
                Event::WatchdogSilenced
            }
            Action::AskJob => Event::JobAsked(self.ask_job().await),
            Action::Release => Event::Released { lease_left: self.release().await },
            Action::Record => self.record().await,
            Action::SendAgain { after } => Event::SentAgain { taken: self.send_again(after).await },
            Action::Complete => self.complete().await,
            Action::End(_) => Event::Completed,
        }
    }

    /// If it cannot be sent, the work goes on without.
    async fn set_watchdog(&self) -> Event {
        let Message::Job { job, .. } = &self.message else { return Event::WatchdogSet };
        let watch = Watch::over(job, matches!(self.receive.target, Target::InPlace(_)));
        let after = deadline::left(self.now(), deadline::watch_at(job.interaction));
        let timers = self.worker.bot.queue(&self.worker.timers_queue_url);
        if let Err(SendError::Refused(fault) | SendError::Unknown(fault)) =
            timers.send_watch(&watch, after, SEND_TIMEOUT).await
        {
            log(job.interaction, &Fault { component: "watch", ..fault });
        }
        Event::WatchdogSet
    }

    async fn claim(&mut self) -> Claimed {
        let (bot, rest) = (&self.worker.bot, &self.worker.rest);
        let claims = bot.store::<Claims>();
        let claim =
            claims.claim(self.consumer(), self.interaction(), self.holder, bot.now(), self.receive.ends);
        // Boxed, as whatever calls the SDK: its futures are deep and large.
        let (claim, ()) = future::join(claim.boxed(), rest.look()).await;
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
            Ok(Ok(Ok((reply, seen_by)))) => {
                self.reply = reply;
                return Worked::Reply(seen_by);
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

    /// The reply of the command's own code, and who sees it: the options may narrow what the command says.
    async fn run_command(&self) -> Result<(Reply, Visibility)> {
        let Message::Job { job, envelope: Some(envelope) } = &self.message else {
            return Err(Fault::new("job", "not an interaction").into());
        };
        let bot = &self.worker.bot;
        let visibility = self.receive.target.seen_by();
        let caller = Caller::of(envelope, bot.now(), bot);
        let admitted = guard::admitted(bot, caller, Class::Normal, visibility).await;
        let input = Input { envelope, body: job.body.get() };
        let (reply, seen_by) = if job.act == Act::Command {
            let started = R::work(&job.command, input, admitted)?;
            (started.result.await?, started.cx.reply())
        } else {
            let id = envelope.custom_id().and_then(CustomId::parse);
            let id = id.ok_or_else(|| Fault::new("job", "no custom id"))?;
            let cx = admitted.context(visibility);
            let called = match job.act {
                Act::Form => R::submit_work(id, input, &cx),
                _ if envelope.is_button() => R::press_work(id, input, &cx),
                _ => R::choose_work(id, input, &cx),
            };
            (called.await?, visibility)
        };
        component_state::keep(bot, &reply.overflows()).boxed().await?;
        Ok((reply, seen_by))
    }

    /// Where a reply of the command would stand, or beside the component's message.
    async fn notify(&self, within: Duration) -> Result<(), NotTaken> {
        let failed = words::errors::failed(self.language(), self.interaction());
        match self.receive.target {
            Target::InPlace(_) => {
                self.reply_client().say_beside(failed.into(), Visibility::Private, within).await
            }
            Target::New(_) => {
                let doubt = words::errors::perhaps_later(self.language(), self.interaction());
                self.reply_client().tell(&failed, &doubt, within).await
            }
        }
    }

    async fn ask_job(&self) -> JobState {
        let asked = self.worker.bot.store::<Claims>().look(JOB_CLAIM, self.interaction(), self.now()).await;
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

    /// Gives the claim back. If that fails: for how long it lasts.
    async fn release(&self) -> Duration {
        let released =
            self.worker.bot.store::<Claims>().abandon(self.consumer(), self.interaction(), self.holder).await;
        if self.log_error(released) { deadline::left(self.now(), self.receive.ends) } else { Duration::ZERO }
    }

    /// A job that is done and not known to be would be reported as failed by its watchdog, so the table is
    /// asked again as long as there is time.
    async fn complete(&self) -> Event {
        for pause in COMPLETE_AGAIN_AFTER {
            let now = self.now();
            let completed =
                self.worker.bot.store::<Claims>().complete(self.consumer(), self.interaction(), now).await;
            if !self.log_error(completed) {
                if let Message::Job { .. } = self.message {
                    self.step(Step::Completed);
                }
                break;
            }
            if deadline::left(self.now(), self.receive.ends).saturating_sub(FOR_THE_RECORD) < pause {
                break;
            }
            tokio::time::sleep(pause).await;
        }
        Event::Completed
    }

    /// Beside the dead letter that this receive makes of the job: why.
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
            let noted = self.worker.bot.store().put(job.interaction, &failure, failure.at).await;
            self.log_error(noted);
        }
        Event::Recorded
    }

    async fn send_again(&mut self, after: Duration) -> bool {
        let Message::Job { job, .. } = &self.message else { return false };
        match self.worker.bot.jobs().send_later(job, after, SEND_TIMEOUT).await {
            Ok(()) => true,
            Err(SendError::Refused(fault) | SendError::Unknown(fault)) => {
                self.failed(fault);
                false
            }
        }
    }

    /// What Discord made of the reply.
    fn sent(&mut self, answer: Result<(), NotTaken>) -> Event {
        let Err(declined) = answer else {
            self.step(Step::Edited);
            return Event::Sent(Sent::Taken);
        };
        let sent = sent(&declined);
        let kind = if sent == Sent::Never { FaultKind::Lasting } else { FaultKind::Passing };
        let fault = Fault { kind, ..Fault::new("discord", declined.failure.to_string()) };
        match sent {
            // The message is gone, or all of it is: no fault of ours.
            Sent::Gone | Sent::Expired => {}
            // Nothing was sent: the request that was throttled has been logged.
            Sent::Wait(_) if matches!(declined.failure, Failed::HeldBack(_)) => self.fault = Some(fault),
            _ => self.failed(fault),
        }
        Event::Sent(sent)
    }

    /// What Discord made of the message that it failed. Why it did stays what it was.
    fn notified(&mut self, answer: Result<(), NotTaken>) -> Event {
        match answer {
            Ok(()) => {
                if let Message::Job { .. } = self.message {
                    self.step(Step::Edited);
                }
                Event::Sent(Sent::Taken)
            }
            Err(declined) => {
                log(self.interaction(), &Fault::new("discord", declined.failure.to_string()));
                Event::Sent(sent(&declined))
            }
        }
    }

    /// A fault is logged once, and remembered for [`Action::Record`].
    fn failed(&mut self, fault: Fault) {
        log(self.interaction(), &fault);
        self.fault = Some(fault);
    }

    /// Whether it failed.
    fn log_error(&self, answer: Result<(), Fault>) -> bool {
        answer.inspect_err(|fault| log(self.interaction(), fault)).is_err()
    }

    fn step(&self, step: Step) {
        telemetry::step(step, self.interaction(), Some(self.receive.count));
    }

    fn now(&self) -> Timestamp {
        self.worker.bot.now()
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
            Message::Watchdog(watch) => watch.language,
        }
    }

    fn reply_client(&self) -> ReplyClient<'_> {
        let (application, token): (ApplicationId, &InteractionToken) = match self.message {
            Message::Job { job, .. } => (job.application, &job.token),
            Message::Watchdog(watch) => (watch.application, &watch.token),
        };
        ReplyClient { bot: &self.worker.bot, rest: &self.worker.rest, application, token }
    }
}

fn sent(declined: &NotTaken) -> Sent {
    match declined.wait() {
        _ if declined.failure.is_expired() => Sent::Expired,
        _ if declined.failure.is_gone() => Sent::Gone,
        Some(wait) => Sent::Wait(wait),
        None if declined.again => Sent::Later,
        None => Sent::Never,
    }
}
