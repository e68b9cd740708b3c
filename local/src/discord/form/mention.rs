//! Checks of `allowed_mentions`.

use std::collections::HashSet;

use serde_json::Value;

use super::{Form, join};
use crate::discord::limits;

/// `at` is the path of the message.
pub(super) fn check(form: &mut Form, at: &str, body: &Value) {
    let path = join(at, "allowed_mentions");
    let mentions = &body["allowed_mentions"];
    if mentions.is_null() {
        return;
    }
    if !mentions.is_object() {
        form.report(&path, "MODEL_TYPE_CONVERT", "Only dictionaries may be used in a ModelType");
        return;
    }
    check_parse(form, &path, mentions);
    form.boolean(&path, mentions, "replied_user");
    for kind in ["users", "roles"] {
        check_ids(form, &path, mentions, kind);
        check_exclusive(form, &path, mentions, kind);
    }
}

fn check_parse(form: &mut Form, at: &str, mentions: &Value) {
    let parse = form.list(at, mentions, "parse", usize::MAX);
    let path = join(at, "parse");
    for (index, kind) in parse.iter().enumerate() {
        if !matches!(kind.as_str(), Some("users" | "roles" | "everyone")) {
            form.not_one_of(&join(&path, index), "'everyone', 'roles', 'users'");
        }
    }
    check_unique(form, &path, parse);
}

fn check_ids(form: &mut Form, at: &str, mentions: &Value, kind: &str) {
    let ids = form.list(at, mentions, kind, limits::MENTIONS);
    let path = join(at, kind);
    for (index, id) in ids.iter().enumerate() {
        form.snowflake(&join(&path, index), id);
    }
    check_unique(form, &path, ids);
}

fn check_unique(form: &mut Form, path: &str, values: &[Value]) {
    let mut seen = HashSet::new();
    if !values.iter().all(|value| seen.insert(value.to_string())) {
        form.report(path, "SET_TYPE_ALREADY_CONTAINS_VALUE", "The set already contains this value");
    }
}

/// `parse` and a list of ids exclude each other, kind by kind.
fn check_exclusive(form: &mut Form, path: &str, mentions: &Value, kind: &str) {
    let parsed = mentions["parse"].as_array().is_some_and(|list| list.iter().any(|entry| entry == kind));
    let listed = mentions[kind].as_array().is_some_and(|ids| !ids.is_empty());
    if parsed && listed {
        let message = format!("parse:[\"{kind}\"] and {kind}: [ids...] are mutually exclusive.");
        form.report(path, "MESSAGE_ALLOWED_MENTIONS_PARSE_EXCLUSIVE", message);
    }
}
