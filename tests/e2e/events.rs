//! The sample events of `events/`: they are up to date, and the functions respond to each.

use std::{
    collections::{BTreeMap, HashMap},
    fs,
    path::Path,
};

use domain::{
    Clock,
    config::{Configuration, Variables},
};
use health::Health;
use interactions::Interactions;
use jobs::Jobs;
use probe::Probe;
use runtime::{Function, Invocation};
use serde_json::Value;
use steward::events::Signer;
use tests::TestApp;

use crate::samples::{assert_valid, openapi};

const EVENTS: &str = concat!(env!("CARGO_MANIFEST_DIR"), "/../events");

/// The files of `events/` with their contents, without `interactions/`.
fn files() -> BTreeMap<String, String> {
    let entries = fs::read_dir(EVENTS).unwrap().map(|entry| entry.unwrap().path());
    let events = entries.filter(|path| path.is_file());
    let read = |path: std::path::PathBuf| {
        (path.file_name().unwrap().to_string_lossy().into_owned(), fs::read_to_string(&path).unwrap())
    };
    events.map(read).collect()
}

/// The variables of the functions.
pub async fn variables(app: &TestApp) -> HashMap<String, String> {
    let request = http::Request::get(format!("{}/local/variables", app.stack.url));
    let request = request.body(bytes::Bytes::new()).unwrap();
    let patience = std::time::Duration::from_secs(5);
    let answer = outbound::Client::new().send(request, patience).await.unwrap();
    let lines = String::from_utf8(answer.body().to_vec()).unwrap();
    lines
        .lines()
        .map(|line| line.split_once('=').unwrap())
        .map(|(name, value)| (name.into(), value.into()))
        .collect()
}

fn clock(app: &TestApp) -> Clock {
    let clock = app.stack.clock.clone();
    Clock::new(move || clock.now())
}

#[test]
fn every_event_is_what_steward_sign_would_write() {
    let made: BTreeMap<String, String> =
        steward::events::samples(Path::new(EVENTS)).unwrap().into_iter().collect();
    let files = files();
    assert_eq!(files.keys().collect::<Vec<_>>(), made.keys().collect::<Vec<_>>());
    for (name, content) in &files {
        assert_eq!(content, &made[name], "{name}: run `cargo run -- sign --samples`");
    }
}

