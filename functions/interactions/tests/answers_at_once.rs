//! The cost of a direct response. A budget of allocations holds on every machine, unlike one of time.

#![allow(clippy::unwrap_used, reason = "the lint knows tests, but not what they share")]

mod signed;

use allocation_counter::{AllocationInfo, measure};
use serde_json::{Value, json};

/// The HTTP response, and the allocations of a second request like it. It must be ready without waiting.
fn answered(event: &[u8]) -> (Value, AllocationInfo) {
    let interactions = signed::interactions(true);
    let response = signed::answer(&interactions, event);
    let cost = measure(|| drop(signed::answer(&interactions, event)));
    (serde_json::to_value(response).unwrap(), cost)
}

fn body(response: &Value) -> Value {
    assert_eq!(response["statusCode"], 200, "{response}");
    serde_json::from_str(response["body"].as_str().unwrap()).unwrap()
}

#[test]
fn a_ping_of_discords_is_answered_with_hardly_an_allocation() {
    let (response, cost) = answered(&signed::ping());
    assert_eq!(body(&response)["type"], 1);
    assert!(cost.count_total <= 8, "{cost:?}");
}

#[test]
fn slash_ping_stays_within_its_allocations() {
    let (response, cost) = answered(&signed::command("ping", json!([])));
    assert_eq!(body(&response)["type"], 4);
    assert!(cost.count_total <= 24, "{cost:?}");
    // An AWS client takes hundreds of kilobytes.
    assert!(cost.bytes_total <= 16 * 1024, "{cost:?}");
}

#[test]
fn a_command_that_takes_nothing_does_not_read_what_it_was_given() {
    let options: Vec<_> =
        (0..20).map(|n| json!({ "type": 3, "name": format!("option{n}"), "value": "text" })).collect();
    let (response, cost) = answered(&signed::command("ping", json!(options)));
    let text = body(&response)["data"]["content"].as_str().unwrap_or_default().to_owned();
    assert!(!text.contains("has changed"), "{text}");
    assert!(cost.count_total <= 24, "{cost:?}");
}
