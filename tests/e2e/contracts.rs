//! Shapes that another version of this code may still hold: jobs in the queue, buttons under messages.
//!
//! `tests/contracts` keeps a sample of every shape ever released. A shape that changes gets a new
//! version and a new sample beside the old one, which must still be read.

use aws::ComponentState;
use std::{fs, path::Path};

use base64::{Engine, prelude::BASE64_URL_SAFE_NO_PAD as BASE64};
use bot::commands::{
    convert_units::ConvertAction,
    home::HomeAction,
    settings::{SettingsAction, SettingsForm},
    weather::{AtHome, WeatherAction},
};
use discord::{
    CustomId,
    custom_id::{self, State, Written},
};
use domain::{
    Job, Language, Queued, UserId,
    repeat::Name,
    settings::{Feature, Settings, TimeZone},
    weather::Units,
};
use local::queue::Outgoing;
use serde::{Serialize, de::DeserializeOwned};
use serde_json::{Value, json};
use tests::House;

/// A line each: how it is used, its custom id, what that means, and what the table keeps for it (or `-`).
const CUSTOM_IDS: &str = include_str!("../contracts/custom_ids.txt");
/// For whom the samples were made.
const OWNER: u64 = 1_100_000_000_000_000_004;

fn job(name: &str) -> String {
    let file = Path::new(env!("CARGO_MANIFEST_DIR")).join(format!("contracts/{name}.json"));
    fs::read_to_string(file).unwrap().trim_end().to_owned()
}

const JOBS: [&str; 6] =
    ["job.1", "job.1.button", "job.1.menu", "job.1.form", "job.1.user_command", "job.1.message_command"];

const WATCH: &str = include_str!("../contracts/watch.2.json");

#[test]
fn a_job_of_the_first_version_is_read_and_written_the_same() {
    for name in JOBS {
        let text = job(name);
        let job = Job::parse(&text).unwrap();
        assert_eq!(serde_json::to_string(&job).unwrap(), text, "{name}");
    }
}

/// One line of [`CUSTOM_IDS`].
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

    /// What this version reads out of it.
    fn read_today(&self) -> Option<String> {
        let id = self.id();
        let bytes = match id.state {
            State::Here(_) => id.bytes()?,
            State::Kept(_) => self.kept.clone().filter(|bytes| id.is_of(bytes))?,
        };
        match (id.command, self.used.as_str()) {
            ("weather", "form") => meaning::<AtHome>(&bytes),
            ("weather", _) => meaning::<WeatherAction>(&bytes),
            ("home", "form") => meaning::<()>(&bytes),
            ("home", _) => meaning::<HomeAction>(&bytes),
            ("settings", "form") => meaning::<SettingsForm>(&bytes),
            ("settings", _) => meaning::<SettingsAction>(&bytes),
            ("Convert units", _) => meaning::<ConvertAction>(&bytes),
            _ => None,
        }
    }
}

fn meaning<S: DeserializeOwned + std::fmt::Debug>(bytes: &[u8]) -> Option<String> {
    custom_id::unpack::<S>(bytes).map(|state| format!("{state:?}"))
}

fn released() -> Vec<Sample> {
    CUSTOM_IDS.lines().map(Sample::read).collect()
}

/// As this version writes it today.
fn sample<S: Serialize + std::fmt::Debug>(
    used: &str,
    command: &str,
    owner: Option<u64>,
    state: &S,
) -> Sample {
    let written = custom_id::write(command, 1, owner.and_then(UserId::new), state).unwrap();
    let kept = written.overflow.as_ref().map(|overflow| overflow.bytes.clone());
    Sample { used: used.to_owned(), id: text(written, command), meaning: format!("{state:?}"), kept }
}

/// What a button would show of it.
fn text(written: Written, command: &str) -> String {
    let reply = discord::Reply { buttons: vec![discord::Button::new("x", written)], ..Default::default() };
    let response = discord::Response::Message { reply, private: true }.into_json().unwrap();
    let response: Value = serde_json::from_str(&response).unwrap();
    let id = response["data"]["components"][0]["components"][0]["custom_id"].as_str().unwrap();
    assert!(id.starts_with(command));
    id.to_owned()
}

fn weather(action: &str, units: &str) -> WeatherAction {
    let shown = json!({ "at": [4885, 235], "units": units, "label": "Paris, Île-de-France, France" });
    serde_json::from_value(json!({ action: shown })).unwrap()
}

fn all_settings() -> Settings {
    Settings {
        language: Some(Language::German),
        units: Some(Units::Imperial),
        time_zone: Some(TimeZone::parse("America/Argentina/ComodRivadavia").unwrap()),
        off: Feature::ALL.into_iter().collect(),
    }
}

/// Every shape that this version writes, one with every field filled and each variant once.
fn written_today() -> Vec<Sample> {
    let mine = Some(OWNER);
    let share =
        |count| ConvertAction::Share { lines: vec![(Name::of("10 miles"), Name::of("16 km")); count] };
    let at_home: AtHome = serde_json::from_value(json!({ "units": "imperial" })).unwrap();
    let mut all = vec![
        sample("button", "weather", None, &weather("Refresh", "metric")),
        sample("button", "weather", None, &weather("Turn", "imperial")),
        sample("form", "weather", mine, &at_home),
        sample("button", "home", mine, &HomeAction::Change),
        sample("button", "home", mine, &HomeAction::Forget),
        sample("form", "home", mine, &()),
        sample("form", "settings", mine, &SettingsForm::Edit { shown: Settings::default() }),
        sample("form", "settings", mine, &SettingsForm::Edit { shown: all_settings() }),
        sample("form", "settings", mine, &SettingsForm::Import),
        sample("button", "Convert units", mine, &share(1)),
        sample("button", "Convert units", mine, &share(10)),
    ];
    use SettingsAction::{Copy, Edit, Features, Import, Language, Show, Units};
    let features = |off: &[Feature]| Features { off: off.iter().copied().collect() };
    let (nothing, all_of_them) = (features(&[]), features(&Feature::ALL));
    for action in [Language, Units, nothing, all_of_them, Edit, Copy, Import, Show] {
        // What is added here needs a place in the list above, and a sample.
        let used = match action {
            Language | Units | Features { .. } => "menu",
            Edit | Copy | Import | Show => "button",
        };
        all.push(sample(used, "settings", mine, &action));
    }
    all
}

