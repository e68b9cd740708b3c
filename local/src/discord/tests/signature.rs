//! Signatures, PING and raw deliveries.

use axum::http::HeaderMap;
use serde_json::json;

use super::house::{House, is_signed};

#[tokio::test]
async fn the_application_can_check_every_signature() {
    let house = House::open(|_| json!({ "type": 1 })).await;
    let body = br#"{"type":1}"#;
    let mut headers = HeaderMap::new();
    headers.insert("x-signature-timestamp", "1700000000".parse().unwrap());
    let signature = house.discord.sign("1700000000", body);
    headers.insert("x-signature-ed25519", signature.parse().unwrap());
    assert!(is_signed(&house.discord.public_key(), &headers, body));
    assert!(!is_signed(&house.discord.public_key(), &headers, br#"{"type":2}"#));
}

#[tokio::test]
async fn a_ping_is_answered_with_a_pong() {
    let house = House::open(|_| json!({ "type": 1 })).await;
    house.discord.ping().await.unwrap();
    assert_eq!(house.last()["user"]["id"], "643945264868098049");
    house.discord.set_interactions_url("http://127.0.0.1:9/nobody");
    assert!(house.discord.ping().await.is_err());
}

#[tokio::test]
async fn any_body_is_signed_and_delivered_as_it_is() {
    let house = House::open(|_| json!({ "type": 5 })).await;
    let sample = br#"{ "type": 2, "token": "sample" }"#.to_vec();
    let answer = house.discord.deliver(sample).await.unwrap();
    assert_eq!(answer.status, 200);
    assert_eq!(answer.body.as_ref(), br#"{"type":5}"#);
    assert_eq!(house.last()["token"], "sample");
}

#[tokio::test]
async fn an_endpoint_is_taken_only_if_it_answers_ping_and_refuses_forgeries() {
    let house = House::open(|_| json!({ "type": 1 })).await;
    let good = house.discord.interactions_url();
    let taken =
        house.call("PATCH", "/applications/@me", Some(json!({ "interactions_endpoint_url": good }))).await;
    assert_eq!((taken.status, &taken.body["interactions_endpoint_url"]), (200, &json!(good)));
    let bad = json!({ "interactions_endpoint_url": "http://127.0.0.1:9/nobody" });
    let refused = house.call("PATCH", "/applications/@me", Some(bad)).await;
    assert_eq!((refused.status, &refused.body["code"]), (400, &json!(50035)));
    let error = &refused.body["errors"]["interactions_endpoint_url"]["_errors"][0];
    assert_eq!(error["code"], "APPLICATION_INTERACTIONS_ENDPOINT_URL_INVALID");
    assert_eq!(house.discord.interactions_url(), good);
}
