//! Compatibility with other versions: jobs in the queue, and custom ids under messages.
//!
//! `tests/contracts` keeps a sample of every shape ever released. A shape that changes gets a new
//! version and a new sample beside the old one, which must still be read.

use std::{fs, path::Path};

use aws::ComponentState;
use base64::{Engine, prelude::BASE64_URL_SAFE_NO_PAD as BASE64};
use discord::{
    CustomId,
    custom_id::{NewCustomId, State},
};
use domain::{Job, Queued, UserId};
use local_sqs::{Attribute, Outgoing};
use serde_json::{Value, json};
use tests::TestApp;

use crate::scenarios::{self, Shape, Step, Values};

/// The folder with a file for each command. Each line has: how the custom id is used, the custom id, its meaning, and
/// its state in the table (or `-`).
const CUSTOM_IDS: &str = concat!(env!("CARGO_MANIFEST_DIR"), "/contracts/custom_ids");

/// The lines of all files in [`CUSTOM_IDS`].
pub fn custom_id_lines() -> Vec<String> {
    let mut files: Vec<_> = fs::read_dir(CUSTOM_IDS).unwrap().map(|entry| entry.unwrap().path()).collect();
    files.sort();
    let texts = files.iter().map(|file| fs::read_to_string(file).unwrap());
    texts.flat_map(|text| text.lines().map(str::to_owned).collect::<Vec<_>>()).collect()
}

fn job(name: &str) -> String {
    let file = Path::new(env!("CARGO_MANIFEST_DIR")).join(format!("contracts/{name}.json"));
    fs::read_to_string(file).unwrap().trim_end().to_owned()
}

const JOBS: [&str; 6] =
    ["job.1", "job.1.button", "job.1.menu", "job.1.form", "job.1.user_command", "job.1.message_command"];

const WATCH: &str = include_str!("../contracts/watch.2.json");
const PROBE: &str = include_str!("../contracts/probe.2.json");

#[test]
fn a_job_of_the_first_version_is_read_and_written_the_same() {
    for name in JOBS {
        let text = job(name);
        let job = Job::parse(&text).unwrap();
        assert_eq!(serde_json::to_string(&job).unwrap(), text, "{name}");
    }
}

/// A line of a file in [`CUSTOM_IDS`].
#[derive(Debug, PartialEq)]
struct Sample {
    used: String,
    id: String,
    meaning: String,
    kept: Option<Vec<u8>>,
}

impl Sample {
    fn read(line: &str) -> Self {
        let columns: Vec<&str> = line.split('\t').collect();
        let [used, id, meaning, kept] = columns[..] else { panic!("not four columns: {line}") };
        let kept = (kept != "-").then(|| BASE64.decode(kept).unwrap());
        Self { used: used.to_owned(), id: id.to_owned(), meaning: meaning.to_owned(), kept }
    }

    fn write(&self) -> String {
        let kept = self.kept.as_ref().map_or_else(|| "-".to_owned(), |bytes| BASE64.encode(bytes));
        [&self.used, &self.id, &self.meaning, &kept].map(String::as_str).join("\t")
    }

    fn id(&self) -> CustomId<'_> {
        CustomId::parse(&self.id).unwrap()
    }

    /// What this version reads from it.
    fn read_today(&self) -> Option<String> {
        let id = self.id();
        let bytes = match id.state {
            State::Inline(_) => id.bytes()?,
            State::Stored(_) => self.kept.clone().filter(|bytes| id.is_of(bytes))?,
        };
        let shapes = scenarios::shapes();
        let shape = shapes.iter().find(|shape| shape.is_of(id.command, &self.used))?;
        match shape.version.checked_sub(id.version)? {
            0 => (shape.read)(&bytes),
            1 => (shape.read_previous)(&bytes),
            _ => None,
        }
    }

    /// Whether it is older than the previous version, so that it is not read any more.
    fn is_too_old(&self) -> bool {
        let (id, shapes) = (self.id(), scenarios::shapes());
        let shape = shapes.iter().find(|shape| shape.is_of(id.command, &self.used)).unwrap();
        id.version + 1 < shape.version
    }

    /// The sample as this version writes it.
    fn of(shape: Shape) -> Self {
        let kept = shape.written.stored_state.as_ref().map(|stored_state| stored_state.bytes.clone());
        Self {
            used: shape.used.to_owned(),
            id: text(shape.written, shape.command),
            meaning: shape.meaning,
            kept,
        }
    }
}

