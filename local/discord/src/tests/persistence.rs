//! All state survives a killed process.

use std::path::PathBuf;

use local_clock::Clock;
use serde_json::json;

use super::places;
use crate::{Discord, Options, render, testing::TestApp};

struct Folder(PathBuf);

impl Folder {
    fn new() -> Self {
        let path = std::env::temp_dir().join(format!("steward-discord-{}", fastrand::u64(..)));
        std::fs::create_dir_all(&path).unwrap();
        Self(path)
    }

    fn database(&self) -> Option<PathBuf> {
        Some(self.0.join("discord.sqlite"))
    }
}

impl Drop for Folder {
    fn drop(&mut self) {
        let _ = std::fs::remove_dir_all(&self.0);
    }
}

#[tokio::test]
async fn a_deferred_interaction_can_be_edited_after_a_restart() {
    let folder = Folder::new();
    let before = TestApp::open_at(folder.database(), |_| json!({ "type": 5 })).await;
    let id = before.say("/ping").await;
    before.first_step(id).await;
    let webhook = before.webhook();
    // The first one is still open, as if the process had been killed.
    let after = TestApp::open_at(folder.database(), |_| json!({ "type": 5 })).await;
    let (old, new) = (before.discord.status().unwrap(), after.discord.status().unwrap());
    assert_eq!(
        (&old.public_key, &old.bot_token, old.application_id),
        (&new.public_key, &new.bot_token, new.application_id)
    );
    assert_eq!(json!(old.guilds), json!(new.guilds));
    let path = format!("{webhook}/messages/@original");
    let edited = after.call("PATCH", &path, Some(json!({ "content": "after all" }))).await;
    assert_eq!(edited.status, 200);
    assert_eq!(render(after.settled(id).await.message().unwrap()), ["after all"]);
    assert!(after.say("/ping").await > id);
}

#[tokio::test]
async fn commands_and_their_ids_survive() {
    let folder = Folder::new();
    let path = |app: &TestApp| format!("/applications/{}/commands", app.discord.application_id());
    let before = TestApp::open_at(folder.database(), |_| json!({ "type": 5 })).await;
    let old = before.call("GET", &path(&before), None).await.body;
    drop(before);
    let after = TestApp::open_at(folder.database(), |_| json!({ "type": 5 })).await;
    assert_eq!(after.call("GET", &path(&after), None).await.body, old);
}

#[tokio::test]
async fn what_was_under_way_when_the_process_died_did_not_get_a_response() {
    let folder = Folder::new();
    let before = TestApp::open_at(folder.database(), |_| serde_json::Value::Null).await;
    let id = before.say("/ping").await;
    let options = Options {
        database: folder.database(),
        clock: Clock::default(),
        interactions_url: String::new(),
        seed: 8,
        answers: None,
    };
    let after = Discord::open(options).unwrap();
    assert!(after.view(id).unwrap().failed());
    assert_eq!(after.public_key(), before.discord.public_key(), "the seed is for new databases only");
}

#[tokio::test]
async fn threads_names_and_permissions_of_commands_survive() {
    let folder = Folder::new();
    let before = TestApp::open_at(folder.database(), |_| json!({ "type": 5 })).await;
    places::promote(&before);
    let (_, thread) = places::furnish(&before).await;
    let finch = places::user(&before, "Bartholomew Finch");
    let status = before.discord.status().unwrap();
    let guild = status.guilds[0].id;
    let member = format!("/guilds/{guild}/members/{finch}");
    let commands = format!("/applications/{}/guilds/{guild}/commands", status.application_id);
    let (thread, members) = (format!("/channels/{thread}"), format!("/channels/{thread}/thread-members"));
    let permissions = format!("{commands}/{}/permissions", status.application_id);
    let body = json!({ "permissions": [{ "id": finch, "type": 2, "permission": false }] }).to_string();
    let bearer = format!("Bearer {}", before.discord.bearer_token());
    before.raw("PUT", &permissions, &bearer, "application/json", body).await;
    before.call("PUT", &format!("{members}/{finch}"), None).await;
    before.call("PATCH", &thread, Some(json!({ "locked": true, "archived": true }))).await;
    before.call("PATCH", &member, Some(json!({ "nick": "Barty" }))).await;
    let mut old = Vec::new();
    for path in [&thread, &members, &member, &permissions] {
        let answer = before.call("GET", path, None).await;
        assert_eq!(answer.status, 200, "{path}");
        old.push(answer.body);
    }
    let after = TestApp::open_at(folder.database(), |_| json!({ "type": 5 })).await;
    for (path, old) in [&thread, &members, &member, &permissions].into_iter().zip(old) {
        assert_eq!(after.call("GET", path, None).await.body, old, "{path}");
    }
    assert_eq!(format!("Bearer {}", after.discord.bearer_token()), bearer);
}
