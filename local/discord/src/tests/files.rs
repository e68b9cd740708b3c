//! Files of messages: upload, use in embeds and components, and deletion with their message.

use axum::{Router, http::header, response::IntoResponse, routing::post};
use serde_json::{Value, json};

use super::actions::PNG;
use crate::testing::{Answer, TestApp, serve};

const CONTENT_TYPE: &str = "multipart/form-data; boundary=XX";

/// A multipart body with `payload_json` and `files[n]`.
fn multipart(payload: &Value, files: &[(&str, &[u8])]) -> String {
    let mut body =
        format!("--XX\r\nContent-Disposition: form-data; name=\"payload_json\"\r\n\r\n{payload}\r\n");
    for (number, (name, data)) in files.iter().enumerate() {
        // One character for each byte, which is enough for bytes below 128.
        let data: String = data.iter().map(|byte| char::from(*byte)).collect();
        body += &format!(
            "--XX\r\nContent-Disposition: form-data; name=\"files[{number}]\"; filename=\"{name}\"\r\n\
             Content-Type: image/png\r\n\r\n{data}\r\n"
        );
    }
    body + "--XX--\r\n"
}

async fn deferred() -> TestApp {
    let app = TestApp::open(|_| json!({ "type": 5 })).await;
    let id = app.say("/ping").await;
    app.first_step(id).await;
    app
}

async fn follow_up(app: &TestApp, payload: &Value, files: &[(&str, &[u8])]) -> Answer {
    app.raw("POST", &app.webhook(), "", CONTENT_TYPE, multipart(payload, files)).await
}

fn kept(app: &TestApp) -> u32 {
    let count =
        |db: &rusqlite::Connection| db.query_row("SELECT count(*) FROM attachments", [], |row| row.get(0));
    app.discord.inner.store.read::<_, rusqlite::Error>(count).unwrap()
}

fn url(attachment: &Value) -> &str {
    attachment["url"].as_str().unwrap()
}

#[tokio::test]
async fn an_embed_shows_the_files_of_its_message_in_every_place() {
    let app = deferred().await;
    let embed = json!({ "title": "Sun",
        "image": { "url": "attachment://a.png" }, "thumbnail": { "url": "attachment://b.png" },
        "author": { "name": "x", "icon_url": "attachment://a.png" },
        "footer": { "text": "x", "icon_url": "attachment://b.png" } });
    let files: [(&str, &[u8]); 2] = [("a.png", b"AA"), ("b.png", b"B")];
    let made = follow_up(&app, &json!({ "embeds": [embed] }), &files).await;
    assert_eq!(made.status, 200, "{:?}", made.body);
    let (first, second) = (&made.body["attachments"][0], &made.body["attachments"][1]);
    let embed = &made.body["embeds"][0];
    assert_eq!((&embed["image"]["url"], &embed["author"]["icon_url"]), (&first["url"], &first["url"]));
    assert_eq!((&embed["thumbnail"]["url"], &embed["footer"]["icon_url"]), (&second["url"], &second["url"]));
    assert_eq!(app.fetch(url(&embed["image"])).await, b"AA");
    // A later embed can use an attachment that the message already has.
    let path = format!("{}/messages/{}", app.webhook(), made.body["id"].as_str().unwrap());
    let again = json!({ "embeds": [{ "image": { "url": "attachment://b.png" } }] });
    let edited = app.call("PATCH", &path, Some(again)).await;
    assert_eq!(edited.body["embeds"][0]["image"]["url"], second["url"]);
}

