//! SKUs and entitlements.

use std::time::Duration;

use serde_json::{Value, json};

use crate::testing::{Answer, TestApp};

const FINCH: &str = "Bartholomew Finch";

async fn app() -> TestApp {
    TestApp::open(|_| json!({ "type": 4, "data": { "content": "hello" } })).await
}

fn path(app: &TestApp, rest: &str) -> String {
    format!("/applications/{}{rest}", app.discord.application_id())
}

/// The id of the SKU of this type.
async fn sku(app: &TestApp, kind: u8) -> String {
    let skus = app.call("GET", &path(app, "/skus"), None).await.body;
    let found = skus.as_array().unwrap().iter().find(|sku| sku["type"] == kind).unwrap();
    found["id"].as_str().unwrap().to_owned()
}

async fn test_entitlement(app: &TestApp, kind: u8, owner: impl ToString, owner_type: u8) -> Answer {
    let body =
        json!({ "sku_id": sku(app, kind).await, "owner_id": owner.to_string(), "owner_type": owner_type });
    app.call("POST", &path(app, "/entitlements"), Some(body)).await
}

async fn one(app: &TestApp, method: &str, id: &str, rest: &str) -> (u16, Value) {
    let answer = app.call(method, &path(app, &format!("/entitlements/{id}{rest}")), None).await;
    (answer.status, answer.body["code"].clone())
}

/// The ids in the list.
async fn listed(app: &TestApp, query: &str) -> Vec<String> {
    let list = app.call("GET", &path(app, &format!("/entitlements{query}")), None).await;
    assert_eq!(list.status, 200, "{:?}", list.body);
    list.body.as_array().unwrap().iter().map(|it| it["id"].as_str().unwrap().to_owned()).collect()
}

async fn entitlements_sent(app: &TestApp, user: &str, channel: &str) -> Vec<String> {
    let id = app.discord.say(user, channel, "/ping").await.unwrap();
    app.settled(id).await;
    let sent = app.last()["entitlements"].clone();
    sent.as_array().unwrap().iter().map(|it| it["id"].as_str().unwrap().to_owned()).collect()
}

#[tokio::test]
async fn a_test_entitlement_is_made_seen_in_interactions_and_deleted() {
    let app = app().await;
    let finch = app.discord.status().unwrap().users[1].id;
    let made = test_entitlement(&app, 2, finch, 2).await;
    assert_eq!((made.status, &made.body["type"], &made.body["user_id"]), (200, &json!(4), &json!(finch)));
    assert!(made.body.get("starts_at").is_none() && made.body.get("subscription_id").is_none());
    let id = made.body["id"].as_str().unwrap();
    assert_eq!(entitlements_sent(&app, FINCH, "general").await, [id]);
    assert!(entitlements_sent(&app, "Zdenka Vlasak", "general").await.is_empty());
    let read = app.call("GET", &path(&app, &format!("/entitlements/{id}")), None).await;
    assert_eq!((read.status, &read.body["ends_at"]), (200, &Value::Null));

    assert_eq!(one(&app, "DELETE", id, "").await.0, 204);
    assert!(entitlements_sent(&app, FINCH, "general").await.is_empty());
    assert!(listed(&app, "").await.is_empty());
    assert_eq!(listed(&app, "?exclude_deleted=false").await, [id]);
    assert_eq!(one(&app, "DELETE", id, "").await, (404, json!(10029)));
}

#[tokio::test]
async fn a_guilds_subscription_serves_everyone_there_until_it_ends() {
    let app = app().await;
    let id = app.discord.buy(FINCH, "general", "Silver Spoon").unwrap();
    let twice = app.discord.buy("Zdenka Vlasak", "general", "Silver Spoon").unwrap_err();
    assert_eq!(twice.to_string(), "the user already owns `Silver Spoon`");
    let direct = app.discord.buy(FINCH, "dm", "Silver Spoon").unwrap_err();
    assert_eq!(direct.to_string(), "`Silver Spoon` is sold to guilds only");
    assert_eq!(entitlements_sent(&app, "Zdenka Vlasak", "general").await, [id.to_string()]);
    assert!(entitlements_sent(&app, "Zdenka Vlasak", "stammtisch").await.is_empty());

    app.discord.end_subscription(id, Duration::from_secs(60)).unwrap();
    assert_eq!(entitlements_sent(&app, FINCH, "general").await.len(), 1);
    app.clock.advance(Duration::from_secs(61));
    assert!(entitlements_sent(&app, FINCH, "general").await.is_empty());
    assert_eq!(listed(&app, "").await.len(), 1);
    assert!(listed(&app, "?exclude_ended=true").await.is_empty());
    assert_eq!(one(&app, "DELETE", &id.to_string(), "").await, (400, json!(40019)));
}

