//! Computes permissions from roles and overwrites, as Discord documents it (topics/permissions).

use serde::{Deserialize, Serialize};

use crate::Snowflake;

pub(crate) use super::permission_names::names;

pub(crate) const KICK_MEMBERS: u64 = 1 << 1;
pub(crate) const BAN_MEMBERS: u64 = 1 << 2;
pub(crate) const ADMINISTRATOR: u64 = 1 << 3;
pub(crate) const MANAGE_CHANNELS: u64 = 1 << 4;
pub(crate) const MANAGE_GUILD: u64 = 1 << 5;
pub(crate) const ADD_REACTIONS: u64 = 1 << 6;
pub(crate) const VIEW_CHANNEL: u64 = 1 << 10;
pub(crate) const SEND_MESSAGES: u64 = 1 << 11;
pub(crate) const SEND_TTS_MESSAGES: u64 = 1 << 12;
pub(crate) const MANAGE_MESSAGES: u64 = 1 << 13;
pub(crate) const EMBED_LINKS: u64 = 1 << 14;
pub(crate) const ATTACH_FILES: u64 = 1 << 15;
pub(crate) const READ_MESSAGE_HISTORY: u64 = 1 << 16;
pub(crate) const MENTION_EVERYONE: u64 = 1 << 17;
pub(crate) const USE_EXTERNAL_EMOJIS: u64 = 1 << 18;
pub(crate) const CHANGE_NICKNAME: u64 = 1 << 26;
pub(crate) const MANAGE_NICKNAMES: u64 = 1 << 27;
pub(crate) const MANAGE_ROLES: u64 = 1 << 28;
pub(crate) const USE_APPLICATION_COMMANDS: u64 = 1 << 31;
pub(crate) const MANAGE_THREADS: u64 = 1 << 34;
pub(crate) const CREATE_PUBLIC_THREADS: u64 = 1 << 35;
pub(crate) const CREATE_PRIVATE_THREADS: u64 = 1 << 36;
pub(crate) const SEND_MESSAGES_IN_THREADS: u64 = 1 << 38;
pub(crate) const MODERATE_MEMBERS: u64 = 1 << 40;
pub(crate) const PIN_MESSAGES: u64 = 1 << 51;
/// Every permission bit up to `BYPASS_SLOWMODE` (1 << 52).
pub(crate) const ALL: u64 = (1 << 53) - 1;
/// The permissions of @everyone in a new guild.
pub(crate) const EVERYONE: u64 = 2_222_085_186_641_473;
/// The permissions of an application in direct messages.
pub(crate) const DIRECT_MESSAGE: u64 = ATTACH_FILES | EMBED_LINKS | MENTION_EVERYONE;

/// A permission overwrite of a channel, for a role or a member.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub(crate) struct Overwrite {
    /// The id of the role or member. No type is needed, because ids are unique.
    pub id: Snowflake,
    pub allow: u64,
    pub deny: u64,
}

/// The member whose permissions are computed.
#[derive(Clone, Debug)]
pub(crate) struct Holder<'a> {
    pub id: Snowflake,
    pub is_owner: bool,
    pub is_timed_out: bool,
    /// Each with its permissions; without @everyone.
    pub roles: &'a [(Snowflake, u64)],
    /// Id and permissions of @everyone; the id is the guild's.
    pub everyone: (Snowflake, u64),
}

/// The channel for which they are computed. A thread has the overwrites of its parent.
#[derive(Clone, Copy, Debug)]
pub(crate) struct ChannelOverwrites<'a> {
    pub overwrites: &'a [Overwrite],
    pub is_thread: bool,
}

/// Permissions in the guild, without overwrites.
pub(crate) fn base(holder: &Holder<'_>) -> u64 {
    let bits = holder.roles.iter().fold(holder.everyone.1, |bits, (_, role)| bits | role);
    if holder.is_owner || bits & ADMINISTRATOR != 0 { ALL } else { bits }
}

/// Permissions in a channel.
pub(crate) fn in_channel(holder: &Holder<'_>, channel_overwrites: ChannelOverwrites<'_>) -> u64 {
    let base = base(holder);
    if base & ADMINISTRATOR != 0 {
        return base;
    }
    let bits =
        implied(overwritten(base, holder, channel_overwrites.overwrites), channel_overwrites.is_thread);
    if holder.is_timed_out { bits & (VIEW_CHANNEL | READ_MESSAGE_HISTORY) } else { bits }
}

