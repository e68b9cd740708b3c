//! The long half of an interaction: the job is claimed, the work done, the reply edited, the claim completed.

use std::{panic::AssertUnwindSafe, sync::Arc, time::Duration};

use aws::Claim;
use discord::{CustomId, Reply, Rest, envelope::Incoming, rest::Failed};
use domain::{
    Error, Fault, Job, Result, deadline,
    job::{self, Act},
    retry::{self, Absence, Failure, Verdict},
};
use futures_util::FutureExt;
use jiff::Timestamp;

use crate::{
    Asked, Bot, Class, JobContext, Visibility,
    commands::{self, Entry},
    dispatch::Input,
    front_door::{self, Target, log},
    guard, words,
};

/// The name under which the jobs function claims its work.
const CONSUMER: &str = "jobs";

/// Of an invocation, kept for what comes after the work: the reply with its retries, ...
const FOR_THE_REPLY: Duration = Duration::from_secs(12);
/// ... for telling the user if the reply fails on the last receive, ...
const FOR_TELLING: Duration = Duration::from_secs(6);
/// ... and for writing down what became of it.
const FOR_THE_RECORD: Duration = Duration::from_secs(2);

/// What became of a job.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Performed {
    /// `edited`, `already done`, `expired`, `refused by discord`, `told`, `busy`, `failed`.
    pub outcome: &'static str,
    /// Whether the queue may forget it.
    pub done: bool,
    /// After how long it should come back, if not at the queue's own pace.
    pub come_back: Option<Duration>,
}

impl Performed {
    const fn done(outcome: &'static str) -> Self {
        Self { outcome, done: true, come_back: None }
    }

    const fn again(outcome: &'static str, come_back: Duration) -> Self {
        Self { outcome, done: false, come_back: Some(come_back) }
    }
}

/// Does one job. `receives` counts how often the queue has handed it out, this time included;
/// `until` is when this invocation ends.
pub async fn perform(bot: &Arc<Bot>, rest: &Rest, job: &Job, receives: u32, until: Timestamp) -> Performed {
    let entry = commands::find(&job.command);
    let shift = Shift { bot, rest, job, entry, receives, until, holder: bot.nonce() };
    match bot.claims().claim(CONSUMER, job.interaction, shift.holder, bot.now(), until).await {
        Ok(Claim::Mine) => shift.work().await,
        Ok(Claim::Done) => Performed::done("already done"),
        Ok(Claim::Busy(lease_until)) => shift.wait_for(lease_until).await,
        Err(fault) => shift.failed(&fault, shift.perhaps_claimed()).await,
    }
}

/// One receive of one job.
struct Shift<'a> {
    bot: &'a Arc<Bot>,
    rest: &'a Rest,
    job: &'a Job,
    /// The command, if this version knows it.
    entry: Option<&'static Entry>,
    receives: u32,
    until: Timestamp,
    /// Under which it holds its claim.
    holder: u64,
}

