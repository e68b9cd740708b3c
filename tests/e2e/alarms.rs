//! Releases of good and broken builds against the hooks and the alarms of template.yaml: the functions write their real
//! log lines, from which the alarms are evaluated.

use std::{
    collections::{BTreeMap, BTreeSet},
    time::Duration,
};

use interactions::Interactions;
use jobs::Jobs;
use local_lambda::{EnvironmentState, Function};
use probe::Probe;
use saphyr::{LoadableYamlNode, Yaml};
use serde_json::json;
use steward::events::{Signed, Signer};
use tests::{TestApp, commands::TestCommands};

use crate::{
    builds::{self, Apologising, Build, Lines, Mistake, NAMESPACE},
    cloudwatch::{Alarm, Metrics, Series, State, alarms, text_of},
    releases::hook,
};

const VERSION: &str = "2";
/// The name of the interactions function.
const INTERACTIONS: &str = "steward-prod-Interactions-1";
/// The part of 30 answers a minute that a canary gets.
const ANSWERS: u32 = 3;
/// The time between two answers, and two jobs: Discord limits the edits of one reply, which all probe jobs share.
const BETWEEN: Duration = Duration::from_secs(5);
/// How long a broken build is watched.
const WATCHED_MINUTES: u32 = 5;

/// A public key that nobody signs with here.
const OTHER_KEY: &str = "3b6a27bcceb6a42d62a3a8d02a6f0d73653215771de243a63ac048a18b59da29";

/// What the references of the template stand for.
fn values(version: &'static str) -> BTreeMap<&'static str, &'static str> {
    BTreeMap::from([
        ("AWS::StackName", NAMESPACE.strip_prefix("Steward/").unwrap()),
        ("Interactions", INTERACTIONS),
        ("Jobs", "steward-prod-Jobs-1"),
        ("Interactions.Version.Version", version),
        ("Jobs.Version.Version", version),
    ])
}

/// The alarms that roll a release back: those of the `DeploymentPreference` of the interactions function.
fn of_releases() -> BTreeSet<String> {
    let template = Yaml::load_from_str(include_str!("../../template.yaml")).unwrap().remove(0);
    let preference = &template["Resources"]["Interactions"]["Properties"]["DeploymentPreference"];
    preference["Alarms"].as_sequence().unwrap().iter().map(|alarm| text_of(alarm).to_owned()).collect()
}

/// A release that is under way.
struct Release<'a> {
    app: &'a TestApp,
    interactions: Function,
    jobs: Function,
    heartbeat: Function,
    lines: Lines,
    metrics: Metrics,
    /// The number after that of the last environment whose end was counted.
    counted_crashes: u64,
    alarms: Vec<Alarm>,
}

impl<'a> Release<'a> {
    async fn of(app: &'a TestApp, name: &str) -> Self {
        let lines = Lines::default();
        let (mut interactions, mut jobs) = (Build::GOOD, Build::GOOD);
        match name {
            "2.5 s slow" => interactions = Build::with(Mistake::Slow),
            "401 for everybody" => interactions = Build::with(Mistake::RejectsAll),
            "does not start" => interactions = Build::with(Mistake::DoesNotStart),
            "wrong table" => interactions = Build::changed(&[("STATE_TABLE", "gone")]),
            "wrong public key" => interactions = Build::changed(&[("DISCORD_PUBLIC_KEY", OTHER_KEY)]),
            "jobs fails every edit" => jobs = Build::changed(&[("DISCORD_API_BASE", "http://127.0.0.1:9")]),
            "jobs reports every batch failed" => jobs = Build::with(Mistake::EveryBatchFailed),
            "good" | "apologises for everything" => {}
            unknown => panic!("{unknown}"),
        }
        let interactions = match name {
            "apologises for everything" => {
                builds::add::<Interactions<Apologising>>(app, VERSION, interactions, &lines).await
            }
            _ => builds::add::<Interactions<TestCommands>>(app, VERSION, interactions, &lines).await,
        };
        let jobs = builds::add::<Jobs<TestCommands>>(app, VERSION, jobs, &lines).await;
        let heartbeat = builds::add::<Probe>(app, "1", Build::GOOD, &lines).await;
        let mut release = Self {
            app,
            interactions,
            jobs,
            heartbeat,
            lines,
            metrics: Metrics::default(),
            counted_crashes: 0,
            alarms: alarms(&values(VERSION)),
        };
        // The minute before the release, with a heartbeat; then each minute is played from its beginning.
        release.beat().await;
        release.read_lines();
        release.advance_to(release.now_ms() / 60_000 + 1);
        app.stack.releases.set_canary("interactions", Some(VERSION));
        release
    }

