//! The interactions endpoint: what it refuses, and that every user gets a response.

use std::time::Duration;

use bytes::Bytes;
use http::{Method, Request, StatusCode};
use tests::{Look, TestApp};

struct Knock<'a> {
    app: &'a TestApp,
    client: outbound::Client,
}

impl<'a> Knock<'a> {
    fn on(app: &'a TestApp) -> Self {
        Self { app, client: outbound::Client::new() }
    }

    async fn send(
        &self,
        method: Method,
        path: &str,
        headers: &[(&str, &str)],
        body: Vec<u8>,
    ) -> (StatusCode, String) {
        let mut request = Request::builder().method(method).uri(format!("{}{path}", self.app.stack.url));
        for (name, value) in headers {
            request = request.header(*name, *value);
        }
        let request = request.body(Bytes::from(body)).unwrap();
        let answer = self.client.send(request, Duration::from_secs(5)).await.unwrap();
        (answer.status(), String::from_utf8(answer.body().to_vec()).unwrap())
    }

    async fn signed(&self, age: i64, body: &[u8]) -> StatusCode {
        let timestamp = (self.app.stack.clock.now().as_second() - age).to_string();
        let signature = self.app.stack.discord.sign(&timestamp, body);
        let headers =
            [("X-Signature-Ed25519", signature.as_str()), ("X-SIGNATURE-TIMESTAMP", timestamp.as_str())];
        self.send(Method::POST, "/interactions", &headers, body.to_vec()).await.0
    }
}

#[tokio::test(flavor = "multi_thread")]
async fn discords_ping_is_answered() {
    let app = TestApp::open().await;
    app.stack.discord.ping().await.unwrap();
}

#[tokio::test(flavor = "multi_thread")]
async fn discord_takes_the_front_door_as_an_endpoint_and_does_not_remove_it() {
    let app = TestApp::open().await;
    let discord = &app.stack.discord;
    let authorization = format!("Bot {}", discord.bot_token());
    let headers = [
        ("authorization", authorization.as_str()),
        ("content-type", "application/json"),
        ("user-agent", "DiscordBot (https://steward.invalid, 0)"),
    ];
    let url = format!("{}/interactions", app.stack.url);
    let body = format!("{{\"interactions_endpoint_url\":\"{url}\"}}");
    let knock = Knock::on(&app);
    let saved = knock.send(Method::PATCH, "/api/v10/applications/@me", &headers, body.into_bytes()).await;
    assert_eq!(saved.0, StatusCode::OK, "{}", saved.1);
    discord.faults().change(|faults| faults.probe_percent = 100);
    for _ in 0..30 {
        assert!(!app.member().says("/ping").await.settled().await.failed());
    }
    assert_eq!(discord.status().unwrap().endpoint_removed, None);
}

