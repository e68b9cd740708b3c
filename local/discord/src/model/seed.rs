//! The users, guilds and channels of a new database.

use jiff::Timestamp;
use rusqlite::Connection;

use super::{
    Channel, Guild, Member, Place, Role, Sort, Thread, User, permissions as bits,
    permissions::Overwrite,
    save_channel, save_guild, save_member,
    snowflake::{SnowflakeGenerator, iso},
    store,
};
use crate::{Error, Snowflake};

/// Username, display name and locale. The last one has installed the application (user install).
const PEOPLE: [(&str, &str, &str); 6] = [
    ("ottilie.quandt", "Ottilie Quandt", "en-US"),
    ("bartholomew_finch", "Bartholomew Finch", "en-GB"),
    ("zdenka.vlasak", "Zdenka Vlasak", "de"),
    ("hannelore_k", "Hannelore Kiesewetter", "de"),
    ("leocadia.brandt", "Leocadia Brandt", "en-US"),
    ("emeric_v", "Emeric Vanterpool", "fr"),
];
const OUTSIDER: usize = 5;
/// A group DM without the bot: its name and members (indexes into PEOPLE).
const GROUP: (&str, [usize; 2]) = ("Sunday walk", [OUTSIDER, 2]);

const MODERATOR: u64 = bits::KICK_MEMBERS
    | bits::BAN_MEMBERS
    | bits::MANAGE_MESSAGES
    | bits::MANAGE_ROLES
    | bits::MANAGE_THREADS
    | bits::MODERATE_MEMBERS;
const SPEECH: u64 = bits::SEND_MESSAGES | bits::SEND_MESSAGES_IN_THREADS | bits::ADD_REACTIONS;
const APPLICATION: u64 =
    bits::EVERYONE | bits::MANAGE_MESSAGES | bits::PIN_MESSAGES | bits::MANAGE_ROLES | bits::MODERATE_MEMBERS;

struct Plan {
    name: &'static str,
    locale: &'static str,
    foreign: bool,
    channels: &'static [Room],
    /// Indexes into PEOPLE; the first owns the guild.
    members: &'static [usize],
    moderators: &'static [usize],
}

/// Name, sort, index of the parent channel, and permissions.
type Room = (&'static str, Sort, Option<usize>, Rule);

#[derive(Clone, Copy, PartialEq, Eq)]
enum Rule {
    Open,
    /// Only moderators and the application see it.
    Staff,
    /// Only moderators and the application may write.
    Board,
    /// Age-restricted.
    Nsfw,
}

use Rule::{Board, Nsfw, Open, Staff};
use Sort::{Announcement, Category, Text};

const GUILDS: [Plan; 3] = [
    Plan {
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
            ("tea-talk", Sort::Thread, Some(0), Open),
        ],
        members: &[0, 1, 2, 4],
        moderators: &[4],
    },
    Plan {
        name: "Gasthaus",
        locale: "de",
        foreign: false,
        channels: &[
            ("stammtisch", Text, Some(4), Open),
            ("wetter", Text, Some(4), Open),
            ("personal", Text, Some(4), Staff),
            ("neuigkeiten", Announcement, Some(4), Board),
            ("Stuben", Category, None, Open),
            ("kaffeeklatsch", Sort::Thread, Some(0), Open),
        ],
        members: &[3, 2, 0],
        moderators: &[],
    },
    Plan {
        name: "Elsewhere",
        locale: "en-GB",
        foreign: true,
        channels: &[("lobby", Text, None, Open)],
        members: &[1, OUTSIDER],
        moderators: &[],
    },
];

/// Fills an empty database.
pub(crate) fn seed(connection: &Connection, ids: &SnowflakeGenerator, now: Timestamp) -> Result<(), Error> {
    let people = people(connection, ids, now)?;
    for plan in &GUILDS {
        found(connection, ids, now, plan, &people)?;
    }
    let mut group = Channel::new(ids.next(now), GROUP.0, Place::Group, 0);
    group.people = GROUP.1.iter().filter_map(|&index| people.get(index)).map(|user| user.id).collect();
    save_channel(connection, &group)
}

