//! The rights of each role in template.yaml are those that its function uses, no more and no fewer. Every function has
//! an access key of its own here, so its calls of DynamoDB and SQS are told apart.

use std::collections::BTreeSet;

use futures_util::{StreamExt, stream};
use saphyr::{LoadableYamlNode, Yaml};
use serde_json::json;
use steward::{
    FaultProxy, Right,
    settings::{JOBS, JOBS_DEAD, TIMERS},
};
use tests::TestApp;

use crate::{
    cloudwatch::text_of,
    environment::nobody_takes_jobs,
    health,
    play::Player,
    scenarios::{self, Act},
};

/// Concurrent test apps.
const CONCURRENT_APPS: usize = 6;

/// The roles with the names of their functions.
const ROLES: [(&str, &str); 4] = [
    ("InteractionsRole", "interactions"),
    ("JobsRole", "jobs"),
    ("HealthRole", "health"),
    ("ProbeRole", "probe"),
];

/// Lambda itself makes these calls for an event source mapping, with the role of the function.
const OF_LAMBDA: [&str; 3] = ["sqs:ReceiveMessage", "sqs:DeleteMessage", "sqs:GetQueueAttributes"];

/// A right without the key of the item: function, action, and table or queue.
type Permission = (String, String, String);

/// A statement of a role about one action on one table or queue, and one partition key.
struct Statement {
    is_allowed: bool,
    permission: Permission,
    /// The partition key that it is about, `*` at the end for any rest; `None` for all.
    key: Option<String>,
}

impl Statement {
    fn is_about(&self, right: &Right) -> bool {
        let is_key = |pattern: &String| match pattern.strip_suffix('*') {
            Some(beginning) => right.leading_key.starts_with(beginning),
            None => right.leading_key == *pattern,
        };
        self.permission == permission(right) && self.key.as_ref().is_none_or(is_key)
    }
}

fn permission(Right { function, action, resource, .. }: &Right) -> Permission {
    (function.clone(), action.clone(), resource.clone())
}

/// The statements of the template about tables and queues.
fn statements() -> Vec<Statement> {
    let template = Yaml::load_from_str(include_str!("../../template.yaml")).unwrap().remove(0);
    let mut statements = Vec::new();
    for (role, function) in ROLES {
        let policies = template["Resources"][role]["Properties"]["Policies"].as_sequence().unwrap();
        let all = policies.iter().flat_map(|it| it["PolicyDocument"]["Statement"].as_sequence().unwrap());
        for statement in all {
            let condition = statement.as_mapping_get("Condition").and_then(Yaml::as_mapping);
            let keys = condition.into_iter().flat_map(|condition| condition.values());
            let keys = keys.flat_map(|keys| texts(&keys["dynamodb:LeadingKeys"]));
            let mut keys: Vec<_> = keys.map(Some).collect();
            if keys.is_empty() {
                keys.push(None);
            }
            for action in texts(&statement["Action"]) {
                let is_of_lambda = function == "jobs" && OF_LAMBDA.contains(&&*action);
                if is_of_lambda || !["dynamodb:", "sqs:"].iter().any(|service| action.starts_with(service)) {
                    continue;
                }
                for resource in texts(&statement["Resource"]) {
                    let resource = match resource.trim_end_matches(".Arn") {
                        "JobsQueue" => JOBS,
                        "TimersQueue" => TIMERS,
                        "JobsDeadLetters" => JOBS_DEAD,
                        table => table,
                    };
                    statements.extend(keys.iter().map(|key| Statement {
                        is_allowed: statement["Effect"].as_str() == Some("Allow"),
                        permission: (function.to_owned(), action.clone(), resource.to_owned()),
                        key: key.clone(),
                    }));
                }
            }
        }
    }
    statements
}

/// One text or a list of them.
fn texts(yaml: &Yaml<'_>) -> Vec<String> {
    match yaml.as_sequence() {
        Some(texts) => texts.iter().map(|text| text_of(text).to_owned()).collect(),
        None => vec![text_of(yaml).to_owned()],
    }
}

