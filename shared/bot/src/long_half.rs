//! The long half of an interaction: the job is claimed, the work done, the reply edited, the claim completed.

use std::{panic::AssertUnwindSafe, sync::Arc, time::Duration};

use aws::{Claim, NotSent};
use discord::{CustomId, Reply, Rest, envelope::Incoming, rest::Failed};
use domain::{
    Error, Fault, Job, Result, Watch,
    dead_letter::Failure,
    deadline,
    job::{self, Act},
    mutant::{self, Mutant},
};
use futures_util::FutureExt;
use jiff::Timestamp;

use crate::{
    Asked, Bot, Class, JobContext, Visibility, commands,
    dispatch::Input,
    front_door::{self, log},
    guard,
    line::{Line, NotEdited},
    target::Target,
    watch, words,
};

/// The name under which the jobs function claims its work.
pub(crate) const CONSUMER: &str = "jobs";

/// Of an invocation, kept for what comes after the work: the reply with its retries, ...
const FOR_THE_REPLY: Duration = Duration::from_secs(12);
/// ... for telling the user if the reply fails on the last receive, ...
const FOR_TELLING: Duration = Duration::from_secs(6);
/// ... and for writing down what became of it.
const FOR_THE_RECORD: Duration = Duration::from_secs(2);

/// The receive that sets a watch. A first attempt that is killed is made good by the second; from then
/// on somebody must be there who tells the user if none is.
const SETS_A_WATCH: u32 = 2;
/// The queue is given this long to take it.
const WATCH_SET_WITHIN: Duration = Duration::from_secs(1);

/// What became of a job, or of a watch.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Performed {
    /// Of a job `edited`, `already done`, `expired`, `refused by discord`, `refused`, `told`, `busy`,
    /// `failed`; of a watch `told`, `not needed`, `waiting`, `failed`, `abandoned`.
    pub outcome: &'static str,
    /// Whether the queue may forget it.
    pub done: bool,
    /// After how long it should come back, if not at the queue's own pace.
    pub come_back: Option<Duration>,
}

impl Performed {
    pub(crate) const fn done(outcome: &'static str) -> Self {
        Self { outcome, done: true, come_back: None }
    }

    pub(crate) const fn again(outcome: &'static str, come_back: Duration) -> Self {
        Self { outcome, done: false, come_back: Some(come_back) }
    }
}

/// Does one job. `timers` is the address of the queue of timers; `receives` counts how often the queue
/// has handed the job out, this time included; `until` is when this invocation ends.
pub async fn perform(
    bot: &Arc<Bot>,
    rest: &Rest,
    timers: &str,
    job: &Job,
    receives: u32,
    until: Timestamp,
) -> Performed {
    let shift = Shift { bot, rest, job, target: target(job), receives, until, holder: bot.nonce() };
    let claim = bot.claims().claim(CONSUMER, job.interaction, shift.holder, bot.now(), until).await;
    if receives == SETS_A_WATCH && !matches!(claim, Ok(Claim::Done)) {
        shift.set_a_watch(timers).await;
    }
    match claim {
        Ok(Claim::Mine) => shift.work().await,
        Ok(Claim::Done) => Performed::done("already done"),
        Ok(Claim::Busy(lease_until)) => shift.wait_for(lease_until).await,
        Err(fault) => shift.failed(&fault, shift.perhaps_claimed()).await,
    }
}

/// A command that this version does not know has nothing to show, and its apology is for the user.
fn target(job: &Job) -> Target {
    match (commands::find(&job.command), Incoming::parse(job.body.get())) {
        (Some(entry), Ok(Incoming::Interaction(envelope))) => Target::of(entry, job.act, &envelope),
        _ => Target::New(Visibility::Private),
    }
}

/// One receive of one job.
struct Shift<'a> {
    bot: &'a Arc<Bot>,
    rest: &'a Rest,
    job: &'a Job,
    target: Target,
    receives: u32,
    until: Timestamp,
    /// Under which it holds its claim.
    holder: u64,
}

