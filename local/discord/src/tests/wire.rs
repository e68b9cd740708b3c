//! Errors of the REST API, byte for byte.

use serde_json::{Value, json};

use crate::testing::TestApp;

fn defer(_: &Value) -> Value {
    json!({ "type": 5 })
}

#[tokio::test]
async fn a_bot_route_wants_the_right_token() {
    let app = TestApp::open(defer).await;
    for wrong in ["", "Bot wrong", app.discord.bot_token()] {
        let refused = app.raw("GET", "/users/@me", wrong, "application/json", String::new()).await;
        assert_eq!(refused.status, 401);
        assert_eq!(refused.body, json!({ "message": "401: Unauthorized", "code": 0 }));
        assert_eq!(refused.headers["content-type"], "application/json");
    }
    let me = app.call("GET", "/applications/@me", None).await.body;
    assert_eq!(me["verify_key"], app.discord.public_key());
    assert_eq!(app.call("GET", "/users/@me", None).await.body["id"], me["id"]);
    let unknown = app.call("GET", "/nothing", None).await;
    assert_eq!((unknown.status, unknown.body), (404, json!({ "message": "404: Not Found", "code": 0 })));
    let wrong_method = app.call("DELETE", "/users/@me", None).await;
    assert_eq!(wrong_method.status, 405);
}

#[tokio::test]
async fn nothing_is_not_taken_for_json() {
    let app = TestApp::open(defer).await;
    let id = app.say("/ping").await;
    app.first_step(id).await;
    let path = format!("{}/messages/@original", app.webhook());
    let nothing = app.raw("DELETE", &path, "", "application/json", "".into()).await;
    assert_eq!((nothing.status, &nothing.body["code"]), (400, &json!(50109)));
}

#[tokio::test]
async fn bad_bodies_are_refused_and_leave_the_interaction_as_it_was() {
    let app = TestApp::open(defer).await;
    let id = app.say("/ping").await;
    app.first_step(id).await;
    let long = app.edit_original(json!({ "content": "x".repeat(2001) })).await;
    let expected = json!({ "message": "Invalid Form Body", "code": 50035, "errors": { "content": { "_errors": [
        { "code": "BASE_TYPE_MAX_LENGTH", "message": "Must be 2000 or fewer in length." }] } } });
    assert_eq!((long.status, long.body), (400, expected));
    let empty = app.edit_original(json!({ "content": "  " })).await;
    assert_eq!((empty.status, &empty.body["code"]), (400, &json!(50006)));
    let path = format!("{}/messages/@original", app.webhook());
    let broken = app.raw("PATCH", &path, "", "application/json", "{".into()).await;
    assert_eq!((broken.status, &broken.body["code"]), (400, &json!(50109)));
    let plain = app.raw("PATCH", &path, "", "text/plain", "{}".into()).await;
    assert_eq!(plain.body["errors"]["_errors"][0]["code"], "CONTENT_TYPE_INVALID");
    let list = app.edit_original(json!([])).await;
    assert_eq!(list.body["errors"]["_errors"][0]["code"], "MODEL_TYPE_CONVERT");
    assert_eq!(app.discord.edits(id).unwrap(), 0);
    assert!(!app.discord.view(id).unwrap().settled);
}

#[tokio::test]
async fn faults_in_components_and_embeds_are_found_at_their_paths() {
    let app = TestApp::open(defer).await;
    let id = app.say("/ping").await;
    app.first_step(id).await;
    let button = |id: &str| json!({ "type": 2, "style": 1, "label": "x".repeat(81), "custom_id": id });
    let body = json!({
        "embeds": [{ "title": "x".repeat(257) }],
        "components": [{ "type": 1, "components": [button("same"), button("same")] }],
    });
    let errors = &app.edit_original(body).await.body["errors"];
    assert_eq!(errors["embeds"]["0"]["title"]["_errors"][0]["code"], "BASE_TYPE_MAX_LENGTH");
    let second = &errors["components"]["0"]["components"]["1"];
    assert_eq!(second["label"]["_errors"][0]["message"], "Must be 80 or fewer in length.");
    assert_eq!(second["custom_id"]["_errors"][0]["code"], "COMPONENT_CUSTOM_ID_DUPLICATED");
}

#[tokio::test]
async fn a_whole_is_looked_at_when_its_parts_are_right() {
    let app = TestApp::open(defer).await;
    let id = app.say("/ping").await;
    app.first_step(id).await;
    let long = json!({ "description": "x".repeat(4000) });
    let too_large = json!({ "embeds": [long, long] });
    let errors = &app.edit_original(too_large).await.body["errors"];
    assert_eq!(errors["embeds"]["_errors"][0]["code"], "MAX_EMBED_SIZE_EXCEEDED");
    let wrong_inside = json!({ "embeds": [{ "title": "x".repeat(257) }, long, long] });
    let errors = &app.edit_original(wrong_inside).await.body["errors"];
    assert_eq!(errors["embeds"]["0"]["title"]["_errors"][0]["code"], "BASE_TYPE_MAX_LENGTH");
    assert_eq!(errors["embeds"].as_object().unwrap().len(), 1);
}