impl Shift<'_> {
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
            return self.settle(told).await;
        }
        let claim_lasts = self.abandon().await;
        self.failed(&fault, claim_lasts).await
    }

    async fn reply(&self) -> Result<Reply> {
        let body = self.job.body.get();
        let Ok(Incoming::Interaction(envelope)) = Incoming::parse(body) else {
            return Err(Fault::new("job", "not an interaction").into());
        };
        let visibility = self.target().seen_by();
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
        match self.edit(reply, kept).await {
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
                log(self.job.interaction, &Fault::lasting("discord", failure.to_string()));
                let told = self.tell().await;
                self.settle(told).await
            }
        }
    }

    /// A no to the command is its reply; a no to a button leaves the message as it is.
    async fn refuse(&self, text: String) -> Performed {
        if !self.is_on_a_message() {
            return self.deliver(text.into()).await;
        }
        let told = self.say_beside(text).await;
        self.settle(told).await
    }

    /// It is over once the user knows; until then the queue brings it back.
    async fn settle(&self, told: bool) -> Performed {
        if told {
            return self.complete("told").await;
        }
        if self.is_too_late() {
            return self.complete("expired").await;
        }
        let claim_lasts = self.abandon().await;
        Performed::again("failed", self.come_back(claim_lasts))
    }

    /// Edits the reply, trying again at most twice, as the verdict says; ends so early that `kept`
    /// is left of the invocation.
    async fn edit(&self, reply: Reply, kept: Duration) -> Result<(), NotEdited> {
        let edited = tokio::time::timeout(self.left_but(kept), self.edit_patiently(reply)).await;
        edited.unwrap_or(Err(NotEdited { failure: Failed::NoAnswer, again: true }))
    }

    async fn edit_patiently(&self, reply: Reply) -> Result<(), NotEdited> {
        let mut attempt = 0;
        loop {
            let edited = self.rest.edit_reply(self.job.application, &self.job.token, reply.clone()).await;
            let Err(failure) = edited else {
                return Ok(());
            };
            match verdict(&failure, attempt, self.bot.chance()) {
                Verdict::Again { after } => tokio::time::sleep(after).await,
                Verdict::Later { .. } => return Err(NotEdited { failure, again: true }),
                Verdict::Never => return Err(NotEdited { failure, again: false }),
            }
            attempt += 1;
        }
    }

    /// It did not work. The queue brings it back, not before `not_before`; on its last receive the
    /// user is told.
    async fn failed(&self, fault: &Fault, not_before: Option<Duration>) -> Performed {
        log(self.job.interaction, fault);
        if !self.is_last() {
            return Performed::again("failed", self.come_back(not_before));
        }
        // What Discord asked for is waited out, if there is time for it.
        let wait = not_before.unwrap_or_default().min(self.left_but(FOR_TELLING));
        tokio::time::sleep(wait).await;
        let outcome = if self.tell().await { "told" } else { "failed" };
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
            return self.say_beside(text).await;
        }
        self.edit(text.into(), FOR_THE_RECORD).await.is_ok()
    }

    /// Says something to the user alone, beside the message that the button is on. Tried once: said
    /// twice would be worse.
    async fn say_beside(&self, text: String) -> bool {
        let said = self.rest.say_privately(self.job.application, &self.job.token, &text).await;
        if let Err(failure) = &said {
            log(self.job.interaction, &Fault::new("discord", failure.to_string()));
        }
        said.is_ok()
    }

    /// Somebody else is at it, or died at it. If this is the last chance to say so, it is said: whoever
    /// is at it edits the message after us.
    async fn wait_for(&self, lease_until: Timestamp) -> Performed {
        if !self.is_last() {
            return Performed::again("busy", deadline::left(self.bot.now(), lease_until));
        }
        let outcome = if self.tell().await { "told" } else { "busy" };
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

    /// Whether the first message of the interaction is one that others see and that stays as it is
    /// until the work is done.
    fn is_on_a_message(&self) -> bool {
        matches!(self.target(), Target::InPlace(_))
    }

    fn target(&self) -> Target {
        match (self.entry, Incoming::parse(self.job.body.get())) {
            (Some(entry), Ok(Incoming::Interaction(envelope))) => Target::of(entry, self.job.act, &envelope),
            _ => Target::New(Visibility::Private),
        }
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

/// Discord did not take the reply.
struct NotEdited {
    failure: Failed,
    /// Whether it may take it later.
    again: bool,
}

fn verdict(failure: &Failed, attempt: u32, chance: f64) -> Verdict {
    if matches!(failure, Failed::Invalid(_)) {
        return Verdict::Never;
    }
    let absence = if failure.may_appear() { Absence::MayAppear } else { Absence::Final };
    let failure = Failure { status: failure.status(), retry_after: failure.retry_after(), absence };
    retry::verdict(failure, attempt, chance)
}
