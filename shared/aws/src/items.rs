//! Conversions from and to DynamoDB's attribute values.

use std::collections::HashMap;

use aws_sdk_dynamodb::types::AttributeValue;
use domain::InteractionId;
use jiff::{SignedDuration, Timestamp};

use crate::keys::EXPIRES_AT;

/// The attributes of an item.
pub type Item = HashMap<String, AttributeValue>;

pub(crate) fn text(value: impl Into<String>) -> AttributeValue {
    AttributeValue::S(value.into())
}

pub(crate) fn number(value: i64) -> AttributeValue {
    AttributeValue::N(value.to_string())
}

pub(crate) fn count(value: u64) -> AttributeValue {
    AttributeValue::N(value.to_string())
}

/// As a number, so that conditions can compare it: a later interaction has a larger id.
pub(crate) fn snowflake(interaction: InteractionId) -> AttributeValue {
    AttributeValue::N(interaction.to_string())
}

/// The value of [`EXPIRES_AT`]: `life` after `from`.
pub(crate) fn seconds_after(from: Timestamp, life: SignedDuration) -> AttributeValue {
    number(from.checked_add(life).unwrap_or(Timestamp::MAX).as_second())
}

pub(crate) fn get_text<'a>(item: &'a Item, name: &str) -> Option<&'a str> {
    item.get(name)?.as_s().ok().map(String::as_str)
}

pub(crate) fn get_number(item: &Item, name: &str) -> Option<i64> {
    item.get(name)?.as_n().ok()?.parse().ok()
}

/// A time that is stored in milliseconds.
pub(crate) fn get_time(item: &Item, name: &str) -> Option<Timestamp> {
    Timestamp::from_millisecond(get_number(item, name)?).ok()
}

pub(crate) fn get_bool(item: &Item, name: &str) -> Option<bool> {
    item.get(name)?.as_bool().ok().copied()
}

/// Whether the item has not expired. TTL deletion may take days, so the table can contain expired items.
pub(crate) fn is_alive(item: &Item, now: Timestamp) -> bool {
    get_number(item, EXPIRES_AT).is_none_or(|expires_at| now.as_second() < expires_at)
}
