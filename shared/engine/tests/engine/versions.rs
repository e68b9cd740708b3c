//! Components and modals of other versions, which are under messages when a version changes, and while two run
//! side by side.

use aws::ComponentState;
use discord::custom_id;
use domain::{UserId, attempt::Disposition, measurement::Outcome};
use local_sqs::Outgoing;
use serde_json::{Value, json};

use crate::{
    commands::panel::ActionOfVersion2,
    harness::{JOBS, TestApp},
    member::Interaction,
};

/// The id of the member who used the command of this message.
fn owner(shown: Interaction<'_>) -> Value {
    shown.view().message().unwrap()["interaction_metadata"]["user"]["id"].clone()
}

/// The answer to the owner's press of a button with this custom id, and the outcome.
async fn pressed(app: &TestApp, shown: Interaction<'_>, custom_id: &str) -> (String, Outcome) {
    let data = json!({ "component_type": 2, "custom_id": custom_id });
    let pressed = json!({ "type": 3, "data": data, "locale": "en-US", "user": { "id": owner(shown) } });
    let (answer, outcome) = app.answer(&app.services, pressed).await;
    (answer["data"].to_string(), outcome)
}

/// The custom id of the panel's first button, with another version and state.
fn custom_id(panel: Interaction<'_>, version: u8, state: &str) -> String {
    let id = panel.custom_id("More").replace("panel.3~", &format!("panel.{version}~"));
    format!("{}.{state}", id.rsplit_once('.').unwrap().0)
}

#[tokio::test(start_paused = true)]
async fn a_button_of_the_previous_version_does_what_it_did() {
    let app = TestApp::open().await;
    let panel = app.says("/panel").await;
    // `Count(9)`, which in this version would be `Later` and one byte too many.
    let (answer, outcome) = pressed(&app, panel, &custom_id(panel, 2, "AQk")).await;
    assert_eq!((outcome, answer.contains("pressed 9")), (Outcome::Answered, true), "{answer}");
    let (answer, outcome) = pressed(&app, panel, &custom_id(panel, 3, "AQk")).await;
    assert_eq!((outcome, answer.contains("This has expired")), (Outcome::Refused, true), "{answer}");
}

#[tokio::test(start_paused = true)]
async fn a_stored_state_of_the_previous_version_is_read() {
    let app = TestApp::open().await;
    let panel = app.says("/panel").await;
    let user: UserId = owner(panel).as_str().unwrap().parse().unwrap();
    let kept = ActionOfVersion2::Keep("y".repeat(95));
    let stored = custom_id::create("panel", 2, Some(user), &kept).unwrap().stored_state.unwrap();
    let store = app.aws().store::<ComponentState>();
    store.put(stored.key.as_str(), &ComponentState(stored.bytes), app.clock.now()).await.unwrap();
    let (answer, _) = pressed(&app, panel, &custom_id(panel, 2, &format!("*{}", stored.key))).await;
    assert!(answer.contains("kept 95"), "{answer}");
}

#[tokio::test(start_paused = true)]
async fn a_modal_of_the_previous_version_is_read() {
    let app = TestApp::open().await;
    let panel = app.says("/panel").await;
    let submitted = |version| {
        let field = json!({ "type": 18, "component": { "type": 4, "custom_id": "text", "value": "this" } });
        let data = json!({ "custom_id": custom_id(panel, version, "BA"), "components": [field] });
        json!({ "type": 5, "data": data, "locale": "en-US", "user": { "id": owner(panel) } })
    };
    for (version, part) in [(2, "4 submitted this"), (1, "40 submitted this"), (0, "This has expired")] {
        let (answer, _) = app.answer(&app.services, submitted(version)).await;
        assert!(answer.to_string().contains(part), "{version}: {answer}");
    }
    let (answer, outcome) = app.answer(&app.services, submitted(3)).await;
    assert!(answer.to_string().contains("Please try again in a minute"), "{answer}");
    assert_eq!((outcome, &answer["data"]["flags"]), (Outcome::Refused, &64.into()));
}

#[tokio::test(start_paused = true)]
async fn a_button_of_a_later_version_says_that_it_can_be_used_in_a_minute() {
    let app = TestApp::open().await;
    let panel = app.says("/panel").await;
    for state in ["AAE", "*unknown", "AQk"] {
        let (answer, outcome) = pressed(&app, panel, &custom_id(panel, 4, state)).await;
        assert!(answer.contains("I am just being updated. Please try again in a minute."), "{answer}");
        assert_eq!(outcome, Outcome::Refused);
    }
    assert!(app.logged("fault").is_empty());
}

#[tokio::test(start_paused = true)]
async fn a_job_of_a_later_versions_button_waits_for_that_version() {
    let app = TestApp::open().await;
    let panel = app.says("/panel").await;
    let pressed = panel.pressed("Later").await;
    let job = app.message(JOBS).replace("panel.3~", "panel.4~");
    let received = app.queues.receive(JOBS, 1, std::time::Duration::ZERO).await.unwrap();
    app.queues.delete(JOBS, &received[0].receipt_handle).unwrap();
    app.queues.send(JOBS, &Outgoing::new(&job)).unwrap();
    let ended = app.work().await;
    assert!(matches!(ended.message, Disposition::RetryAfter(_)), "{ended:?}");
    assert!(pressed.story().is_empty(), "{:?}", pressed.story());
    assert_eq!(app.faults(pressed.id), ["dispatch: of another version"]);
}
