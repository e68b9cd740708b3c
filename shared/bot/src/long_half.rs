//! The long half of an interaction: the job is claimed, the work done, the reply edited, the claim completed.

mod ending;

use std::{ops::RangeInclusive, panic::AssertUnwindSafe, sync::Arc, time::Duration};

use aws::{Claim, Claims, NotSent, telemetry};
use discord::{CustomId, Reply, envelope::Incoming};
use domain::{
    Error, Fault, Job, Result, Watch, deadline,
    job::{self, Act},
    measurement::Step,
    mutant::{self, Mutant},
};
use futures_util::{FutureExt, future};
use jiff::Timestamp;

use crate::{
    Asked, Bot, Class, Rest, Visibility, commands,
    dispatch::Input,
    front_door::{self, log},
    guard,
    target::Target,
};

/// The name under which the jobs function claims its work.
pub(crate) const CONSUMER: &str = "jobs";

/// Of an invocation, kept for what comes after the work: the reply with its retries, ...
const FOR_THE_REPLY: Duration = Duration::from_secs(12);
/// ... for telling the user if the reply fails on the last receive, ...
const FOR_TELLING: Duration = Duration::from_secs(6);
/// ... and for writing down what became of it.
const FOR_THE_RECORD: Duration = Duration::from_secs(2);

/// The receives that set a watch. A first attempt that is killed is made good by the second; from then
/// on somebody must be there who tells the user if none is. Two may be set: the later one finds it told.
const SET_A_WATCH: RangeInclusive<u32> = 2..=3;
/// The queue is given this long to take a watch, or a job that is put off.
const SENT_WITHIN: Duration = Duration::from_secs(1);

/// So long after each time that the table did not take it.
const COMPLETE_AGAIN_AFTER: [Duration; 4] =
    [Duration::from_millis(300), Duration::from_secs(1), Duration::from_secs(3), Duration::ZERO];

/// What became of a job, or of a watch.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Performed {
    /// Of a job `edited`, `already done`, `expired`, `refused by discord`, `refused`, `told`, `busy`,
    /// `held back`, `failed`; of a watch `told`, `not needed`, `waiting`, `failed`, `abandoned`.
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
    if SET_A_WATCH.contains(&receives) {
        // Before anything else that it could be killed at. If the job turns out to be done, nobody needs it.
        shift.set_a_watch(timers).await;
    }
    let claims = bot.store::<Claims>();
    let claim = claims.claim(CONSUMER, job.interaction, shift.holder, bot.now(), until);
    let (claim, ()) = future::join(claim.boxed(), rest.look()).await;
    match claim {
        Ok(Claim::Mine) => shift.begin().await,
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
        let watch = Watch::over(self.job, matches!(self.target, Target::InPlace(_)));
        let after = deadline::left(self.bot.now(), deadline::watch_at(self.job.interaction));
        let sent = self.bot.queue(timers).send_watch(&watch, after, SENT_WITHIN).await;
        if let Err(NotSent::Refused(fault) | NotSent::Unknown(fault)) = sent {
            log(self.job.interaction, &Fault { place: "watch", ..fault });
        }
    }

    /// While Discord takes nothing, work would be for nothing. If it does not take anything as long as the
    /// reply can be given, what is left of the work is its effect.
    async fn begin(&self) -> Performed {
        match self.rest.closed_until().filter(|until| *until <= self.job.reply_until()) {
            Some(until) => self.hold_back(deadline::left(self.bot.now(), until)).await,
            None => self.work().await,
        }
    }

    async fn work(&self) -> Performed {
        self.step(Step::Claimed);
        let work = AssertUnwindSafe(self.reply()).catch_unwind();
        let worked = tokio::time::timeout(self.left_but(FOR_THE_REPLY), work).await;
        self.step(Step::Worked);
        let fault = match worked {
            Ok(Ok(Ok((reply, seen_by)))) => return self.reply_with(reply, seen_by).await,
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

    /// The reply, and for whom it is: what was asked may be for fewer eyes than the command's answers are.
    async fn reply(&self) -> Result<(Reply, Visibility)> {
        let body = self.job.body.get();
        let Ok(Incoming::Interaction(envelope)) = Incoming::parse(body) else {
            return Err(Fault::new("job", "not an interaction").into());
        };
        let visibility = self.target.seen_by();
        let asked = Asked::of(&envelope, self.bot.now(), self.bot);
        let cx = guard::context(self.bot, asked, Class::Normal, visibility).await;
        let input = Input { envelope: &envelope, body };
        let reply = match (self.job.act, envelope.custom_id().and_then(CustomId::parse)) {
            (Act::Command, _) => commands::work(&self.job.command, input, &cx).await,
            (Act::Component, Some(id)) if envelope.is_button() => commands::press_work(id, input, &cx).await,
            (Act::Component, Some(id)) => commands::choose_work(id, input, &cx).await,
            (Act::Form, Some(id)) => commands::submit_work(id, input, &cx).await,
            (_, None) => Err(Fault::new("job", "no custom id").into()),
        }?;
        front_door::keep(self.bot, &reply.overflows()).boxed().await?;
        Ok((reply, cx.reply()))
    }

    /// A job that is done and not known to be would be told to have failed by its watch, so the table is
    /// asked again as long as there is time.
    async fn complete(&self, outcome: &'static str) -> Performed {
        for pause in COMPLETE_AGAIN_AFTER {
            let completed =
                self.bot.store::<Claims>().complete(CONSUMER, self.job.interaction, self.bot.now()).await;
            let Err(fault) = completed else {
                self.step(Step::Completed);
                break;
            };
            log(self.job.interaction, &fault);
            if self.left_but(FOR_THE_RECORD) < pause {
                break;
            }
            tokio::time::sleep(pause).await;
        }
        Performed::done(outcome)
    }

    /// Gives the claim back. If that fails: for how long it lasts.
    async fn abandon(&self) -> Option<Duration> {
        let abandoned = self.bot.store::<Claims>().abandon(CONSUMER, self.job.interaction, self.holder).await;
        abandoned.err().map(|fault| {
            log(self.job.interaction, &fault);
            deadline::left(self.bot.now(), self.until)
        })
    }

    /// A claim whose answer was lost may have been made all the same. The last receive must not meet it.
    fn perhaps_claimed(&self) -> Option<Duration> {
        job::is_last(self.receives + 1).then(|| deadline::left(self.bot.now(), self.until))
    }

    fn step(&self, step: Step) {
        telemetry::step(step, self.job.interaction, Some(self.receives));
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
