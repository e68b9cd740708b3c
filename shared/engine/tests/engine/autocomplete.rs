//! Choices while a user types.

use domain::measurement::Outcome;
use serde_json::json;

use crate::{harness::TestApp, wire::Fault};

#[tokio::test(start_paused = true)]
async fn choices_are_offered_for_the_option_that_is_typed() {
    let app = TestApp::open().await;
    assert_eq!(app.completes("/forecast place:Par").await, (vec!["place Par".to_owned()], Outcome::Offered));
}

#[tokio::test(start_paused = true)]
async fn choices_that_fail_are_refused_or_come_late_are_none() {
    let app = TestApp::open().await;
    for (line, outcome) in [
        ("/forecast place:slow", Outcome::Late),
        ("/forecast place:fail", Outcome::Failed),
        ("/forecast place:refuse", Outcome::Refused),
    ] {
        assert_eq!(app.completes(line).await, (Vec::new(), outcome), "{line}");
    }
    let faults = app.logged("fault");
    assert_eq!(faults.len(), 1, "{faults:?}");
    assert_eq!((&faults[0]["component"], &faults[0]["code"]), (&"forecast".into(), &"as asked".into()));
}

#[tokio::test(start_paused = true)]
async fn a_flood_of_typing_is_stopped_without_the_table() {
    let app = TestApp::open().await;
    app.completes("/forecast place:Par").await;
    app.wire.forget();
    for _ in 1..30 {
        assert_eq!(app.completes("/forecast place:Par").await.1, Outcome::Offered);
    }
    assert_eq!(app.completes("/forecast place:Par").await, (Vec::new(), Outcome::Limited));
    assert_eq!(app.wire.calls("RATE#"), 0);
}

#[tokio::test(start_paused = true)]
async fn a_command_without_autocomplete_offers_nothing() {
    let app = TestApp::open().await;
    let asked = json!({ "type": 4, "data": { "type": 1, "name": "act", "options": [] } });
    let (answer, outcome) = app.answer(&app.services, asked).await;
    assert_eq!((&answer["type"], &answer["data"]["choices"]), (&8.into(), &json!([])));
    assert_eq!(outcome, Outcome::Offered);
}

#[tokio::test(start_paused = true)]
async fn a_silent_table_delays_the_choices_and_prevents_none() {
    let app = TestApp::open().await;
    app.wire.fail("dynamodb", Fault::Hang);
    assert_eq!(app.completes("/forecast place:Par").await.1, Outcome::Offered);
}
