//! Property tests with arbitrary signed input: nothing panics, every user gets a response, and no user acts for another.
//!
//! The seeds are fixed, so that failures are repeatable.

use std::{collections::BTreeSet, sync::Arc};

use commands::{COMMANDS, Commands};
use discord::{config::Application, envelope::Incoming};
use domain::{Delivery, Job, Queued, job::Act};
use engine::{Services, config::Config, deferred::Worker, interaction};
use integrations::OpenMeteoConfig;
use jiff::SignedDuration;
use local_clock::Clock;
use local_sqs::{Attributes, Queues};
use proptest::{
    collection, option,
    prelude::*,
    sample,
    test_runner::{Config as Runs, RngAlgorithm, TestRng, TestRunner},
};
use serde_json::{Value, json};
use tests::{TestApp, panics_here};
use tokio::{net::TcpListener, runtime::Runtime};

use crate::{
    play::Player,
    scenarios::{self, Person, Step},
};

const BODY_CASES: u32 = 1_500;
const THEFT_CASES: u32 = 600;

/// The names of all commands, and an unknown one.
fn commands() -> Vec<&'static str> {
    scenarios::ALL.iter().map(|of| of.command).chain(["nonsense"]).collect()
}

/// The names of all options and modal fields, and nonsense.
fn names() -> Vec<String> {
    let definitions = COMMANDS.iter().map(|entry| serde_json::to_value((entry.definition)()).unwrap());
    let options = definitions.flat_map(|definition| {
        let options = definition["options"].as_array().cloned().unwrap_or_default();
        options.into_iter().map(|option| option["name"].as_str().unwrap().to_owned())
    });
    let fields = scenarios::acts().flat_map(|(_, act)| match act.does {
        Step::Submit(fields) => fields.iter().map(|(name, _)| (*name).to_owned()).collect(),
        _ => Vec::new(),
    });
    let nonsense = ["x", "", "é"].map(str::to_owned);
    let all: BTreeSet<String> = options.chain(fields).chain(nonsense).collect();
    all.into_iter().collect()
}

/// The values of all placeholders, and similar ones.
fn values() -> Vec<&'static str> {
    let blanks = scenarios::acts().flat_map(|(_, act)| act.blanks);
    let all: BTreeSet<&str> = blanks.flat_map(|blank| blank.values).copied().collect();
    all.into_iter().chain(["48.85,2.35 Paris", "999,999 x"]).collect()
}

fn runner(cases: u32, seed: u8) -> TestRunner {
    let config = Runs { cases, failure_persistence: None, max_shrink_iters: 200, ..Runs::default() };
    TestRunner::new_with_rng(config, TestRng::from_seed(RngAlgorithm::ChaCha, &[seed; 32]))
}

/// A bot with the tables of a test app, and a queue that does not respond.
struct IsolatedBot {
    app: TestApp,
    services: Arc<Services>,
    worker: Worker,
    clock: Clock,
}

impl IsolatedBot {
    async fn open() -> Self {
        let app = TestApp::without_limits(2).await;
        let clock = app.stack.clock.clone();
        let queues = Queues::open(None, clock.clone()).unwrap();
        for queue in ["jobs", "timers", "jobs-dead"] {
            queues.create(queue, &Attributes::default()).unwrap();
        }
        let listener = TcpListener::bind("127.0.0.1:0").await.unwrap();
        let sqs = format!("http://{}", listener.local_addr().unwrap());
        tokio::spawn(async move { axum::serve(listener, queues.router()).await });
        let [dynamodb, _] = app.endpoints().await;
        let weather = format!("{}/open-meteo", app.stack.url);
        let config = Config {
            aws: aws::Config::emulated(dynamodb, sqs.clone()),
            discord: Application { id: "5".parse().unwrap(), cdn_base: "http://127.0.0.1:1".to_owned() },
            open_meteo: OpenMeteoConfig {
                forecasts: weather.parse().unwrap(),
                geocoding: weather.parse().unwrap(),
            },
            jobs_queue_url: format!("{sqs}/000000000000/jobs"),
            timers_queue_url: format!("{sqs}/000000000000/timers"),
            // Otherwise the many interactions of these tests would be rejected.
            limits: false,
            version: "1".to_owned(),
        };
        let time = clock.clone();
        let services = Arc::new(Services::new(config, domain::Clock::new(move || time.now()), 1));
        let dead_letters = format!("{sqs}/000000000000/jobs-dead");
        let worker = Worker::new::<Commands>(Arc::clone(&services), "http://127.0.0.1:1", dead_letters);
        Self { app, services, worker, clock }
    }

