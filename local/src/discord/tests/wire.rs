//! Refusals of the REST API, as they go over the wire.

use serde_json::{Value, json};

use super::house::House;

fn defer(_: &Value) -> Value {
    json!({ "type": 5 })
}

#[tokio::test]
async fn a_bot_route_wants_the_right_token() {
    let house = House::open(defer).await;
    for wrong in ["", "Bot wrong", house.discord.bot_token()] {
        let refused = house.raw("GET", "/users/@me", wrong, "application/json", String::new()).await;
        assert_eq!(refused.status, 401);
        assert_eq!(refused.body, json!({ "message": "401: Unauthorized", "code": 0 }));
        assert_eq!(refused.headers["content-type"], "application/json");
    }
    let me = house.call("GET", "/applications/@me", None).await.body;
    assert_eq!(me["verify_key"], house.discord.public_key());
    assert_eq!(house.call("GET", "/users/@me", None).await.body["id"], me["id"]);
    let unknown = house.call("GET", "/nothing", None).await;
    assert_eq!((unknown.status, unknown.body), (404, json!({ "message": "404: Not Found", "code": 0 })));
    let wrong_method = house.call("DELETE", "/users/@me", None).await;
    assert_eq!(wrong_method.status, 405);
}

#[tokio::test]
async fn bad_bodies_are_refused_and_leave_the_interaction_as_it_was() {
    let house = House::open(defer).await;
    let id = house.say("/ping").await;
    house.first_step(id).await;
    let long = house.edit_original(json!({ "content": "x".repeat(2001) })).await;
    let expected = json!({ "message": "Invalid Form Body", "code": 50035, "errors": { "content": { "_errors": [
        { "code": "BASE_TYPE_MAX_LENGTH", "message": "Must be 2000 or fewer in length." }] } } });
    assert_eq!((long.status, long.body), (400, expected));
    let empty = house.edit_original(json!({ "content": "  " })).await;
    assert_eq!((empty.status, &empty.body["code"]), (400, &json!(50006)));
    let path = format!("{}/messages/@original", house.webhook());
    let broken = house.raw("PATCH", &path, "", "application/json", "{".into()).await;
    assert_eq!((broken.status, &broken.body["code"]), (400, &json!(50109)));
    let plain = house.raw("PATCH", &path, "", "text/plain", "{}".into()).await;
    assert_eq!(plain.body["errors"]["_errors"][0]["code"], "CONTENT_TYPE_INVALID");
    let list = house.edit_original(json!([])).await;
    assert_eq!(list.body["errors"]["_errors"][0]["code"], "MODEL_TYPE_CONVERT");
    assert_eq!(house.discord.edits(id).unwrap(), 0);
    assert!(!house.discord.view(id).unwrap().settled);
}

#[tokio::test]
async fn faults_in_components_and_embeds_are_found_at_their_paths() {
    let house = House::open(defer).await;
    let id = house.say("/ping").await;
    house.first_step(id).await;
    let button = |id: &str| json!({ "type": 2, "style": 1, "label": "x".repeat(81), "custom_id": id });
    let body = json!({
        "embeds": [{ "title": "x".repeat(257) }, { "description": "x".repeat(4000) }, { "description": "x".repeat(4000) }],
        "components": [{ "type": 1, "components": [button("same"), button("same")] }],
    });
    let errors = &house.edit_original(body).await.body["errors"];
    assert_eq!(errors["embeds"]["0"]["title"]["_errors"][0]["code"], "BASE_TYPE_MAX_LENGTH");
    assert_eq!(errors["embeds"]["_errors"][0]["code"], "MAX_EMBED_SIZE_EXCEEDED");
    let second = &errors["components"]["0"]["components"]["1"];
    assert_eq!(second["label"]["_errors"][0]["message"], "Must be 80 or fewer in length.");
    assert_eq!(second["custom_id"]["_errors"][0]["code"], "COMPONENT_CUSTOM_ID_DUPLICATED");
}

#[tokio::test]
async fn components_v2_come_with_an_edit_and_stay() {
    let house = House::open(defer).await;
    let id = house.say("/ping").await;
    house.first_step(id).await;
    let text = json!([{ "type": 10, "content": "laid out" }]);
    let without_flag = house.edit_original(json!({ "components": text })).await;
    assert_eq!(without_flag.status, 400);
    let with_flag = house.edit_original(json!({ "flags": 1 << 15, "components": text })).await;
    assert_eq!((with_flag.status, &with_flag.body["flags"]), (200, &json!(1 << 15)));
    assert_eq!(house.edit_original(json!({ "components": text })).await.status, 200);
    let content = house.edit_original(json!({ "content": "old" })).await;
    let code = &content.body["errors"]["content"]["_errors"][0]["code"];
    assert_eq!(code, "MESSAGE_CANNOT_USE_LEGACY_FIELDS_WITH_COMPONENTS_V2");
}

#[tokio::test]
async fn multipart_is_read_unless_it_carries_files() {
    let house = House::open(defer).await;
    let id = house.say("/ping").await;
    house.first_step(id).await;
    let path = format!("{}/messages/@original", house.webhook());
    let kind = "multipart/form-data; boundary=XX";
    let payload =
        "--XX\r\nContent-Disposition: form-data; name=\"payload_json\"\r\n\r\n{\"content\":\"parts\"}\r\n";
    let file = "--XX\r\nContent-Disposition: form-data; name=\"files[0]\"; filename=\"a\"\r\n\r\na\r\n";
    let refused = house.raw("PATCH", &path, "", kind, format!("{payload}{file}--XX--\r\n")).await;
    assert_eq!(refused.body["errors"]["_errors"][0]["code"], "FILES_NOT_SIMULATED");
    let taken = house.raw("PATCH", &path, "", kind, format!("{payload}--XX--\r\n")).await;
    assert_eq!((taken.status, &taken.body["content"]), (200, &json!("parts")));
}

#[tokio::test]
async fn a_token_reaches_only_its_own_messages() {
    let house = House::open(defer).await;
    let first = house.say("/ping").await;
    house.first_step(first).await;
    let other = house.edit_original(json!({ "content": "mine" })).await.body["id"].clone();
    let second = house.say("/ping").await;
    house.first_step(second).await;
    let path = format!("{}/messages/{}", house.webhook(), other.as_str().unwrap());
    let refused = house.call("PATCH", &path, Some(json!({ "content": "yours" }))).await;
    assert_eq!((refused.status, &refused.body["code"]), (404, &json!(10008)));
    let foreign = format!("/webhooks/{}/guessed/messages/@original", house.discord.application_id());
    let refused = house.call("GET", &foreign, None).await;
    assert_eq!((refused.status, &refused.body["code"]), (404, &json!(10015)));
}