/// An act of a scenario, with its job.
async fn act(act: &'static Act) -> BTreeSet<Right> {
    let proxy = FaultProxy::default();
    let app = TestApp::with_fault_proxy(&proxy).await;
    let player = Player::of(&app);
    if player.types(act).await.is_some() {
        return proxy.rights();
    }
    let before = player.prepares(act).await;
    let asked = player.does(act, before.as_ref()).await;
    app.pass_until("it is settled", || asked.look().settled && app.queued(JOBS) == 0).await;
    proxy.rights()
}

/// A job that fails each time, until it is a dead letter.
async fn a_failing_job() -> BTreeSet<Right> {
    let proxy = FaultProxy::default();
    let app = TestApp::with_fault_proxy(&proxy).await;
    app.member().says("/misbehave work:fail").await;
    app.pass_until("it is a dead letter", || app.queued(JOBS_DEAD) == 1).await;
    proxy.rights()
}

/// A watchdog that cannot tell the user, and comes back.
async fn a_watchdog_that_comes_back() -> BTreeSet<Right> {
    let proxy = FaultProxy::default();
    let app = TestApp::with_fault_proxy(&proxy).await;
    nobody_takes_jobs(&app);
    app.member().says("/misbehave").await.first().await;
    app.stack.discord.faults().change(|faults| faults.fail_webhooks = Some(503));
    app.pass(12 * 60 + 31);
    let comes_back =
        |right: &Right| right.action == "sqs:ChangeMessageVisibility" && right.resource == TIMERS;
    app.pass_until("it comes back", || proxy.rights().iter().any(comes_back)).await;
    app.stack.discord.faults().change(|faults| faults.fail_webhooks = None);
    proxy.rights()
}

/// Probes and health checks.
async fn checks() -> BTreeSet<Right> {
    let proxy = FaultProxy::default();
    let app = TestApp::with_fault_proxy(&proxy).await;
    let (status, _) = health::get(&app, "/readyz", "").await;
    let findings = app.stack.heartbeat().await;
    assert_eq!((status, &findings["ok"]), (200, &json!(true)), "{findings}");
    app.pass_until("the probe job is done", || app.queued(JOBS) == 0).await;
    app.pass(60);
    app.stack.heartbeat().await;
    app.pass_until("the probe job is done", || app.queued(JOBS) == 0).await;
    proxy.rights()
}

#[tokio::test(flavor = "multi_thread")]
async fn every_role_allows_what_its_function_does_and_nothing_else() {
    let acts: Vec<_> = stream::iter(scenarios::acts().map(|(_, played)| act(played)))
        .buffer_unordered(CONCURRENT_APPS)
        .collect()
        .await;
    let others = [a_failing_job().await, a_watchdog_that_comes_back().await, checks().await];
    let used = acts.into_iter().chain(others).flatten();
    let used: BTreeSet<_> =
        used.filter(|right| ROLES.iter().any(|(_, function)| *function == right.function)).collect();
    let (allowed, denied): (Vec<_>, Vec<_>) =
        statements().into_iter().partition(|statement| statement.is_allowed);
    let is_in = |statements: &[Statement], right: &&Right| statements.iter().any(|it| it.is_about(right));
    let missing: Vec<_> = used.iter().filter(|right| !is_in(&allowed, right)).collect();
    assert!(missing.is_empty(), "not allowed: {missing:#?}");
    let forbidden: Vec<_> = used.iter().filter(|right| is_in(&denied, right)).collect();
    assert!(forbidden.is_empty(), "denied: {forbidden:#?}");
    let unused = allowed.iter().filter(|statement| !used.iter().any(|right| statement.is_about(right)));
    let unused: Vec<_> = unused.map(|statement| (&statement.permission, &statement.key)).collect();
    assert!(unused.is_empty(), "allowed, but never used: {unused:#?}");
}