    /// The response of the interactions function.
    async fn answer(&self, body: &str) -> Option<Value> {
        let Ok(Incoming::Interaction(envelope)) = Incoming::parse(body) else { return None };
        let answered =
            interaction::answer::<Commands>(&self.services, &envelope, body, self.clock.now()).await;
        Some(serde_json::from_str(&answered.body).unwrap_or_else(|_| panic!("no JSON: {:?}", answered.body)))
    }

    /// Runs the deferred job of an interaction, as redriven: its token has expired, so there is no reply.
    async fn work(&self, body: &Value) {
        let command = body["data"]["name"].as_str();
        let custom_id = body["data"]["custom_id"].as_str().and_then(|id| id.split('.').next());
        let act = match body["type"].as_u64() {
            Some(3) => Act::Component,
            Some(5) => Act::Modal,
            _ => Act::Command,
        };
        let job = json!({
            "v": 1, "interaction": body["id"], "application": "5", "token": "t", "guild": null, "act": act,
            "command": command.or(custom_id).unwrap_or_default(), "language": "en", "body": body,
        });
        let Ok(job) = Job::parse(&job.to_string()) else { return };
        let now = self.clock.now();
        let delivery = Delivery {
            body: "{}",
            source: "arn:aws:sqs:us-east-1:000000000000:jobs",
            group: None,
            receives: 1,
            sent: now,
            is_redriven: true,
            ends: now + SignedDuration::from_secs(20),
        };
        self.worker.perform(&Queued::Job(job), &delivery).await;
    }
}

/// Arbitrary JSON, and values that look like Discord's.
fn anything() -> impl Strategy<Value = Value> {
    let leaf = prop_oneof![
        Just(Value::Null),
        any::<bool>().prop_map(Value::from),
        any::<i64>().prop_map(Value::from),
        any::<f64>().prop_map(Value::from),
        "\\PC{0,12}".prop_map(Value::from),
        (1u64..20).prop_map(|id| Value::from(id.to_string())),
        sample::select(names()).prop_map(Value::from),
        sample::select(values()).prop_map(Value::from),
        (1usize..5_000).prop_map(|length| Value::from("ß".repeat(length))),
    ];
    leaf.prop_recursive(5, 40, 6, |inner| {
        let field = prop_oneof![
            sample::select(vec!["name", "type", "value", "values", "options", "focused", "custom_id"])
                .prop_map(str::to_owned),
            sample::select(vec!["component", "components", "users", "messages", "attachments", "id"])
                .prop_map(str::to_owned),
            (1u64..20).prop_map(|id| id.to_string()),
        ];
        prop_oneof![
            collection::vec(inner.clone(), 0..6).prop_map(Value::from),
            collection::hash_map(field, inner, 0..6).prop_map(|map| Value::Object(map.into_iter().collect())),
        ]
    })
}

/// Options and modal fields that are almost valid.
fn field() -> impl Strategy<Value = Value> {
    let name = sample::select(names());
    (name, 0u8..25, anything(), any::<bool>()).prop_map(|(name, kind, value, focused)| {
        json!({ "name": name, "custom_id": name, "type": kind, "value": value, "values": [value], "focused": focused })
    })
}

/// Real custom ids, changed ones, and nonsense.
fn custom_id(real: Vec<String>) -> impl Strategy<Value = String> {
    let real = sample::select(real);
    prop_oneof![
        "\\PC{0,110}",
        real.clone(),
        (real.clone(), real.clone()).prop_map(|(one, other)| crossed(&one, &other)),
        (real.clone(), any::<sample::Index>(), any::<char>())
            .prop_map(|(id, at, letter)| changed(&id, at, letter)),
        (real, any::<sample::Index>()).prop_map(|(id, at)| id.chars().take(at.index(id.len())).collect()),
        (sample::select(commands()), 0u8..4, "[A-Za-z0-9_-]{0,80}")
            .prop_map(|(command, version, state)| format!("{command}.{version}~D0P8LATuAAQ.{state}")),
        (sample::select(commands()), "[*A-Za-z0-9_-]{0,30}")
            .prop_map(|(command, state)| format!("{command}.1.{state}")),
    ]
}

/// The command and owner of one custom id with the state of another.
fn crossed(one: &str, other: &str) -> String {
    let head = one.rsplit_once('.').map_or("", |(head, _)| head);
    let state = other.rsplit_once('.').map_or("", |(_, state)| state);
    format!("{head}.{state}")
}

