//! Registration of commands.

use serde_json::{Value, json};

use super::house::{House, definitions};

fn field<'a>(list: &'a Value, name: &str, key: &str) -> &'a Value {
    let command = list.as_array().unwrap().iter().find(|command| command["name"] == name);
    &command.unwrap()[key]
}

#[tokio::test]
async fn a_bulk_overwrite_keeps_ids_by_name_and_versions_of_what_did_not_change() {
    let house = House::open(|_| json!({ "type": 1 })).await;
    let first = house.register(definitions()).await.body;
    let mut changed = definitions();
    changed[0]["description"] = "Tell me more".into();
    changed[2]["name"] = "pong".into();
    let second = house.register(changed).await;
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
    let house = House::open(|_| json!({ "type": 1 })).await;
    let guild = house.discord.status().unwrap().guilds[1].id;
    let path = format!("/applications/{}/guilds/{guild}/commands", house.discord.application_id());
    let command = json!({ "name": "beer", "description": "One more" });
    let made = house.call("POST", &path, Some(command.clone())).await;
    assert_eq!((made.status, &made.body["guild_id"]), (201, &json!(guild)));
    let kept = house.call("POST", &path, Some(command)).await;
    assert_eq!((kept.status, &kept.body), (200, &made.body));
    assert!(house.discord.say("Zdenka Vlasak", "stammtisch", "/beer").await.is_ok());
    assert!(house.discord.say("Zdenka Vlasak", "general", "/beer").await.is_err());
}

#[tokio::test]
async fn a_bad_command_is_refused_with_the_tree_of_its_faults() {
    let house = House::open(|_| json!({ "type": 1 })).await;
    let bad = json!([
        { "name": "Bad Name!", "description": "" },
        { "name": "order", "description": "x", "options": [
            { "type": 3, "name": "a", "description": "x" },
            { "type": 3, "name": "b", "description": "x", "required": true }] },
    ]);
    let refused = house.register(bad).await;
    assert_eq!((refused.status, &refused.body["code"]), (400, &json!(50035)));
    let errors = &refused.body["errors"];
    assert_eq!(errors["0"]["name"]["_errors"][0]["code"], "APPLICATION_COMMAND_INVALID_NAME");
    assert_eq!(errors["0"]["description"]["_errors"][0]["message"], "Must be between 1 and 100 in length.");
    let order = &errors["1"]["options"]["1"]["_errors"][0]["code"];
    assert_eq!(order, "APPLICATION_COMMAND_OPTIONS_REQUIRED_INVALID");
    let path = format!("/applications/{}/commands", house.discord.application_id());
    let left = house.call("GET", &path, None).await.body;
    assert_eq!(left.as_array().unwrap().len(), 3, "a refused overwrite changes nothing");
    assert!(left[0].get("name_localizations").is_none());
}
