//! Permissions of members and of the application in channels.

use jiff::Timestamp;

use super::{
    Channel, ChannelContext, ChannelKind, Guild, Member, Role, User,
    permissions::{self, ChannelOverwrites, Holder},
};
use crate::Snowflake;

impl User {
    /// Whether `name` is the user's id, display name or username.
    pub(crate) fn is_called(&self, name: &str) -> bool {
        self.id.to_string() == name
            || self.global_name.eq_ignore_ascii_case(name)
            || self.username.eq_ignore_ascii_case(name)
    }
}

impl Member {
    /// Whether a timeout is active now.
    pub(crate) fn is_timed_out(&self, now: Timestamp) -> bool {
        let until = self.timed_out_until.as_deref().and_then(|until| until.parse::<Timestamp>().ok());
        until.is_some_and(|until| until > now)
    }
}

impl Guild {
    /// Id and permissions of @everyone. A database of an older version has no roles: then those of a new guild.
    pub(crate) fn everyone(&self) -> (Snowflake, u64) {
        let role = self.roles.iter().find(|role| role.id == self.id);
        (self.id, role.map_or(permissions::EVERYONE, |role| role.permissions))
    }

    /// The member's permissions in the channel.
    pub(crate) fn permissions(&self, member: &Member, channel: &Channel, now: Timestamp) -> u64 {
        let roles = self.with_bits(|role| member.roles.contains(&role.id));
        let holder = Holder {
            id: member.user.id,
            is_owner: member.user.id == self.owner,
            is_timed_out: member.is_timed_out(now),
            roles: &roles,
            everyone: self.everyone(),
        };
        hidden(permissions::in_channel(&holder, channel.channel_overwrites()), channel, member.user.id)
    }

    /// The application's permissions in the channel; where it is not installed, those of @everyone.
    pub(crate) fn app_permissions(&self, application: Snowflake, channel: &Channel) -> u64 {
        let roles = self.with_bits(|role| self.is_of_bot(role));
        let everyone = self.everyone();
        let holder =
            Holder { id: application, is_owner: false, is_timed_out: false, roles: &roles, everyone };
        hidden(permissions::in_channel(&holder, channel.channel_overwrites()), channel, application)
    }

    fn with_bits(&self, wanted: impl Fn(&Role) -> bool) -> Vec<(Snowflake, u64)> {
        self.roles.iter().filter(|role| wanted(role)).map(|role| (role.id, role.permissions)).collect()
    }
}

/// No permissions in a private thread, unless `who` is its member or has `MANAGE_THREADS`.
fn hidden(bits: u64, channel: &Channel, who: Snowflake) -> u64 {
    let strange = channel.sort == ChannelKind::PrivateThread && !channel.thread.has(who);
    if strange && bits & permissions::MANAGE_THREADS == 0 { 0 } else { bits }
}

impl Channel {
    fn channel_overwrites(&self) -> ChannelOverwrites<'_> {
        ChannelOverwrites { overwrites: &self.overwrites, is_thread: self.is_thread() }
    }

    /// The application's permissions in direct messages.
    pub(crate) fn direct_permissions(&self) -> u64 {
        match self.place {
            ChannelContext::Direct(_) => permissions::DIRECT_MESSAGE | permissions::USE_EXTERNAL_EMOJIS,
            _ => permissions::DIRECT_MESSAGE,
        }
    }
}
