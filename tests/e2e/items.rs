//! Stored items: `tests/contracts/items/` has a sample of every kind and version, which this version must read and
//! write. Also tests the check of items at the end of every test.

use std::{collections::BTreeSet, fs, path::Path};

use aws::{
    keys::{EXPIRES_AT, OWNER, PK, SCHEMA_VERSION, SK},
    kinds::{self, KINDS, Registered},
    tables::Name,
};
use serde_json::{Value, json};
use tests::TestApp;

/// The samples: `<kind>.<version>.json`, or `<kind>.<version>.<what>.json` for another shape of the same version.
const SAMPLES: &str = concat!(env!("CARGO_MANIFEST_DIR"), "/contracts/items");

/// The message if a shape has changed.
const CHANGED: &str = "the shape has changed. Items like the sample are in the table: read and write them as before, \
    or give the kind a new version and that version a sample";

/// Attributes that items of any kind may have.
const OF_EVERY_KIND: [&str; 9] = [
    PK,
    SK,
    SCHEMA_VERSION,
    OWNER,
    EXPIRES_AT,
    "version",
    "changed_at",
    "changed_by_interaction",
    "forgotten",
];

/// All samples: file name and item.
fn samples() -> Vec<(String, Value)> {
    let mut all: Vec<(String, Value)> = fs::read_dir(Path::new(SAMPLES))
        .unwrap()
        .map(|file| {
            let path = file.unwrap().path();
            let name = path.file_name().unwrap().to_str().unwrap().to_owned();
            let item = serde_json::from_slice(&fs::read(&path).unwrap());
            (name.clone(), item.unwrap_or_else(|error| panic!("{name}: {error}")))
        })
        .collect();
    all.sort_by(|one, other| one.0.cmp(&other.0));
    all
}

fn samples_of(kind: &Registered, v: i64) -> Vec<(String, Value)> {
    let begins = format!("{}.{v}.", kind.kind);
    let samples: Vec<_> = samples().into_iter().filter(|(name, _)| name.starts_with(&begins)).collect();
    assert!(!samples.is_empty(), "no sample of an item: add tests/contracts/items/{begins}json");
    samples
}

fn text<'a>(item: &'a Value, name: &str, kind: &str) -> Option<&'a str> {
    item[name][kind].as_str()
}

/// The attributes of the item's kind.
fn own(item: &Value) -> Value {
    let attributes = item.as_object().unwrap().iter();
    let own = attributes.filter(|(name, _)| !OF_EVERY_KIND.contains(&name.as_str()));
    own.map(|(name, value)| (name.clone(), value.clone())).collect()
}

fn find(item: &Value) -> Option<&'static Registered> {
    let sk = text(item, SK, "S");
    let table = if sk.is_some() { Name::State } else { Name::Ephemeral };
    kinds::find(table, text(item, PK, "S")?, sk)
}

#[test]
fn every_version_of_every_kind_has_a_sample_that_is_known_by_its_key() {
    for kind in KINDS {
        for v in 1..=kind.v {
            for (name, item) in samples_of(kind, v) {
                assert_eq!(find(&item).map(|found| found.kind), Some(kind.kind), "{name}: by its key");
                assert_eq!(
                    text(&item, SCHEMA_VERSION, "N"),
                    Some(v.to_string().as_str()),
                    "{name}: its version"
                );
                let owned = kind.personal == kinds::Personal::Owned;
                assert_eq!(text(&item, OWNER, "S").is_some(), owned, "{name}: its owner");
                let of_it = KINDS.iter().filter(|other| {
                    let sk = text(&item, SK, "S");
                    other.table == kind.table && other.has(text(&item, PK, "S").unwrap(), sk)
                });
                assert_eq!(of_it.count(), 1, "{name}: two kinds have such keys");
            }
        }
    }
}

#[test]
fn a_sample_of_this_version_is_read_and_written_the_same() {
    for kind in KINDS {
        let mut sampled = BTreeSet::new();
        for (name, item) in samples_of(kind, kind.v) {
            let written = kind
                .reread(&item)
                .unwrap_or_else(|fault| panic!("{name} is not read any more ({fault}): {CHANGED}"));
            let sample = own(&item);
            assert_eq!(own(&written), sample, "{name} is not written the same: {CHANGED}");
            sampled.extend(item.as_object().unwrap().keys().cloned());
        }
        let all: BTreeSet<String> = kind.attributes.iter().map(|name| (*name).to_owned()).collect();
        let missing: Vec<_> = all.difference(&sampled).collect();
        assert!(
            missing.is_empty(),
            "no sample of `{kind}` has {missing:?}: add tests/contracts/items/{kind}.{v}.<what>.json",
            kind = kind.kind,
            v = kind.v,
        );
    }
}

#[test]
fn every_sample_is_of_a_kind() {
    for (name, item) in samples() {
        assert!(find(&item).is_some(), "{name}: of no kind in shared/aws/src/kinds.rs");
    }
}

/// Runs a test app with this item in a table, besides the bot's own.
async fn with_item(table: &str, item: Value) {
    let app = TestApp::open().await;
    app.member().says("/weather place:Paris").await.settled().await;
    app.plant(table, &item).await;
}

#[tokio::test(flavor = "multi_thread")]
#[should_panic(expected = "State: SECRET#1 HOME: of no kind in shared/aws/src/kinds.rs")]
async fn an_item_of_no_registered_kind_fails_the_test() {
    with_item("State", json!({ "pk": { "S": "SECRET#1" }, "sk": { "S": "HOME" }, "v": { "N": "1" } })).await;
}

#[tokio::test(flavor = "multi_thread")]
#[should_panic(expected = "State: FLAGS CURRENT: it has no `v`")]
async fn an_item_without_a_version_fails_the_test() {
    with_item("State", json!({ "pk": { "S": "FLAGS" }, "sk": { "S": "CURRENT" } })).await;
}

#[tokio::test(flavor = "multi_thread")]
#[should_panic(expected = "State: USER#1 HOME: `home` has an owner, and it has none")]
async fn an_item_of_a_user_without_an_owner_fails_the_test() {
    with_item("State", json!({ "pk": { "S": "USER#1" }, "sk": { "S": "HOME" }, "v": { "N": "1" } })).await;
}

#[tokio::test(flavor = "multi_thread")]
#[should_panic(expected = "`cache` names no user, and it does")]
async fn a_users_id_in_the_key_of_what_names_no_user_fails_the_test() {
    let app = TestApp::open().await;
    let user = app.stack.discord.status().unwrap().users[0].id;
    let expires_at = app.stack.clock.now().as_second() + 60;
    let key = json!({ "S": format!("CACHE#{user}") });
    let item = json!({ "pk": key, "v": { "N": "1" }, "expires_at": { "N": expires_at.to_string() } });
    app.plant("Ephemeral", &item).await;
}

#[tokio::test(flavor = "multi_thread")]
#[should_panic(expected = "it knows a user for more than 24 hours")]
async fn an_expiring_item_that_knows_a_user_for_days_fails_the_test() {
    let app = TestApp::open().await;
    let expires_at = app.stack.clock.now().as_second() + 2 * 24 * 60 * 60;
    let key = json!({ "S": "RATE#USER#1#normal#command" });
    let item = json!({ "pk": key, "v": { "N": "1" }, "expires_at": { "N": expires_at.to_string() } });
    app.plant("Ephemeral", &item).await;
}