fn released() -> Vec<Sample> {
    custom_id_lines().iter().map(|line| Sample::read(line)).collect()
}

/// The custom id that a button would have.
fn text(written: NewCustomId, command: &str) -> String {
    let reply = discord::Reply { buttons: vec![discord::Button::new("x", written)], ..Default::default() };
    let response = discord::Response::Message { reply, ephemeral: true }.into_json().unwrap();
    let response: Value = serde_json::from_str(&response).unwrap();
    let id = response["data"]["components"][0]["components"][0]["custom_id"].as_str().unwrap();
    assert!(id.starts_with(command));
    id.to_owned()
}

#[test]
fn every_shape_that_is_written_has_a_sample() {
    let released = released();
    let written = scenarios::shapes().into_iter().map(Sample::of);
    let missing: Vec<Sample> = written.filter(|it| !released.contains(it)).collect();
    let lines: Vec<String> = missing.iter().map(Sample::write).collect();
    assert!(
        lines.is_empty(),
        "a shape has changed: raise its VERSION, read the one before as well (previous_action), and add to \
         the command's file in tests/contracts/custom_ids:\n{}",
        lines.join("\n")
    );
    assert!(released.iter().any(|it| it.used == "form" && it.kept.is_some()), "a form that is kept");
}

#[test]
fn every_sample_still_means_what_it_meant() {
    for sample in released() {
        let meaning = (!sample.is_too_old()).then_some(&sample.meaning);
        assert_eq!(sample.read_today().as_ref(), meaning, "{}", sample.id);
    }
}

/// The interaction of its owner, who may manage the guild.
fn used(sample: &Sample, guild: &Value) -> Value {
    let mut body = json!({
        "id": "1100000000000000100", "token": "sample", "guild_id": guild, "message": { "id": "5" },
        "member": { "user": { "id": Shape::OWNER.to_string() }, "permissions": "32" }, "locale": "en-GB",
    });
    let id = sample.id();
    (body["type"], body["data"]) = match sample.used.as_str() {
        "button" => (json!(3), json!({ "component_type": 2 })),
        "menu" => (json!(3), json!({ "component_type": 3, "values": chosen(id.command) })),
        "form" => (json!(5), filled(id.command)),
        other => panic!("{other}"),
    };
    body["data"]["custom_id"] = sample.id.as_str().into();
    body
}

/// The steps of a command's scenario that are not refused, with the values of their placeholders.
fn steps(command: &str) -> impl Iterator<Item = (Step, Values<'static>, Option<&'static str>)> {
    let acts = scenarios::acts().filter(move |(of, act)| of.command == command && !act.is_refused);
    acts.map(|(_, act)| {
        (act.does, Values::of(act, |blank| blank.values[0]), act.uploads.map(|(name, _)| name))
    })
}

/// The values of the first choice in the command's scenario.
fn chosen(command: &str) -> Vec<String> {
    let mut all = steps(command).filter_map(|(step, values, _)| match step {
        Step::Choose(_, chosen) => Some(chosen.iter().map(|one| values.fill(one)).collect()),
        _ => None,
    });
    all.next().unwrap_or_default()
}

/// The fields of all modals of the command together; each modal reads its own.
fn filled(command: &str) -> Value {
    let (mut components, mut attachments) = (Vec::new(), json!({}));
    for (step, values, file) in steps(command) {
        let Step::Submit(fields) = step else { continue };
        for (name, put) in fields {
            let put: Vec<String> = put.iter().map(|one| values.fill(one)).collect();
            let value = match put.first().map(String::as_str) {
                Some("true") => json!(true),
                Some("false") => json!(false),
                first => json!(first),
            };
            components.push(
                json!({ "type": 18, "component": { "custom_id": name, "value": value, "values": put } }),
            );
        }
        if let Some(name) = file {
            attachments[name] = json!({
                "id": "7", "filename": name, "size": 2, "url": format!("https://cdn.discordapp.com/{name}"),
            });
        }
    }
    json!({ "components": components, "resolved": { "attachments": attachments } })
}

