//! What a user sees: guilds, channels, members and messages.

use rusqlite::Connection;
use serde_json::Value;

use super::context::Context;
use crate::{
    Discord, Error, Refused, Snowflake, limits,
    model::{
        self, Channel, ChannelContext, Guild, User,
        interaction::{Interaction, Kind, State},
        message, permissions,
        seen::Seen,
        store,
    },
};

/// How many messages of a channel are shown.
const MAX_MESSAGES_SHOWN: u32 = 200;

/// A user, or the application's bot.
#[derive(Clone, Debug)]
pub struct SeenUser {
    pub id: Snowflake,
    pub username: String,
    pub name: String,
    pub locale: String,
    pub is_bot: bool,
}

/// Everything that a user sees, without messages.
#[derive(Clone, Debug)]
pub struct ClientView {
    pub me: SeenUser,
    /// All users, between which the playground can switch.
    pub people: Vec<SeenUser>,
    pub guilds: Vec<SeenGuild>,
    /// Direct messages with the bot, and group DMs.
    pub direct: Vec<SeenChannel>,
}

/// A guild, as one of its members sees it.
#[derive(Clone, Debug)]
pub struct SeenGuild {
    pub id: Snowflake,
    pub name: String,
    /// All visible channels and threads; a thread has its channel in `parent`.
    pub channels: Vec<SeenChannel>,
    /// Without @everyone, highest first.
    pub roles: Vec<(Snowflake, String)>,
    pub members: Vec<SeenMember>,
}

/// A channel that a member sees.
#[derive(Clone, Debug)]
pub struct SeenChannel {
    pub id: Snowflake,
    pub name: String,
    /// Discord's channel type.
    pub kind: u8,
    pub parent: Option<Snowflake>,
    pub topic: Option<String>,
    pub is_nsfw: bool,
    pub may_write: bool,
}

/// A member of a guild, as the others see them.
#[derive(Clone, Debug)]
pub struct SeenMember {
    pub person: SeenUser,
    pub nick: Option<String>,
    pub roles: Vec<Snowflake>,
    pub is_owner: bool,
}

/// A command of the user without a response: pending or failed.
#[derive(Clone, Debug)]
pub struct UnansweredCommand {
    pub id: Snowflake,
    pub command: String,
    /// Why it failed; `None` while it is pending.
    pub failed: Option<String>,
}

impl Discord {
    /// What the user with this name, username or id sees; `None` if there is no such user.
    pub fn client_view(&self, user: &str) -> Result<Option<ClientView>, Error> {
        self.inner.store.read(|db| {
            let users = model::users(db)?;
            let Some(me) = users.iter().find(|known| known.is_called(user)) else { return Ok(None) };
            let channels = model::channels(db)?;
            let mut guilds = Vec::new();
            for guild in model::all_guilds(db)? {
                guilds.extend(self.guild_seen(db, &guild, me, &channels)?);
            }
            let direct = channels.iter().filter(|channel| is_direct(channel, me.id));
            let direct = direct.map(|channel| seen(channel, true)).collect();
            Ok(Some(ClientView {
                me: person(me),
                people: users.iter().map(person).collect(),
                guilds,
                direct,
            }))
        })
    }

    fn guild_seen(
        &self,
        db: &Connection,
        guild: &Guild,
        me: &User,
        channels: &[Channel],
    ) -> Result<Option<SeenGuild>, Error> {
        let Some(member) = model::member(db, guild.id, me.id)? else { return Ok(None) };
        let now = self.inner.clock.now();
        let mut inside: Vec<SeenChannel> = Vec::new();
        for channel in channels.iter().filter(|channel| channel.place == ChannelContext::Guild(guild.id)) {
            let held = guild.permissions(&member, channel, now);
            let write = if channel.is_thread() {
                permissions::SEND_MESSAGES_IN_THREADS
            } else {
                permissions::SEND_MESSAGES
            };
            if held & permissions::VIEW_CHANNEL != 0 {
                inside.push(seen(channel, held & write != 0));
            }
        }
        let mut members: Vec<SeenMember> =
            model::members(db, guild.id)?.into_iter().map(|member| of_guild(guild, member)).collect();
        if !guild.foreign {
            members.push(self.bot_in(guild));
        }
        let mut roles: Vec<_> = guild.roles.iter().filter(|role| role.id != guild.id).collect();
        roles.sort_by_key(|role| std::cmp::Reverse(role.position));
        let roles = roles.into_iter().map(|role| (role.id, role.name.clone())).collect();
        Ok(Some(SeenGuild { id: guild.id, name: guild.name.clone(), channels: inside, roles, members }))
    }

    /// The application's own bot.
    pub fn bot(&self) -> SeenUser {
        let bot = model::bot_object(self.application_id());
        let name = bot["username"].as_str().unwrap_or("").to_owned();
        let username = name.clone();
        SeenUser { id: self.application_id(), username, name, locale: String::new(), is_bot: true }
    }

