//! Checks the body of `PATCH /applications/@me`.

use serde_json::Value;

use super::{FormErrors, join, length, url::Schemes};
use crate::limits;

const ADDRESSES: [&str; 4] = [
    "custom_install_url",
    "event_webhooks_url",
    "interactions_endpoint_url",
    "role_connections_verification_url",
];
/// `event_webhooks_status`: disabled and enabled. Only Discord can set 3, disabled by Discord.
const STATUSES: [u64; 2] = [1, 2];
const EVENTS: [&str; 12] = [
    "APPLICATION_AUTHORIZED",
    "APPLICATION_DEAUTHORIZED",
    "ENTITLEMENT_CREATE",
    "ENTITLEMENT_DELETE",
    "ENTITLEMENT_UPDATE",
    "GAME_DIRECT_MESSAGE_CREATE",
    "GAME_DIRECT_MESSAGE_DELETE",
    "GAME_DIRECT_MESSAGE_UPDATE",
    "LOBBY_MESSAGE_CREATE",
    "LOBBY_MESSAGE_DELETE",
    "LOBBY_MESSAGE_UPDATE",
    "QUEST_USER_ENROLLMENT",
];
/// The scopes allowed in `install_params`.
const SCOPES: [&str; 2] = ["applications.commands", "bot"];

pub(crate) fn check_application(errors: &mut FormErrors, body: &Value) {
    check_description(errors, &body["description"], body);
    for key in ADDRESSES {
        if errors.text("", body, key, limits::APPLICATION_URL).is_some() {
            errors.url("", body, key, Schemes::Web);
        }
    }
    let tags = errors.list("", body, "tags", limits::TAGS);
    for (index, tag) in tags.iter().enumerate() {
        if tag.as_str().is_none_or(|tag| tag.is_empty() || length(tag) > limits::TAG) {
            errors.bad_length(&join("tags", index), 1, limits::TAG);
        }
    }
    check_unique(errors, "tags", tags);
    let status = &body["event_webhooks_status"];
    if !status.is_null() && !status.as_u64().is_some_and(|status| STATUSES.contains(&status)) {
        errors.not_one_of("event_webhooks_status", "1, 2");
    }
    check_names(errors, "", body, "event_webhooks_types", &EVENTS);
    errors.integer("", body, "flags", 0..=i64::from(i32::MAX));
    check_install_params(errors, "install_params", &body["install_params"]);
    check_types(errors, &body["integration_types_config"]);
}

/// A string, or an object with `default` and translations.
fn check_description(errors: &mut FormErrors, description: &Value, body: &Value) {
    if description.is_object() && description["default"].is_null() {
        errors.required("description.default");
    } else if description.is_object() {
        errors.text("description", description, "default", limits::APPLICATION_DESCRIPTION);
    } else {
        errors.text("", body, "description", limits::APPLICATION_DESCRIPTION);
    }
}

/// A set of strings out of `names`.
fn check_names(errors: &mut FormErrors, at: &str, body: &Value, key: &str, names: &[&str]) {
    let path = join(at, key);
    let entries = errors.list(at, body, key, names.len());
    for (index, entry) in entries.iter().enumerate() {
        if !entry.as_str().is_some_and(|entry| names.contains(&entry)) {
            errors.not_one_of(&join(&path, index), &names.join(", "));
        }
    }
    check_unique(errors, &path, entries);
}

fn check_unique(errors: &mut FormErrors, path: &str, entries: &[Value]) {
    if entries.iter().enumerate().any(|(index, entry)| entries[..index].contains(entry)) {
        errors.report(path, "SET_TYPE_ALREADY_CONTAINS_VALUE", "The set already contains this value");
    }
}

fn check_install_params(errors: &mut FormErrors, path: &str, params: &Value) {
    if !is_model(errors, path, params) {
        return;
    }
    check_names(errors, path, params, "scopes", &SCOPES);
    let permissions = &params["permissions"];
    if !permissions.is_null() {
        // Permissions have the format of a snowflake: a number, or a string of digits.
        errors.snowflake(&join(path, "permissions"), permissions);
    }
}

/// Whether it is an object. Anything but an object or null is reported.
fn is_model(errors: &mut FormErrors, path: &str, value: &Value) -> bool {
    if !value.is_null() && !value.is_object() {
        errors.report(path, "MODEL_TYPE_CONVERT", "Only dictionaries may be used in a ModelType");
    }
    value.is_object()
}

/// Settings by integration type: guild (0) and user (1).
fn check_types(errors: &mut FormErrors, config: &Value) {
    is_model(errors, "integration_types_config", config);
    for (kind, settings) in config.as_object().into_iter().flatten() {
        let path = join("integration_types_config", kind);
        if kind != "0" && kind != "1" {
            errors.not_one_of(&path, "0, 1");
        }
        let params = &settings["oauth2_install_params"];
        check_install_params(errors, &join(&path, "oauth2_install_params"), params);
    }
}
