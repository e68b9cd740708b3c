//! The playground with the whole stack: its actions reach the real functions, and the inspector shows them.

use std::time::Duration;

use bytes::Bytes;
use http::Request;
use serde_json::{Value, json};
use tests::TestApp;

const MEMBER: &str = "Bartholomew Finch";

async fn ask(app: &TestApp, method: &str, path: &str, origin: &str, body: &str) -> (u16, String) {
    let request = Request::builder()
        .method(method)
        .uri(format!("{}{path}", app.stack.url))
        .header("origin", origin)
        .header("content-type", "application/json");
    let request = request.body(Bytes::from(body.to_owned())).unwrap();
    let answer = outbound::Client::new().send(request, Duration::from_secs(10)).await.unwrap();
    (answer.status().as_u16(), String::from_utf8_lossy(answer.body()).into_owned())
}

pub(crate) async fn read(app: &TestApp, path: &str) -> String {
    let (status, text) = ask(app, "GET", path, &app.stack.url, "").await;
    assert_eq!(status, 200, "{path}: {text}");
    text
}

pub(crate) async fn act(app: &TestApp, path: &str, body: Value) -> Value {
    let (status, text) = ask(app, "POST", path, &app.stack.url, &body.to_string()).await;
    assert_eq!(status, 200, "{path}: {text}");
    serde_json::from_str(&text).unwrap()
}

fn channel(app: &TestApp) -> String {
    let status = app.stack.discord.status().unwrap();
    let channels = status.guilds.iter().flat_map(|guild| &guild.channels);
    channels.into_iter().find(|channel| channel.name == "general").unwrap().id.to_string()
}

/// Uses a command of the palette without options.
async fn uses(app: &TestApp, person: &str, name: &str) -> Value {
    let seat = format!("person={}&channel={}", person.replace(' ', "%20"), channel(app));
    let palette: Value = serde_json::from_str(&read(app, &format!("/page/palette?{seat}")).await).unwrap();
    let found = palette["commands"].as_array().unwrap().iter().find(|it| it["name"] == name);
    let command = found.expect("it is offered")["command"].clone();
    let body =
        json!({ "person": person, "channel": channel(app), "command": command, "path": [], "values": [] });
    act(app, "/page/command", body).await
}

#[tokio::test(flavor = "multi_thread")]
async fn a_command_of_the_palette_is_answered_by_the_real_function_and_traced() {
    let app = TestApp::open().await;
    let done = uses(&app, MEMBER, "ping").await;
    let page = read(&app, "/@bartholomew_finch").await;
    assert!(page.contains("Only you can see this") && page.contains("/ping"), "{page}");
    let drawer = read(&app, "/page/drawer/interactions").await;
    assert!(drawer.contains(done["interaction"].as_str().unwrap()), "{drawer}");
    assert!(drawer.contains("POST /interactions → 200, a message"), "{drawer}");
}

#[tokio::test(flavor = "multi_thread")]
async fn what_belongs_to_a_feature_stands_with_it_in_the_palette() {
    let app = TestApp::open().await;
    let seat = format!("person={}&channel={}", MEMBER.replace(' ', "%20"), channel(&app));
    let palette: Value = serde_json::from_str(&read(&app, &format!("/page/palette?{seat}")).await).unwrap();
    let weather = palette["commands"].as_array().unwrap().iter().find(|it| it["name"] == "weather").unwrap();
    assert_eq!(weather["feature"], "Weather");
}

#[tokio::test(flavor = "multi_thread")]
async fn a_dead_letter_is_redriven_from_the_drawer_and_seen() {
    let app = TestApp::open().await;
    app.member().says("/misbehave work:fail").await;
    app.pass_until("it is a dead letter", || app.queued("jobs-dead") == 1).await;
    let queues = read(&app, "/page/drawer/queues").await;
    assert!(queues.contains("Redrive all") && queues.contains("after 4 attempts"), "{queues}");
    assert!(queues.contains("misbehave: as asked"), "{queues}");
    assert_eq!(act(&app, "/page/drawer/redrive", json!({})).await["moved"], 1);
    app.pass_until("it is tried again", || app.queued("jobs") == 0 && app.queued("jobs-dead") == 1).await;
    assert!(read(&app, "/page/drawer/queues").await.contains("after 5 attempts"));
}

#[tokio::test(flavor = "multi_thread")]
async fn a_dead_letter_can_be_dropped() {
    let app = TestApp::open().await;
    app.stack.queues.send("jobs-dead", &local_sqs::Outgoing::new("rubbish")).unwrap();
    let letter = app.stack.queues.peek("jobs-dead", 1).unwrap().remove(0);
    let body = json!({ "queue": "jobs-dead", "message_id": letter.message_id });
    act(&app, "/page/drawer/discard", body).await;
    assert_eq!(app.queued("jobs-dead"), 0);
}

#[tokio::test(flavor = "multi_thread")]
async fn both_tables_can_be_looked_through() {
    let app = TestApp::open().await;
    app.member().says("/weather place:Paris").await.settled().await;
    let tables = read(&app, "/page/drawer/tables?table=Ephemeral").await;
    assert!(tables.contains("State") && tables.contains("Ephemeral"), "{tables}");
    assert!(tables.contains("CACHE#weather/places/en/paris"), "{tables}");
}

#[tokio::test(flavor = "multi_thread")]
async fn a_page_of_another_port_can_do_nothing_in_the_drawer() {
    let app = TestApp::open().await;
    for (path, body) in [
        ("/page/drawer/redrive", json!({ "queue": "jobs-dead" })),
        ("/page/drawer/knobs", json!({ "drop_percent": 100 })),
        ("/page/drawer/clock", json!({ "seconds": 60 })),
        ("/page/drawer/save", json!({ "interaction": "1" })),
    ] {
        let (status, _) = ask(&app, "POST", path, "http://127.0.0.1:1", &body.to_string()).await;
        assert_eq!(status, 403, "{path}");
    }
    assert_eq!(ask(&app, "GET", "/page/drawer/logs", "http://localhost:1", "").await.0, 403);
    assert_eq!(app.stack.discord.faults().get().drop_percent, 0);
}
