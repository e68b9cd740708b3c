//! Registration of commands.

use serde_json::{Value, json};

use crate::testing::{TestApp, definitions};

fn field<'a>(list: &'a Value, name: &str, key: &str) -> &'a Value {
    let command = list.as_array().unwrap().iter().find(|command| command["name"] == name);
    &command.unwrap()[key]
}

#[tokio::test]
async fn a_bulk_overwrite_keeps_ids_by_name_and_versions_of_what_did_not_change() {
    let app = TestApp::open(|_| json!({ "type": 1 })).await;
    let first = app.register(definitions()).await.body;
    let mut changed = definitions();
    changed[0]["description"] = "Tell me more".into();
    changed[2]["name"] = "pong".into();
    let second = app.register(changed).await;
    assert_eq!(second.status, 200);
    for name in ["weather", "coins"] {
        assert_eq!(field(&first, name, "id"), field(&second.body, name, "id"));
    }
    assert_eq!(field(&first, "coins", "version"), field(&second.body, "coins", "version"));
    assert_ne!(field(&first, "weather", "version"), field(&second.body, "weather", "version"));
    assert_ne!(field(&first, "ping", "id"), field(&second.body, "pong", "id"));
    let names: Vec<&Value> = second.body.as_array().unwrap().iter().map(|command| &command["name"]).collect();
    assert_eq!(names, ["weather", "coins", "pong"]);
}

#[tokio::test]
async fn an_upsert_says_whether_the_command_is_new() {
    let app = TestApp::open(|_| json!({ "type": 1 })).await;
    let guild = app.discord.status().unwrap().guilds[1].id;
    let path = format!("/applications/{}/guilds/{guild}/commands", app.discord.application_id());
    let command = json!({ "name": "beer", "description": "One more" });
    let made = app.call("POST", &path, Some(command.clone())).await;
    assert_eq!((made.status, &made.body["guild_id"]), (201, &json!(guild)));
    let kept = app.call("POST", &path, Some(command)).await;
    assert_eq!((kept.status, &kept.body), (200, &made.body));
    assert!(app.discord.say("Zdenka Vlasak", "stammtisch", "/beer").await.is_ok());
    assert!(app.discord.say("Zdenka Vlasak", "general", "/beer").await.is_err());
}

#[tokio::test]
async fn a_bad_command_is_refused_with_the_tree_of_its_faults() {
    let app = TestApp::open(|_| json!({ "type": 1 })).await;
    let bad = json!([
        { "name": "Bad Name!", "description": "" },
        { "name": "order", "description": "x", "options": [
            { "type": 3, "name": "a", "description": "x" },
            { "type": 3, "name": "b", "description": "x", "required": true }] },
    ]);
    let refused = app.register(bad).await;
    assert_eq!((refused.status, &refused.body["code"]), (400, &json!(50035)));
    let errors = &refused.body["errors"];
    assert_eq!(errors["0"]["name"]["_errors"][0]["code"], "APPLICATION_COMMAND_INVALID_NAME");
    assert_eq!(errors["0"]["description"]["_errors"][0]["message"], "Must be between 1 and 100 in length.");
    let order = &errors["1"]["options"]["1"]["_errors"][0]["code"];
    assert_eq!(order, "APPLICATION_COMMAND_OPTIONS_REQUIRED_INVALID");
    let path = format!("/applications/{}/commands", app.discord.application_id());
    let left = app.call("GET", &path, None).await.body;
    assert_eq!(left.as_array().unwrap().len(), 3, "a refused overwrite changes nothing");
    assert!(left[0].get("name_localizations").is_none());
}

#[tokio::test]
async fn one_command_is_read_changed_and_deleted_by_its_id() {
    let app = TestApp::open(|_| json!({ "type": 1 })).await;
    let all = format!("/applications/{}/commands", app.discord.application_id());
    let made = app.call("POST", &all, Some(json!({ "name": "beer", "description": "One" }))).await.body;
    let one = format!("{all}/{}", made["id"].as_str().unwrap());
    let changed = app.call("PATCH", &one, Some(json!({ "name": "wine" }))).await;
    assert_eq!((changed.status, &changed.body["description"]), (200, &json!("One")));
    assert_eq!(changed.body["id"], made["id"]);
    assert_ne!(changed.body["version"], made["version"]);
    assert_eq!(app.call("GET", &one, None).await.body, changed.body);
    let taken = app.call("PATCH", &one, Some(json!({ "name": "ping" }))).await;
    assert_eq!(taken.body["errors"]["name"]["_errors"][0]["code"], "APPLICATION_COMMANDS_DUPLICATE_NAME");
    assert_eq!(app.call("DELETE", &one, None).await.status, 204);
    let gone = app.call("GET", &one, None).await;
    assert_eq!((gone.status, &gone.body["code"]), (404, &json!(10063)));
}

#[tokio::test]
async fn a_bulk_overwrite_renames_by_id() {
    let app = TestApp::open(|_| json!({ "type": 1 })).await;
    let old = app.register(json!([{ "name": "beer", "description": "One" }])).await.body;
    let renamed = json!([{ "id": old[0]["id"], "name": "wine", "description": "One" }]);
    let renamed = app.register(renamed).await.body;
    assert_eq!((&renamed[0]["id"], &renamed[0]["name"]), (&old[0]["id"], &json!("wine")));
    let both = json!([renamed[0], { "name": "beer", "description": "Two" }]);
    let both = app.register(both).await.body;
    let swapped = json!([{ "id": both[0]["id"], "name": "beer", "description": "One" },
                         { "id": both[1]["id"], "name": "wine", "description": "Two" }]);
    let swapped = app.register(swapped).await.body;
    assert_eq!((&swapped[0]["name"], &swapped[1]["id"]), (&json!("beer"), &both[1]["id"]));
    let unknown = app.register(json!([{ "id": "1", "name": "wine", "description": "One" }])).await;
    assert_eq!((unknown.status, &unknown.body["code"]), (404, &json!(10063)));
}