fn changed(id: &str, at: sample::Index, letter: char) -> String {
    let mut letters: Vec<char> = id.chars().collect();
    let at = at.index(letters.len());
    letters[at] = letter;
    letters.into_iter().collect()
}

fn samples() -> Vec<String> {
    let lines = crate::contracts::custom_id_lines();
    lines.iter().filter_map(|line| line.split('\t').nth(1)).map(str::to_owned).collect()
}

/// An interaction. Its id and token are valid, because otherwise there is no response; it is years old.
fn interaction() -> impl Strategy<Value = Value> {
    let who = prop_oneof![
        3 => Just(json!({ "guild_id": "9", "member": { "user": { "id": "1100000000000000004" }, "permissions": "32" } })),
        1 => Just(json!({ "user": { "id": "1100000000000000004" } })),
        1 => Just(json!({ "guild_id": "9" })),
        1 => anything().prop_map(|any| json!({ "member": any, "user": any, "guild_id": any })),
    ];
    let data = (
        (sample::select(commands()), 0u8..5, custom_id(samples()), 0u8..30),
        prop_oneof![collection::vec(field(), 0..4).prop_map(Value::from), anything()],
        (anything(), anything(), 1u64..20),
        any::<bool>(),
    );
    (2u8..=5, 1u64..1 << 58, who, data, option::of(anything()), 0usize..200).prop_map(
        |(
            kind,
            id,
            who,
            ((name, of, custom_id, component), given, (values, resolved, target), deep),
            message,
            depth,
        )| {
            let given =
                if deep { (0..depth).fold(given, |inner, _| json!([{ "options": inner }])) } else { given };
            let mut body = who;
            for (field, value) in [
                ("type", json!(kind)),
                ("id", json!(id.to_string())),
                ("token", json!("t")),
                ("locale", json!("de")),
                ("message", json!(message)),
                (
                    "data",
                    json!({ "name": name, "type": of, "custom_id": custom_id, "component_type": component,
                        "options": given, "components": given, "values": values, "resolved": resolved,
                        "target_id": target.to_string() }),
                ),
            ] {
                body[field] = value;
            }
            body
        },
    )
}

/// Checks that the response has a valid type and shape for this type of interaction.
fn assert_answers(kind: u64, answer: &Value) {
    let of = answer["type"].as_u64().unwrap_or_default();
    assert_eq!(of == 8, kind == 4, "autocomplete alone gets choices: {answer}");
    assert!([4, 5, 6, 7, 8, 9].contains(&of), "{answer}");
    assert!(kind != 5 || of != 9, "no form in answer to a form: {answer}");
    assert!(kind != 2 || !(of == 6 || of == 7), "a command is on no message: {answer}");
    if of == 4 || of == 7 {
        let data = &answer["data"];
        let says = |part: &str| data[part].as_array().is_some_and(|list| !list.is_empty());
        assert!(
            data["content"].as_str().is_some_and(|text| !text.is_empty())
                || says("embeds")
                || says("components")
        );
    }
}

#[test]
fn whatever_comes_in_nothing_panics_and_everybody_is_answered() {
    let runtime = Runtime::new().unwrap();
    let isolated = runtime.block_on(IsolatedBot::open());
    let before = panics_here();
    let run = runner(BODY_CASES, 1).run(&interaction(), |body| {
        runtime.block_on(async {
            if let Some(answer) = isolated.answer(&body.to_string()).await {
                assert_answers(body["type"].as_u64().unwrap(), &answer);
            }
            isolated.work(&body).await;
        });
        prop_assert_eq!(panics_here(), before, "a panic was caught, and apologised for");
        Ok(())
    });
    run.unwrap_or_else(|why| panic!("{why}"));
}

/// A user, and the custom ids that the user sees.
struct Victim {
    id: String,
    guild: Value,
    custom_ids: Vec<String>,
}

async fn victim(app: &TestApp) -> Victim {
    let player = Player { alone: Some(Person::Owner), ..Player::of(app) };
    let mut custom_ids = Vec::new();
    for (_, act) in scenarios::acts().filter(|(_, act)| !matches!(act.does, Step::Type(_))) {
        for view in player.plays(act).await {
            collect(&serde_json::to_value(&view.steps).unwrap(), &mut custom_ids);
        }
    }
    let mut known = BTreeSet::new();
    custom_ids.retain(|id| known.insert(id.clone()));
    custom_ids.retain(|id| id.contains('~'));
    let status = app.stack.discord.status().unwrap();
    let me = status.users.iter().find(|user| user.name == "Ottilie Quandt").unwrap();
    Victim { id: me.id.to_string(), guild: json!(status.guilds[0].id), custom_ids }
}

