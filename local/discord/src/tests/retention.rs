//! Limits of stored data, and the reset.

use std::time::Duration;

use serde_json::{Value, json};

use crate::{
    Error,
    model::interaction::{self, Kind, State},
    testing::TestApp,
};

fn bot(interaction: &Value) -> Value {
    match interaction["data"]["name"].as_str() {
        Some("weather") => json!({ "type": 5 }),
        _ => json!({ "type": 4, "data": { "content": "hello" } }),
    }
}

fn rows(app: &TestApp, table: &str) -> u32 {
    let sql = format!("SELECT count(*) FROM {table}");
    let count = |db: &rusqlite::Connection| db.query_row(&sql, [], |row| row.get(0));
    app.discord.inner.store.read(count).unwrap()
}

async fn pings(app: &TestApp, count: usize) {
    for _ in 0..count {
        let id = app.say("/ping").await;
        app.settled(id).await;
    }
}

#[tokio::test]
async fn histories_are_rings_that_keep_what_is_under_way_and_every_count() {
    let app = TestApp::open(bot).await;
    let waiting = app.say("/weather place:Paris").await;
    app.first_step(waiting).await;
    let webhook = app.webhook();
    pings(&app, 510).await;
    assert_eq!((rows(&app, "interactions"), rows(&app, "messages")), (511, 511));
    let counts = app.discord.status().unwrap().interactions;
    assert_eq!((counts.answered, counts.deferred, counts.failed), (510, 1, 0));
    let path = format!("{webhook}/messages/@original");
    assert_eq!(app.call("PATCH", &path, Some(json!({ "content": "at last" }))).await.status, 200);
    assert!(app.discord.view(waiting).unwrap().settled);
    // When the tokens have expired, only the newest stay.
    app.clock.advance(Duration::from_secs(16 * 60));
    pings(&app, 1).await;
    assert_eq!((rows(&app, "interactions"), rows(&app, "messages")), (500, 200));
    assert_eq!(app.discord.inner.live.lock().len(), 500);
    assert_eq!(app.discord.status().unwrap().interactions.answered, 511);
}

#[tokio::test]
async fn an_answered_interaction_stays_as_long_as_its_token_lives() {
    let app = TestApp::open(bot).await;
    pings(&app, 1).await;
    let webhook = app.webhook();
    pings(&app, 520).await;
    app.clock.advance(Duration::from_secs(14 * 60));
    pings(&app, 1).await;
    let more = app.call("POST", &webhook, Some(json!({ "content": "more" }))).await;
    assert_eq!(more.status, 200);
    let edit = format!("{webhook}/messages/@original");
    assert_eq!(app.call("PATCH", &edit, Some(json!({ "content": "still" }))).await.status, 200);
    app.clock.advance(Duration::from_secs(60));
    let late = app.call("PATCH", &edit, Some(json!({ "content": "late" }))).await;
    assert_eq!((late.status, &late.body["code"]), (401, &json!(50027)));
}

#[tokio::test]
async fn what_cannot_go_on_makes_room_at_once_and_answered_ones_far_beyond() {
    let app = TestApp::open(bot).await;
    pings(&app, 1).await;
    let first = app
        .discord
        .inner
        .store
        .read(|db| db.query_row("SELECT document FROM interactions", [], |row| row.get::<_, String>(0)));
    let first: interaction::Interaction = serde_json::from_str(&first.unwrap()).unwrap();
    let now = app.clock.now();
    let fill = |count: usize, state, kind| {
        app.discord.inner.store.write::<_, Error>(|db| {
            for _ in 0..count {
                let id = app.discord.inner.ids.next(now);
                let one =
                    interaction::Interaction { id, token: id.to_string(), state, kind, ..first.clone() };
                interaction::save(db, &one)?;
            }
            app.discord.trim_interactions(db, now)
        })
    };
    fill(400, State::Failed, Kind::Command).unwrap();
    fill(400, State::Answered, Kind::Autocomplete).unwrap();
    assert_eq!(rows(&app, "interactions"), 501, "the answered one and the newest");
    fill(2_100, State::Answered, Kind::Command).unwrap();
    assert_eq!(rows(&app, "interactions"), 1_000);
    fill(10, State::Pending, Kind::Command).unwrap();
    fill(2_000, State::Answered, Kind::Command).unwrap();
    assert_eq!(rows(&app, "interactions"), 1_010, "what is unanswered stays");
    assert_eq!(app.discord.status().unwrap().interactions.answered, 1 + 400 + 2_100 + 2_000);
}

#[tokio::test]
async fn a_reset_settles_the_same_people_and_forgets_what_they_did() {
    let app = TestApp::open(bot).await;
    let before = app.discord.status().unwrap();
    let id = app.say("/ping").await;
    app.settled(id).await;
    app.discord.reset().unwrap();
    let after = app.discord.status().unwrap();
    assert!(app.discord.view(id).is_err());
    assert_eq!((after.interactions.answered, after.users.len()), (0, before.users.len()));
    assert_eq!((after.public_key, after.guilds.len()), (before.public_key, 2));
    let id = app.say("/ping").await;
    assert!(!app.settled(id).await.failed());
}
