//! The two items of settings: how they are written and read.

use std::collections::HashMap;

use aws_sdk_dynamodb::types::AttributeValue;
use domain::{
    Fault, InteractionId, Settings,
    settings::{Changed, Field},
};
use jiff::{SignedDuration, Timestamp};
use serde_json::Value;

use super::{Author, Change, Stored};
use crate::{
    items::{Item, check_version, get_number, get_text, get_time, number, text},
    keys::{self, EXPIRES_AT, OWNER, PK, SK},
};

/// The version of both items. An attribute may join them without a new one: who does not know it
/// leaves it alone. A changed meaning needs a new one.
const V: i64 = 1;
/// How long a change is remembered.
const REMEMBERED: SignedDuration = SignedDuration::from_hours(180 * 24);
const CHANGED_BY: &str = "changed_by_interaction";
const PLACE: &str = "dynamodb.settings";

/// What the table holds of a guild.
#[derive(Default)]
pub(super) struct Read {
    pub(super) stored: Stored,
    /// The last interaction that changed it.
    pub(super) changed_by: Option<InteractionId>,
    /// Codes of what is off that this version does not know.
    unknown_off: Vec<String>,
}

/// The parts of an update of the settings.
pub(super) struct Write {
    pub(super) expression: String,
    pub(super) names: HashMap<String, String>,
    pub(super) values: Item,
}

pub(super) fn settings(item: &Item) -> Result<Read, Fault> {
    check_version(PLACE, item, V)?;
    let unreadable = || Fault::lasting(PLACE, "unreadable");
    let version = get_number(item, "version").and_then(|version| u64::try_from(version).ok());
    let mut settings = Settings::default();
    let mut unknown_off = Vec::new();
    for field in Field::ALL {
        for code in codes(item, field) {
            // What another version wrote counts as undecided here, and stays in the item.
            if settings.take(field, code).is_err() && field == Field::Off {
                unknown_off.push(code.to_owned());
            }
        }
    }
    let changed_by = get_text(item, CHANGED_BY).and_then(|id| id.parse().ok());
    let stored = Stored { settings, version: version.ok_or_else(unreadable)? };
    Ok(Read { stored, changed_by, unknown_off })
}

fn codes(item: &Item, field: Field) -> Vec<&str> {
    match item.get(field.name()) {
        Some(AttributeValue::S(code)) => vec![code],
        Some(AttributeValue::Ss(codes)) => codes.iter().map(String::as_str).collect(),
        _ => Vec::new(),
    }
}

/// Writes the fields that differ, and no other. `:interaction` and `:next` are the caller's.
pub(super) fn update(before: &Read, after: &Settings, changes: &[Changed]) -> Write {
    let mut set =
        vec!["v = :v".to_owned(), "#version = :next".to_owned(), format!("{CHANGED_BY} = :interaction")];
    let mut remove = Vec::new();
    let mut names = HashMap::from([("#version".to_owned(), "version".to_owned())]);
    let mut values = Item::from([(":v".to_owned(), number(V))]);
    for field in Field::ALL.into_iter().filter(|field| changes.iter().any(|change| change.field() == *field))
    {
        let name = field.name();
        names.insert(format!("#{name}"), name.to_owned());
        match value(field, before, after) {
            Some(value) => {
                set.push(format!("#{name} = :{name}"));
                values.insert(format!(":{name}"), value);
            }
            None => remove.push(format!("#{name}")),
        }
    }
    let mut expression = format!("SET {}", set.join(", "));
    if !remove.is_empty() {
        expression += &format!(" REMOVE {}", remove.join(", "));
    }
    Write { expression, names, values }
}

/// `None`: undecided, or nothing is off (an empty set cannot be stored).
fn value(field: Field, before: &Read, after: &Settings) -> Option<AttributeValue> {
    let mut codes: Vec<String> = after.codes(field).into_iter().map(str::to_owned).collect();
    if field != Field::Off {
        return codes.pop().map(AttributeValue::S);
    }
    codes.extend(before.unknown_off.iter().cloned());
    (!codes.is_empty()).then_some(AttributeValue::Ss(codes))
}

pub(super) fn log_entry(author: Author, changes: &[Changed]) -> Item {
    let Author { guild, by, interaction, now } = author;
    let what = serde_json::to_string(changes).expect("codes and truth values are JSON");
    let expires_at = now.checked_add(REMEMBERED).unwrap_or(Timestamp::MAX);
    Item::from([
        (PK.to_owned(), text(keys::guild(guild))),
        (SK.to_owned(), text(keys::change(interaction))),
        (OWNER.to_owned(), text(keys::user(by))),
        ("v".to_owned(), number(V)),
        ("at".to_owned(), number(now.as_millisecond())),
        ("by".to_owned(), text(by.to_string())),
        ("what".to_owned(), text(what)),
        (EXPIRES_AT.to_owned(), number(expires_at.as_second())),
    ])
}

pub(super) fn is_alive(item: &Item, now: Timestamp) -> bool {
    get_number(item, EXPIRES_AT).is_none_or(|expires_at| now.as_second() < expires_at)
}

pub(super) fn change(item: &Item) -> Result<Change, Fault> {
    check_version(PLACE, item, V)?;
    let read = || {
        let what: Vec<Value> = serde_json::from_str(get_text(item, "what")?).ok()?;
        // A setting of a later version cannot be named here.
        let what = what.into_iter().filter_map(|one| serde_json::from_value(one).ok()).collect();
        Some(Change { at: get_time(item, "at")?, by: get_text(item, "by")?.parse().ok()?, what })
    };
    read().ok_or_else(|| Fault::lasting(PLACE, "unreadable"))
}

/// As DynamoDB's numbers are made here.
pub(super) fn signed(version: u64) -> i64 {
    i64::try_from(version).unwrap_or(i64::MAX)
}