#[test]
fn a_watchdog_of_the_first_version_is_read_and_written_the_same() {
    let Ok(Queued::Watchdog(watchdog)) = Queued::parse(WATCH.trim_end()) else { panic!("not a watchdog") };
    assert_eq!(serde_json::to_string(&watchdog).unwrap(), WATCH.trim_end());
}

#[test]
fn a_probe_of_the_first_version_is_read_and_written_the_same() {
    let Ok(Queued::Probe(probe)) = Queued::parse(PROBE.trim_end()) else { panic!("not a probe") };
    assert_eq!(serde_json::to_string(&probe).unwrap(), PROBE.trim_end());
}

#[tokio::test(flavor = "multi_thread")]
async fn everything_ever_sent_still_does_something() {
    let app = TestApp::open().await;
    let guild = json!(app.stack.discord.status().unwrap().guilds[0].id);
    let kept = app.aws().await.store::<ComponentState>();
    let now = app.stack.clock.now();
    for sample in released() {
        if let (State::Stored(key), Some(bytes)) = (sample.id().state, &sample.kept) {
            kept.put(key, &ComponentState(bytes.clone()), now).await.unwrap();
        }
        let answer = app.stack.discord.deliver(used(&sample, &guild).to_string().into_bytes()).await.unwrap();
        let answer: Value = serde_json::from_slice(&answer.body).unwrap();
        // Deferred (5, 6), updated, a modal or public. An unknown custom id would get an ephemeral message.
        let is_told_off = answer["type"] == 4 && answer["data"]["flags"] == 64;
        assert_eq!(is_told_off, sample.is_too_old(), "{}: {answer}", sample.write());
    }
    app.pass_until("the jobs are settled", || app.queued("jobs") == 0).await;
}

#[tokio::test(flavor = "multi_thread")]
async fn what_a_later_version_sent_can_be_used_in_a_minute() {
    let app = TestApp::open().await;
    let guild = json!(app.stack.discord.status().unwrap().guilds[0].id);
    for mut sample in released() {
        let id = sample.id();
        let (head, later) = (format!("{}.{}", id.command, id.version), id.version + 2);
        sample.id = sample.id.replacen(&head, &format!("{}.{later}", id.command), 1);
        let answer = app.stack.discord.deliver(used(&sample, &guild).to_string().into_bytes()).await.unwrap();
        let answer: Value = serde_json::from_slice(&answer.body).unwrap();
        let said = answer["data"]["content"].as_str().unwrap_or_default();
        assert_eq!((&answer["type"], &answer["data"]["flags"]), (&json!(4), &json!(64)), "{answer}");
        assert!(said.ends_with("Please try again in a minute."), "{}: {answer}", sample.id);
    }
    assert_eq!(app.queued("jobs"), 0);
}

#[tokio::test(flavor = "multi_thread")]
async fn every_job_ever_sent_is_still_done() {
    let app = TestApp::open().await;
    let homes = app.aws().await.store::<domain::Home>();
    let owner = UserId::new(Shape::OWNER).unwrap();
    for name in JOBS {
        // Redriven, because their replies can no longer be given.
        let attributes = [("redriven".to_owned(), Attribute::text("true"))].into();
        app.stack.queues.send("jobs", &Outgoing { attributes, ..Outgoing::new(job(name)) }).unwrap();
        app.pass_until(name, || app.queued("jobs") == 0).await;
        assert_eq!(app.queued("jobs-dead"), 0, "{name}");
    }
    // Their tokens have expired, so there is no reply, but the effects are stored.
    assert_eq!(
        homes.get(owner, app.stack.clock.now()).await.unwrap().unwrap().label().as_str(),
        "Oslo, Western Cape, South Africa"
    );
    assert_eq!(app.stack.open_meteo.calls().searches, 2);
}
