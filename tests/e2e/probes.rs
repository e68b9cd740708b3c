//! Probes of both functions: events that only those can send whom IAM allows to invoke them.

use aws::ProbeResult;
use serde_json::{Value, json};
use steward::{
    Failure, Fault, FaultProxy,
    settings::{JOBS, TIMERS},
};
use tests::TestApp;

/// An id of an interaction that is created now.
fn id(app: &TestApp) -> String {
    domain::InteractionId::from_time(app.stack.clock.now()).to_string()
}

/// The report of a probe of the interactions function with this interaction.
async fn probed(app: &TestApp, id: &str, mut interaction: Value) -> Value {
    let status = app.stack.discord.status().unwrap();
    interaction["id"] = json!(id);
    interaction["token"] = json!("probe");
    interaction["application_id"] = json!(status.application_id);
    interaction["user"] = json!({ "id": status.users[0].id });
    let event = json!({ "probe": interaction }).to_string();
    serde_json::from_str(&app.stack.interactions.invoke(event).await.unwrap()).unwrap()
}

fn command(name: &str) -> Value {
    json!({ "type": 2, "data": { "type": 1, "id": "1", "name": name } })
}

/// The id of the last probe that found a function in order.
async fn last(app: &TestApp, function: &str) -> Option<String> {
    let results = app.aws().await.store::<ProbeResult>();
    let result = results.get(function, app.stack.clock.now()).await.unwrap();
    result.map(|result| result.probe.to_string())
}

#[tokio::test(flavor = "multi_thread")]
async fn a_probe_goes_the_whole_way_and_through_the_queue() {
    let app = TestApp::open().await;
    let probe = id(&app);
    let report = probed(&app, &probe, command("ping")).await;
    assert_eq!((&report["ok"], &report["failures"]), (&json!(true), &json!([])), "{report}");
    assert_eq!((&report["response"]["type"], &report["version"]), (&json!(4), &json!(engine::VERSION)));
    app.pass_until("the probe job is done", || app.queued(JOBS) == 0).await;
    assert_eq!(
        (last(&app, "interactions").await, last(&app, "jobs").await),
        (Some(probe.clone()), Some(probe))
    );
    assert_eq!(app.queued(TIMERS), 0);
}

#[tokio::test(flavor = "multi_thread")]
async fn an_unknown_command_and_an_old_button_get_their_answers() {
    let app = TestApp::open().await;
    let unknown = probed(&app, &id(&app), command("no_such_command")).await;
    assert_eq!((&unknown["ok"], &unknown["response"]["type"]), (&json!(true), &json!(4)), "{unknown}");
    app.pass(1);
    let button = json!({ "type": 3, "data": { "custom_id": "gone.1~", "component_type": 2 } });
    let button = probed(&app, &id(&app), button).await;
    assert_eq!((&button["ok"], &button["response"]["data"]["flags"]), (&json!(true), &json!(64)), "{button}");
    let nothing = app.stack.interactions.invoke(r#"{"probe":{"type":1}}"#.to_owned()).await.unwrap();
    assert!(nothing.contains("the probe is not an interaction"), "{nothing}");
}

#[tokio::test(flavor = "multi_thread")]
async fn a_probe_says_which_table_does_not_work() {
    let proxy = FaultProxy::default();
    let app = TestApp::with_fault_proxy(&proxy).await;
    for (call, component) in [(0, "dynamodb.flags"), (1, "dynamodb.probe")] {
        proxy.fault(Some(Fault::FailsTwice(call, Failure::InternalError)));
        let report = probed(&app, &id(&app), command("ping")).await;
        assert_eq!(report["ok"], false, "{report}");
        assert!(report["failures"][0].as_str().unwrap().starts_with(component), "{report}");
        app.pass(1);
    }
    proxy.fault(None);
    app.pass_until("no probe job is left", || app.queued(JOBS) == 0).await;
}

#[tokio::test(flavor = "multi_thread")]
async fn a_jobs_function_that_cannot_edit_a_reply_fails_its_probe() {
    let app = TestApp::open().await;
    app.stack.discord.faults().change(|faults| faults.fail_webhooks = Some(503));
    let probe = id(&app);
    probed(&app, &probe, command("ping")).await;
    app.pass_until("it is given up after a minute", || app.queued(JOBS) == 0).await;
    assert_eq!((last(&app, "interactions").await, last(&app, "jobs").await), (Some(probe), None));
    assert_eq!(app.queued("jobs-dead"), 0);
    app.stack.discord.faults().change(|faults| faults.fail_webhooks = None);
    let probe = id(&app);
    probed(&app, &probe, command("ping")).await;
    app.pass_until("the next one is done", || app.queued(JOBS) == 0).await;
    assert_eq!(last(&app, "jobs").await, Some(probe));
}
