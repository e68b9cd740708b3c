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

use crate::{Asked, Bot, Context, JobContext, Visibility, dispatch::Input, front_door::log, registry, words};

/// The name under which the jobs function claims its work.
const CONSUMER: &str = "jobs";
/// Kept at the end of an invocation for telling the user and for writing down what became of it.
const RESERVE: Duration = Duration::from_secs(6);

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
    let shift = Shift { bot, rest, job, receives, until, holder: bot.nonce() };
    match bot.claims().claim(CONSUMER, job.interaction, shift.holder, bot.now(), until).await {
        Ok(Claim::Mine) => shift.work().await,
        Ok(Claim::Done) => Performed::done("already done"),
        Ok(Claim::Busy(lease_until)) => shift.wait_for(lease_until),
        Err(fault) => shift.failed(&fault).await,
    }
}

/// One receive of one job.
struct Shift<'a> {
    bot: &'a Arc<Bot>,
    rest: &'a Rest,
    job: &'a Job,
    receives: u32,
    until: Timestamp,
    /// Under which it holds its claim.
    holder: u64,
}

impl Shift<'_> {
    async fn work(&self) -> Performed {
        let left = deadline::left(self.bot.now(), self.until).saturating_sub(RESERVE);
        let work = AssertUnwindSafe(self.reply()).catch_unwind();
        let fault = match tokio::time::timeout(left, work).await {
            Ok(Ok(Ok(reply))) => return self.deliver(reply).await,
            Ok(Ok(Err(Error::Refused(refusal)))) => return self.deliver(refusal.0.into()).await,
            Ok(Ok(Err(Error::Failed(fault)))) => fault,
            Ok(Err(_)) => Fault::new("command", "panic"),
            Err(_) => Fault::new("command", "timeout"),
        };
        self.abandon().await;
        self.failed(&fault).await
    }

    async fn reply(&self) -> Result<Reply> {
        let body = self.job.body.get();
        let Ok(Incoming::Interaction(envelope)) = Incoming::parse(body) else {
            return Err(Fault::new("job", "not an interaction").into());
        };
        let visibility = registry::find(&self.job.command).map_or(Visibility::Private, |entry| entry.reply);
        let asked = Asked::of(&envelope, self.bot.now(), self.bot);
        let cx = JobContext::new(Context::new(self.bot, asked, visibility));
        match self.job.act {
            Act::Command => registry::work(&self.job.command, Input { envelope: &envelope, body }, &cx).await,
            Act::Component => match envelope.custom_id().and_then(CustomId::parse) {
                Some(id) => registry::press_work(id, &cx).await,
                None => Err(Fault::new("job", "no custom id").into()),
            },
        }
    }

    /// The work is done. What becomes of its reply is between Discord and us.
    async fn deliver(&self, reply: Reply) -> Performed {
        if self.bot.now() > self.job.reply_until() {
            return self.complete("expired").await;
        }
        let failed = match self.edit(reply).await {
            Ok(()) => return self.complete("edited").await,
            Err(failed) => failed,
        };
        match failed.failure {
            Failed::Refused { status: 404, .. } if !failed.failure.may_appear() => {
                self.complete("refused by discord").await
            }
            ref failure if failure.is_expired() => self.complete("expired").await,
            ref failure if failed.again => {
                self.abandon().await;
                let fault = Fault::new("discord", failure.to_string());
                self.later(&fault, failure.retry_after()).await
            }
            // Our own mistake: the same reply will be refused again, so the user gets another.
            ref failure => {
                log(self.job.interaction, &Fault::new("discord", failure.to_string()));
                self.tell().await;
                self.complete("refused by discord").await
            }
        }
    }

    /// Edits the reply, trying again at most twice, as the verdict says.
    async fn edit(&self, reply: Reply) -> Result<(), NotEdited> {
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

    /// The work failed. The queue brings it back; on its last receive the user is told.
    async fn failed(&self, fault: &Fault) -> Performed {
        self.later(fault, None).await
    }

    async fn later(&self, fault: &Fault, not_before: Option<Duration>) -> Performed {
        log(self.job.interaction, fault);
        let come_back = job::retry_in(self.receives).max(not_before.unwrap_or_default());
        if !job::is_last(self.receives) {
            return Performed::again("failed", come_back);
        }
        let outcome = if self.tell().await { "told" } else { "failed" };
        // It goes to the dead letters with its next receive.
        Performed::again(outcome, Duration::ZERO)
    }

    /// Tells the user that it failed, with the reference that the logs carry.
    async fn tell(&self) -> bool {
        let text = words::front_door::failed(self.job.language, self.job.interaction);
        self.bot.now() <= self.job.reply_until() && self.edit(text.into()).await.is_ok()
    }

    fn wait_for(&self, lease_until: Timestamp) -> Performed {
        // Whole seconds, rounded up, so that the lease is over when the job comes back.
        let wait = deadline::left(self.bot.now(), lease_until) + Duration::from_secs(1);
        Performed::again("busy", wait)
    }

    async fn complete(&self, outcome: &'static str) -> Performed {
        let completed = self.bot.claims().complete(CONSUMER, self.job.interaction, self.bot.now()).await;
        if let Err(fault) = completed {
            // The reply stands; at worst the same reply is given once more.
            log(self.job.interaction, &fault);
        }
        Performed::done(outcome)
    }

    async fn abandon(&self) {
        let abandoned = self.bot.claims().abandon(CONSUMER, self.job.interaction, self.holder).await;
        if let Err(fault) = abandoned {
            log(self.job.interaction, &fault);
        }
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
    retry::verdict(
        Failure { status: failure.status(), retry_after: failure.retry_after(), absence },
        attempt,
        chance,
    )
}
