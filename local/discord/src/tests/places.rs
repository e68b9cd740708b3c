//! The ids to which rows of `verdicts.txt` refer, and the bot's permissions there.

use serde_json::{Value, json};

use crate::{
    Snowflake,
    model::{self, ChannelContext, Guild, permissions},
    testing::TestApp,
};

/// Permissions of the bot in the first guild only, so that the table can have both results.
const MANAGEMENT_PERMISSIONS: u64 = permissions::KICK_MEMBERS
    | permissions::MANAGE_CHANNELS
    | permissions::MANAGE_GUILD
    | permissions::MANAGE_NICKNAMES
    | permissions::MANAGE_THREADS;

/// Gives the bot management permissions in the first guild.
pub(super) fn promote(app: &TestApp) {
    promote_with(app, MANAGEMENT_PERMISSIONS);
}

/// Adds permissions of the bot in the first guild.
pub(super) fn promote_with(app: &TestApp, more: u64) {
    let write = |db: &rusqlite::Transaction<'_>| {
        let mut guild = model::guilds(db)?.remove(0);
        for role in guild.roles.iter_mut().filter(|role| role.managed) {
            role.permissions |= more;
        }
        model::save_guild(db, &guild)
    };
    app.discord.inner.store.write(write).unwrap();
}

/// Creates a message and a thread of the bot in `general`. Returns their ids.
pub(super) async fn furnish(app: &TestApp) -> (String, String) {
    let general = format!("/channels/{}", channel(app, "general"));
    let message = app.call("POST", &format!("{general}/messages"), Some(json!({ "content": "hi" }))).await;
    let wanted = json!({ "name": "table", "type": 11 });
    let thread = app.call("POST", &format!("{general}/threads"), Some(wanted)).await;
    assert_eq!((message.status, thread.status), (200, 201));
    (id(&message.body), id(&thread.body))
}

fn id(of: &Value) -> String {
    of["id"].as_str().unwrap().to_owned()
}

pub(super) fn channel(app: &TestApp, name: &str) -> Snowflake {
    let channels = app.discord.inner.store.read(model::channels).unwrap();
    channels.iter().find(|channel| channel.name == name).unwrap().id
}

pub(super) fn guild(app: &TestApp, index: usize) -> Guild {
    app.discord.inner.store.read(model::guilds).unwrap().swap_remove(index)
}

pub(super) fn user(app: &TestApp, name: &str) -> Snowflake {
    let users = app.discord.inner.store.read(model::users).unwrap();
    users.iter().find(|user| user.is_called(name)).unwrap().id
}

pub(super) fn role(app: &TestApp, name: &str) -> Snowflake {
    guild(app, 0).roles.iter().find(|role| role.name == name).unwrap().id
}

/// The ids by their names in the table: `{guild}`, `{other}`, `{app}`, `{dm}`, channels, usernames,
/// `{@role}` and `{/command}`.
pub(super) fn names(app: &TestApp) -> Vec<(String, String)> {
    let mut names = vec![("{app}".to_owned(), app.discord.application_id().to_string())];
    let mut name = |name: String, id: &dyn ToString| names.push((format!("{{{name}}}"), id.to_string()));
    name("guild".into(), &guild(app, 0).id);
    name("other".into(), &guild(app, 1).id);
    for role in guild(app, 0).roles {
        name(format!("@{}", role.name), &role.id);
    }
    let (channels, users, commands) = (app.discord.inner.store.read(|db| {
        Ok::<_, crate::Error>((
            model::channels(db)?,
            model::users(db)?,
            crate::model::commands::list(db, None)?,
        ))
    }))
    .unwrap();
    for channel in channels {
        let direct = matches!(channel.place, ChannelContext::Direct(_));
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
