//! The context of a user's action: the user, the channel and the guild.

use jiff::Timestamp;
use rusqlite::Connection;
use serde_json::Value;

use super::upload::Upload;
use crate::{
    Discord, Error, Refused, Snowflake,
    model::{
        self, Channel, ChannelContext, Guild, Member, User, command_permissions, commands, message,
        permissions,
    },
};

const USE_EXTERNAL_APPS: u64 = 1 << 50;

/// A user in a channel that the user can see.
pub(super) struct Context {
    pub user: User,
    pub channel: Channel,
    /// `None` in direct messages.
    pub guild: Option<InGuild>,
    /// Whether the user is a member of a guild in which the application is installed.
    pub meets_bot: bool,
    /// The files that the user has uploaded and can attach.
    pub uploads: Vec<Upload>,
    now: Timestamp,
    application: Snowflake,
}

/// What a guild adds to the context.
pub(super) struct InGuild {
    pub guild: Guild,
    pub member: Member,
    /// All members, who can be values of options.
    pub members: Vec<Member>,
    /// The channels that the user sees, which can be values of options.
    pub channels: Vec<Channel>,
    /// The guild's command permissions.
    pub command_permissions: Vec<Value>,
}

impl Context {
    /// `user` and `channel` are names or ids; `dm` is the user's direct messages.
    pub(super) fn find(
        discord: &Discord,
        db: &Connection,
        user: &str,
        channel: &str,
    ) -> Result<Self, Refused> {
        let now = discord.inner.clock.now();
        let user = find_user(model::users(db)?, user)?;
        let channels = model::channels(db)?;
        let channel = find_channel(&channels, &user, channel)?;
        let guild = match channel.place {
            ChannelContext::Direct(_) | ChannelContext::Group => None,
            ChannelContext::Guild(id) => Some(InGuild::find(db, id, &user, channels, now)?),
        };
        let meets_bot = meets_bot(db, &user)?;
        let uploads = discord.uploads_of(user.id);
        let context =
            Self { user, channel, guild, meets_bot, uploads, now, application: discord.application_id() };
        if context.guild.is_some() && context.permissions() & permissions::VIEW_CHANNEL == 0 {
            return Err(no_channel(&context.user, &context.channel.name));
        }
        Ok(context)
    }

    /// A message, and the context of its channel. Refused if the user does not see the message.
    pub(super) fn at_message(
        discord: &Discord,
        db: &Connection,
        user: &str,
        id: Snowflake,
    ) -> Result<(Self, Value), Refused> {
        let message =
            message::load(db, id)?.ok_or_else(|| Refused::because(format!("there is no message {id}")))?;
        let context = Self::find(discord, db, user, message["channel_id"].as_str().unwrap_or(""))?;
        check_seen(&message, &context)?;
        Ok((context, message))
    }

    /// Every command of this kind that exists here. A guild's own command hides a global one.
    pub(super) fn commands(&self, db: &Connection, kind: u64) -> Result<Vec<Value>, Error> {
        let mut commands = match &self.guild {
            Some(inside) => commands::list(db, Some(inside.guild.id))?,
            None => Vec::new(),
        };
        commands.extend(commands::list(db, None)?);
        commands.retain(|command| command["type"] == kind);
        Ok(commands)
    }

    /// Discord's interaction context type: 0 in a guild, 1 in direct messages with the bot, 2 in other DMs.
    pub(super) fn context_type(&self) -> u8 {
        match self.channel.place {
            ChannelContext::Guild(_) => 0,
            ChannelContext::Direct(_) => 1,
            ChannelContext::Group => 2,
        }
    }

    /// The user's permissions in this channel; 0 in direct messages.
    pub(super) fn permissions(&self) -> u64 {
        self.guild.as_ref().map_or(0, |inside| self.permissions_of(&inside.member))
    }

    /// Whether the user is timed out. Administrators cannot be.
    pub(super) fn is_silenced(&self) -> bool {
        let timed_out = self.guild.as_ref().is_some_and(|inside| inside.member.is_timed_out(self.now));
        timed_out && self.permissions() & permissions::ADMINISTRATOR == 0
    }

    /// Another member's permissions in this channel.
    pub(super) fn permissions_of(&self, member: &Member) -> u64 {
        let inside = self.guild.as_ref();
        inside.map_or(0, |inside| inside.guild.permissions(member, &self.channel, self.now))
    }