/// Invokes separate functions that know the stack only by its variables, as under `cargo lambda watch`.
#[tokio::test(flavor = "multi_thread")]
async fn every_event_gets_its_answer_from_the_functions_as_they_are_deployed() {
    let app = TestApp::open().await;
    let variables = variables(&app).await;
    let var = |name: &str| variables.get(name).cloned();
    let variables = Variables::new(&var);
    let interactions = interactions::Config::from_variables(&variables).unwrap();
    let interactions = <Interactions>::new(interactions, clock(&app), 1).unwrap();
    let jobs = <Jobs>::new(jobs::Config::from_variables(&variables).unwrap(), clock(&app), 2).unwrap();
    let health = health::Config::from_variables(&variables).unwrap();
    let health = Health::new(health, clock(&app), 3).unwrap();
    let openapi = openapi();
    let mut events = files();
    for (name, content_type) in [
        ("healthz.json", "application/json"),
        ("readyz.json", "application/json"),
        ("status.json", "text/html; charset=utf-8"),
    ] {
        let event = events.remove(name).unwrap();
        let answer = runtime::invoke(&health, event.as_bytes(), &Invocation::default()).await.unwrap();
        let answer = serde_json::to_value(&answer).unwrap();
        assert_eq!(
            (&answer["statusCode"], &answer["headers"]["content-type"]),
            (&200.into(), &content_type.into())
        );
    }
    // The batch first: its jobs have the same ids as those that the other events defer.
    let batch = events.remove("jobs.json").unwrap();
    let deadline = u64::try_from(app.stack.clock.now().as_millisecond()).unwrap() + 30_000;
    let done = runtime::invoke(&jobs, batch.as_bytes(), &Invocation::new(deadline, true)).await.unwrap();
    assert_eq!(serde_json::to_string(&done).unwrap(), r#"{"batchItemFailures":[]}"#);
    let probed = events.remove("jobs_probe.json").unwrap();
    let probed = runtime::invoke(&jobs, probed.as_bytes(), &Invocation::new(deadline, false)).await.unwrap();
    assert_eq!(serde_json::to_string(&probed).unwrap(), r#"{"batchItemFailures":[]}"#);
    let probe = events.remove("probe.json").unwrap();
    let probed = runtime::invoke(&interactions, probe.as_bytes(), &Invocation::default()).await.unwrap();
    let probed = serde_json::to_value(&probed).unwrap();
    assert_eq!((&probed["ok"], &probed["response"]["type"]), (&true.into(), &4.into()), "{probed}");
    let probe = probe::Config::from_variables(&variables).unwrap();
    let probe = Probe::new(probe, clock(&app), 4).unwrap();
    for name in ["heartbeat.json", "hook.json"] {
        let event = events.remove(name).unwrap();
        let found = runtime::invoke(&probe, event.as_bytes(), &Invocation::default()).await.unwrap();
        assert!(found.ok, "{name}: {:?}", found.failures);
    }
    let mut answers = Vec::new();
    for (name, event) in events {
        let invocation = Invocation::default();
        let answer = runtime::invoke(&interactions, event.as_bytes(), &invocation).await.unwrap();
        let answer = serde_json::to_value(&answer).unwrap();
        let body: Value = serde_json::from_str(answer["body"].as_str().unwrap()).unwrap();
        if let Some(openapi) = openapi.as_ref().filter(|_| answer["statusCode"] == 200) {
            assert_valid(openapi, &body);
        }
        answers.push((name, answer["statusCode"].as_u64().unwrap(), body["type"].as_u64()));
    }
    let answers: Vec<_> =
        answers.iter().map(|(name, status, kind)| (name.as_str(), *status, *kind)).collect();
    assert_eq!(
        answers,
        [
            ("autocomplete.json", 200, Some(8)),
            ("bad_signature.json", 401, None),
            // The batch has put place and forecast into the cache.
            ("button.json", 200, Some(7)),
            ("message_menu.json", 200, Some(4)),
            ("modal_submit.json", 200, Some(4)),
            ("ping.json", 200, Some(1)),
            ("slash_ping.json", 200, Some(4)),
            ("slash_weather.json", 200, Some(4)),
            // A refusal: nobody has shared a home.
            ("user_menu.json", 200, Some(4)),
        ]
    );
}

async fn knock(app: &TestApp, host: &str, forwarded: Option<&str>, signed: [&str; 2]) -> http::StatusCode {
    let mut request = http::Request::post(format!("{}/interactions", app.stack.url))
        .header("host", host)
        .header("x-signature-timestamp", signed[0])
        .header("x-signature-ed25519", signed[1]);
    if let Some(address) = forwarded {
        request = request.header("x-forwarded-for", address);
    }
    let request = request.body(bytes::Bytes::from_static(BODY.as_bytes())).unwrap();
    let patience = std::time::Duration::from_secs(5);
    outbound::Client::new().send(request, patience).await.unwrap().status()
}

const BODY: &str = r#"{"type":1}"#;

#[tokio::test(flavor = "multi_thread")]
async fn the_development_key_opens_the_running_stack_from_this_machine_only() {
    let app = TestApp::open().await;
    let now = app.stack.clock.now().as_second();
    let (fresh, stale) = (now.to_string(), (now - 320).to_string());
    let signer = Signer::development();
    let ours = signer.sign(&fresh, BODY);
    assert_eq!(knock(&app, "127.0.0.1:7700", None, [&fresh, &ours]).await, 200);
    assert_eq!(knock(&app, "localhost", None, [&stale, &signer.sign(&stale, BODY)]).await, 401);
    assert_eq!(knock(&app, "steward.example.com", None, [&fresh, &ours]).await, 401);
    assert_eq!(knock(&app, "localhost", Some("203.0.113.5"), [&fresh, &ours]).await, 401);
    let discords = app.stack.discord.sign(&fresh, BODY.as_bytes());
    assert_eq!(knock(&app, "steward.example.com", Some("203.0.113.5"), [&fresh, &discords]).await, 200);
}
