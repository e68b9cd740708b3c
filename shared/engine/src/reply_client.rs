//! Replies to one interaction over REST while its token is valid: edits or deletes the deferred message, or
//! sends a follow-up.

use std::time::Duration;

use discord::{Reply, rest::Failed};
use domain::{
    ApplicationId, InteractionToken, Result,
    retry::{self, Absence, Failure, Verdict},
};

use crate::{Rest, Services, Visibility};

/// A client for the replies to one interaction.
pub(crate) struct ReplyClient<'a> {
    pub(crate) services: &'a Services,
    pub(crate) rest: &'a Rest,
    pub(crate) application: ApplicationId,
    pub(crate) token: &'a InteractionToken,
}

/// Discord did not accept a request.
#[derive(Debug)]
pub(crate) struct NotTaken {
    pub(crate) failure: Failed,
    /// Whether it may succeed later.
    pub(crate) again: bool,
}

impl NotTaken {
    /// How long Discord wants no request; `None` if there is no limit or no point in retrying.
    pub(crate) fn wait(&self) -> Option<Duration> {
        self.failure.retry_after().filter(|_| self.again)
    }
}

impl ReplyClient<'_> {
    /// Edits the reply, with up to two retries (see [`retry::verdict`]), all within this time.
    pub(crate) async fn edit(&self, reply: Reply, within: Duration) -> Result<(), NotTaken> {
        let edit = || self.rest.edit_reply(self.application, self.token, reply.clone());
        self.patiently(edit, Twice::Harmless, within).await
    }

    /// Deletes the reply. Succeeds if it does not exist.
    pub(crate) async fn delete(&self, within: Duration) -> Result<(), NotTaken> {
        let delete = || self.rest.delete_reply(self.application, self.token);
        match self.patiently(delete, Twice::Harmless, within).await {
            Err(NotTaken { failure, .. }) if failure.is_gone() => Ok(()),
            deleted => deleted,
        }
    }

    /// Sends a follow-up. It is retried only if the failed request certainly had no effect.
    pub(crate) async fn say_beside(
        &self,
        reply: Reply,
        seen_by: Visibility,
        within: Duration,
    ) -> Result<(), NotTaken> {
        let private = seen_by == Visibility::Private;
        let say = || self.rest.follow_up(self.application, self.token, reply.clone(), private);
        self.patiently(say, Twice::SaidTwice, within).await
    }

    /// Replaces the deferred message with the error message, unless it is a reply: an earlier attempt may
    /// have crashed between sending one and completing its claim. `doubt`, which the interactions function
    /// sends if it does not know whether the queue has the job, does not count as a reply. If the message
    /// was deleted, sends an ephemeral follow-up.
    pub(crate) async fn tell(&self, text: &str, doubt: &str, within: Duration) -> Result<(), NotTaken> {
        let told = tokio::time::timeout(within, async {
            // If it cannot be read, send the error message: a superfluous one is better than none.
            let stands = self.rest.read_reply(self.application, self.token).await;
            if matches!(stands, Ok(Some(said)) if said != doubt) {
                return Ok(());
            }
            match self.edit(text.to_owned().into(), within).await {
                Err(NotTaken { failure, .. }) if failure.is_gone() => {
                    self.say_beside(text.to_owned().into(), Visibility::Private, within).await
                }
                told => told,
            }
        });
        told.await.unwrap_or(Err(NotTaken { failure: Failed::NoAnswer, again: true }))
    }

    async fn patiently<F: Future<Output = Result<(), Failed>>>(
        &self,
        ask: impl Fn() -> F,
        twice: Twice,
        within: Duration,
    ) -> Result<(), NotTaken> {
        let asked = tokio::time::timeout(within, self.again_and_again(ask, twice)).await;
        asked.unwrap_or(Err(NotTaken { failure: Failed::NoAnswer, again: true }))
    }

    async fn again_and_again<F: Future<Output = Result<(), Failed>>>(
        &self,
        ask: impl Fn() -> F,
        twice: Twice,
    ) -> Result<(), NotTaken> {
        let mut attempt = 0;
        loop {
            let Err(failure) = ask().await else {
                return Ok(());
            };
            match verdict(&failure, twice, attempt, self.services.chance()) {
                Verdict::Again { after } => tokio::time::sleep(after).await,
                Verdict::Later { .. } => return Err(NotTaken { failure, again: true }),
                Verdict::Never => return Err(NotTaken { failure, again: false }),
            }
            attempt += 1;
        }
    }
}

/// The effect of executing a request twice.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
enum Twice {
    Harmless,
    SaidTwice,
}

fn verdict(failure: &Failed, twice: Twice, attempt: u32, chance: f64) -> Verdict {
    let after = failure.retry_after();
    // The request itself is invalid, and a retry would not change that.
    if matches!(failure, Failed::Invalid(_)) {
        return Verdict::Never;
    }
    // A quick retry does not help against a 401, and may send a follow-up twice.
    if failure.is_unauthorized() || twice == Twice::SaidTwice && !failure.had_no_effect() {
        return Verdict::Later { after };
    }
    let absence = if failure.may_appear() { Absence::MayAppear } else { Absence::Final };
    retry::verdict(Failure { status: failure.status(), retry_after: after, absence }, attempt, chance)
}
