//! The users of a new database and their permissions.

use serde_json::{Value, json};

use crate::{
    model::{
        self, ChannelContext,
        permissions::{self, Overwrite},
    },
    testing::TestApp,
};

fn hello(_: &Value) -> Value {
    json!({ "type": 4, "data": { "content": "hello" } })
}

/// The permissions of `user` and of the application in `channel`, as sent in an interaction.
async fn bits(app: &TestApp, user: &str, channel: &str) -> (u64, u64) {
    let id = app.discord.say(user, channel, "/ping").await.unwrap();
    app.settled(id).await;
    let sent = app.last();
    let bits = |value: &Value| value.as_str().unwrap().parse().unwrap();
    assert_eq!(sent["channel"]["permissions"], sent["member"]["permissions"]);
    (bits(&sent["member"]["permissions"]), bits(&sent["app_permissions"]))
}

#[tokio::test]
async fn permissions_differ_by_person_and_by_channel() {
    let app = TestApp::open(hello).await;
    let (owner, bot) = bits(&app, "Ottilie Quandt", "general").await;
    assert_eq!(owner, permissions::ALL);
    assert_eq!(bot & permissions::MODERATE_MEMBERS, permissions::MODERATE_MEMBERS);
    let (moderator, _) = bits(&app, "Leocadia Brandt", "staff").await;
    assert_ne!(moderator & permissions::MODERATE_MEMBERS, 0);
    let (member, _) = bits(&app, "Bartholomew Finch", "general").await;
    assert_eq!(member, permissions::EVERYONE);
    let (reader, _) = bits(&app, "Bartholomew Finch", "news").await;
    assert_eq!(reader & (permissions::SEND_MESSAGES | permissions::ATTACH_FILES), 0);
}

#[tokio::test]
async fn who_does_not_see_a_channel_cannot_act_there() {
    let app = TestApp::open(hello).await;
    for (user, channel) in [
        ("Bartholomew Finch", "staff"),
        ("Bartholomew Finch", "Sunday walk"),
        ("Emeric Vanterpool", "nowhere"),
    ] {
        let refused = app.discord.say(user, channel, "/ping").await.unwrap_err();
        assert_eq!(refused.to_string(), format!("{user} sees no channel `{channel}`"));
    }
}

#[tokio::test]
async fn the_timed_out_are_offered_nothing_until_it_ends() {
    let app = TestApp::open(hello).await;
    let until = "2999-01-01T00:00:00.000000+00:00";
    let guild = app.discord.status().unwrap().guilds[0].id;
    let time_out = |until: Option<&str>| {
        app.discord.inner.store.write(|db| {
            let members = model::members(db, guild)?;
            let member = members.into_iter().find(|member| member.user.global_name == "Bartholomew Finch");
            let mut member = member.unwrap();
            member.timed_out_until = until.map(str::to_owned);
            model::save_member(db, guild, &member)
        })
    };
    time_out(Some(until)).unwrap();
    let refused = app.discord.say("Bartholomew Finch", "general", "/ping").await.unwrap_err();
    let expected = "Bartholomew Finch is not offered `/ping` here: it needs USE_APPLICATION_COMMANDS";
    assert_eq!(refused.to_string(), expected);
    time_out(Some("2001-01-01T00:00:00.000000+00:00")).unwrap();
    assert!(app.discord.say("Bartholomew Finch", "general", "/ping").await.is_ok());
}

#[tokio::test]
async fn threads_and_announcements_come_as_what_they_are() {
    let app = TestApp::open(hello).await;
    for (channel, kind) in [("news", 5), ("tea-talk", 11), ("cellar", 0)] {
        let id = app.discord.say("Ottilie Quandt", channel, "/ping").await.unwrap();
        app.settled(id).await;
        let sent = app.last();
        assert_eq!(sent["channel"]["type"], kind, "{channel}");
        assert!(sent["channel"]["parent_id"].is_string());
        assert_eq!(sent["channel"]["thread_metadata"].is_object(), kind == 11);
        assert_eq!(sent["channel"]["nsfw"] == true, channel == "cellar");
    }
}

#[tokio::test]
async fn a_thread_has_the_overwrites_of_its_channel() {
    let app = TestApp::open(hello).await;
    assert!(app.discord.say("Bartholomew Finch", "tea-talk", "/ping").await.is_ok());
    let close = |db: &rusqlite::Transaction<'_>| {
        let channels = model::channels(db)?;
        let mut general = channels.into_iter().find(|channel| channel.name == "general").unwrap();
        let ChannelContext::Guild(id) = general.place else { panic!("general is in a guild") };
        general.overwrites.push(Overwrite { id, allow: 0, deny: permissions::VIEW_CHANNEL });
        model::save_channel(db, &general)
    };
    app.discord.inner.store.write(close).unwrap();
    let refused = app.discord.say("Bartholomew Finch", "tea-talk", "/ping").await.unwrap_err();
    assert_eq!(refused.to_string(), "Bartholomew Finch sees no channel `tea-talk`");
}