#[test]
fn every_shape_that_is_written_has_a_sample() {
    let released = released();
    let missing: Vec<Sample> = written_today().into_iter().filter(|it| !released.contains(it)).collect();
    let lines: Vec<String> = missing.iter().map(Sample::write).collect();
    assert!(
        lines.is_empty(),
        "a shape has changed: raise its VERSION, read the one before as well, and add to \
         tests/contracts/custom_ids.txt:\n{}",
        lines.join("\n")
    );
    assert!(released.iter().any(|it| it.used == "form" && it.kept.is_some()), "a form that is kept");
}

#[test]
fn every_sample_still_means_what_it_meant() {
    for sample in released() {
        assert_eq!(sample.read_today().as_ref(), Some(&sample.meaning), "{}", sample.id);
    }
}

/// The interaction of whoever uses it today, in a guild that he manages.
fn used(sample: &Sample, guild: &Value) -> Value {
    let mut body = json!({
        "id": "1100000000000000100", "token": "sample", "guild_id": guild, "message": { "id": "5" },
        "member": { "user": { "id": OWNER.to_string() }, "permissions": "32" }, "locale": "en-GB",
    });
    (body["type"], body["data"]) = match sample.used.as_str() {
        "button" => (json!(3), json!({ "component_type": 2 })),
        "menu" => (json!(3), json!({ "component_type": 3, "values": ["de"] })),
        "form" => (json!(5), json!({ "components": filled(), "resolved": { "attachments": attachments() } })),
        other => panic!("{other}"),
    };
    body["data"]["custom_id"] = sample.id.as_str().into();
    body
}

fn filled() -> Value {
    json!([
        { "type": 18, "component": { "type": 4, "custom_id": "place", "value": "Paris" } },
        { "type": 18, "component": { "type": 23, "custom_id": "shared", "value": true } },
        { "type": 18, "component": { "type": 3, "custom_id": "language", "values": ["en"] } },
        { "type": 18, "component": { "type": 21, "custom_id": "units", "value": "metric" } },
        { "type": 18, "component": { "type": 4, "custom_id": "time_zone", "value": "Europe/Rome" } },
        { "type": 18, "component": { "type": 22, "custom_id": "features", "values": ["weather", "conversion"] } },
        { "type": 18, "component": { "type": 19, "custom_id": "file", "values": ["7"] } },
    ])
}

fn attachments() -> Value {
    json!({ "7": { "id": "7", "filename": "a.json", "size": 2, "url": "https://cdn.discordapp.com/a.json" } })
}

#[test]
fn a_watch_of_the_first_version_is_read_and_written_the_same() {
    let Ok(Queued::Watch(watch)) = Queued::parse(WATCH.trim_end()) else { panic!("not a watch") };
    assert_eq!(serde_json::to_string(&watch).unwrap(), WATCH.trim_end());
}

#[tokio::test(flavor = "multi_thread")]
async fn everything_ever_sent_still_does_something() {
    let house = House::open().await;
    let guild = json!(house.stack.discord.status().unwrap().guilds[0].id);
    let kept = house.aws().await.store::<ComponentState>();
    let now = house.stack.clock.now();
    for sample in released() {
        if let (State::Kept(key), Some(bytes)) = (sample.id().state, &sample.kept) {
            kept.put(key, &ComponentState(bytes.clone()), now).await.unwrap();
        }
        let answer =
            house.stack.discord.deliver(used(&sample, &guild).to_string().into_bytes()).await.unwrap();
        let answer: Value = serde_json::from_slice(&answer.body).unwrap();
        // Deferred (5, 6), updated, a form, or said to everybody; an old one is told so privately.
        let is_told_off = answer["type"] == 4 && answer["data"]["flags"] == 64;
        assert!(!is_told_off, "{}: {answer}", sample.write());
    }
    house.pass_until("the jobs are settled", || house.queued("jobs") == 0).await;
}

#[tokio::test(flavor = "multi_thread")]
async fn every_job_ever_sent_is_still_done() {
    let house = House::open().await;
    let homes = house.aws().await.store::<domain::Home>();
    let owner = UserId::new(OWNER).unwrap();
    for name in JOBS {
        house.stack.queues.send("jobs", &Outgoing::new(job(name))).unwrap();
        house.pass_until(name, || house.queued("jobs") == 0).await;
        assert_eq!(house.queued("jobs-dead"), 0, "{name}");
    }
    // Their tokens are long dead, so nothing is said; what they did is there.
    assert_eq!(
        homes.get(owner, house.stack.clock.now()).await.unwrap().unwrap().label().as_str(),
        "Oslo, Western Cape, South Africa"
    );
    assert_eq!(house.stack.open_meteo.calls().searches, 2);
}
