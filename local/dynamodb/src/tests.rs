//! Reading and trimming streams.

#![allow(clippy::unwrap_used, reason = "a test that cannot go on has failed")]

use std::{
    path::{Path, PathBuf},
    sync::{
        Arc, Mutex,
        atomic::{AtomicBool, Ordering},
    },
    time::Instant,
};

use dynoxide::actions::{create_table::CreateTableRequest, put_item::PutItemRequest};
use serde_json::{Value, json};

use super::{DynamoDb, Pump, Relay, Unread};

const TABLE: &str = "State";

fn create(dynamodb: &DynamoDb) {
    let table = json!({
        "TableName": TABLE, "BillingMode": "PAY_PER_REQUEST",
        "KeySchema": [{ "AttributeName": "pk", "KeyType": "HASH" }],
        "AttributeDefinitions": [{ "AttributeName": "pk", "AttributeType": "S" }],
        "StreamSpecification": { "StreamEnabled": true, "StreamViewType": "NEW_AND_OLD_IMAGES" },
    });
    let table: CreateTableRequest = serde_json::from_value(table).unwrap();
    dynamodb.database.create_table(table).unwrap();
}

fn put(dynamodb: &DynamoDb, name: &str) {
    let item = json!({ "TableName": TABLE, "Item": { "pk": { "S": name } } });
    let item: PutItemRequest = serde_json::from_value(item).unwrap();
    dynamodb.database.put_item(item).unwrap();
}

/// A relay that stores the keys of its records.
#[derive(Clone, Default)]
struct Ledger {
    keys: Arc<Mutex<Vec<String>>>,
    refuses: Arc<AtomicBool>,
}

impl Relay for Ledger {
    fn take(&mut self, records: &[Value]) -> bool {
        if self.refuses.load(Ordering::Relaxed) {
            return false;
        }
        for record in records {
            assert_eq!(
                (&record["eventName"], &record["eventSource"]),
                (&json!("INSERT"), &json!("aws:dynamodb"))
            );
            assert!(record["eventSourceARN"].as_str().unwrap().contains("/State/stream/"));
            let key = record["dynamodb"]["Keys"]["pk"]["S"].as_str().unwrap();
            self.keys.lock().unwrap().push(key.to_owned());
        }
        true
    }
}

impl Ledger {
    fn taken(&self) -> Vec<String> {
        std::mem::take(&mut self.keys.lock().unwrap())
    }

    fn pump(&self, dynamodb: &DynamoDb, position: Option<&Path>) -> Pump {
        dynamodb.pump(TABLE, position, Box::new(self.clone())).unwrap()
    }
}

fn kept(dynamodb: &DynamoDb) -> u32 {
    let sqlite = rusqlite::Connection::open(&dynamodb.path).unwrap();
    sqlite.query_row("SELECT count(*) FROM _stream_records", [], |row| row.get(0)).unwrap()
}

fn in_file() -> (tempfile::TempDir, PathBuf, PathBuf) {
    let folder = tempfile::tempdir().unwrap();
    let (file, position) = (folder.path().join("dynamodb.sqlite"), folder.path().join("stream-State"));
    (folder, file, position)
}

#[test]
fn changes_are_handed_on_once_in_order_and_trimmed_behind() {
    let (_folder, file, _) = in_file();
    for place in [None, Some(file.as_path())] {
        let (dynamodb, ledger) = (DynamoDb::open(place).unwrap(), Ledger::default());
        create(&dynamodb);
        let mut pump = ledger.pump(&dynamodb, None);
        assert_eq!(pump.turn().unwrap(), 0);
        for round in 0..3 {
            let names: Vec<String> = (0..5).map(|number| format!("{round}.{number}")).collect();
            names.iter().for_each(|name| put(&dynamodb, name));
            assert_eq!((pump.turn().unwrap(), ledger.taken()), (5, names));
            assert_eq!(kept(&dynamodb), 1, "the last, from which the next number is counted");
            assert_eq!(pump.turn().unwrap(), 0);
        }
    }
}

#[test]
fn in_memory_each_database_is_its_own() {
    let (one, other) = (DynamoDb::open(None).unwrap(), DynamoDb::open(None).unwrap());
    create(&one);
    create(&other);
    put(&one, "a");
    assert_eq!((kept(&one), kept(&other)), (1, 0));
}

#[test]
fn what_the_relay_does_not_take_comes_again() {
    let (dynamodb, ledger) = (DynamoDb::open(None).unwrap(), Ledger::default());
    create(&dynamodb);
    let mut pump = ledger.pump(&dynamodb, None);
    put(&dynamodb, "a");
    ledger.refuses.store(true, Ordering::Relaxed);
    assert_eq!(pump.turn().unwrap(), 0);
    put(&dynamodb, "b");
    ledger.refuses.store(false, Ordering::Relaxed);
    assert_eq!((pump.turn().unwrap(), ledger.taken()), (2, vec!["a".to_owned(), "b".to_owned()]));
}

#[test]
fn the_position_survives_the_process_and_is_forgotten_with_its_table() {
    let (_folder, file, position) = in_file();
    let ledger = Ledger::default();
    {
        let dynamodb = DynamoDb::open(Some(&file)).unwrap();
        create(&dynamodb);
        put(&dynamodb, "a");
        assert_eq!(ledger.pump(&dynamodb, Some(&position)).turn().unwrap(), 1);
        put(&dynamodb, "b");
    }
    ledger.taken();
    let dynamodb = DynamoDb::open(Some(&file)).unwrap();
    let mut pump = ledger.pump(&dynamodb, Some(&position));
    assert_eq!((pump.turn().unwrap(), ledger.taken()), (1, vec!["b".to_owned()]));
    std::fs::write(&position, "arn:aws:dynamodb:x:0:table/State/stream/old\n999999999999999999999\n")
        .unwrap();
    put(&dynamodb, "c");
    let mut pump = ledger.pump(&dynamodb, Some(&position));
    pump.turn().unwrap();
    assert!(ledger.taken().contains(&"c".to_owned()));
}

/// Writes per second, of the first thousand and of a thousand after twenty thousand.
fn speeds(dynamodb: &DynamoDb, mut pump: Option<Pump>) -> (f64, f64) {
    create(dynamodb);
    let mut number = 0;
    let mut thousand = || {
        let begun = Instant::now();
        for _ in 0..1_000 {
            number += 1;
            put(dynamodb, &number.to_string());
            // About as often as `Pump::run` would poll.
            if number % 50 == 0 {
                pump.as_mut().map(|pump| pump.turn().unwrap());
            }
        }
        1_000.0 / begun.elapsed().as_secs_f64()
    };
    let first = thousand();
    for _ in 0..19 {
        thousand();
    }
    (first, thousand())
}

/// `cargo test -p steward-local-dynamodb --lib -- --ignored writes_do_not --nocapture`
#[test]
#[ignore = "takes minutes"]
#[expect(clippy::print_stdout, reason = "the ratio is what it is run for")]
fn writes_do_not_slow_down_with_the_number_of_changes() {
    for (what, trimmed) in [("trimmed", true), ("not trimmed", false)] {
        let (_folder, file, position) = in_file();
        let dynamodb = DynamoDb::open(Some(&file)).unwrap();
        let pump = trimmed.then(|| dynamodb.pump(TABLE, Some(&position), Box::new(Unread)).unwrap());
        let (first, later) = speeds(&dynamodb, pump);
        println!("{what}: {first:.0} writes/s at first, {later:.0} after 20,000, ratio {:.2}", later / first);
    }
}
