//! How a receive of a job ends: its reply is given, its user told, or it comes back.

use std::time::Duration;

use aws::{Claim, Claims, NotSent};
use discord::{Reply, rest::Failed};
use domain::{
    Fault, Job,
    dead_letter::Failure,
    deadline, job,
    measurement::Step,
    mutant::{self, Mutant},
    retry::LONGEST_WAIT,
};
use jiff::Timestamp;

use super::{FOR_TELLING, FOR_THE_RECORD, Performed, SENT_WITHIN, Shift};
use crate::{
    Visibility,
    front_door::log,
    line::{Line, NotTaken},
    target::Target,
    watch, words,
};

impl Shift<'_> {
    /// The work is done. What becomes of its reply is between Discord and us.
    pub(super) async fn reply_with(&self, reply: Reply, seen_by: Visibility) -> Performed {
        // An earlier attempt may have taken the message away, to say no in private.
        let if_gone = matches!(self.target, Target::New(_)).then_some(seen_by);
        self.deliver(reply, "edited", if_gone).await
    }

    /// A polite no is for its asker alone. A button's message stays as it is; "thinking…" that all can see
    /// goes, and goes first: while it stands, whatever is said next takes its place, for all to see.
    pub(super) async fn refuse(&self, text: String) -> Performed {
        if self.is_too_late() {
            return self.complete("expired").await;
        }
        let (reply, private) = (Reply::from(text), Visibility::Private);
        if self.target == Target::New(private) {
            return self.deliver(reply, "refused", None).await;
        }
        if self.target == Target::New(Visibility::Public)
            && let Err(declined) = self.line().delete(self.left_but(FOR_TELLING)).await
        {
            return match self.ended_or_held(&declined).await {
                Some(performed) => performed,
                None if declined.again && !self.is_last() => self.not_delivered(declined).await,
                // Nobody knows whether it is still there: said to all is better than not said.
                None => self.deliver(reply, "refused", Some(private)).await,
            };
        }
        if self.target == Target::New(Visibility::Public) && mutant::is(Mutant::SilentNo) {
            return self.complete("refused").await;
        }
        self.say(reply, private, "refused").await
    }

    /// Edits the message. If it is gone, the reply is a message of its own for `if_gone`; or none.
    async fn deliver(&self, reply: Reply, outcome: &'static str, if_gone: Option<Visibility>) -> Performed {
        if self.is_too_late() {
            return self.complete("expired").await;
        }
        let kept = if self.is_last() || if_gone.is_some() { FOR_TELLING } else { FOR_THE_RECORD };
        match self.line().edit(reply.clone(), self.left_but(kept)).await {
            Ok(()) => self.taken(outcome).await,
            Err(declined) if declined.failure.is_gone() => match if_gone {
                Some(seen_by) => self.say(reply, seen_by, outcome).await,
                // The user has deleted the message.
                None => self.complete("refused by discord").await,
            },
            Err(declined) => self.not_delivered(declined).await,
        }
    }

    async fn not_delivered(&self, declined: NotTaken) -> Performed {
        if let Some(performed) = self.ended_or_held(&declined).await {
            return performed;
        }
        if declined.again {
            let claim_lasts = self.abandon().await;
            return self.failed(&fault(&declined.failure), claim_lasts).await;
        }
        // Our own mistake: the same reply would be refused again, so the user gets another.
        let fault = Fault { lasting: true, ..fault(&declined.failure) };
        log(self.job.interaction, &fault);
        let told = self.tell().await;
        self.settle(told, "told", &fault).await
    }

    async fn say(&self, reply: Reply, seen_by: Visibility, outcome: &'static str) -> Performed {
        match self.line().say_beside(reply, seen_by, self.left_but(FOR_THE_RECORD)).await {
            Ok(()) => self.taken(outcome).await,
            Err(declined) => {
                let untold = fault(&declined.failure);
                self.settle(Err(declined), outcome, &untold).await
            }
        }
    }

    /// It is over once the user knows; until then the queue brings it back.
    pub(super) async fn settle(
        &self,
        told: Result<(), NotTaken>,
        outcome: &'static str,
        untold: &Fault,
    ) -> Performed {
        let Err(declined) = told else {
            return self.taken(outcome).await;
        };
        if let Some(performed) = self.ended_or_held(&declined).await {
            return performed;
        }
        log(self.job.interaction, &fault(&declined.failure));
        let claim_lasts = self.abandon().await;
        self.note(untold).await;
        Performed::again("failed", self.come_back(claim_lasts))
    }

    async fn taken(&self, outcome: &'static str) -> Performed {
        self.step(Step::Edited);
        self.complete(outcome).await
    }

    /// What Discord did not take because it is too late, or too soon.
    async fn ended_or_held(&self, declined: &NotTaken) -> Option<Performed> {
        if self.is_too_late() || declined.failure.is_expired() {
            return Some(self.complete("expired").await);
        }
        let wait = declined.wait()?;
        if !matches!(declined.failure, Failed::HeldBack(_)) {
            log(self.job.interaction, &fault(&declined.failure));
        }
        Some(self.hold_back(wait).await)
    }

    /// Discord wants to be left alone. A long wait is the queue's, for exactly so long; a short one was
    /// waited out already, and did not help.
    ///
    /// Waiting is no failure, so it does not lead to the dead letters: after the last receive a new message
    /// takes the job's place. All of it ends with the token.
    pub(super) async fn hold_back(&self, wait: Duration) -> Performed {
        let left = deadline::left(self.bot.now(), self.job.reply_until());
        if wait > left {
            return self.complete("expired").await;
        }
        let wait = if wait > LONGEST_WAIT { wait } else { job::retry_in(self.receives).max(wait).min(left) };
        let wait = wait.max(self.abandon().await.unwrap_or_default());
        if !self.is_last() {
            return Performed::again("held back", wait);
        }
        match self.bot.jobs().send_later(self.job, wait, SENT_WITHIN).await {
            Ok(()) => Performed::done("held back"),
            Err(NotSent::Refused(fault) | NotSent::Unknown(fault)) => {
                log(self.job.interaction, &fault);
                self.note(&fault).await;
                Performed::again("failed", Duration::ZERO)
            }
        }
    }

    /// It did not work. The queue brings it back, not before `not_before`; on its last receive the
    /// user is told.
    pub(super) async fn failed(&self, fault: &Fault, not_before: Option<Duration>) -> Performed {
        log(self.job.interaction, fault);
        if !self.is_last() {
            return Performed::again("failed", self.come_back(not_before));
        }
        self.note(fault).await;
        let outcome = match self.tell_for_good().await {
            true => "told",
            false if self.is_too_late() => "expired",
            false => "failed",
        };
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
    pub(super) async fn tell(&self) -> Result<(), NotTaken> {
        if self.is_too_late() {
            return Err(NotTaken { failure: Failed::NoAnswer, again: false });
        }
        let text = words::front_door::failed(self.job.language, self.job.interaction);
        let within = self.left_but(FOR_THE_RECORD);
        match self.target {
            Target::InPlace(_) => self.line().say_beside(text.into(), Visibility::Private, within).await,
            Target::New(_) => {
                let doubt = words::front_door::perhaps_later(self.job.language, self.job.interaction);
                self.line().tell(&text, &doubt, within).await
            }
        }
    }

    /// As [`Shift::tell`], and the watch need not tell it again; nor is it told again after the watch.
    async fn tell_for_good(&self) -> bool {
        let (claims, id, now) = (self.bot.store::<Claims>(), self.job.interaction, self.bot.now());
        let watched = now >= deadline::watch_at(id);
        if watched && matches!(claims.look(watch::CONSUMER, id, now).await, Ok(Some(Claim::Done))) {
            return true;
        }
        let told = self.tell().await.inspect_err(|declined| log(id, &fault(&declined.failure))).is_ok();
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
            guild: self.job.guild,
            command: self.job.command.clone(),
            place: fault.place.to_owned(),
            code: fault.code.clone(),
            receives: self.receives,
            at: self.bot.now(),
        };
        if let Err(fault) = self.bot.store().put(self.job.interaction, &failure, failure.at).await {
            log(self.job.interaction, &fault);
        }
    }

    /// Somebody else is at it, or died at it. If this is the last chance to say so, it is said: whoever
    /// is at it edits the message after us.
    pub(super) async fn wait_for(&self, lease_until: Timestamp) -> Performed {
        if !self.is_last() {
            return Performed::again("busy", deadline::left(self.bot.now(), lease_until));
        }
        self.note(&Fault::new("claim", "busy")).await;
        let outcome = if self.tell_for_good().await { "told" } else { "busy" };
        Performed::again(outcome, Duration::ZERO)
    }

    fn line(&self) -> Line<'_> {
        let Job { application, token, .. } = self.job;
        Line { bot: self.bot, rest: self.rest, application: *application, token }
    }
}

fn fault(failure: &Failed) -> Fault {
    Fault::new("discord", failure.to_string())
}