#[tokio::test]
async fn components_v2_come_with_an_edit_and_stay() {
    let app = TestApp::open(defer).await;
    let id = app.say("/ping").await;
    app.first_step(id).await;
    let text = json!([{ "type": 10, "content": "laid out" }]);
    let without_flag = app.edit_original(json!({ "components": text })).await;
    assert_eq!(without_flag.status, 400);
    let with_flag = app.edit_original(json!({ "flags": 1 << 15, "components": text })).await;
    assert_eq!((with_flag.status, &with_flag.body["flags"]), (200, &json!(1 << 15)));
    assert_eq!(app.edit_original(json!({ "components": text })).await.status, 200);
    let content = app.edit_original(json!({ "content": "old" })).await;
    let code = &content.body["errors"]["content"]["_errors"][0]["code"];
    assert_eq!(code, "MESSAGE_CANNOT_USE_LEGACY_FIELDS_WITH_COMPONENTS_V2");
}

#[tokio::test]
async fn files_come_in_multipart_and_are_served_back() {
    let app = TestApp::open(defer).await;
    let id = app.say("/ping").await;
    app.first_step(id).await;
    let path = format!("{}/messages/@original", app.webhook());
    let kind = "multipart/form-data; boundary=XX";
    let part = |name: &str, body: &str| {
        format!("--XX\r\nContent-Disposition: form-data; name={name}\r\n\r\n{body}\r\n")
    };
    let payload = json!({ "content": "see", "attachments": [{ "id": 0, "description": "a list" }] });
    let body = part("\"payload_json\"", &payload.to_string())
        + &part("\"files[0]\"; filename=\"a list.txt\"", "milk")
        + "--XX--\r\n";
    let taken = app.raw("PATCH", &path, "", kind, body).await;
    let attachment = &taken.body["attachments"][0];
    assert_eq!((taken.status, &attachment["filename"]), (200, &json!("a_list.txt")), "{taken:?}");
    assert_eq!((&attachment["size"], &attachment["description"]), (&json!(4), &json!("a list")));
    assert_eq!(app.fetch(attachment["url"].as_str().unwrap()).await, b"milk");
    // An edit removes attachments that it does not list; without `attachments`, all stay.
    let kept = app.edit_original(json!({ "content": "still" })).await;
    assert_eq!(&kept.body["attachments"][0], attachment);
    let gone = app.edit_original(json!({ "attachments": [] })).await;
    assert_eq!(gone.body["attachments"], json!([]));
}

#[tokio::test]
async fn a_new_message_has_a_file_for_every_attachment_and_none_is_too_large() {
    let app = TestApp::open(defer).await;
    let id = app.say("/ping").await;
    app.first_step(id).await;
    let missing = json!({ "content": "see", "attachments": [{ "id": "0" }] });
    let refused = app.call("POST", &app.webhook(), Some(missing)).await;
    assert_eq!(refused.body["errors"]["attachments"]["0"]["_errors"][0]["code"], "ATTACHMENT_NOT_FOUND");
    let kind = "multipart/form-data; boundary=XX";
    let head = "--XX\r\nContent-Disposition: form-data; name=\"files[0]\"; filename=\"a\"\r\n\r\n";
    let large = format!("{head}{}\r\n--XX--\r\n", "x".repeat(10 * 1024 * 1024 + 1));
    let refused = app.raw("POST", &app.webhook(), "", kind, large).await;
    assert_eq!((refused.status, &refused.body["code"]), (400, &json!(50045)));
    let huge = "x".repeat(25 * 1024 * 1024 + 1);
    let refused = app.raw("POST", &app.webhook(), "", "application/json", huge).await;
    assert_eq!((refused.status, &refused.body["code"]), (413, &json!(40005)));
}

#[tokio::test]
async fn a_token_reaches_only_its_own_messages() {
    let app = TestApp::open(defer).await;
    let first = app.say("/ping").await;
    app.first_step(first).await;
    let other = app.edit_original(json!({ "content": "mine" })).await.body["id"].clone();
    let second = app.say("/ping").await;
    app.first_step(second).await;
    let path = format!("{}/messages/{}", app.webhook(), other.as_str().unwrap());
    let refused = app.call("PATCH", &path, Some(json!({ "content": "yours" }))).await;
    assert_eq!((refused.status, &refused.body["code"]), (404, &json!(10008)));
    let foreign = format!("/webhooks/{}/guessed/messages/@original", app.discord.application_id());
    let refused = app.call("GET", &foreign, None).await;
    assert_eq!((refused.status, &refused.body["code"]), (404, &json!(10015)));
}