#[tokio::test]
async fn components_show_files_and_say_what_they_are() {
    let app = deferred().await;
    let components = json!([
        { "type": 9, "components": [{ "type": 10, "content": "x" }],
          "accessory": { "type": 11, "media": { "url": "attachment://a.png" } } },
        { "type": 17, "components": [{ "type": 12, "items": [{ "media": { "url": "attachment://b.png" } }] }] },
        { "type": 13, "file": { "url": "attachment://c.txt" } },
    ]);
    let files: [(&str, &[u8]); 3] = [("a.png", b"A"), ("b.png", b"BB"), ("c.txt", b"CCC")];
    let payload = json!({ "flags": 1 << 15, "components": components });
    let made = follow_up(&app, &payload, &files).await.body;
    let file = |index: usize| &made["attachments"][index];
    let thumbnail = &made["components"][0]["accessory"]["media"];
    assert_eq!((&thumbnail["url"], &thumbnail["attachment_id"]), (&file(0)["url"], &file(0)["id"]), "{made}");
    let item = &made["components"][1]["components"][0]["items"][0]["media"];
    assert_eq!((&item["url"], &item["content_type"]), (&file(1)["url"], &json!("image/png")));
    let shown = &made["components"][2];
    assert_eq!((&shown["name"], &shown["size"]), (&json!("c.txt"), &json!(3)));
}

#[tokio::test]
async fn an_edit_keeps_what_it_lists_changes_what_it_says_and_adds_what_it_brings() {
    let app = deferred().await;
    let files: [(&str, &[u8]); 2] = [("a.png", b"A"), ("b.png", b"B")];
    let made = follow_up(&app, &json!({ "content": "two" }), &files).await.body;
    let (first, second) = (made["attachments"][0].clone(), made["attachments"][1].clone());
    let path = format!("{}/messages/{}", app.webhook(), made["id"].as_str().unwrap());
    let listed = json!({ "attachments": [
        { "id": first["id"], "description": "a letter", "is_spoiler": true }, { "id": 0, "filename": "new.png" }] });
    let edited = app.raw("PATCH", &path, "", CONTENT_TYPE, multipart(&listed, &[("c.png", b"C")])).await.body;
    let list = edited["attachments"].as_array().unwrap();
    assert_eq!(list.len(), 2, "{edited}");
    assert_eq!(
        (&list[0]["id"], &list[0]["description"], &list[0]["flags"]),
        (&first["id"], &json!("a letter"), &json!(8))
    );
    assert_eq!(list[1]["filename"], "new.png");
    assert_eq!(app.fetch(url(&list[1])).await, b"C");
    assert!(String::from_utf8(app.fetch(url(&second)).await).unwrap().contains("404"));
    let plain = json!({ "attachments": [{ "id": first["id"], "description": null, "is_spoiler": false }] });
    let edited = app.call("PATCH", &path, Some(plain)).await.body;
    let left = &edited["attachments"][0];
    assert_eq!((left.get("description"), &left["flags"]), (None, &json!(0)));
    assert_eq!(kept(&app), 1);
}

#[tokio::test]
async fn files_go_with_their_message_and_those_of_a_refused_request_never_come() {
    let app = deferred().await;
    let made = follow_up(&app, &json!({ "content": "one" }), &[("a.png", b"A")]).await.body;
    assert_eq!(app.fetch(url(&made["attachments"][0])).await, b"A");
    let refused = follow_up(&app, &json!({ "content": "x".repeat(2001) }), &[("b.png", b"B")]).await;
    let unknown = json!({ "embeds": [{ "image": { "url": "attachment://other.png" } }] });
    let unfound = follow_up(&app, &unknown, &[("b.png", b"B")]).await;
    assert_eq!((refused.status, unfound.status, kept(&app)), (400, 400, 1));
    let path = format!("{}/messages/{}", app.webhook(), made["id"].as_str().unwrap());
    assert_eq!(app.call("DELETE", &path, None).await.status, 204);
    assert_eq!(kept(&app), 0);
    let gone = app.fetch(url(&made["attachments"][0])).await;
    assert!(String::from_utf8(gone).unwrap().contains("404"));
}

#[tokio::test]
async fn a_picture_is_measured_and_a_spoiler_known_by_its_name() {
    let app = deferred().await;
    assert_eq!(crate::model::picture::size(PNG), Some((1, 1)));
    assert_eq!(crate::model::picture::size(b"GIF89a"), None);
    let made = follow_up(&app, &json!({ "content": "x" }), &[("SPOILER_a.png", b"A")]).await.body;
    assert_eq!((made["attachments"][0].get("width"), &made["attachments"][0]["flags"]), (None, &json!(8)));
}

