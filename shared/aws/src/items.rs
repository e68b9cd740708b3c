//! DynamoDB's attribute values, in and out.

use std::collections::HashMap;

use aws_sdk_dynamodb::types::AttributeValue;
use domain::Fault;
use jiff::Timestamp;

pub(crate) type Item = HashMap<String, AttributeValue>;

pub(crate) fn text(value: impl Into<String>) -> AttributeValue {
    AttributeValue::S(value.into())
}

pub(crate) fn number(value: i64) -> AttributeValue {
    AttributeValue::N(value.to_string())
}

pub(crate) fn get_text<'a>(item: &'a Item, name: &str) -> Option<&'a str> {
    item.get(name)?.as_s().ok().map(String::as_str)
}

pub(crate) fn get_number(item: &Item, name: &str) -> Option<i64> {
    item.get(name)?.as_n().ok()?.parse().ok()
}

/// A time in milliseconds.
pub(crate) fn get_time(item: &Item, name: &str) -> Option<Timestamp> {
    Timestamp::from_millisecond(get_number(item, name)?).ok()
}

pub(crate) fn get_bool(item: &Item, name: &str) -> Option<bool> {
    item.get(name)?.as_bool().ok().copied()
}

/// Refuses an item that another version of this code has written in a way that this one cannot read.
pub(crate) fn check_version(place: &'static str, item: &Item, known: i64) -> Result<(), Fault> {
    match get_number(item, "v") {
        Some(v) if v == known => Ok(()),
        Some(v) => Err(Fault::new(place, format!("version {v}"))),
        None => Err(Fault::lasting(place, "unreadable")),
    }
}
