//! A sample of every type of interaction; the responses are validated by Discord's own schema.

use std::{fs, path::PathBuf};

use serde_json::{Value, json};
use tests::TestApp;

/// The samples: one of every type of interaction.
fn samples() -> Vec<(String, Value)> {
    let files = fs::read_dir(concat!(env!("CARGO_MANIFEST_DIR"), "/samples")).unwrap();
    let read = |path: PathBuf| {
        let name = path.file_stem().unwrap().to_string_lossy().into_owned();
        (name, serde_json::from_slice(&fs::read(path).unwrap()).unwrap())
    };
    files.map(|file| read(file.unwrap().path())).collect()
}

/// Discord's schema, which is not part of the repository; `None` if it is not there.
pub(crate) fn openapi() -> Option<Value> {
    let file = PathBuf::from(env!("CARGO_MANIFEST_DIR")).join("../../shared/discord/openapi/openapi.json");
    Some(serde_json::from_slice(&fs::read(file).ok()?).unwrap())
}

/// The fields with text of users.
const FREE_TEXT_FIELDS: [&str; 5] = ["username", "global_name", "token", "value", "content"];
/// Values of such fields that also occur in our own log lines.
const OUR_WORDS: [&str; 3] = ["discord", "Discord", "text"];

/// Records all texts of users (names, options, fields) as forbidden in logs. Ids are allowed there.
fn forbid_words(sample: &Value) {
    match sample {
        Value::Object(fields) => fields.iter().for_each(|(name, value)| match value.as_str() {
            Some(text) if FREE_TEXT_FIELDS.contains(&name.as_str()) && !is_ours(text) => tests::forbid(text),
            _ => forbid_words(value),
        }),
        Value::Array(entries) => entries.iter().for_each(forbid_words),
        _ => {}
    }
}

fn is_ours(text: &str) -> bool {
    OUR_WORDS.contains(&text) || text.parse::<u64>().is_ok()
}

fn schema_of(answer: &Value) -> &'static str {
    match answer["type"].as_u64() {
        Some(1) => "PongInteractionCallbackRequest",
        Some(4 | 5) => "CreateMessageInteractionCallbackRequest",
        Some(6 | 7) => "UpdateMessageInteractionCallbackRequest",
        Some(8) => "ApplicationCommandAutocompleteCallbackRequest",
        other => panic!("unexpected callback type {other:?}"),
    }
}

pub(crate) fn assert_valid(openapi: &Value, answer: &Value) {
    let schema = json!({
        "$schema": "https://json-schema.org/draft/2020-12/schema",
        "$ref": format!("#/components/schemas/{}", schema_of(answer)),
        "components": openapi["components"],
    });
    let validator = jsonschema::validator_for(&schema).unwrap();
    let errors: Vec<_> = validator.iter_errors(answer).map(|error| error.to_string()).collect();
    assert!(errors.is_empty(), "{answer}: {errors:?}");
}

#[tokio::test(flavor = "multi_thread")]
async fn every_sample_gets_a_valid_answer_and_none_with_a_flipped_bit() {
    let app = TestApp::open().await;
    let openapi = openapi();
    #[expect(clippy::print_stdout, reason = "whoever runs the tests should know what was left out")]
    if openapi.is_none() {
        println!("left out: the schema, for there is no shared/discord/openapi beside the project");
    }
    let samples = samples();
    assert_eq!(samples.len(), 13);
    for (name, sample) in samples {
        forbid_words(&sample);
        let body = serde_json::to_vec(&sample).unwrap();
        let answer = app.stack.discord.deliver(body.clone()).await.unwrap();
        assert_eq!(answer.status, 200, "{name}");
        assert_eq!(answer.headers["content-type"], "application/json", "{name}");
        let answer: Value = serde_json::from_slice(&answer.body).unwrap();
        assert_eq!(answer["type"], expected(&sample), "{name}: {answer}");
        if let Some(openapi) = &openapi {
            assert_valid(openapi, &answer);
        }
        assert_eq!(flipped(&app, &body).await, 401, "{name}");
    }
}

/// The expected response type. The samples are of unknown commands, so it is a message or an empty list of choices.
fn expected(sample: &Value) -> u64 {
    match sample["type"].as_u64() {
        Some(1) => 1,
        Some(4) => 8,
        _ => 4,
    }
}

/// The response status for a body that was changed after signing.
async fn flipped(app: &TestApp, body: &[u8]) -> http::StatusCode {
    let timestamp = app.stack.clock.now().as_second().to_string();
    let signature = app.stack.discord.sign(&timestamp, body);
    let mut body = body.to_vec();
    let middle = body.len() / 2;
    body[middle] ^= 1;
    let request = http::Request::post(format!("{}/interactions", app.stack.url))
        .header("x-signature-ed25519", signature)
        .header("x-signature-timestamp", timestamp)
        .body(body.into())
        .unwrap();
    outbound::Client::new().send(request, std::time::Duration::from_secs(5)).await.unwrap().status()
}