#[tokio::test]
async fn an_update_by_the_callback_route_keeps_changes_and_adds_files() {
    let app = TestApp::open(|_| Value::Null).await;
    let channel = app.discord.status().unwrap().guilds[0].channels[0].id;
    let button = json!({ "type": 2, "style": 1, "label": "x", "custom_id": "x" });
    let payload = json!({ "content": "x", "components": [{ "type": 1, "components": [button] }] });
    let files: [(&str, &[u8]); 2] = [("a.png", b"A"), ("b.png", b"B")];
    let authorization = format!("Bot {}", app.discord.bot_token());
    let path = format!("/channels/{channel}/messages");
    let made = app.raw("POST", &path, &authorization, CONTENT_TYPE, multipart(&payload, &files)).await.body;
    let message = made["id"].as_str().unwrap().parse().unwrap();
    let id = app.discord.press("Bartholomew Finch", message, "x").await.unwrap();
    while app.received.lock().unwrap().is_empty() {
        tokio::time::sleep(std::time::Duration::from_millis(5)).await;
    }
    let callback = format!("/interactions/{id}/{}/callback", app.last()["token"].as_str().unwrap());
    let kept = &made["attachments"][1];
    let update = |image: &str| {
        json!({ "type": 7, "data": { "attachments": [{ "id": kept["id"] }],
            "embeds": [{ "image": { "url": format!("attachment://{image}") } }] } })
    };
    let send = async |image: &str| {
        app.raw("POST", &callback, "", CONTENT_TYPE, multipart(&update(image), &[("c.png", b"C")])).await
    };
    let refused = send("a.png").await;
    assert!(refused.body["errors"]["data"]["embeds"]["0"]["image"].is_object(), "{:?}", refused.body);
    assert_eq!(send("c.png").await.status, 204);
    let now = app.discord.message(message).unwrap().unwrap();
    let names: Vec<&Value> =
        now["attachments"].as_array().unwrap().iter().map(|it| &it["filename"]).collect();
    assert_eq!(names, ["b.png", "c.png"]);
    assert_eq!(now["embeds"][0]["image"]["url"], now["attachments"][1]["url"]);
}

/// Answers every interaction inline, with a file.
async fn answer_with_file(body: &'static str) -> TestApp {
    let app = TestApp::open(|_| json!({ "type": 5 })).await;
    let answer = move || async move { ([(header::CONTENT_TYPE, CONTENT_TYPE)], body).into_response() };
    let url = serve(Router::new().route("/", post(answer))).await;
    app.discord.set_interactions_url(url);
    app
}

#[tokio::test]
async fn an_inline_response_brings_its_files_in_multipart() {
    let body = multipart(
        &json!({ "type": 4, "data": { "embeds": [{ "image": { "url": "attachment://a.png" } }],
            "attachments": [{ "id": "0", "description": "a letter" }] } }),
        &[("a.png", b"AAA")],
    );
    let app = answer_with_file(body.leak()).await;
    let id = app.say("/ping").await;
    let message = app.settled(id).await.message().unwrap().clone();
    let attachment = &message["attachments"][0];
    assert_eq!((&attachment["size"], &attachment["description"]), (&json!(3), &json!("a letter")));
    assert_eq!(message["embeds"][0]["image"]["url"], attachment["url"]);
    assert_eq!(app.fetch(url(attachment)).await, b"AAA");
}

#[tokio::test]
async fn an_inline_response_that_shows_a_file_it_does_not_bring_is_no_response() {
    let embeds = json!([{ "image": { "url": "attachment://b.png" } }]);
    let body = multipart(&json!({ "type": 4, "data": { "embeds": embeds } }), &[("a.png", b"A")]);
    let app = answer_with_file(body.leak()).await;
    let id = app.say("/ping").await;
    let seen = json!(app.settled(id).await.steps[0].seen);
    let reason = seen["reason"].as_str().unwrap();
    assert!(reason.contains("data.embeds.0.image.url[UNFURLED_MEDIA_ITEM"), "{reason}");
    assert_eq!(kept(&app), 0);
}
