//! The probe function: a hook lets a version pass that works and stops one that does not, and a heartbeat says
//! whether the bot works.

use interactions::Interactions;
use jobs::Jobs;
use local_lambda::InvokeError;
use probe::Probe;
use runtime::Function as _;
use serde_json::json;
use steward::settings::JOBS;
use tests::{TestApp, commands::TestCommands};

use crate::builds::{self, Apologising, Build, Lines, Mistake};

/// A base URL at which nothing listens.
const NOBODY: &str = "http://127.0.0.1:9";

fn arn(function: &str, version: &str) -> String {
    format!("arn:aws:lambda:us-east-1:000000000000:function:{function}:{version}")
}

/// What the hook says of version 2 of a function: the status that CodeDeploy gets, and the findings.
pub async fn hook(app: &TestApp, function: &str) -> (String, String) {
    let target = arn(function, "2");
    let variables = [("PROBED_FUNCTION", function), ("PROBE_TARGET", &*target), ("INTERACTIONS_URL", "")];
    let hook = app.stack.add_version::<Probe>(&format!("hook-{function}"), &variables).unwrap();
    let event = json!({ "DeploymentId": "d-1", "LifecycleEventHookExecutionId": "execution-1" });
    let findings = hook.invoke(event.to_string()).await.unwrap();
    (app.stack.releases.result("execution-1").expect("a report"), findings)
}

/// A heartbeat: whether all is well, and the failures.
async fn heartbeat(app: &TestApp) -> (bool, String) {
    let findings = app.stack.heartbeat().await;
    (findings["ok"] == true, findings["failures"].to_string())
}

