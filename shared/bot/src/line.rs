//! The line to the user of one interaction, while its token lives: the reply is edited, or something said beside it.

use std::time::Duration;

use discord::{Reply, Rest, rest::Failed};
use domain::{
    ApplicationId, Fault, InteractionId, InteractionToken, Result,
    mutant::{self, Mutant},
    retry::{self, Absence, Failure, Verdict},
};

use crate::{Bot, front_door::log};

/// Whose line, and the way to Discord.
pub(crate) struct Line<'a> {
    pub(crate) bot: &'a Bot,
    pub(crate) rest: &'a Rest,
    pub(crate) interaction: InteractionId,
    pub(crate) application: ApplicationId,
    pub(crate) token: &'a InteractionToken,
}

/// Discord did not take the reply.
pub(crate) struct NotEdited {
    pub(crate) failure: Failed,
    /// Whether it may take it later.
    pub(crate) again: bool,
}

impl Line<'_> {
    /// Edits the reply, trying again at most twice, as the verdict says, within this time.
    pub(crate) async fn edit(&self, reply: Reply, within: Duration) -> Result<(), NotEdited> {
        let edited = tokio::time::timeout(within, self.edit_patiently(reply)).await;
        edited.unwrap_or(Err(NotEdited { failure: Failed::NoAnswer, again: true }))
    }

    async fn edit_patiently(&self, reply: Reply) -> Result<(), NotEdited> {
        let mut attempt = 0;
        loop {
            let edited = self.rest.edit_reply(self.application, self.token, reply.clone()).await;
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

    /// Says something to the user alone, beside the message that the button is on. Tried once: said
    /// twice would be worse.
    pub(crate) async fn say_beside(&self, text: &str) -> bool {
        let said = self.rest.say_privately(self.application, self.token, text).await;
        if let Err(failure) = &said {
            log(self.interaction, &Fault::new("discord", failure.to_string()));
        }
        said.is_ok()
    }
}

fn verdict(failure: &Failed, attempt: u32, chance: f64) -> Verdict {
    if matches!(failure, Failed::Invalid(_)) {
        return Verdict::Never;
    }
    let appears = failure.may_appear() && !mutant::is(Mutant::NoRetryOf10015);
    let absence = if appears { Absence::MayAppear } else { Absence::Final };
    let failure = Failure { status: failure.status(), retry_after: failure.retry_after(), absence };
    retry::verdict(failure, attempt, chance)
}
