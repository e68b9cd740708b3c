//! A command that was renamed: what was made under its former names keeps working.

use aws::{ComponentState, Store};
use discord::custom_id;
use domain::{Flags, flags::Edit, measurement::Outcome};
use serde_json::{Value, json};

use crate::{
    commands::bulletin::Pin,
    harness::{JOBS, TestApp},
};

const GUILD: &str = "81384788765712384";

fn pressed(custom_id: &str) -> Value {
    let data = json!({ "component_type": 2, "custom_id": custom_id });
    json!({ "type": 3, "data": data, "guild_id": GUILD, "member": { "user": { "id": "7" } } })
}

#[tokio::test(start_paused = true)]
async fn a_renamed_command_keeps_its_buttons() {
    let app = TestApp::open().await;
    for name in ["notice", "board", "bulletin"] {
        // Of user 7, `Now("ab")`.
        let id = format!("{name}.1~AAAAAAAAAAc.AAJhYg");
        let (answer, outcome) = app.answer(&app.services, pressed(&id)).await;
        assert_eq!(
            (&answer["data"]["content"], outcome),
            (&"pinned 2".into(), Outcome::Answered),
            "{answer}"
        );
    }
}

#[tokio::test(start_paused = true)]
async fn a_renamed_command_keeps_the_stored_states_of_its_buttons() {
    let app = TestApp::open().await;
    let state = Pin::Now("y".repeat(95));
    let stored = custom_id::create("notice", 1, "7".parse().ok(), &state).unwrap().stored_state.unwrap();
    let store = app.aws().store::<ComponentState>();
    store.put(stored.key.as_str(), &ComponentState(stored.bytes), app.clock.now()).await.unwrap();
    let id = |name| format!("{name}.1~AAAAAAAAAAc.*{}", stored.key);
    let (answer, _) = app.answer(&app.services, pressed(&id("notice"))).await;
    assert_eq!(answer["data"]["content"], "pinned 95", "{answer}");
    let (answer, _) = app.answer(&app.services, pressed(&id("bulletin"))).await;
    assert!(answer.to_string().contains("This has expired"), "the key is of the old name: {answer}");
}

#[tokio::test(start_paused = true)]
async fn a_renamed_command_is_used_by_its_former_name_until_it_is_registered_anew() {
    let app = TestApp::open().await;
    let data = json!({ "type": 1, "id": "1", "name": "notice" });
    let (answer, outcome) =
        app.answer(&app.services, json!({ "type": 2, "data": data, "guild_id": GUILD })).await;
    assert_eq!((&answer["data"]["content"], outcome), (&"pinned".into(), Outcome::Answered), "{answer}");
}

#[tokio::test(start_paused = true)]
async fn a_renamed_command_keeps_its_queued_jobs() {
    let app = TestApp::open().await;
    let used = app.says("/bulletin later:true").await;
    let job = app.message(JOBS).replace("bulletin", "notice");
    let received = app.queues.receive(JOBS, 1, std::time::Duration::ZERO).await.unwrap();
    app.queues.delete(JOBS, &received[0].receipt_handle).unwrap();
    app.send(JOBS, &job);
    assert_eq!(app.work().await.outcome, Outcome::Edited);
    assert_eq!(used.text(), "pinned in the end");
    assert!(app.faults(used.id).is_empty());
}

#[tokio::test(start_paused = true)]
async fn a_renamed_commands_flag_has_its_oldest_name() {
    let app = TestApp::open().await;
    let flags: Store<Flags> = app.aws().store();
    for name in ["bulletin", "board"] {
        flags.edit(name, &Edit::Percent(0), app.clock.now()).await.unwrap();
    }
    assert_eq!(app.says("/bulletin").await.outcome(), Outcome::Answered);
    flags.edit("notice", &Edit::Percent(0), app.clock.now()).await.unwrap();
    app.pass(31);
    let refused = app.says("/bulletin").await;
    assert_eq!(refused.outcome(), Outcome::Refused);
    assert_eq!(refused.text(), "`/bulletin` is not available here yet.");
}
