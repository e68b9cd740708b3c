//! Separate environments of the jobs function, which tests invoke directly.

use std::time::Duration;

use domain::{
    Job,
    config::{Configuration, Variables},
};
use jobs::Jobs;
use local_sqs::Attributes;
use runtime::{Function, Invocation};
use serde_json::json;
use steward::settings::JOBS;
use tests::{TestApp, commands::TestCommands};

/// Delays all new jobs by 15 minutes, so that the stack's own functions do not receive them.
pub fn nobody_takes_jobs(app: &TestApp) {
    let slow = Attributes { delay: 900, ..app.stack.queues.attributes(JOBS).unwrap() };
    app.stack.queues.set_attributes(JOBS, &slow).unwrap();
}

/// Delays no further job.
pub fn everybody_takes_jobs(app: &TestApp) {
    let quick = Attributes { delay: 0, ..app.stack.queues.attributes(JOBS).unwrap() };
    app.stack.queues.set_attributes(JOBS, &quick).unwrap();
}

/// Removes the only job from the queue and returns it.
pub async fn stolen(app: &TestApp) -> Job {
    app.pass_until("there is a job", || app.queued(JOBS) == 1).await;
    let job = app.stack.queues.peek(JOBS, 1).unwrap().remove(0).body;
    app.stack.queues.purge(JOBS).unwrap();
    Job::parse(&job).unwrap()
}

/// A new environment with the stack's variables, some of them replaced.
pub async fn environment(app: &TestApp, changed: &[(&str, &str)]) -> Jobs<TestCommands> {
    let request = http::Request::get(format!("{}/local/variables", app.stack.url));
    let request = request.body(bytes::Bytes::new()).unwrap();
    let answer = outbound::Client::new().send(request, Duration::from_secs(5)).await.unwrap();
    let lines = String::from_utf8(answer.body().to_vec()).unwrap();
    let var = |name: &str| match changed.iter().find(|(changed, _)| *changed == name) {
        Some((_, value)) => Some((*value).to_owned()),
        None => lines.lines().find_map(|line| line.strip_prefix(name)?.strip_prefix('=').map(str::to_owned)),
    };
    let config = jobs::Config::from_variables(&Variables::new(&var)).unwrap();
    let clock = app.stack.clock.clone();
    Jobs::new(config, domain::Clock::new(move || clock.now()), 7).unwrap()
}

/// Calls the webhook of a job's original response, in place of an environment that died afterwards.
pub async fn asks_discord(app: &TestApp, method: http::Method, job: &Job, message: &str) {
    let token = job.token.expose();
    let reply = format!("{}/api/v10/webhooks/{}/{token}/messages/@original", app.stack.url, job.application);
    let mut request = http::Request::builder().method(method).uri(reply);
    request = request.header("user-agent", "DiscordBot (https://example.invalid, 1)");
    if !message.is_empty() {
        request = request.header("content-type", "application/json");
    }
    let request = request.body(bytes::Bytes::copy_from_slice(message.as_bytes()));
    let answer = outbound::Client::new().send(request.unwrap(), Duration::from_secs(5)).await.unwrap();
    assert!(answer.status().is_success(), "{}", answer.status());
}

/// Invokes the environment with a job, as this receive. True if the message may be deleted.
pub async fn gives(jobs: &Jobs<TestCommands>, job: &Job, receive: u32) -> bool {
    let record = json!({
        "messageId": "1",
        "receiptHandle": "1",
        "body": serde_json::to_string(job).unwrap(),
        "attributes": {"ApproximateReceiveCount": receive.to_string()},
        "messageAttributes": {},
    });
    let event = serde_json::from_value(json!({ "Records": [record] })).unwrap();
    jobs.handle(event, &Invocation::default()).await.batch_item_failures.is_empty()
}