/// Applies the overwrites of @everyone, then of all roles together, then of the member; each time `deny` before
/// `allow`.
fn overwritten(base: u64, holder: &Holder<'_>, overwrites: &[Overwrite]) -> u64 {
    let of = |id: Snowflake| overwrites.iter().filter(move |overwrite| overwrite.id == id);
    let mut bits = base;
    for overwrite in of(holder.everyone.0) {
        bits = bits & !overwrite.deny | overwrite.allow;
    }
    let (mut allow, mut deny) = (0, 0);
    for overwrite in holder.roles.iter().flat_map(|(role, _)| of(*role)) {
        allow |= overwrite.allow;
        deny |= overwrite.deny;
    }
    bits = bits & !deny | allow;
    for overwrite in of(holder.id) {
        bits = bits & !overwrite.deny | overwrite.allow;
    }
    bits
}

/// Implicit permissions: without `VIEW_CHANNEL` there are none, and without the permission to write, those that
/// need it are removed.
fn implied(bits: u64, is_thread: bool) -> u64 {
    let write = if is_thread { SEND_MESSAGES_IN_THREADS } else { SEND_MESSAGES };
    if bits & VIEW_CHANNEL == 0 {
        0
    } else if bits & write == 0 {
        bits & !(MENTION_EVERYONE | SEND_TTS_MESSAGES | ATTACH_FILES | EMBED_LINKS)
    } else {
        bits
    }
}

#[cfg(test)]
mod tests {
    #![allow(clippy::unwrap_used, reason = "a test that cannot go on has failed")]

    use super::*;

    const START: u64 = VIEW_CHANNEL | SEND_MESSAGES | EMBED_LINKS;

    fn id(text: &str) -> Snowflake {
        text.parse().unwrap()
    }

    fn over(who: &str, allow: u64, deny: u64) -> Overwrite {
        Overwrite { id: id(who), allow, deny }
    }

    /// Guild 1, member 2, roles 3 and 4.
    fn bits(roles: u64, overwrites: &[Overwrite]) -> u64 {
        let roles = [(id("3"), roles), (id("4"), 0)];
        let everyone = (id("1"), START);
        let holder = Holder { id: id("2"), is_owner: false, is_timed_out: false, roles: &roles, everyone };
        in_channel(&holder, ChannelOverwrites { overwrites, is_thread: false })
    }

    #[test]
    fn permissions_are_those_of_the_documentation() {
        let silent = VIEW_CHANNEL;
        for (why, roles, overwrites, expected) in [
            ("roles add to everyone", KICK_MEMBERS, vec![], START | KICK_MEMBERS),
            ("everyone denied", 0, vec![over("1", 0, SEND_MESSAGES)], silent),
            ("a role allows again", 0, vec![over("1", 0, SEND_MESSAGES), over("3", SEND_MESSAGES, 0)], START),
            (
                "among roles an allowance wins",
                0,
                vec![over("3", 0, SEND_MESSAGES), over("4", SEND_MESSAGES, 0)],
                START,
            ),
            (
                "the member comes last",
                0,
                vec![over("4", SEND_MESSAGES, 0), over("2", 0, SEND_MESSAGES)],
                silent,
            ),
            ("who cannot see can nothing", KICK_MEMBERS, vec![over("1", 0, VIEW_CHANNEL)], 0),
            ("an administrator can all", ADMINISTRATOR, vec![over("1", 0, VIEW_CHANNEL)], ALL),
            ("strangers' overwrites do not count", 0, vec![over("9", 0, VIEW_CHANNEL)], START),
        ] {
            assert_eq!(bits(roles, &overwrites), expected, "{why}");
        }
    }

    #[test]
    fn owners_can_all_and_the_timed_out_only_read() {
        let everyone = (id("1"), START | READ_MESSAGE_HISTORY);
        let member = Holder { id: id("2"), is_owner: false, is_timed_out: true, roles: &[], everyone };
        let overwrites = [over("1", 0, VIEW_CHANNEL)];
        let (open, closed) = ([], &overwrites[..]);
        let channel_overwrites = |overwrites| ChannelOverwrites { overwrites, is_thread: false };
        assert_eq!(in_channel(&member, channel_overwrites(&open)), VIEW_CHANNEL | READ_MESSAGE_HISTORY);
        let owner = Holder { is_owner: true, ..member };
        assert_eq!(in_channel(&owner, channel_overwrites(closed)), ALL);
    }

    #[test]
    fn a_thread_has_a_permission_to_write_of_its_own() {
        let everyone = (id("1"), START);
        let member = Holder { id: id("2"), is_owner: false, is_timed_out: false, roles: &[], everyone };
        let thread = ChannelOverwrites { overwrites: &[], is_thread: true };
        assert_eq!(in_channel(&member, thread), VIEW_CHANNEL | SEND_MESSAGES);
    }
}