#[tokio::test(flavor = "multi_thread")]
async fn knobs_of_the_simulated_discord_are_read_and_turned_by_name() {
    let app = TestApp::open().await;
    let knock = Knock::on(&app);
    let json = [("content-type", "application/json")];
    let turn = async |body: &str| knock.send(Method::POST, "/local/knobs", &json, body.into()).await;
    let turned = turn(r#"{"probe_percent":0,"latency_ms":7}"#).await;
    assert!(turned.0 == 200 && turned.1.contains(r#""latency_ms":7"#), "{turned:?}");
    assert_eq!(knock.send(Method::GET, "/local/knobs", &[], vec![]).await, turned);
    assert_eq!(app.stack.discord.faults().get().latency, Duration::from_millis(7));
    let unknown = turn(r#"{"latency":7}"#).await;
    assert!(unknown.0 == 422 && unknown.1.contains("unknown field `latency`"), "{unknown:?}");
}

#[tokio::test(flavor = "multi_thread")]
async fn what_is_not_signed_by_discord_just_now_is_401() {
    let app = TestApp::open().await;
    let knock = Knock::on(&app);
    let body = br#"{"type":1}"#;
    for (age, expected) in [(0, 200), (290, 200), (-290, 200), (320, 401), (-320, 401)] {
        assert_eq!(knock.signed(age, body).await, expected, "{age} seconds old");
    }
    let good = app.stack.discord.sign("1", body);
    for headers in [
        vec![],
        vec![("x-signature-ed25519", good.as_str())],
        vec![("x-signature-ed25519", "zz"), ("x-signature-timestamp", "1")],
        vec![("x-signature-ed25519", good.as_str()), ("x-signature-timestamp", "soon")],
    ] {
        assert_eq!(knock.send(Method::POST, "/interactions", &headers, body.to_vec()).await.0, 401);
    }
}

#[tokio::test(flavor = "multi_thread")]
async fn other_ways_in_are_closed() {
    let app = TestApp::open().await;
    let knock = Knock::on(&app);
    assert_eq!(knock.send(Method::GET, "/interactions", &[], vec![]).await.0, 405);
    assert_eq!(knock.send(Method::POST, "/elsewhere", &[], vec![]).await.0, 404);
    assert_eq!(knock.signed(0, &vec![b' '; (1 << 20) + 1]).await, 413);
}

#[tokio::test(flavor = "multi_thread")]
async fn a_signed_body_that_nobody_can_be_answered_for_is_400() {
    let app = TestApp::open().await;
    let knock = Knock::on(&app);
    for body in ["", "{}", "[]", "not json", r#"{"type":2,"id":"5"}"#, r#"{"type":2,"token":"t"}"#] {
        assert_eq!(knock.signed(0, body.as_bytes()).await, 400, "{body}");
    }
    assert_eq!(knock.signed(0, "[".repeat(200_000).as_bytes()).await, 400);
    assert_eq!(knock.signed(0, &[0xFF, 0xFE]).await, 400);
    let deep = format!(r#"{{"type":2,"id":"5","token":"t","data":{}"#, r#"{"a":"#.repeat(200_000));
    assert_eq!(knock.signed(0, deep.as_bytes()).await, 400);
}

#[tokio::test(flavor = "multi_thread")]
async fn a_user_of_something_unknown_gets_a_polite_private_sentence() {
    let app = TestApp::open().await;
    for body in [
        r#"{"type":2,"id":"5","token":"t","data":{"type":1,"name":"nonsense"}}"#,
        r#"{"type":2,"id":"5","token":"t","data":{"type":2,"name":"ping"}}"#,
        r#"{"type":2,"id":"5","token":"t"}"#,
        r#"{"type":3,"id":"5","token":"t","data":{"custom_id":"old"}}"#,
        r#"{"type":3,"id":"5","token":"t","data":{"custom_id":"weather.77.AA"}}"#,
        r#"{"type":3,"id":"5","token":"t","data":{"custom_id":"ping.1.AA"}}"#,
        r#"{"type":5,"id":"5","token":"t","data":{"custom_id":"form"}}"#,
        r#"{"type":99,"id":"5","token":"t"}"#,
        r#"{"type":2,"id":"5","token":"t","data":{"type":1,"id":"1","name":"weather","options":[{"name":"place","type":4,"value":3}]}}"#,
    ] {
        let answer = app.stack.discord.deliver(body.into()).await.unwrap();
        let answer: serde_json::Value = serde_json::from_slice(&answer.body).unwrap();
        assert_eq!((&answer["type"], &answer["data"]["flags"]), (&4.into(), &64.into()), "{body}: {answer}");
        assert!(answer["data"]["content"].as_str().unwrap().len() > 20, "{answer}");
    }
    let typing = r#"{"type":4,"id":"5","token":"t","data":{"type":1,"name":"nonsense"}}"#;
    let answer = app.stack.discord.deliver(typing.into()).await.unwrap();
    assert_eq!(&answer.body[..], br#"{"type":8,"data":{"choices":[]}}"#);
}

#[tokio::test(flavor = "multi_thread")]
async fn a_command_that_panics_apologises_with_a_reference_and_one_that_fails_is_tried_again() {
    let app = TestApp::open().await;
    let asked = app.member().says("/misbehave run:panic").await;
    let seen = asked.settled().await;
    assert_eq!(seen.story(), ["message!"]);
    assert!(seen.text().contains(&asked.id.to_string()), "{}", seen.text());
    let seen = app.member().says("/misbehave run:fail").await.settled().await;
    assert_eq!((seen.story(), seen.text().as_str()), (vec!["thinking", "edited"], "The long half is done."));
    let seen = app.member().says("/misbehave run:refuse").await.settled().await;
    assert_eq!(
        (seen.story().as_slice(), seen.text().as_str()),
        (&["message!"][..], "The first half says no.")
    );
}
