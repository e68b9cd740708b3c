//! What a command is given: its caller, the clock, and access to everything else.

use std::sync::Arc;

use aws::{ForCommands, Store};
use discord::{Envelope, Permissions};
use domain::{ApplicationId, Fault, GuildId, InteractionId, Language, Settings, UserId, job::Visibility};
use integrations::Weather;
use jiff::Timestamp;

use crate::{Bot, services::Table};

/// The user of the interaction, and where they used it.
#[derive(Clone, Debug)]
pub struct Caller {
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
    /// What the bot may do in this channel; `None` if it could not be read.
    pub app_permissions: Option<Permissions>,
    user_language: Language,
    place_language: Language,
}

impl Caller {
    /// Reads it off an interaction.
    pub fn of(envelope: &Envelope<'_>, received: Timestamp, bot: &Bot) -> Self {
        Self {
            interaction: envelope.id,
            received,
            application: envelope.application().unwrap_or(bot.application()),
            guild: envelope.guild(),
            user: envelope.user(),
            permissions: envelope.permissions(),
            app_permissions: envelope.app_permissions(),
            user_language: envelope.user_language(),
            place_language: envelope.place_language(),
        }
    }

    /// The user, for commands that need one.
    ///
    /// # Errors
    /// [`Fault`] if it could not be read.
    pub fn user(&self) -> Result<UserId, Fault> {
        self.user.ok_or_else(|| Fault::lasting("interaction", "no user"))
    }

    /// The language of the user.
    pub fn user_language(&self) -> Language {
        self.user_language
    }

    /// Whether the user may use what `requires` these permissions. Outside guilds nobody has any to lack.
    pub fn may(&self, requires: Permissions) -> bool {
        match (self.guild, self.permissions) {
            (_, Some(have)) => have.contains(Permissions::ADMINISTRATOR) || have.contains(requires),
            (Some(_), None) => requires.is_empty(),
            (None, None) => true,
        }
    }

    /// Whether the bot may do what it `needs` here.
    pub fn bot_may(&self, needs: Permissions) -> bool {
        needs.is_empty()
            || self
                .app_permissions
                .is_some_and(|have| have.contains(Permissions::ADMINISTRATOR) || have.contains(needs))
    }
}

/// A caller that the guard has let in to a command. A [`Context`] also says who sees the reply, which the
/// command's options decide.
#[derive(Clone, Debug)]
pub struct Admitted {
    /// The user of the interaction, and where they used it.
    pub caller: Caller,
    settings: Arc<Settings>,
    bot: Arc<Bot>,
    reply: Visibility,
}

impl Admitted {
    /// `reply` is who sees what the command answers at most.
    pub fn new(bot: &Arc<Bot>, caller: Caller, settings: Arc<Settings>, reply: Visibility) -> Self {
        Self { caller, settings, bot: Arc::clone(bot), reply }
    }

    /// The context for a reply that these see, and never more than before.
    pub fn context(self, reply: Visibility) -> Context {
        let Self { caller, settings, bot, reply: most } = self;
        Context { caller, settings, bot, reply: most.narrowed_to(reply) }
    }
}

/// What a command is given, in the interactions function and in the jobs function.
#[derive(Clone, Debug)]
pub struct Context {
    /// The user of the interaction, and where they used it.
    pub caller: Caller,
    /// What the guild has decided; outside guilds, and for what is free, nothing.
    pub settings: Arc<Settings>,
    bot: Arc<Bot>,
    reply: Visibility,
}

impl Context {
    /// Who sees the reply.
    pub fn reply(&self) -> Visibility {
        self.reply
    }

    /// What time it is. The only clock that a command knows.
    pub fn now(&self) -> Timestamp {
        self.bot.now()
    }

    /// The language of the reply: the user's for a private one, the guild's for a public one.
    pub fn language(&self) -> Language {
        match self.reply {
            Visibility::Private => self.caller.user_language,
            Visibility::Public => self.public_language(),
        }
    }

    /// The language of what everybody sees.
    pub fn public_language(&self) -> Language {
        self.settings.language.unwrap_or(self.caller.place_language)
    }

    /// The language of what only the user sees: refusals, apologies, choices.
    pub fn user_language(&self) -> Language {
        self.caller.user_language()
    }

    /// All items of a kind that commands may read and write.
    pub fn store<T: ForCommands>(&self) -> Store<T> {
        self.bot.store()
    }

    /// Caches the settings that the guild has just changed, for the next interactions in this environment.
    pub fn remember_settings(&self, guild: GuildId, settings: Settings) {
        self.bot.remember_settings(guild, settings);
    }

    /// Places and forecasts.
    pub fn weather(&self) -> &Weather<Table> {
        self.bot.weather()
    }

    /// The way out to other people's servers.
    pub fn http(&self) -> &outbound::Client {
        self.bot.http()
    }

    /// Where Discord keeps files.
    pub fn cdn_base(&self) -> &str {
        self.bot.cdn_base()
    }

    /// The bot's services: for the bot itself, not for commands.
    pub(crate) fn bot(&self) -> &Bot {
        &self.bot
    }
}