    async fn beat(&self) {
        let beat = self.heartbeat.invoke(r#"{"heartbeat":true}"#.to_owned()).await;
        beat.expect("the probe function answers");
    }

    fn read_lines(&mut self) {
        for line in self.lines.take() {
            self.metrics.read(&line);
        }
    }

    fn advance_to(&self, minute: i64) {
        let left_ms = minute * 60_000 + 10 - self.now_ms();
        self.app.stack.clock.advance(Duration::from_millis(u64::try_from(left_ms).unwrap_or_default()));
    }

    /// One minute with a heartbeat and so many answers of the new version. Returns the alarms that are raised at its end.
    async fn minute(&mut self, answers: u32) -> BTreeSet<String> {
        let minute = self.now_ms() / 60_000;
        self.beat().await;
        self.count_crashes(&[("Resource", format!("{INTERACTIONS}:{VERSION}"))]);
        for _ in 0..answers {
            self.answer().await;
            self.app.stack.clock.advance(BETWEEN);
        }
        let by_alias =
            [("Resource", format!("{INTERACTIONS}:live")), ("ExecutedVersion", VERSION.to_owned())];
        self.count_crashes(&by_alias);
        for _ in 0..=answers {
            self.job().await;
            self.app.stack.clock.advance(BETWEEN);
        }
        self.read_lines();
        self.advance_to(minute + 1);
        let raised = self.alarms.iter().filter(|alarm| alarm.state(&self.metrics, minute) == State::Alarm);
        raised.map(|alarm| alarm.id.clone()).collect()
    }

    fn now_ms(&self) -> i64 {
        self.app.stack.clock.now().as_millisecond()
    }

    /// `/ping` of a member, signed with the key of the sample events.
    async fn answer(&mut self) {
        let status = self.app.stack.discord.status().unwrap();
        let id = domain::InteractionId::from_time(self.app.stack.clock.now()).to_string();
        let interaction = json!({
            "id": id,
            "application_id": status.application_id,
            "token": "t",
            "type": 2,
            "version": 1,
            "locale": "en-US",
            "user": { "id": id, "username": "somebody" },
            "data": { "type": 1, "id": "1", "name": "ping" },
        });
        let now = self.app.stack.clock.now();
        let event = Signed::new(&Signer::development(), now, interaction.to_string()).event().unwrap();
        // One that crashes has no response, and is counted below.
        let _ = self.interactions.invoke(event).await;
    }

    async fn job(&mut self) {
        let application = self.app.stack.discord.status().unwrap().application_id.to_string();
        let probe = domain::ProbeJob::new(
            domain::InteractionId::from_time(self.app.stack.clock.now()),
            application.parse().unwrap(),
        );
        let now = self.now_ms().to_string();
        let event = json!({ "Records": [{
            "messageId": "1",
            "receiptHandle": "1",
            "body": serde_json::to_string(&probe).unwrap(),
            "attributes": { "ApproximateReceiveCount": "1", "SentTimestamp": now },
            "messageAttributes": {},
            "eventSource": "aws:sqs",
            "eventSourceARN": "arn:aws:sqs:us-east-1:000000000000:jobs",
            "awsRegion": "us-east-1",
        }] });
        self.jobs.invoke(event.to_string()).await.expect("the jobs function answers");
    }

    /// Lambda's own metric `Errors` of the interactions function, of the calls since the last count: no line says that an
    /// environment has ended.
    fn count_crashes(&mut self, called: &[(&str, String)]) {
        let mut dimensions = BTreeSet::from([("FunctionName".to_owned(), INTERACTIONS.to_owned())]);
        dimensions.extend(called.iter().map(|(name, value)| ((*name).to_owned(), value.clone())));
        let series = Series { namespace: "AWS/Lambda".to_owned(), metric: "Errors".to_owned(), dimensions };
        for environment in self.interactions.environments() {
            let is_new = environment.number >= self.counted_crashes;
            if is_new && matches!(environment.state, EnvironmentState::Dead(_)) {
                self.metrics.put(series.clone(), environment.since.as_millisecond(), 1.0);
                self.counted_crashes = environment.number + 1;
            }
        }
    }
}

/// The first alarm of a release that is raised, and after how many minutes.
async fn rolled_back(name: &str, answers: u32) -> String {
    let app = TestApp::open().await;
    let mut release = Release::of(&app, name).await;
    let of_releases = of_releases();
    for minutes in 1..=WATCHED_MINUTES {
        let raised = release.minute(answers).await;
        if let Some(alarm) = raised.intersection(&of_releases).next() {
            return format!("{alarm}, {minutes} min");
        }
    }
    "-".to_owned()
}

/// What the hook of the function that has the mistake says.
async fn hook_of(name: &str) -> String {
    let app = TestApp::open().await;
    let _release = Release::of(&app, name).await;
    let function = if name.starts_with("jobs") { "jobs" } else { "interactions" };
    let (status, findings) = hook(&app, function).await;
    let findings: serde_json::Value = serde_json::from_str(&findings).unwrap();
    match findings["failures"][0].as_str() {
        // Without the milliseconds.
        Some(reason) => format!(
            "{status}: {}",
            reason.trim_end_matches(|last: char| last.is_ascii_digit() || " ms".contains(last))
        ),
        None => status,
    }
}

#[expect(clippy::print_stdout, reason = "docs/releases.md has this table")]
#[tokio::test(flavor = "multi_thread")]
async fn a_broken_build_is_stopped_by_its_hook_or_rolled_back_by_an_alarm_within_three_minutes() {
    let mut table = Vec::new();
    for name in [
        "good",
        "apologises for everything",
        "2.5 s slow",
        "401 for everybody",
        "does not start",
        "wrong table",
        "wrong public key",
        "jobs fails every edit",
        "jobs reports every batch failed",
    ] {
        let hook = hook_of(name).await;
        let busy = rolled_back(name, ANSWERS).await;
        let quiet = rolled_back(name, 0).await;
        table.push(format!("{name} | {hook} | {busy} | {quiet}"));
    }
    println!("build | hook | three answers a minute | none");
    table.iter().for_each(|row| println!("{row}"));
    assert_eq!(
        table,
        [
            "good | Succeeded | - | -",
            "apologises for everything | Failed: /ping: the interaction failed \
             | RollBackFailed, 2 min | RollBackFailed, 2 min",
            "2.5 s slow | Failed: an unknown command: took | RollBackSlow, 2 min | RollBackSlow, 2 min",
            "401 for everybody | Failed: /ping: signatures are not checked | - | -",
            "does not start | Failed: /ping: no answer (lambda: Runtime.ExitError) \
             | RollBackCrashed, 2 min | RollBackProbeCrashed, 2 min",
            "wrong table | Failed: /ping: dynamodb.flags: ResourceNotFoundException | - | -",
            "wrong public key | Succeeded | - | -",
            "jobs fails every edit | Failed: probe job: it failed; the line of the jobs function says why \
             | RollBackJobsFailed, 2 min | RollBackJobsFailed, 2 min",
            "jobs reports every batch failed \
             | Failed: probe job: it failed; the line of the jobs function says why | - | -",
        ]
    );
}

#[tokio::test(flavor = "multi_thread")]
async fn a_good_build_raises_no_alarm_in_an_hour() {
    for answers in [ANSWERS, 0] {
        let app = TestApp::open().await;
        let mut release = Release::of(&app, "good").await;
        for minute in 0..60 {
            let raised = release.minute(answers).await;
            assert!(raised.is_empty(), "minute {minute}: {raised:?}");
        }
    }
}

#[test]
fn a_release_that_mends_a_fault_has_alarms_of_its_own() {
    let of_releases = of_releases();
    let named = |version| {
        let alarms = alarms(&values(version)).into_iter().filter(|alarm| of_releases.contains(&alarm.id));
        alarms.map(|alarm| alarm.name).collect::<BTreeSet<_>>()
    };
    let (bad, mended) = (named("2"), named("3"));
    assert_eq!((bad.len(), mended.len()), (of_releases.len(), of_releases.len()));
    assert!(bad.is_disjoint(&mended), "{bad:?} {mended:?}");
}
