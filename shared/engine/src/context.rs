//! The context of a command: the caller, the clock, and access to the bot's services.

use std::{sync::Arc, time::Duration};

use aws::{ForCommands, Store};
use discord::{Envelope, Permissions};
use domain::{
    ApplicationId, Fault, GuildId, InteractionId, Language, Settings, UserId, deadline, job::Visibility,
};
use integrations::Weather;
use jiff::Timestamp;

use crate::{Services, services::Table};

/// The user of an interaction, and where they used it.
#[derive(Clone, Debug)]
pub struct Caller {
    /// The interaction's id: also the idempotency key and the reference in the logs.
    pub interaction: InteractionId,
    /// When the interaction was received.
    pub received: Timestamp,
    /// The application's id, needed to address the reply.
    pub application: ApplicationId,
    /// The guild; `None` in DMs.
    pub guild: Option<GuildId>,
    /// The user; `None` if the interaction has no readable one.
    pub user: Option<UserId>,
    /// The member's permissions in the channel; `None` in DMs.
    pub permissions: Option<Permissions>,
    /// The bot's permissions in the channel; `None` if they cannot be read.
    pub app_permissions: Option<Permissions>,
    user_language: Language,
    place_language: Language,
}

impl Caller {
    /// The caller of an interaction that was received at `received`.
    pub fn new(envelope: &Envelope<'_>, received: Timestamp, services: &Services) -> Self {
        Self {
            interaction: envelope.id,
            received,
            application: envelope.application().unwrap_or(services.application()),
            guild: envelope.guild(),
            user: envelope.user(),
            permissions: envelope.permissions(),
            app_permissions: envelope.app_permissions(),
            user_language: envelope.user_language(),
            place_language: envelope.place_language(),
        }
    }

    /// The message group of this interaction's queue messages: the guild, or outside guilds the user, so that
    /// neither delays the others.
    pub(crate) fn message_group(&self) -> String {
        match (self.guild, self.user) {
            (Some(guild), _) => guild.to_string(),
            (None, Some(user)) => user.to_string(),
            (None, None) => self.interaction.to_string(),
        }
    }

    /// The time that is left until the command is handed to the queue.
    pub(crate) fn left_to_hand_over(&self, now: Timestamp) -> Duration {
        deadline::left(now, deadline::hand_over_at(self.interaction, self.received))
    }

    /// The user, for commands that need one.
    ///
    /// # Errors
    /// [`Fault`] if the interaction has no readable user.
    pub fn user(&self) -> Result<UserId, Fault> {
        self.user.ok_or_else(|| Fault::lasting("interaction", "no user"))
    }

    /// The language of the user.
    pub fn user_language(&self) -> Language {
        self.user_language
    }

    /// Whether the user has these permissions. In DMs there are no permissions, so everything is allowed.
    pub fn may(&self, requires: Permissions) -> bool {
        match (self.guild, self.permissions) {
            (_, Some(have)) => have.contains(Permissions::ADMINISTRATOR) || have.contains(requires),
            (Some(_), None) => requires.is_empty(),
            (None, None) => true,
        }
    }

    /// Whether the bot has these permissions here.
    pub fn bot_may(&self, needs: Permissions) -> bool {
        needs.is_empty()
            || self
                .app_permissions
                .is_some_and(|have| have.contains(Permissions::ADMINISTRATOR) || have.contains(needs))
    }
}

/// A caller that the guard has let through. It becomes a [`Context`] once the command's options have
/// decided who can see the reply.
#[derive(Clone, Debug)]
pub struct Admitted {
    /// The user of the interaction, and where they used it.
    pub caller: Caller,
    settings: Arc<Settings>,
    services: Arc<Services>,
    reply: Visibility,
}

impl Admitted {
    /// `reply` is the widest visibility that the reply may have.
    pub fn new(services: &Arc<Services>, caller: Caller, settings: Arc<Settings>, reply: Visibility) -> Self {
        Self { caller, settings, services: Arc::clone(services), reply }
    }

    /// The context for a reply with this visibility, or with the one given to [`Admitted::new`] if that is
    /// more restrictive.
    pub fn context(self, reply: Visibility) -> Context {
        let Self { caller, settings, services, reply: most } = self;
        Context { caller, settings, services, reply: most.restricted_to(reply) }
    }
}

/// The context of a command, in the interactions function and in the jobs function.
#[derive(Clone, Debug)]
pub struct Context {
    /// The user of the interaction, and where they used it.
    pub caller: Caller,
    /// The guild's settings; the defaults in DMs, and for a `Free` command if they are not cached.
    pub settings: Arc<Settings>,
    services: Arc<Services>,
    reply: Visibility,
}

impl Context {
    /// The visibility of the reply.
    pub fn reply(&self) -> Visibility {
        self.reply
    }

    /// The current time. Commands use no other clock.
    pub fn now(&self) -> Timestamp {
        self.services.now()
    }

    /// The language of the reply: the user's for an ephemeral one, the guild's for a public one.
    pub fn language(&self) -> Language {
        match self.reply {
            Visibility::Ephemeral => self.caller.user_language,
            Visibility::Public => self.public_language(),
        }
    }

    /// The language of messages that everyone can see.
    pub fn public_language(&self) -> Language {
        self.settings.language.unwrap_or(self.caller.place_language)
    }

    /// The language of messages that only the user can see: rejections, errors, choices.
    pub fn user_language(&self) -> Language {
        self.caller.user_language()
    }

    /// The store of a kind of item that commands may read and write.
    pub fn store<T: ForCommands>(&self) -> Store<T> {
        self.services.store()
    }

    /// Caches settings that the guild has just changed, for the next interactions in this environment.
    pub fn remember_settings(&self, guild: GuildId, settings: Settings) {
        self.services.remember_settings(guild, settings);
    }

    /// The weather service.
    pub fn weather(&self) -> &Weather<Table> {
        self.services.weather()
    }

    /// The HTTP client for external servers.
    pub fn http(&self) -> &outbound::Client {
        self.services.http()
    }

    /// The base URL of Discord's CDN.
    pub fn cdn_base(&self) -> &str {
        self.services.cdn_base()
    }

    /// The services, for the engine itself.
    pub(crate) fn services(&self) -> &Services {
        &self.services
    }
}
