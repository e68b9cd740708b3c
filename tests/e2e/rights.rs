//! Permissions are checked again when a component or modal is used.

use local_discord::View;
use serde_json::{Value, json};
use tests::{Look, TestApp};

/// Turns off all features except these.
async fn leave_on(app: &TestApp, features: &[&str]) {
    let panel = app.owner().says("/settings").await.settled().await;
    app.owner().chooses(&panel, "Available features", features).await.settled().await;
    // Environments cache settings for half a minute.
    app.pass(31);
}

fn is_turned_off(seen: &View) {
    assert_eq!(seen.story(), ["message!"]);
    assert!(seen.text().contains("is turned off in this server"), "{}", seen.text());
}

#[tokio::test(flavor = "multi_thread")]
async fn what_was_turned_off_meanwhile_is_refused_on_press_and_submit() {
    let app = TestApp::open().await;
    let message = app.member().writes("It is 10 miles from here.");
    let converted = app.member().uses_on_written(message, "Convert units").await.settled().await;
    let form = app.member().says("/weather").await.first().await;
    leave_on(&app, &[]).await;
    is_turned_off(&app.member().presses(&converted, "Show to everyone").await.settled().await);
    is_turned_off(&app.member().submits(&form, &[("place", &["Paris"])]).await.settled().await);
    // A user can always see and delete their own home.
    let home = app.member().says("/home").await.settled().await;
    assert!(home.text().contains("have not set a home"), "{}", home.text());
}

/// The response to an interaction of the guild's owner with these permissions.
async fn used_with(app: &TestApp, permissions: &str, mut interaction: Value) -> Value {
    let status = app.stack.discord.status().unwrap();
    let owner = status.users.iter().find(|user| user.name == "Ottilie Quandt").unwrap();
    for (field, value) in [
        ("id", json!("5")),
        ("token", json!("t")),
        ("guild_id", json!(status.guilds[0].id)),
        ("member", json!({ "user": { "id": owner.id }, "permissions": permissions })),
        ("message", json!({ "id": "6" })),
    ] {
        interaction[field] = value;
    }
    let answer = app.stack.discord.deliver(interaction.to_string().into_bytes()).await.unwrap();
    serde_json::from_slice(&answer.body).unwrap()
}

/// The custom ids of a message's or modal's components.
fn custom_ids(shown: &Value) -> Vec<String> {
    let text = shown.to_string();
    let parts = text.split('"').filter(|part| part.starts_with("settings.1~"));
    parts.map(str::to_owned).collect()
}

#[tokio::test(flavor = "multi_thread")]
async fn who_lost_the_permission_meanwhile_changes_nothing() {
    let app = TestApp::open().await;
    let panel = app.owner().says("/settings").await.settled().await;
    let form = app.owner().presses(&panel, "Edit…").await.first().await;
    let form = serde_json::to_value(&form.steps[0].seen).unwrap();
    let before = app.state().await;
    let mut tried = 0;
    for id in custom_ids(panel.message().unwrap()) {
        for kind in [2, 3] {
            let data = json!({ "custom_id": id, "component_type": kind, "values": ["de"] });
            let answer = used_with(&app, "2048", json!({ "type": 3, "data": data })).await;
            assert!(answer["data"]["content"].as_str().unwrap().contains("not allowed to use"), "{answer}");
            tried += 1;
        }
    }
    for id in custom_ids(&form) {
        let answer = used_with(&app, "2048", json!({ "type": 5, "data": { "custom_id": id } })).await;
        assert!(answer["data"]["content"].as_str().unwrap().contains("not allowed to use"), "{answer}");
        tried += 1;
    }
    assert!(tried > 10, "{tried}");
    assert_eq!(app.state().await, before);
    let units = &custom_ids(panel.message().unwrap())[2];
    let data = json!({ "custom_id": units, "component_type": 3, "values": ["imperial"] });
    assert_eq!(used_with(&app, "32", json!({ "type": 3, "data": data })).await["type"], 7);
    assert_ne!(app.state().await, before, "with the permission it would have changed something");
}

#[tokio::test(flavor = "multi_thread")]
async fn a_public_card_is_everybodys() {
    let app = TestApp::open().await;
    let card = app.member().says("/weather place:Paris").await.settled().await;
    let turned = app.traveller().presses(&card, "°F").await.settled().await;
    assert_eq!(turned.story(), ["updated"]);
    // Still in the guild's language, because the message is public.
    assert!(turned.text().contains("°F**") && turned.text().contains("Next days"), "{}", turned.text());
    assert_eq!(app.message(&card).text(), turned.text());
    let back = app.member().presses(&turned, "°C").await.settled().await;
    assert_eq!(back.text(), card.text());
}
