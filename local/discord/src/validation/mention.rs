//! Checks of `allowed_mentions`.

use std::collections::HashSet;

use serde_json::Value;

use super::{FormErrors, join};
use crate::limits;

/// `at` is the path of the message.
pub(super) fn check(errors: &mut FormErrors, at: &str, body: &Value) {
    let path = join(at, "allowed_mentions");
    let mentions = &body["allowed_mentions"];
    if mentions.is_null() {
        return;
    }
    if !mentions.is_object() {
        errors.report(&path, "MODEL_TYPE_CONVERT", "Only dictionaries may be used in a ModelType");
        return;
    }
    check_parse(errors, &path, mentions);
    errors.boolean(&path, mentions, "replied_user");
    for kind in ["users", "roles"] {
        check_ids(errors, &path, mentions, kind);
        check_exclusive(errors, &path, mentions, kind);
    }
}

fn check_parse(errors: &mut FormErrors, at: &str, mentions: &Value) {
    let parse = errors.list(at, mentions, "parse", usize::MAX);
    let path = join(at, "parse");
    for (index, kind) in parse.iter().enumerate() {
        if !matches!(kind.as_str(), Some("users" | "roles" | "everyone")) {
            errors.not_one_of(&join(&path, index), "'everyone', 'roles', 'users'");
        }
    }
    check_unique(errors, &path, parse);
}

fn check_ids(errors: &mut FormErrors, at: &str, mentions: &Value, kind: &str) {
    let ids = errors.list(at, mentions, kind, limits::MENTIONS);
    let path = join(at, kind);
    for (index, id) in ids.iter().enumerate() {
        errors.snowflake(&join(&path, index), id);
    }
    check_unique(errors, &path, ids);
}

fn check_unique(errors: &mut FormErrors, path: &str, values: &[Value]) {
    let mut seen = HashSet::new();
    if !values.iter().all(|value| seen.insert(value.to_string())) {
        errors.report(path, "SET_TYPE_ALREADY_CONTAINS_VALUE", "The set already contains this value");
    }
}

/// `parse` must not contain a kind that also has a list of ids.
fn check_exclusive(errors: &mut FormErrors, path: &str, mentions: &Value, kind: &str) {
    let parsed = mentions["parse"].as_array().is_some_and(|list| list.iter().any(|entry| entry == kind));
    let listed = mentions[kind].as_array().is_some_and(|ids| !ids.is_empty());
    if parsed && listed {
        let message = format!("parse:[\"{kind}\"] and {kind}: [ids...] are mutually exclusive.");
        errors.report(path, "MESSAGE_ALLOWED_MENTIONS_PARSE_EXCLUSIVE", message);
    }
}
