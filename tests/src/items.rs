//! Checks the tables at the end of a test: all items are of registered kinds, and an item with a user's id has that
//! user as its owner.

use aws::{
    Kind as _,
    keys::{EXPIRES_AT, OWNER, PK, SCHEMA_VERSION, SK},
    kinds::{self, Personal, Registered},
    tables::Name,
};
use serde_json::Value;
use steward::Stack;

use crate::tally::Tally;

/// More items than any test stores.
const MAX_ITEMS: usize = 100_000;
/// How long items in the table Ephemeral may contain a user's id, in seconds.
const DAY_SECONDS: i64 = 24 * 60 * 60;

/// A description of every invalid item: table, key and reason.
pub(crate) fn faulty(stack: &Stack) -> Vec<String> {
    let users = stack.discord.status().expect("a status").users;
    let users: Vec<String> = users.iter().map(|user| user.id.to_string()).collect();
    let now = stack.clock.now().as_second();
    let tables = [(Name::State, "State"), (Name::Ephemeral, "Ephemeral")];
    let found = tables.into_iter().flat_map(|(table, name)| {
        let items = stack.dynamodb.items(name, MAX_ITEMS).expect("a table");
        items.into_iter().map(move |item| (table, name, item))
    });
    let wrong = found.filter_map(|(table, name, item)| {
        let why = why_faulty(table, &item, &users, now)?;
        Some(format!("{name}: {} {}: {why}", text(&item, PK), text(&item, SK)))
    });
    wrong.collect()
}

fn why_faulty(table: Name, item: &Value, users: &[String], now: i64) -> Option<String> {
    let sk = item[SK].as_str();
    let tally = (table == Name::State && sk == Some("TALLY")).then_some(Tally::REGISTERED);
    let Some(kind) = kinds::find(table, text(item, PK), sk).or(tally) else {
        return Some("of no kind in shared/aws/src/kinds.rs".to_owned());
    };
    let expires_at = number(item, EXPIRES_AT);
    if number(item, SCHEMA_VERSION).is_none() {
        return Some("it has no `v`".to_owned());
    }
    if table == Name::Ephemeral && expires_at.is_none() {
        return Some("it does not expire".to_owned());
    }
    let mut parts = text(item, PK).split('#').chain(sk.unwrap_or_default().split('#'));
    let names_user = parts.any(|part| users.iter().any(|user| user == part));
    why_personal(kind, item, names_user, expires_at.is_some_and(|at| at <= now + DAY_SECONDS))
}

fn why_personal(kind: &Registered, item: &Value, names_user: bool, is_short: bool) -> Option<String> {
    let has_owner = item[OWNER].as_str().is_some_and(|owner| owner.starts_with("USER#"));
    match kind.personal {
        Personal::Owned => (!has_owner).then(|| format!("`{}` has an owner, and it has none", kind.kind)),
        Personal::Temporary => (!is_short).then(|| "it knows a user for more than 24 hours".to_owned()),
        Personal::No => {
            (names_user || has_owner).then(|| format!("`{}` names no user, and it does", kind.kind))
        }
    }
}

fn text<'a>(item: &'a Value, name: &str) -> &'a str {
    item[name].as_str().unwrap_or_default()
}

/// `DynamoDb::items` returns numbers as strings.
fn number(item: &Value, name: &str) -> Option<i64> {
    text(item, name).parse().ok()
}
