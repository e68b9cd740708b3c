//! The world as it is on the first day: two guilds and people with unmistakable names.

use jiff::Timestamp;
use rusqlite::Connection;

use super::{
    Channel, Guild, Member, Place, User,
    objects::{ALL_PERMISSIONS, MEMBER_PERMISSIONS},
    save_channel,
};
use crate::discord::{
    Error, Snowflake,
    snowflake::{Mint, iso},
    store,
};

const PEOPLE: [(&str, &str, &str); 4] = [
    ("ottilie.quandt", "Ottilie Quandt", "en-US"),
    ("bartholomew_finch", "Bartholomew Finch", "en-GB"),
    ("zdenka.vlasak", "Zdenka Vlasak", "de"),
    ("hannelore_k", "Hannelore Kiesewetter", "de"),
];

struct Plan {
    name: &'static str,
    locale: &'static str,
    channels: [&'static str; 3],
    /// Indexes into PEOPLE; the first owns the guild.
    members: [usize; 3],
}

const GUILDS: [Plan; 2] = [
    Plan {
        name: "Steward's House",
        locale: "en-US",
        channels: ["general", "weather", "staff"],
        members: [0, 1, 2],
    },
    Plan {
        name: "Gasthaus",
        locale: "de",
        channels: ["stammtisch", "wetter", "personal"],
        members: [3, 2, 0],
    },
];

/// Settles an empty world.
pub(in crate::discord) fn seed(connection: &Connection, mint: &Mint, now: Timestamp) -> Result<(), Error> {
    let people = people(connection, mint, now)?;
    for plan in &GUILDS {
        found(connection, mint, now, plan, &people)?;
    }
    Ok(())
}

/// Users, each with a direct message channel to the application.
fn people(connection: &Connection, mint: &Mint, now: Timestamp) -> Result<Vec<User>, Error> {
    let mut people = Vec::new();
    for (username, global_name, locale) in PEOPLE {
        let user = User {
            id: mint.next(now),
            username: username.into(),
            global_name: global_name.into(),
            locale: locale.into(),
        };
        let sql = "INSERT INTO users VALUES (?1, ?2)";
        store::execute(connection, sql, (user.id, store::json(&user)?))?;
        save_channel(connection, &channel(mint.next(now), "", Place::Direct(user.id), 0))?;
        people.push(user);
    }
    Ok(people)
}

fn found(
    connection: &Connection,
    mint: &Mint,
    now: Timestamp,
    plan: &Plan,
    people: &[User],
) -> Result<(), Error> {
    let members: Vec<&User> = plan.members.iter().filter_map(|&index| people.get(index)).collect();
    let owner = members.first().ok_or(Error::Damaged("a guild without an owner"))?.id;
    let guild = Guild { id: mint.next(now), name: plan.name.into(), owner, locale: plan.locale.into() };
    let sql = "INSERT INTO guilds VALUES (?1, ?2)";
    store::execute(connection, sql, (guild.id, store::json(&guild)?))?;
    for (position, name) in (0..).zip(plan.channels) {
        save_channel(connection, &channel(mint.next(now), name, Place::Guild(guild.id), position))?;
    }
    for user in members {
        join(connection, &guild, user, now)?;
    }
    Ok(())
}

fn join(connection: &Connection, guild: &Guild, user: &User, now: Timestamp) -> Result<(), Error> {
    let permissions = if user.id == guild.owner { ALL_PERMISSIONS } else { MEMBER_PERMISSIONS };
    let member = Member { user: user.clone(), joined_at: iso(now), permissions };
    let sql = "INSERT INTO members VALUES (?1, ?2, ?3)";
    store::execute(connection, sql, (guild.id, user.id, store::json(&member)?))?;
    Ok(())
}

fn channel(id: Snowflake, name: &str, place: Place, position: u32) -> Channel {
    Channel { id, name: name.into(), place, position, last_message: None }
}