    /// Whether responses of a user-installed application are ephemeral here.
    pub(super) fn hides_external_apps(&self) -> bool {
        self.guild.is_some() && self.permissions() & USE_EXTERNAL_APPS == 0
    }

    pub(super) fn app_permissions(&self) -> u64 {
        match &self.guild {
            Some(inside) => inside.guild.app_permissions(self.application, &self.channel),
            None => self.channel.direct_permissions(),
        }
    }

    /// The JSON of a channel, with the user's and the application's permissions.
    pub(super) fn channel_object(&self, channel: &Channel) -> Value {
        let Some(inside) = &self.guild else {
            return channel.partial(&self.user, 0, 0);
        };
        let permissions = inside.guild.permissions(&inside.member, channel, self.now);
        channel.partial(&self.user, permissions, inside.guild.app_permissions(self.application, channel))
    }

    /// The user with this `@name`, name, mention or id, among those that the client offers here.
    pub(super) fn person(&self, text: &str) -> Option<(&User, Option<&Member>)> {
        let name = text.trim_start_matches("<@").trim_end_matches('>').trim_start_matches(['@', '!']);
        match &self.guild {
            Some(inside) => {
                let member = inside.members.iter().find(|member| member.user.is_called(name))?;
                Some((&member.user, Some(member)))
            }
            None => self.user.is_called(name).then_some((&self.user, None)),
        }
    }
}

impl InGuild {
    fn find(
        db: &Connection,
        id: Snowflake,
        user: &User,
        mut channels: Vec<Channel>,
        now: Timestamp,
    ) -> Result<Self, Refused> {
        let guild = model::any_guild(db, id)?.ok_or(Error::Damaged("a channel without its guild"))?;
        let member = model::member(db, id, user.id)?.ok_or_else(|| {
            Refused::because(format!("{} is not a member of {}", user.global_name, guild.name))
        })?;
        let sees =
            |channel: &Channel| guild.permissions(&member, channel, now) & permissions::VIEW_CHANNEL != 0;
        channels.retain(|channel| channel.place == ChannelContext::Guild(id) && sees(channel));
        let command_permissions = command_permissions::list(db, id)?;
        Ok(Self { members: model::members(db, id)?, guild, member, channels, command_permissions })
    }
}

fn meets_bot(db: &Connection, user: &User) -> Result<bool, Error> {
    for guild in model::guilds(db)? {
        if model::member(db, guild.id, user.id)?.is_some() {
            return Ok(true);
        }
    }
    Ok(false)
}

/// Refuses unless the user sees the message: only its invoker sees an ephemeral one.
fn check_seen(message: &Value, context: &Context) -> Result<(), Refused> {
    let invoker = message["interaction_metadata"]["user"]["id"].as_str();
    if message::is_private(message) && invoker != Some(&context.user.id.to_string()) {
        return Err(Refused::because(format!("{} does not see this message", context.user.global_name)));
    }
    Ok(())
}

fn find_user(users: Vec<User>, name: &str) -> Result<User, Refused> {
    let found = users.into_iter().find(|user| user.is_called(name));
    found.ok_or_else(|| Refused::because(format!("there is no user `{name}`")))
}

fn find_channel(channels: &[Channel], user: &User, name: &str) -> Result<Channel, Refused> {
    let direct = ChannelContext::Direct(user.id);
    let wanted = name.trim_start_matches('#');
    let is_it = |channel: &&Channel| {
        let named = channel.name == wanted || channel.id.to_string() == name;
        match channel.place {
            ChannelContext::Direct(_) => {
                channel.place == direct && (name == "dm" || channel.id.to_string() == name)
            }
            ChannelContext::Group => named && channel.people.contains(&user.id),
            ChannelContext::Guild(_) => named,
        }
    };
    channels.iter().find(is_it).cloned().ok_or_else(|| no_channel(user, name))
}

fn no_channel(user: &User, name: &str) -> Refused {
    Refused::because(format!("{} sees no channel `{name}`", user.global_name))
}

pub(super) fn locale_of(db: &Connection, id: Snowflake) -> Result<String, Error> {
    let user = model::users(db)?.into_iter().find(|user| user.id == id);
    Ok(user.map(|user| user.locale).unwrap_or_default())
}