#[tokio::test]
async fn only_what_is_consumable_is_consumed() {
    let app = app().await;
    let coins = app.discord.buy(FINCH, "general", "Bag of Coins").unwrap().to_string();
    let more = app.discord.buy(FINCH, "general", "Bag of Coins").unwrap().to_string();
    let frame = app.discord.buy(FINCH, "dm", "Walnut Frame").unwrap().to_string();
    assert_eq!(one(&app, "POST", &frame, "/consume").await, (400, json!(40018)));
    assert_eq!(one(&app, "POST", "1", "/consume").await, (404, json!(10029)));
    assert_eq!(one(&app, "POST", &coins, "/consume").await.0, 204);
    assert_eq!(entitlements_sent(&app, FINCH, "general").await, [more, frame]);
    let read = app.call("GET", &path(&app, &format!("/entitlements/{coins}")), None).await;
    assert_eq!(read.body["consumed"], true);
}

#[tokio::test]
async fn entitlements_are_listed_by_user_guild_sku_and_page() {
    let app = app().await;
    let status = app.discord.status().unwrap();
    let (finch, guild) = (status.users[1].id, status.guilds[0].id);
    let mut ids = Vec::new();
    for (kind, owner, owner_type) in [(2, finch, 2), (3, finch, 2), (5, guild, 1)] {
        let made = test_entitlement(&app, kind, owner, owner_type).await;
        ids.push(made.body["id"].as_str().unwrap().to_owned());
    }
    assert_eq!(listed(&app, "").await, ids);
    assert_eq!(listed(&app, &format!("?user_id={finch}")).await, ids[..2]);
    assert_eq!(listed(&app, &format!("?guild_id={guild}")).await, ids[2..]);
    let skus = format!("?sku_ids={},{}", sku(&app, 3).await, sku(&app, 5).await);
    assert_eq!(listed(&app, &skus).await, ids[1..]);
    assert_eq!(listed(&app, "?limit=1").await, ids[..1]);
    assert_eq!(listed(&app, &format!("?after={}", ids[1])).await, ids[2..]);
    assert_eq!(listed(&app, &format!("?before={}&limit=1", ids[2])).await, ids[1..2]);
    for (query, code) in [
        ("?limit=0", "NUMBER_TYPE_MIN"),
        ("?limit=101", "NUMBER_TYPE_MAX"),
        ("?limit=x", "NUMBER_TYPE_COERCE"),
        ("?user_id=x", "NUMBER_TYPE_COERCE"),
        ("?exclude_ended=maybe", "BOOLEAN_TYPE_CONVERT"),
    ] {
        let refused = app.call("GET", &path(&app, &format!("/entitlements{query}")), None).await;
        assert!(
            refused.status == 400 && refused.body.to_string().contains(code),
            "{query} {:?}",
            refused.body
        );
    }
}

#[tokio::test]
async fn a_test_entitlement_names_a_sku_and_an_owner_that_exist() {
    let app = app().await;
    let finch = app.discord.status().unwrap().users[1].id;
    let unknown = json!({ "sku_id": "1", "owner_id": finch, "owner_type": 2 });
    let refused = app.call("POST", &path(&app, "/entitlements"), Some(unknown)).await;
    assert_eq!((refused.status, &refused.body["code"]), (404, &json!(10027)));
    assert_eq!(test_entitlement(&app, 5, "1", 1).await.body["code"], 10004);
    assert_eq!(test_entitlement(&app, 5, "1", 2).await.body["code"], 10013);
    let refused = test_entitlement(&app, 5, finch, 3).await;
    assert_eq!(refused.body["errors"]["owner_type"]["_errors"][0]["code"], "BASE_TYPE_CHOICES");
    let refused = app.call("POST", &path(&app, "/entitlements"), Some(json!({}))).await;
    assert_eq!(refused.body["errors"].as_object().unwrap().len(), 3);
    let foreign = app.call("GET", "/applications/1/entitlements", None).await;
    assert_eq!(foreign.status, 403);
}
