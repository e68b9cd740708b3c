//! What a command is given: who asks, the clock, and the way to everything else.

use std::{ops::Deref, sync::Arc};

use discord::{Envelope, Permissions};
use domain::{ApplicationId, GuildId, InteractionId, Language, UserId};
use jiff::Timestamp;

use crate::{Bot, Visibility};

/// Who asks, and where.
#[derive(Clone, Debug)]
pub struct Asked {
    /// The interaction: also the key of everything done for it, and the reference in the logs.
    pub interaction: InteractionId,
    /// When it reached us.
    pub received: Timestamp,
    /// Part of the reply's address.
    pub application: ApplicationId,
    /// `None` outside guilds.
    pub guild: Option<GuildId>,
    /// `None` if it could not be read.
    pub user: Option<UserId>,
    /// What the member may do in this channel; `None` outside guilds.
    pub permissions: Option<Permissions>,
    user_language: Language,
    place_language: Language,
}

impl Asked {
    /// Reads it off an interaction.
    pub fn of(envelope: &Envelope<'_>, received: Timestamp, bot: &Bot) -> Self {
        Self {
            interaction: envelope.id,
            received,
            application: envelope.application().unwrap_or(bot.application()),
            guild: envelope.guild(),
            user: envelope.user(),
            permissions: envelope.permissions(),
            user_language: envelope.user_language(),
            place_language: envelope.place_language(),
        }
    }

    /// Whether the user may use what `requires` these permissions. Outside guilds nobody has any to lack.
    pub fn may(&self, requires: Permissions) -> bool {
        match (self.guild, self.permissions) {
            (_, Some(have)) => have.contains(Permissions::ADMINISTRATOR) || have.contains(requires),
            (Some(_), None) => requires.is_empty(),
            (None, None) => true,
        }
    }
}

/// What a command is given at the front door.
#[derive(Clone, Debug)]
pub struct Context {
    /// Who asks, and where.
    pub asked: Asked,
    bot: Arc<Bot>,
    reply: Visibility,
}

impl Context {
    /// A context for a command whose reply is seen by `reply`.
    pub fn new(bot: &Arc<Bot>, asked: Asked, reply: Visibility) -> Self {
        Self { asked, bot: Arc::clone(bot), reply }
    }

    /// What time it is. The only clock that a command knows.
    pub fn now(&self) -> Timestamp {
        self.bot.now()
    }

    /// The language of the reply: the user's for a private one, the guild's for a public one.
    pub fn say(&self) -> Language {
        match self.reply {
            Visibility::Private => self.asked.user_language,
            Visibility::Public => self.asked.place_language,
        }
    }

    /// The language of what only the user sees: refusals, apologies, choices.
    pub fn user_language(&self) -> Language {
        self.asked.user_language
    }

    /// The bot's services.
    pub fn bot(&self) -> &Bot {
        &self.bot
    }
}

/// What a command is given for its long half.
#[derive(Clone, Debug)]
pub struct JobContext {
    context: Context,
}

impl JobContext {
    /// A context in the jobs function.
    pub fn new(context: Context) -> Self {
        Self { context }
    }
}

impl Deref for JobContext {
    type Target = Context;
    fn deref(&self) -> &Context {
        &self.context
    }
}
