//! The users, guilds and channels of a new database.

use jiff::Timestamp;
use rusqlite::Connection;

use super::{
    Channel, ChannelContext, ChannelKind, Guild, Member, Role, Thread, User, permissions as bits,
    permissions::Overwrite,
    save_channel, save_guild, save_member,
    snowflake::{SnowflakeGenerator, iso},
    store,
};
use crate::{Error, Snowflake};

/// Username, display name and locale. The last one has installed the application (user install).
const USERS: [(&str, &str, &str); 6] = [
    ("ottilie.quandt", "Ottilie Quandt", "en-US"),
    ("bartholomew_finch", "Bartholomew Finch", "en-GB"),
    ("zdenka.vlasak", "Zdenka Vlasak", "de"),
    ("hannelore_k", "Hannelore Kiesewetter", "de"),
    ("leocadia.brandt", "Leocadia Brandt", "en-US"),
    ("emeric_v", "Emeric Vanterpool", "fr"),
];
const OUTSIDER_INDEX: usize = 5;
/// A group DM without the bot: its name and members (indexes into USERS).
const GROUP_DM: (&str, [usize; 2]) = ("Sunday walk", [OUTSIDER_INDEX, 2]);

const MODERATOR_PERMISSIONS: u64 = bits::KICK_MEMBERS
    | bits::BAN_MEMBERS
    | bits::MANAGE_MESSAGES
    | bits::MANAGE_ROLES
    | bits::MANAGE_THREADS
    | bits::MODERATE_MEMBERS;
const SPEAK_PERMISSIONS: u64 = bits::SEND_MESSAGES | bits::SEND_MESSAGES_IN_THREADS | bits::ADD_REACTIONS;
const APPLICATION_PERMISSIONS: u64 =
    bits::EVERYONE | bits::MANAGE_MESSAGES | bits::PIN_MESSAGES | bits::MANAGE_ROLES | bits::MODERATE_MEMBERS;

struct GuildSeed {
    name: &'static str,
    locale: &'static str,
    foreign: bool,
    channels: &'static [ChannelSeed],
    /// Indexes into USERS; the first owns the guild.
    members: &'static [usize],
    moderators: &'static [usize],
}

