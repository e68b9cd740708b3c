//! The places of a world that a row of `verdicts.txt` names, and what the bot may do in them.

use serde_json::{Value, json};

use super::house::House;
use crate::discord::{
    Snowflake,
    world::{self, Guild, Place, permissions},
};

/// What the bot may do in the first guild only, so that the table can show both verdicts.
const MORE: u64 = permissions::KICK_MEMBERS
    | permissions::MANAGE_CHANNELS
    | permissions::MANAGE_GUILD
    | permissions::MANAGE_NICKNAMES
    | permissions::MANAGE_THREADS;

/// Lets the bot manage the first guild.
pub(super) fn promote(house: &House) {
    promote_with(house, MORE);
}

/// Gives the bot these permissions in the first guild, besides those that it has.
pub(super) fn promote_with(house: &House, more: u64) {
    let write = |db: &rusqlite::Transaction<'_>| {
        let mut guild = world::guilds(db)?.remove(0);
        for role in guild.roles.iter_mut().filter(|role| role.managed) {
            role.permissions |= more;
        }
        world::save_guild(db, &guild)
    };
    house.discord.inner.store.write(write).unwrap();
}

/// A message of the bot in `general`, and a thread that it started there.
pub(super) async fn furnish(house: &House) -> (String, String) {
    let general = format!("/channels/{}", channel(house, "general"));
    let message = house.call("POST", &format!("{general}/messages"), Some(json!({ "content": "hi" }))).await;
    let wanted = json!({ "name": "table", "type": 11 });
    let thread = house.call("POST", &format!("{general}/threads"), Some(wanted)).await;
    assert_eq!((message.status, thread.status), (200, 201));
    (id(&message.body), id(&thread.body))
}

fn id(of: &Value) -> String {
    of["id"].as_str().unwrap().to_owned()
}

pub(super) fn channel(house: &House, name: &str) -> Snowflake {
    let channels = house.discord.inner.store.read(world::channels).unwrap();
    channels.iter().find(|channel| channel.name == name).unwrap().id
}

pub(super) fn guild(house: &House, index: usize) -> Guild {
    house.discord.inner.store.read(world::guilds).unwrap().swap_remove(index)
}

pub(super) fn user(house: &House, name: &str) -> Snowflake {
    let users = house.discord.inner.store.read(world::users).unwrap();
    users.iter().find(|user| user.is_called(name)).unwrap().id
}

pub(super) fn role(house: &House, name: &str) -> Snowflake {
    guild(house, 0).roles.iter().find(|role| role.name == name).unwrap().id
}

/// Ids by what the table calls them: `{guild}`, `{other}`, `{app}`, `{dm}`, channels, usernames,
/// `{@role}` and `{/command}`.
pub(super) fn names(house: &House) -> Vec<(String, String)> {
    let mut names = vec![("{app}".to_owned(), house.discord.application_id().to_string())];
    let mut name = |name: String, id: &dyn ToString| names.push((format!("{{{name}}}"), id.to_string()));
    name("guild".into(), &guild(house, 0).id);
    name("other".into(), &guild(house, 1).id);
    for role in guild(house, 0).roles {
        name(format!("@{}", role.name), &role.id);
    }
    let (channels, users, commands) = (house.discord.inner.store.read(|db| {
        Ok::<_, crate::discord::Error>((
            world::channels(db)?,
            world::users(db)?,
            crate::discord::commands::list(db, None)?,
        ))
    }))
    .unwrap();
    for channel in channels {
        let direct = matches!(channel.place, Place::Direct(_));
        name(if direct { "dm".into() } else { channel.name }, &channel.id);
    }
    for user in users {
        name(user.username, &user.id);
    }
    for command in commands {
        name(format!("/{}", command["name"].as_str().unwrap()), &id(&command));
    }
    names
}