    fn bot_in(&self, guild: &Guild) -> SeenMember {
        let own = guild.roles.iter().filter(|role| role.managed).map(|role| role.id);
        let roles = own.chain(guild.bot_roles.iter().copied()).collect();
        SeenMember { person: self.bot(), nick: guild.bot_nick.clone(), roles, is_owner: false }
    }

    /// The messages that the user sees in the channel, oldest first. `VIEW_CHANNEL` is not checked.
    pub fn messages_for(&self, person: Snowflake, channel: Snowflake) -> Result<Vec<Value>, Error> {
        const SQL: &str = "SELECT document FROM messages WHERE channel = ?1 ORDER BY id DESC LIMIT ?2";
        let mut list: Vec<Value> =
            self.inner.store.read(|db| store::documents(db, SQL, (channel, MAX_MESSAGES_SHOWN)))?;
        list.retain(|message| is_for(message, person));
        list.reverse();
        Ok(list)
    }

    /// The messages for a user and a channel given by name or id, as in [`Discord::say`].
    ///
    /// # Errors
    /// If there is no such user, or the user does not see the channel.
    pub fn messages_seen(&self, user: &str, channel: &str) -> Result<Vec<Value>, Refused> {
        let (user, channel) = self.inner.store.read(|db| {
            let context = Context::find(self, db, user, channel)?;
            Ok::<_, Refused>((context.user.id, context.channel.id))
        })?;
        Ok(self.messages_for(user, channel)?)
    }

    /// The user's commands in the channel that are pending or failed.
    pub fn unanswered_commands(
        &self,
        person: Snowflake,
        channel: Snowflake,
    ) -> Result<Vec<UnansweredCommand>, Error> {
        const SQL: &str = "SELECT document FROM interactions WHERE state IN ('pending', 'failed')";
        let list: Vec<Interaction> = self.inner.store.read(|db| store::documents(db, SQL, []))?;
        let own = list.into_iter().filter(|it| it.user == person && it.channel == channel);
        Ok(own.filter_map(|it| notice(&it)).collect())
    }

    /// The same for one interaction. The outer `None`: it is not the user's, or not in this channel.
    pub fn notice_for(
        &self,
        person: Snowflake,
        channel: Snowflake,
        id: Snowflake,
    ) -> Result<Option<Option<UnansweredCommand>>, Error> {
        let found = self.inner.store.read(|db| crate::model::interaction::load(db, id))?;
        let own = found.filter(|it| it.user == person && it.channel == channel);
        Ok(own.map(|it| notice(&it)))
    }

    /// Whether a loading message can no longer be edited, because its token has expired.
    pub fn is_overdue(&self, message: &Value) -> bool {
        let asked =
            message["interaction_metadata"]["id"].as_str().and_then(|id| id.parse::<Snowflake>().ok());
        let now = self.inner.clock.now().as_millisecond();
        message::is_loading(message) && asked.is_some_and(|id| id.born_ms() + limits::TOKEN_MS <= now)
    }
}

/// Whether the user sees the message: only its invoker sees an ephemeral one.
pub fn is_for(message: &Value, person: Snowflake) -> bool {
    let owner = message["interaction_metadata"]["user"]["id"].as_str();
    !message::is_private(message) || owner == Some(&person.to_string())
}

fn notice(interaction: &Interaction) -> Option<UnansweredCommand> {
    let is_open = interaction.original.is_none() && interaction.kind == Kind::Command;
    let failed = interaction.steps.iter().find_map(|step| match &step.seen {
        Seen::DidNotRespond { reason } => Some(reason.clone()),
        _ => None,
    });
    let told = failed.is_some() || interaction.state == State::Pending;
    (is_open && told).then(|| UnansweredCommand {
        id: interaction.id,
        command: interaction.name.clone(),
        failed,
    })
}

fn person(user: &User) -> SeenUser {
    SeenUser {
        id: user.id,
        username: user.username.clone(),
        name: user.global_name.clone(),
        locale: user.locale.clone(),
        is_bot: false,
    }
}

fn of_guild(guild: &Guild, member: model::Member) -> SeenMember {
    let is_owner = guild.owner == member.user.id;
    SeenMember { person: person(&member.user), nick: member.nick, roles: member.roles, is_owner }
}

fn is_direct(channel: &Channel, me: Snowflake) -> bool {
    channel.place == ChannelContext::Direct(me)
        || channel.place == ChannelContext::Group && channel.people.contains(&me)
}

fn seen(channel: &Channel, may_write: bool) -> SeenChannel {
    SeenChannel {
        id: channel.id,
        name: channel.name.clone(),
        kind: channel.kind(),
        parent: channel.parent,
        topic: channel.topic.clone(),
        is_nsfw: channel.nsfw,
        may_write: may_write && !channel.thread.archived,
    }
}