#[tokio::test(flavor = "multi_thread")]
async fn a_version_that_works_passes_its_hook() {
    for function in ["jobs", "interactions"] {
        let app = TestApp::open().await;
        app.stack.add_version::<Interactions<TestCommands>>("2", &[]).unwrap();
        app.stack.add_version::<Jobs<TestCommands>>("2", &[]).unwrap();
        let (status, findings) = hook(&app, function).await;
        assert_eq!((&*status, &*findings), ("Succeeded", r#"{"ok":true,"failures":[]}"#), "{function}");
    }
}

#[tokio::test(flavor = "multi_thread")]
async fn a_version_with_a_wrong_parameter_does_not_pass_its_hook() {
    for (function, variable, value, reason) in [
        ("interactions", "STATE_TABLE", "gone", "/ping: dynamodb.flags: ResourceNotFoundException"),
        ("interactions", "EPHEMERAL_TABLE", "gone", "/ping: dynamodb.probe: ResourceNotFoundException"),
        ("interactions", "JOBS_QUEUE_URL", NOBODY, "/ping: sqs.send"),
        ("jobs", "DISCORD_API_BASE", NOBODY, "probe job: it failed"),
        ("jobs", "STATE_TABLE", "gone", "probe job: it failed"),
        ("jobs", "EPHEMERAL_TABLE", "gone", "probe job: it failed"),
    ] {
        let app = TestApp::open().await;
        match function {
            "jobs" => app.stack.add_version::<Jobs<TestCommands>>("2", &[(variable, value)]).unwrap(),
            _ => app.stack.add_version::<Interactions<TestCommands>>("2", &[(variable, value)]).unwrap(),
        };
        let (status, findings) = hook(&app, function).await;
        assert_eq!(status, "Failed", "{function} {variable}: {findings}");
        assert!(findings.contains(reason), "{function} {variable}: {findings}");
    }
}

#[tokio::test(flavor = "multi_thread")]
async fn a_version_with_a_mistake_does_not_pass_its_hook() {
    for (function, mistake, reason) in [
        ("interactions", Mistake::DefersAll, "/ping: answered with type 5"),
        ("interactions", Mistake::Nonsense, "/ping: the response is not a report"),
        ("jobs", Mistake::EveryBatchFailed, "probe job: it failed"),
        ("jobs", Mistake::Nonsense, "probe job: the response is not that of a batch"),
        ("jobs", Mistake::DoesNotStart, "probe job: no answer (lambda: Runtime.ExitError)"),
    ] {
        let app = TestApp::open().await;
        let (build, lines) = (Build::with(mistake), Lines::default());
        match function {
            "jobs" => builds::add::<Jobs<TestCommands>>(&app, "2", build, &lines).await,
            _ => builds::add::<Interactions<TestCommands>>(&app, "2", build, &lines).await,
        };
        let (status, findings) = hook(&app, function).await;
        assert_eq!(status, "Failed", "{function}: {findings}");
        assert!(findings.contains(reason), "{function}: {findings}, not {reason}");
    }
}

#[tokio::test(flavor = "multi_thread")]
async fn a_version_that_is_not_there_does_not_pass_its_hook() {
    let app = TestApp::open().await;
    let (status, findings) = hook(&app, "jobs").await;
    assert_eq!(status, "Failed");
    assert!(findings.contains("probe job: no answer (lambda: 404)"), "{findings}");
}

#[tokio::test(flavor = "multi_thread")]
async fn heartbeats_of_a_bot_that_works_find_nothing() {
    let app = TestApp::open().await;
    for _ in 0..3 {
        assert_eq!(heartbeat(&app).await, (true, "[]".to_owned()));
        app.pass_until("the probe job is done", || app.queued(JOBS) == 0).await;
        app.pass(60);
    }
}

#[tokio::test(flavor = "multi_thread")]
async fn a_heartbeat_says_that_the_last_probe_job_was_not_done() {
    let app = TestApp::open().await;
    app.stack.discord.faults().change(|faults| faults.fail_webhooks = Some(503));
    assert_eq!(heartbeat(&app).await, (true, "[]".to_owned()));
    app.pass(40);
    let (ok, failures) = heartbeat(&app).await;
    assert!(!ok && failures.contains("the last probe job has not been done"), "{failures}");
    app.stack.discord.faults().change(|faults| faults.fail_webhooks = None);
    app.pass_until("the probe jobs are done", || app.queued(JOBS) == 0).await;
    app.pass(40);
    assert_eq!(heartbeat(&app).await, (true, "[]".to_owned()));
    app.pass_until("the probe job is done", || app.queued(JOBS) == 0).await;
}

#[tokio::test(flavor = "multi_thread")]
async fn a_heartbeat_probes_the_version_that_gets_a_part_of_the_traffic() {
    let app = TestApp::open().await;
    builds::add::<Interactions<Apologising>>(&app, "2", Build::GOOD, &Lines::default()).await;
    assert!(heartbeat(&app).await.0, "version 2 gets nothing");
    app.stack.releases.set_canary("interactions", Some("2"));
    let (ok, failures) = heartbeat(&app).await;
    assert!(!ok && failures.contains("version 2: /ping: the interaction failed"), "{failures}");
    app.stack.releases.set_canary("interactions", None);
    assert!(heartbeat(&app).await.0);
    app.pass_until("the probe jobs are done", || app.queued(JOBS) == 0).await;
}

#[tokio::test(flavor = "multi_thread")]
async fn a_heartbeat_says_what_the_endpoint_answers_in_place_of_401() {
    let app = TestApp::open().await;
    let endpoint_at = |url: String| {
        let variables = [("INTERACTIONS_URL", &*url)];
        app.stack.add_version::<Probe>("heartbeat", &variables).unwrap()
    };
    for (url, reason) in [
        (format!("{}/nothing-there", app.stack.url), "endpoint: answered 404 in place of 401"),
        (format!("{NOBODY}/interactions"), "endpoint: unreachable"),
        (String::new(), "endpoint: INTERACTIONS_URL is not set"),
    ] {
        let findings = endpoint_at(url).invoke(r#"{"heartbeat":true}"#.to_owned()).await.unwrap();
        assert!(findings.contains(reason), "{findings}, not {reason}");
    }
    app.pass_until("the probe jobs are done", || app.queued(JOBS) == 0).await;
}

#[tokio::test(flavor = "multi_thread")]
async fn what_is_neither_a_hook_nor_a_heartbeat_is_no_event_of_the_probe_function() {
    let app = TestApp::open().await;
    let probe = app.stack.function(Probe::NAME).unwrap();
    for event in ["{}", "null", r#"{"DeploymentId":"d-1"}"#] {
        assert_eq!(probe.invoke(event.to_owned()).await, Err(InvokeError::Event), "{event}");
    }
}