impl Shift<'_> {
    /// If it cannot be set, the work goes on without.
    async fn set_a_watch(&self, timers: &str) {
        if self.is_too_late() || mutant::is(Mutant::LostWatch) {
            return;
        }
        let watch = Watch::over(self.job, self.is_on_a_message());
        let after = deadline::left(self.bot.now(), deadline::watch_at(self.job.interaction));
        let sent = self.bot.queue(timers).send_watch(&watch, after, WATCH_SET_WITHIN).await;
        if let Err(NotSent::Refused(fault) | NotSent::Unknown(fault)) = sent {
            log(self.job.interaction, &Fault { place: "watch", ..fault });
        }
    }

    async fn work(&self) -> Performed {
        let work = AssertUnwindSafe(self.reply()).catch_unwind();
        let fault = match tokio::time::timeout(self.left_but(FOR_THE_REPLY), work).await {
            Ok(Ok(Ok(reply))) => return self.deliver(reply).await,
            Ok(Ok(Err(Error::Refused(refusal)))) => return self.refuse(refusal.0).await,
            Ok(Ok(Err(Error::Failed(fault)))) => fault,
            Ok(Err(_)) => Fault::new("command", "panic"),
            Err(_) => Fault::late("command"),
        };
        if fault.lasting {
            log(self.job.interaction, &fault);
            let told = self.tell().await;
            return self.settle(told, "told", &fault).await;
        }
        let claim_lasts = self.abandon().await;
        self.failed(&fault, claim_lasts).await
    }

    async fn reply(&self) -> Result<Reply> {
        let body = self.job.body.get();
        let Ok(Incoming::Interaction(envelope)) = Incoming::parse(body) else {
            return Err(Fault::new("job", "not an interaction").into());
        };
        let visibility = self.target.seen_by();
        let asked = Asked::of(&envelope, self.bot.now(), self.bot);
        let cx = JobContext::new(guard::context(self.bot, asked, Class::Normal, visibility).await);
        let input = Input { envelope: &envelope, body };
        let reply = match (self.job.act, envelope.custom_id().and_then(CustomId::parse)) {
            (Act::Command, _) => commands::work(&self.job.command, input, &cx).await,
            (Act::Component, Some(id)) if envelope.is_button() => commands::press_work(id, input, &cx).await,
            (Act::Component, Some(id)) => commands::choose_work(id, input, &cx).await,
            (Act::Form, Some(id)) => commands::submit_work(id, input, &cx).await,
            (_, None) => Err(Fault::new("job", "no custom id").into()),
        }?;
        front_door::keep(self.bot, &reply.overflows()).boxed().await?;
        Ok(reply)
    }

    /// The work is done. What becomes of its reply is between Discord and us.
    async fn deliver(&self, reply: Reply) -> Performed {
        if self.is_too_late() {
            return self.complete("expired").await;
        }
        let kept = if self.is_last() { FOR_TELLING } else { FOR_THE_RECORD };
        match self.line().edit(reply, self.left_but(kept)).await {
            Ok(()) => self.complete("edited").await,
            Err(NotEdited { failure, .. }) if failure.is_expired() => self.complete("expired").await,
            Err(NotEdited { failure, again: true }) => {
                let claim_lasts = self.abandon().await;
                self.failed(
                    &Fault::new("discord", failure.to_string()),
                    failure.retry_after().max(claim_lasts),
                )
                .await
            }
            // The user has deleted the message.
            Err(NotEdited { failure: Failed::Refused { status: 404, .. }, .. }) => {
                self.complete("refused by discord").await
            }
            // Whoever goes on after a 401 is banned in the end.
            Err(NotEdited { failure: failure @ Failed::Refused { status: 401, .. }, .. }) => {
                log(self.job.interaction, &Fault::lasting("discord", failure.to_string()));
                self.complete("refused by discord").await
            }
            // Our own mistake: the same reply would be refused again, so the user gets another.
            Err(NotEdited { failure, .. }) => {
                let fault = Fault::lasting("discord", failure.to_string());
                log(self.job.interaction, &fault);
                let told = self.tell().await;
                self.settle(told, "told", &fault).await
            }
        }
    }

    /// A no to the command is its reply; a no to a button leaves the message as it is.
    async fn refuse(&self, text: String) -> Performed {
        if !self.is_on_a_message() {
            return self.deliver(text.into()).await;
        }
        let told = self.line().say_beside(&text).await;
        self.settle(told, "refused", &Fault::new("discord", "refusal not said")).await
    }

    /// It is over once the user knows; until then the queue brings it back.
    async fn settle(&self, told: bool, outcome: &'static str, untold: &Fault) -> Performed {
        if told {
            return self.complete(outcome).await;
        }
        if self.is_too_late() {
            return self.complete("expired").await;
        }
        let claim_lasts = self.abandon().await;
        self.note(untold).await;
        Performed::again("failed", self.come_back(claim_lasts))
    }

    /// It did not work. The queue brings it back, not before `not_before`; on its last receive the
    /// user is told.
    async fn failed(&self, fault: &Fault, not_before: Option<Duration>) -> Performed {
        log(self.job.interaction, fault);
        if !self.is_last() {
            return Performed::again("failed", self.come_back(not_before));
        }
        self.note(fault).await;
        // What Discord asked for is waited out, if there is time for it.
        let wait = not_before.unwrap_or_default().min(self.left_but(FOR_TELLING));
        tokio::time::sleep(wait).await;
        let outcome = if self.tell_for_good().await { "told" } else { "failed" };
        Performed::again(outcome, self.come_back(None))
    }

    /// After a last receive at once, for the next puts it among the dead letters.
    fn come_back(&self, not_before: Option<Duration>) -> Duration {
        if self.is_last() {
            return Duration::ZERO;
        }
        job::retry_in(self.receives).max(not_before.unwrap_or_default())
    }

    /// Tells the user that it failed, with the reference that the logs carry.
    async fn tell(&self) -> bool {
        let text = words::front_door::failed(self.job.language, self.job.interaction);
        if self.is_too_late() {
            return false;
        }
        if self.is_on_a_message() {
            return self.line().say_beside(&text).await;
        }
        self.line().edit(text.into(), self.left_but(FOR_THE_RECORD)).await.is_ok()
    }

    /// As [`Shift::tell`], and the watch need not tell it again; nor is it told again after the watch.
    async fn tell_for_good(&self) -> bool {
        let (claims, id, now) = (self.bot.claims(), self.job.interaction, self.bot.now());
        let watched = now >= deadline::watch_at(id);
        if watched && matches!(claims.look(watch::CONSUMER, id, now).await, Ok(Some(Claim::Done))) {
            return true;
        }
        let told = self.tell().await;
        if told && let Err(fault) = claims.complete(watch::CONSUMER, id, now).await {
            log(id, &fault);
        }
        told
    }

    /// Beside the dead letter that this receive, if it is the last, makes of the job: why.
    async fn note(&self, fault: &Fault) {
        if !self.is_last() {
            return;
        }
        let failure = Failure {
            interaction: self.job.interaction,
            guild: self.job.guild,
            command: self.job.command.clone(),
            place: fault.place.to_owned(),
            code: fault.code.clone(),
            receives: self.receives,
            at: self.bot.now(),
        };
        if let Err(fault) = self.bot.failures().note(&failure).await {
            log(self.job.interaction, &fault);
        }
    }

    /// Somebody else is at it, or died at it. If this is the last chance to say so, it is said: whoever
    /// is at it edits the message after us.
    async fn wait_for(&self, lease_until: Timestamp) -> Performed {
        if !self.is_last() {
            return Performed::again("busy", deadline::left(self.bot.now(), lease_until));
        }
        self.note(&Fault::new("claim", "busy")).await;
        let outcome = if self.tell_for_good().await { "told" } else { "busy" };
        Performed::again(outcome, Duration::ZERO)
    }

    async fn complete(&self, outcome: &'static str) -> Performed {
        let completed = self.bot.claims().complete(CONSUMER, self.job.interaction, self.bot.now()).await;
        if let Err(fault) = completed {
            // The reply stands; at worst the same reply is given once more.
            log(self.job.interaction, &fault);
        }
        Performed::done(outcome)
    }

    /// Gives the claim back. If that fails: for how long it lasts.
    async fn abandon(&self) -> Option<Duration> {
        let abandoned = self.bot.claims().abandon(CONSUMER, self.job.interaction, self.holder).await;
        abandoned.err().map(|fault| {
            log(self.job.interaction, &fault);
            deadline::left(self.bot.now(), self.until)
        })
    }

    /// A claim whose answer was lost may have been made all the same. The last receive must not meet it.
    fn perhaps_claimed(&self) -> Option<Duration> {
        job::is_last(self.receives + 1).then(|| deadline::left(self.bot.now(), self.until))
    }

    fn line(&self) -> Line<'_> {
        let Job { interaction, application, token, .. } = self.job;
        Line { bot: self.bot, rest: self.rest, interaction: *interaction, application: *application, token }
    }

    /// Whether the first message of the interaction is one that others see and that stays as it is
    /// until the work is done.
    fn is_on_a_message(&self) -> bool {
        matches!(self.target, Target::InPlace(_))
    }

    fn is_too_late(&self) -> bool {
        self.bot.now() > self.job.reply_until()
    }

    fn is_last(&self) -> bool {
        job::is_last(self.receives)
    }

    /// What is left of the invocation, but for so much.
    fn left_but(&self, kept: Duration) -> Duration {
        deadline::left(self.bot.now(), self.until).saturating_sub(kept)
    }
}