/// Users, each with a direct message channel to the application.
fn people(connection: &Connection, ids: &SnowflakeGenerator, now: Timestamp) -> Result<Vec<User>, Error> {
    let mut people = Vec::new();
    for (index, (username, global_name, locale)) in PEOPLE.into_iter().enumerate() {
        let user = User {
            id: ids.next(now),
            username: username.into(),
            global_name: global_name.into(),
            locale: locale.into(),
            installed: index == OUTSIDER,
        };
        let sql = "INSERT INTO users VALUES (?1, ?2)";
        store::execute(connection, sql, (user.id, store::json(&user)?))?;
        save_channel(connection, &Channel::new(ids.next(now), "", Place::Direct(user.id), 0))?;
        people.push(user);
    }
    Ok(people)
}

fn found(
    connection: &Connection,
    ids: &SnowflakeGenerator,
    now: Timestamp,
    plan: &Plan,
    people: &[User],
) -> Result<(), Error> {
    let person = |index: &usize| people.get(*index).ok_or(Error::Damaged("a guild of nobody"));
    let owner = person(plan.members.first().unwrap_or(&0))?.id;
    let id = ids.next(now);
    let roles = roles(id, || ids.next(now), plan.foreign);
    let guild = Guild {
        id,
        name: plan.name.into(),
        owner,
        locale: plan.locale.into(),
        roles,
        foreign: plan.foreign,
        bot_nick: None,
        bot_roles: Vec::new(),
    };
    save_guild(connection, &guild)?;
    open_rooms(connection, || ids.next(now), plan, &guild, now)?;
    for index in plan.members {
        let mut member = Member {
            user: person(index)?.clone(),
            joined_at: iso(now),
            roles: Vec::new(),
            timed_out_until: None,
            nick: None,
        };
        if plan.moderators.contains(index) {
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
        role(id(), "Moderator", MODERATOR, 2, false),
    ];
    if !foreign {
        roles.push(role(id(), "Steward", APPLICATION, 3, true));
    }
    roles
}

fn named(guild: &Guild, name: &str) -> Option<Snowflake> {
    guild.roles.iter().find(|role| role.name == name).map(|role| role.id)
}

fn open_rooms(
    connection: &Connection,
    id: impl Fn() -> Snowflake,
    plan: &Plan,
    guild: &Guild,
    now: Timestamp,
) -> Result<(), Error> {
    let ids: Vec<Snowflake> = plan.channels.iter().map(|_| id()).collect();
    for (position, ((name, sort, parent, rule), id)) in (0..).zip(plan.channels.iter().zip(&ids)) {
        let mut channel = Channel::new(*id, name, Place::Guild(guild.id), position);
        channel.sort = *sort;
        channel.parent = parent.and_then(|index| ids.get(index)).copied();
        channel.nsfw = *rule == Nsfw;
        channel.overwrites = overwrites(guild, *rule);
        if *sort == Sort::Thread {
            channel.people = vec![guild.owner];
            channel.thread = Thread::started_by(guild.owner, now);
        }
        save_channel(connection, &channel)?;
    }
    Ok(())
}

fn overwrites(guild: &Guild, rule: Rule) -> Vec<Overwrite> {
    let everyone = match rule {
        Staff => bits::VIEW_CHANNEL,
        Board => bits::SEND_MESSAGES,
        Open | Nsfw => 0,
    };
    let muted = named(guild, "Muted").map(|id| Overwrite { id, allow: 0, deny: SPEECH });
    let mut overwrites: Vec<Overwrite> = muted.into_iter().collect();
    if everyone != 0 {
        overwrites.push(Overwrite { id: guild.id, allow: 0, deny: everyone });
        let trusted = ["Moderator", "Steward"].into_iter().filter_map(|name| named(guild, name));
        overwrites.extend(trusted.map(|id| Overwrite { id, allow: everyone, deny: 0 }));
    }
    overwrites
}
