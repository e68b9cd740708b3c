//! The sample interactions beside the project, and Discord's own schema as the judge of the answers.

use std::{fs, path::PathBuf};

use serde_json::{Value, json};
use tests::House;

/// The folder of reference data, where there is one.
fn shared() -> Option<PathBuf> {
    let folder = PathBuf::from(env!("CARGO_MANIFEST_DIR")).join("../../shared/discord");
    if folder.is_dir() {
        return Some(folder);
    }
    tracing::warn!("left out: there is no shared/discord beside the project");
    None
}

fn samples(folder: &std::path::Path) -> Vec<(String, Value)> {
    let files = fs::read_dir(folder.join("payloads")).unwrap().map(|file| file.unwrap().path());
    let read = |path: PathBuf| {
        let name = path.file_stem().unwrap().to_string_lossy().into_owned();
        (name, serde_json::from_slice(&fs::read(path).unwrap()).unwrap())
    };
    files.map(read).filter(|(_, sample): &(String, Value)| sample["token"].is_string()).collect()
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

fn assert_valid(openapi: &Value, answer: &Value) {
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
    let Some(folder) = shared() else { return };
    let openapi: Value =
        serde_json::from_slice(&fs::read(folder.join("openapi/openapi.json")).unwrap()).unwrap();
    let house = House::open().await;
    let samples = samples(&folder);
    assert!(samples.len() >= 13, "{}", samples.len());
    for (name, sample) in samples {
        let body = serde_json::to_vec(&sample).unwrap();
        let answer = house.stack.discord.deliver(body.clone()).await.unwrap();
        assert_eq!(answer.status, 200, "{name}");
        assert_eq!(answer.headers["content-type"], "application/json", "{name}");
        assert_valid(&openapi, &serde_json::from_slice(&answer.body).unwrap());
        assert_eq!(flipped(&house, &body).await, 401, "{name}");
    }
}

/// The status of the answer to a body that was changed after it was signed.
async fn flipped(house: &House, body: &[u8]) -> http::StatusCode {
    let timestamp = house.stack.clock.now().as_second().to_string();
    let signature = house.stack.discord.sign(&timestamp, body);
    let mut body = body.to_vec();
    let middle = body.len() / 2;
    body[middle] ^= 1;
    let request = http::Request::post(format!("{}/interactions", house.stack.url))
        .header("x-signature-ed25519", signature)
        .header("x-signature-timestamp", timestamp)
        .body(body.into())
        .unwrap();
    outbound::Client::new().send(request, std::time::Duration::from_secs(5)).await.unwrap().status()
}