fn collect(value: &Value, found: &mut Vec<String>) {
    match value {
        Value::Object(fields) => {
            found.extend(fields.get("custom_id").and_then(Value::as_str).map(str::to_owned));
            fields.values().for_each(|field| collect(field, found));
        }
        Value::Array(all) => all.iter().for_each(|one| collect(one, found)),
        _ => {}
    }
}

/// The interaction of another user with the same permissions as the victim.
fn used_by(user: &str, victim: &Victim, (kind, component): (u8, u8), id: &str, custom_id: &str) -> String {
    json!({
        "type": kind, "id": id, "token": "t", "guild_id": victim.guild, "message": { "id": "6" },
        "member": { "user": { "id": user }, "permissions": "40" },
        "data": { "custom_id": custom_id, "component_type": component, "values": ["de"], "components": [
            { "type": 18, "component": { "type": 4, "custom_id": "place", "value": "Paris" } },
            { "type": 18, "component": { "type": 3, "custom_id": "language", "values": ["de"] } }] },
    })
    .to_string()
}

#[test]
fn nobody_acts_for_another_with_what_was_made_for_him() {
    let runtime = Runtime::new().unwrap();
    let isolated = runtime.block_on(IsolatedBot::open());
    let victim = runtime.block_on(victim(&isolated.app));
    assert!(victim.custom_ids.len() >= 10 && victim.custom_ids.iter().any(|id| id.contains('*')));
    let before = runtime.block_on(isolated.app.state());
    let real = sample::select(victim.custom_ids.clone());
    let stolen = prop_oneof![
        real.clone(),
        (real.clone(), real.clone()).prop_map(|(one, other)| crossed(&one, &other)),
        (real.clone(), any::<sample::Index>(), "[A-Za-z0-9_-]").prop_map(|(id, at, letter)| {
            // Only the part after the owner is changed.
            let state = id.rfind('.').unwrap() + 1;
            let rest = id[state..].strip_prefix('*').unwrap_or(&id[state..]);
            let letter = letter.chars().next().unwrap();
            let rest = if rest.is_empty() { letter.to_string() } else { changed(rest, at, letter) };
            format!("{}{rest}", &id[..state])
        }),
    ];
    let case = (stolen, sample::select(vec![(3u8, 2u8), (3, 3), (3, 5), (5, 0)]), 7u64..1 << 60);
    let run = runner(THEFT_CASES, 2).run(&case, |(custom_id, used, id)| {
        let body = used_by("1100000000000000666", &victim, used, &id.to_string(), &custom_id);
        let answer = runtime.block_on(isolated.answer(&body)).unwrap();
        prop_assert_eq!((&answer["type"], &answer["data"]["flags"]), (&json!(4), &json!(64)), "{}", answer);
        Ok(())
    });
    run.unwrap_or_else(|why| panic!("{why}"));
    // Replacing the owner in a custom id does not give access to state in the table.
    let owner = |id: u64| {
        use base64::{Engine, prelude::BASE64_URL_SAFE_NO_PAD};
        BASE64_URL_SAFE_NO_PAD.encode(id.to_be_bytes())
    };
    let (mine, thiefs) = (owner(victim.id.parse().unwrap()), owner(1_100_000_000_000_000_666));
    for kept in victim.custom_ids.iter().filter(|id| id.contains('*')) {
        let forged = kept.replace(&mine, &thiefs);
        assert_ne!(forged, *kept);
        for used in [(3, 2), (5, 0)] {
            let body = used_by("1100000000000000666", &victim, used, "99", &forged);
            let answer = runtime.block_on(isolated.answer(&body)).unwrap();
            assert_eq!((&answer["type"], &answer["data"]["flags"]), (&json!(4), &json!(64)), "{answer}");
        }
    }
    assert_eq!(runtime.block_on(isolated.app.state()), before);
    // The same custom ids, used by their owner, do change stored items.
    for (number, custom_id) in victim.custom_ids.iter().enumerate() {
        let id = ((1u64 << 61) + number as u64).to_string();
        for used in [(3, 2), (3, 3)] {
            runtime.block_on(isolated.answer(&used_by(&victim.id, &victim, used, &id, custom_id)));
        }
    }
    assert_ne!(runtime.block_on(isolated.app.state()), before);
}
