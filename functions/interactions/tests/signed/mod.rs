//! The interactions function, and signed requests as API Gateway passes them on.
#![allow(clippy::unwrap_used, reason = "the lint knows tests, but not what they share")]

use domain::{
    Clock,
    config::{Configuration, Variables},
};
use ed25519_dalek::{Signer, SigningKey};
use futures_util::FutureExt;
use jiff::Timestamp;
use runtime::{Function, Invocation};
use serde_json::{Value, json};
use steward_interactions::{Config, EventResponse, Interactions};

/// The time of all requests, in Unix seconds.
const NOW: i64 = 1_760_000_000;

/// API Gateway's id of all requests.
pub const GATEWAY_ID: &str = "JKJaXmPLvHcESHA=";

fn key() -> SigningKey {
    SigningKey::from_bytes(&[7; 32])
}

/// The value of an environment variable. All endpoints are unreachable, so a response that needs AWS fails.
pub fn variable(name: &str) -> String {
    match name {
        "DISCORD_PUBLIC_KEY" => hex::encode(key().verifying_key().as_bytes()),
        "DISCORD_APPLICATION_ID" => "5".to_owned(),
        "MAX_SIGNATURE_AGE_SECONDS" => "300".to_owned(),
        "STAGE" => "local".to_owned(),
        _ => "http://127.0.0.1:1".to_owned(),
    }
}

pub fn interactions(limits: bool) -> Interactions {
    let variable = |name: &str| Some(variable(name));
    let mut config = Config::from_variables(&Variables::new(&variable)).unwrap();
    config.common.limits = limits;
    let now = Timestamp::from_second(NOW).unwrap();
    Interactions::new(config, Clock::new(move || now), 1).unwrap()
}

/// The response, which must be ready without waiting, and then the log line.
pub fn answer(interactions: &Interactions, event: &[u8]) -> EventResponse {
    let invocation = Invocation::default();
    let response = runtime::invoke(interactions, event, &invocation).now_or_never();
    invocation.run_after();
    response.expect("an answer had to wait").expect("it answers everything")
}

fn event(body: &Value) -> Vec<u8> {
    let (body, timestamp) = (body.to_string(), NOW.to_string());
    let signature = key().sign(&[timestamp.as_bytes(), body.as_bytes()].concat());
    let event = json!({
        "version": "2.0",
        "rawPath": "/interactions",
        "headers": {
            "content-type": "application/json",
            "x-signature-ed25519": hex::encode(signature.to_bytes()),
            "x-signature-timestamp": timestamp,
        },
        "requestContext": { "http": { "method": "POST", "path": "/interactions" }, "requestId": GATEWAY_ID },
        "body": body,
        "isBase64Encoded": false,
    });
    event.to_string().into_bytes()
}

/// Discord's PING.
pub fn ping() -> Vec<u8> {
    event(&json!({ "type": 1, "id": "1", "token": "t", "application_id": "5", "version": 1 }))
}

/// A command of a guild member.
pub fn command(name: &str, options: Value) -> Vec<u8> {
    let born = u64::try_from(NOW).unwrap() * 1_000 - 1_420_070_400_000;
    event(&json!({
        "type": 2, "id": (born << 22).to_string(), "application_id": "5", "token": "t", "version": 1,
        "guild_id": "2", "channel_id": "3", "locale": "en-US", "guild_locale": "en-US", "context": 0,
        "app_permissions": "2251799813685247", "attachment_size_limit": 10_485_760, "entitlements": [],
        "authorizing_integration_owners": { "0": "2" },
        "member": {
            "user": { "id": "4", "username": "ottilie", "discriminator": "0", "global_name": "Ottilie" },
            "roles": ["6"], "permissions": "2251799813685247", "deaf": false, "mute": false, "flags": 0,
        },
        "data": { "type": 1, "id": "9", "name": name, "options": options },
    }))
}