/// Name, sort, index of the parent channel, and permissions.
type ChannelSeed = (&'static str, ChannelKind, Option<usize>, Access);

#[derive(Clone, Copy, PartialEq, Eq)]
enum Access {
    Open,
    /// Only moderators and the application see it.
    Staff,
    /// Only moderators and the application may write.
    Board,
    /// Age-restricted.
    Nsfw,
}

use Access::{Board, Nsfw, Open, Staff};
use ChannelKind::{Announcement, Category, Text};

const GUILDS: [GuildSeed; 3] = [
    GuildSeed {
        name: "Steward's House",
        locale: "en-US",
        foreign: false,
        channels: &[
            ("general", Text, Some(4), Open),
            ("weather", Text, Some(4), Open),
            ("staff", Text, Some(5), Staff),
            ("news", Announcement, Some(4), Board),
            ("Rooms", Category, None, Open),
            ("Back rooms", Category, None, Open),
            ("cellar", Text, Some(5), Nsfw),
            ("tea-talk", ChannelKind::Thread, Some(0), Open),
        ],
        members: &[0, 1, 2, 4],
        moderators: &[4],
    },
    GuildSeed {
        name: "Gasthaus",
        locale: "de",
        foreign: false,
        channels: &[
            ("stammtisch", Text, Some(4), Open),
            ("wetter", Text, Some(4), Open),
            ("personal", Text, Some(4), Staff),
            ("neuigkeiten", Announcement, Some(4), Board),
            ("Stuben", Category, None, Open),
            ("kaffeeklatsch", ChannelKind::Thread, Some(0), Open),
        ],
        members: &[3, 2, 0],
        moderators: &[],
    },
    GuildSeed {
        name: "Elsewhere",
        locale: "en-GB",
        foreign: true,
        channels: &[("lobby", Text, None, Open)],
        members: &[1, OUTSIDER_INDEX],
        moderators: &[],
    },
];

/// Fills an empty database.
pub(crate) fn seed(connection: &Connection, ids: &SnowflakeGenerator, now: Timestamp) -> Result<(), Error> {
    let people = people(connection, ids, now)?;
    for guild_seed in &GUILDS {
        create_guild(connection, ids, now, guild_seed, &people)?;
    }
    let mut group = Channel::new(ids.next(now), GROUP_DM.0, ChannelContext::Group, 0);
    group.people = GROUP_DM.1.iter().filter_map(|&index| people.get(index)).map(|user| user.id).collect();
    save_channel(connection, &group)
}

/// Users, each with a direct message channel to the application.
fn people(connection: &Connection, ids: &SnowflakeGenerator, now: Timestamp) -> Result<Vec<User>, Error> {
    let mut people = Vec::new();
    for (index, (username, global_name, locale)) in USERS.into_iter().enumerate() {
        let user = User {
            id: ids.next(now),
            username: username.into(),
            global_name: global_name.into(),
            locale: locale.into(),
            installed: index == OUTSIDER_INDEX,
        };
        let sql = "INSERT INTO users VALUES (?1, ?2)";
        store::execute(connection, sql, (user.id, store::json(&user)?))?;
        save_channel(connection, &Channel::new(ids.next(now), "", ChannelContext::Direct(user.id), 0))?;
        people.push(user);
    }
    Ok(people)
}

fn create_guild(
    connection: &Connection,
    ids: &SnowflakeGenerator,
    now: Timestamp,
    guild_seed: &GuildSeed,
    people: &[User],
) -> Result<(), Error> {
    let person = |index: &usize| people.get(*index).ok_or(Error::Damaged("a guild of nobody"));
    let owner = person(guild_seed.members.first().unwrap_or(&0))?.id;
    let id = ids.next(now);
    let roles = roles(id, || ids.next(now), guild_seed.foreign);
    let guild = Guild {
        id,
        name: guild_seed.name.into(),
        owner,
        locale: guild_seed.locale.into(),
        roles,
        foreign: guild_seed.foreign,
        bot_nick: None,
        bot_roles: Vec::new(),
    };
    save_guild(connection, &guild)?;
    create_channels(connection, || ids.next(now), guild_seed, &guild, now)?;
    for index in guild_seed.members {
        let mut member = Member {
            user: person(index)?.clone(),
            joined_at: iso(now),
            roles: Vec::new(),
            timed_out_until: None,
            nick: None,
        };
        if guild_seed.moderators.contains(index) {
            member.roles.extend(named(&guild, "Moderator"));
        }
        save_member(connection, id, &member)?;
    }
    Ok(())
}

fn roles(guild: Snowflake, id: impl Fn() -> Snowflake, foreign: bool) -> Vec<Role> {
    let role = |id, name: &str, permissions, position, managed| Role {
        id,
        name: name.into(),
        permissions,
        position,
        managed,
    };
    let mut roles = vec![
        role(guild, "@everyone", bits::EVERYONE, 0, false),
        role(id(), "Muted", 0, 1, false),
        role(id(), "Moderator", MODERATOR_PERMISSIONS, 2, false),
    ];
    if !foreign {
        roles.push(role(id(), "Steward", APPLICATION_PERMISSIONS, 3, true));
    }
    roles
}

fn named(guild: &Guild, name: &str) -> Option<Snowflake> {
    guild.roles.iter().find(|role| role.name == name).map(|role| role.id)
}

fn create_channels(
    connection: &Connection,
    id: impl Fn() -> Snowflake,
    guild_seed: &GuildSeed,
    guild: &Guild,
    now: Timestamp,
) -> Result<(), Error> {
    let ids: Vec<Snowflake> = guild_seed.channels.iter().map(|_| id()).collect();
    for (position, ((name, sort, parent, rule), id)) in (0..).zip(guild_seed.channels.iter().zip(&ids)) {
        let mut channel = Channel::new(*id, name, ChannelContext::Guild(guild.id), position);
        channel.sort = *sort;
        channel.parent = parent.and_then(|index| ids.get(index)).copied();
        channel.nsfw = *rule == Nsfw;
        channel.overwrites = overwrites(guild, *rule);
        if *sort == ChannelKind::Thread {
            channel.people = vec![guild.owner];
            channel.thread = Thread::started_by(guild.owner, now);
        }
        save_channel(connection, &channel)?;
    }
    Ok(())
}

fn overwrites(guild: &Guild, rule: Access) -> Vec<Overwrite> {
    let everyone = match rule {
        Staff => bits::VIEW_CHANNEL,
        Board => bits::SEND_MESSAGES,
        Open | Nsfw => 0,
    };
    let muted = named(guild, "Muted").map(|id| Overwrite { id, allow: 0, deny: SPEAK_PERMISSIONS });
    let mut overwrites: Vec<Overwrite> = muted.into_iter().collect();
    if everyone != 0 {
        overwrites.push(Overwrite { id: guild.id, allow: 0, deny: everyone });
        let trusted = ["Moderator", "Steward"].into_iter().filter_map(|name| named(guild, name));
        overwrites.extend(trusted.map(|id| Overwrite { id, allow: everyone, deny: 0 }));
    }
    overwrites
}
