//! Replies to one interaction over REST while its token is valid: edits or deletes the deferred message, or
//! sends a follow-up.

use std::time::Duration;

use discord::{Reply, rest::RestError};
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
pub(crate) struct ReplyError {
    pub(crate) error: RestError,
    /// Whether it may succeed later.
    pub(crate) may_retry: bool,
}

impl ReplyError {
    /// How long Discord wants no request; `None` if there is no limit or no point in retrying.
    pub(crate) fn wait(&self) -> Option<Duration> {
        self.error.retry_after().filter(|_| self.may_retry)
    }
}

impl ReplyClient<'_> {
    /// Edits the reply, with up to two retries (see [`retry::verdict`]), all within this time.
    pub(crate) async fn edit(&self, reply: Reply, within: Duration) -> Result<(), ReplyError> {
        let edit = || self.rest.edit_reply(self.application, self.token, reply.clone());
        self.with_retries(edit, Idempotency::Idempotent, within).await
    }

    /// Deletes the reply. Succeeds if it does not exist.
    pub(crate) async fn delete(&self, within: Duration) -> Result<(), ReplyError> {
        let delete = || self.rest.delete_reply(self.application, self.token);
        match self.with_retries(delete, Idempotency::Idempotent, within).await {
            Err(ReplyError { error, .. }) if error.is_gone() => Ok(()),
            deleted => deleted,
        }
    }

    /// Sends a follow-up. It is retried only if the failed request certainly had no effect.
    pub(crate) async fn follow_up(
        &self,
        reply: Reply,
        visibility: Visibility,
        within: Duration,
    ) -> Result<(), ReplyError> {
        let ephemeral = visibility == Visibility::Ephemeral;
        let send = || self.rest.follow_up(self.application, self.token, reply.clone(), ephemeral);
        self.with_retries(send, Idempotency::NotIdempotent, within).await
    }

    /// Replaces the deferred message with the error message, unless it is a reply: an earlier attempt may
    /// have crashed between sending one and completing its claim. `doubt`, which the interactions function
    /// sends if it does not know whether the queue has the job, does not count as a reply. If the message
    /// was deleted, sends an ephemeral follow-up.
    pub(crate) async fn notify_failure(
        &self,
        text: &str,
        doubt: &str,
        within: Duration,
    ) -> Result<(), ReplyError> {
        let notified = tokio::time::timeout(within, async {
            // If it cannot be read, send the error message: a superfluous one is better than none.
            let current = self.rest.read_reply(self.application, self.token).await;
            if matches!(current, Ok(Some(reply)) if reply != doubt) {
                return Ok(());
            }
            match self.edit(text.to_owned().into(), within).await {
                Err(ReplyError { error, .. }) if error.is_gone() => {
                    self.follow_up(text.to_owned().into(), Visibility::Ephemeral, within).await
                }
                sent => sent,
            }
        });
        notified.await.unwrap_or(Err(ReplyError { error: RestError::NoAnswer, may_retry: true }))
    }

    async fn with_retries<F: Future<Output = Result<(), RestError>>>(
        &self,
        request: impl Fn() -> F,
        idempotency: Idempotency,
        within: Duration,
    ) -> Result<(), ReplyError> {
        let sent = tokio::time::timeout(within, self.retry(request, idempotency, within)).await;
        sent.unwrap_or(Err(ReplyError { error: RestError::NoAnswer, may_retry: true }))
    }

    async fn retry<F: Future<Output = Result<(), RestError>>>(
        &self,
        request: impl Fn() -> F,
        idempotency: Idempotency,
        within: Duration,
    ) -> Result<(), ReplyError> {
        let begun = tokio::time::Instant::now();
        let mut attempt = 0;
        loop {
            let Err(error) = request().await else {
                return Ok(());
            };
            match verdict(&error, idempotency, attempt, self.services.chance()) {
                Verdict::Again { after } => {
                    // The jitter uses up no more time than is left; what Discord asks for is always waited out.
                    let left = within.saturating_sub(begun.elapsed());
                    let shortest = error.retry_after().unwrap_or_default().max(left / 2);
                    tokio::time::sleep(after.min(shortest)).await;
                }
                Verdict::Later { .. } => return Err(ReplyError { error, may_retry: true }),
                Verdict::Never => return Err(ReplyError { error, may_retry: false }),
            }
            attempt += 1;
        }
    }
}

/// The effect of executing a request twice.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
enum Idempotency {
    Idempotent,
    NotIdempotent,
}

fn verdict(error: &RestError, idempotency: Idempotency, attempt: u32, chance: f64) -> Verdict {
    let after = error.retry_after();
    // The request itself is invalid, and a retry would not change that.
    if matches!(error, RestError::Invalid(_)) {
        return Verdict::Never;
    }
    // A quick retry does not help against a 401, and may send a follow-up twice.
    if error.is_unauthorized() || idempotency == Idempotency::NotIdempotent && !error.had_no_effect() {
        return Verdict::Later { after };
    }
    let absence = if error.may_appear() { Absence::MayAppear } else { Absence::Final };
    retry::verdict(Failure { status: error.status(), retry_after: after, absence }, attempt, chance)
}
