//! The watch over a job: a user who has heard nothing when the token is about to die is told that it failed.

use std::{sync::Arc, time::Duration};

use aws::{Claim, Claims, telemetry};
use domain::{Fault, Watch, deadline, job, measurement::Step};
use futures_util::{FutureExt, future};
use jiff::Timestamp;

use crate::{
    Bot, Rest, Visibility,
    front_door::log,
    line::Line,
    long_half::{self, Performed},
    words,
};

/// The name under which a watch claims its work. Who has told the user for good completes it too.
pub(crate) const CONSUMER: &str = "watch";

/// Of an invocation, kept for writing down what became of it.
const FOR_THE_RECORD: Duration = Duration::from_secs(2);

/// Keeps one watch. `receives` and `until` as in [`long_half::perform`].
pub async fn keep(bot: &Arc<Bot>, rest: &Rest, watch: &Watch, receives: u32, until: Timestamp) -> Performed {
    telemetry::step(Step::Watched, watch.interaction, Some(receives));
    let look = Look { bot, rest, watch, receives, until, holder: bot.nonce() };
    let claims = bot.store::<Claims>();
    let claim = claims.claim(CONSUMER, watch.interaction, look.holder, bot.now(), until);
    let (claim, ()) = future::join(claim.boxed(), rest.look()).await;
    match claim {
        Ok(Claim::Mine) => look.look().await,
        Ok(Claim::Done) => Performed::done("not needed"),
        Ok(Claim::Busy(lease_until)) => Performed::again("waiting", deadline::left(bot.now(), lease_until)),
        Err(fault) => {
            log(watch.interaction, &fault);
            look.again(Duration::ZERO)
        }
    }
}

/// One receive of one watch.
struct Look<'a> {
    bot: &'a Arc<Bot>,
    rest: &'a Rest,
    watch: &'a Watch,
    receives: u32,
    until: Timestamp,
    /// Under which it holds its claim.
    holder: u64,
}

impl Look<'_> {
    async fn look(&self) -> Performed {
        let (id, now) = (self.watch.interaction, self.bot.now());
        let job = self.bot.store::<Claims>().look(long_half::CONSUMER, id, now).await;
        match job {
            Ok(Some(Claim::Done)) => self.complete("not needed").await,
            _ if now > self.watch.reply_until() => self.complete("abandoned").await,
            // Somebody is at it now. A watch that has the time lets him end.
            Ok(Some(Claim::Busy(lease_until)))
                if !self.is_last() && lease_until < self.watch.reply_until() =>
            {
                self.abandon().await;
                Performed::again("waiting", deadline::left(now, lease_until))
            }
            Ok(_) => self.tell().await,
            Err(fault) => {
                log(id, &fault);
                // Said without need is better than not said.
                if self.is_last() {
                    return self.tell().await;
                }
                self.abandon().await;
                self.again(Duration::ZERO)
            }
        }
    }

    async fn tell(&self) -> Performed {
        match self.say().await {
            Ok(()) => self.complete("told").await,
            Err(Some(wait)) if !self.is_last() => {
                self.abandon().await;
                self.again(wait)
            }
            Err(_) => self.complete("abandoned").await,
        }
    }

    /// If it was not said: how long Discord wants to be left alone, or `None` if it never can be.
    async fn say(&self) -> Result<(), Option<Duration>> {
        let Watch { interaction, application, token, language, beside, .. } = self.watch;
        let line = Line { bot: self.bot, rest: self.rest, application: *application, token };
        let text = words::front_door::failed(*language, *interaction);
        let within = deadline::left(self.bot.now(), self.until).saturating_sub(FOR_THE_RECORD);
        let said = match beside {
            true => line.say_beside(text.into(), Visibility::Private, within).await,
            false => {
                let doubt = words::front_door::perhaps_later(*language, *interaction);
                line.tell(&text, &doubt, within).await
            }
        };
        said.map_err(|declined| {
            log(*interaction, &Fault::new("discord", declined.failure.to_string()));
            declined.again.then(|| declined.wait().unwrap_or_default())
        })
    }

    async fn complete(&self, outcome: &'static str) -> Performed {
        let completed =
            self.bot.store::<Claims>().complete(CONSUMER, self.watch.interaction, self.bot.now()).await;
        if let Err(fault) = completed {
            log(self.watch.interaction, &fault);
        }
        Performed::done(outcome)
    }

    /// If it cannot be given back, the lease runs out by itself.
    async fn abandon(&self) {
        let abandoned =
            self.bot.store::<Claims>().abandon(CONSUMER, self.watch.interaction, self.holder).await;
        if let Err(fault) = abandoned {
            log(self.watch.interaction, &fault);
        }
    }

    fn again(&self, not_before: Duration) -> Performed {
        Performed::again("failed", job::retry_in(self.receives).max(not_before))
    }

    fn is_last(&self) -> bool {
        job::is_last(self.receives)
    }
}
