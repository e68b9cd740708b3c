//! Acting as members and reading what they see, over HTTP.

use axum::http::Request;
use http_body_util::Full;
use serde_json::{Value, json};

use crate::{
    control, localhost,
    testing::{Answer, TestApp, ask, serve},
};

const FINCH: &str = "Bartholomew Finch";

/// A bot with a message whose select opens a modal; context menu commands reply with their target.
fn bot(interaction: &Value) -> Value {
    let data = &interaction["data"];
    let select = json!({ "type": 3, "custom_id": "letter", "options": [
        { "label": "Ay", "value": "a" }, { "label": "Bee", "value": "b" }] });
    match interaction["type"].as_u64() {
        Some(3) => json!({ "type": 9, "data": { "custom_id": "modal", "title": "Modal", "components": [
            { "type": 18, "label": "x", "component": { "type": 4, "custom_id": "word", "style": 1 } },
            { "type": 18, "label": "x", "component": { "type": 19, "custom_id": "file" } }] } }),
        Some(4) => json!({ "type": 8, "data": { "choices": [{ "name": "Paris", "value": "paris" }] } }),
        Some(5) => json!({ "type": 4, "data": { "content": "thanks", "flags": 64 } }),
        _ if data["target_id"].is_string() => json!({ "type": 4, "data": { "content": data["target_id"] } }),
        _ => json!({ "type": 4, "data": { "content": "choose", "components": [
            { "type": 1, "components": [select] }] } }),
    }
}

struct Control {
    app: TestApp,
    base: String,
}

impl Control {
    async fn open() -> Self {
        let app = TestApp::open(bot).await;
        let base = serve(localhost::guarded(control::router(app.discord.clone()))).await;
        Self { app, base }
    }

    async fn post(&self, path: &str, body: Value) -> Answer {
        let request = Request::post(format!("{}/local{path}", self.base));
        let request = request.header("content-type", "application/json");
        ask(request.body(Full::from(body.to_string())).unwrap()).await
    }

    async fn get(&self, path: &str) -> Value {
        let request = Request::get(format!("{}/local{path}", self.base)).body(Full::default()).unwrap();
        ask(request).await.body
    }

    /// What the member has seen when the interaction of this response is settled.
    async fn settled(&self, begun: &Answer) -> Value {
        assert_eq!(begun.status, 200, "{}", begun.body);
        let id = begun.body["id"].as_str().unwrap();
        self.app.settled(id.parse().unwrap()).await;
        self.get(&format!("/interactions/{id}")).await
    }
}

#[tokio::test]
async fn a_select_opens_a_modal_that_is_sent_with_a_file() {
    let control = Control::open().await;
    let said = control.post("/say", json!({ "user": FINCH, "channel": "general", "line": "/ping" })).await;
    let shown = control.settled(&said).await;
    assert_eq!((&shown["steps"][0]["what"], &shown["settled"]), (&json!("answered"), &json!(true)));
    let message = &shown["steps"][0]["step"]["message"]["id"];
    let choose = json!({ "user": FINCH, "message": message, "custom_id": "letter", "values": ["Bee"] });
    let chosen = control.post("/choose", choose).await;
    assert_eq!(control.settled(&chosen).await["steps"][0]["step"]["seen"], "modal");

    let request =
        Request::post(format!("{}/local/upload?user=Bartholomew%20Finch&filename=a.txt", control.base));
    let uploaded = ask(request.body(Full::from("hello")).unwrap()).await;
    assert_eq!(uploaded.status, 200, "{}", uploaded.body);
    let fields = json!({ "word": "hello", "file": ["a.txt"] });
    let submit = json!({ "user": FINCH, "interaction": chosen.body["id"], "fields": fields });
    let sent = control.post("/submit", submit).await;
    assert_eq!(control.settled(&sent).await["steps"][0]["lines"], json!(["thanks"]));
    assert_eq!(control.app.last()["data"]["components"][0]["component"]["value"], "hello");

    let messages = control.get("/messages?user=Bartholomew%20Finch&channel=general").await;
    let contents = |messages: &Value| -> Vec<Value> {
        messages.as_array().unwrap().iter().map(|message| message["content"].clone()).collect()
    };
    assert_eq!(contents(&messages), ["choose", "thanks"]);
    let others = control.get("/messages?user=Ottilie%20Quandt&channel=general").await;
    assert_eq!(contents(&others), ["choose"], "what is ephemeral is for its owner alone");
    assert_eq!(control.get("/refusals").await, json!([]));
}

#[tokio::test]
async fn context_menus_and_choices_are_used_by_http_too() {
    let control = Control::open().await;
    let mut commands = crate::testing::definitions();
    commands.as_array_mut().unwrap().push(json!({ "name": "Profile", "type": 2 }));
    assert_eq!(control.app.register(commands).await.status, 200);
    let on = json!({ "user": FINCH, "channel": "general", "command": "Profile", "target": "Ottilie Quandt" });
    let used = control.post("/use", on).await;
    let shown = control.settled(&used).await;
    let target = &control.app.last()["data"]["target_id"];
    assert_eq!(shown["steps"][0]["lines"][0], *target);
    let typed = json!({ "user": FINCH, "channel": "general", "line": "/weather place:pa" });
    assert_eq!(control.post("/complete", typed).await.body, json!([{ "name": "Paris", "value": "paris" }]));
}

#[tokio::test]
async fn what_cannot_be_done_is_said_in_a_sentence() {
    let control = Control::open().await;
    let unknown =
        control.post("/say", json!({ "user": FINCH, "channel": "general", "line": "/nothing" })).await;
    assert_eq!(unknown.status, 422, "{}", unknown.body);
    assert!(unknown.body["error"].as_str().unwrap().contains("nothing"), "{}", unknown.body);
    let request =
        Request::get(format!("{}/local/interactions/1", control.base)).body(Full::default()).unwrap();
    assert_eq!(ask(request).await.status, 404);
    assert_eq!(control.post("/knobs", json!({ "no_such": 1 })).await.status, 422);
    assert_eq!(control.post("/knobs", json!({ "fail_webhooks": 500 })).await.body["fail_webhooks"], 500);
    let foreign =
        Request::get(format!("{}/local/knobs", control.base)).header("origin", "https://evil.example");
    assert_eq!(ask(foreign.body(Full::default()).unwrap()).await.status, 403);
}
