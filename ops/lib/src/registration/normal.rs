//! Normalizes commands for comparison, because Discord adds defaults, drops fields and reorders lists.

use serde_json::{Map, Value};

use super::Scope;

/// The fields that are sent. Discord adds others (ids, versions, localized names).
const SENT_FIELDS: [&str; 11] = [
    "type",
    "name",
    "name_localizations",
    "description",
    "description_localizations",
    "options",
    "default_member_permissions",
    "nsfw",
    "contexts",
    "integration_types",
    "handler",
];
/// Fields whose default depends on the application. They are compared only if we set them.
const FIELDS_WITH_DEFAULT: [&str; 2] = ["contexts", "integration_types"];
/// Flags for which `false` equals no value.
const FLAG_FIELDS: [&str; 3] = ["required", "autocomplete", "nsfw"];
/// Lists whose order does not matter.
const SET_FIELDS: [&str; 4] = ["contexts", "integration_types", "channel_types", "file_types"];
/// Fields that Discord adds if localizations are not requested.
const ADDED_FIELDS: [&str; 2] = ["name_localized", "description_localized"];
const LOCALIZATION_FIELDS: [(&str, &str); 2] =
    [("name", "name_localizations"), ("description", "description_localizations")];

/// The fields of a command that are sent: without nulls and fields that Discord adds.
pub(super) fn body(command: &Value, scope: Scope) -> Value {
    let members = command.as_object().into_iter().flatten();
    let said = members.filter(|(key, value)| SENT_FIELDS.contains(&key.as_str()) && !value.is_null());
    let is_here = |key: &str| scope == Scope::Global || !FIELDS_WITH_DEFAULT.contains(&key);
    said.filter(|(key, _)| is_here(key)).map(|(key, value)| (key.clone(), value.clone())).collect()
}

/// Both sides of a comparison, normalized.
pub(super) fn pair(registered: &Value, wanted: &Value, scope: Scope) -> (Value, Value) {
    let (mut registered, wanted) = (normal(registered, scope), normal(wanted, scope));
    if let Some(members) = registered.as_object_mut() {
        members.retain(|key, _| !FIELDS_WITH_DEFAULT.contains(&key.as_str()) || wanted.get(key).is_some());
    }
    (registered, wanted)
}

fn normal(command: &Value, scope: Scope) -> Value {
    let mut body = body(command, scope);
    if body["type"].is_null() {
        body["type"] = 1.into();
    }
    // Discord adds an empty description to context menu commands.
    if body["description"] == "" {
        body["description"] = Value::Null;
    }
    if let Value::Number(number) = &body["default_member_permissions"] {
        body["default_member_permissions"] = number.to_string().into();
    }
    tidy(&body)
}

fn tidy(value: &Value) -> Value {
    match value {
        Value::Object(members) => tidy_object(members).into(),
        Value::Array(entries) => entries.iter().map(tidy).collect(),
        Value::Number(number) => whole(number.as_f64()).unwrap_or_else(|| value.clone()),
        other => other.clone(),
    }
}

fn tidy_object(members: &Map<String, Value>) -> Map<String, Value> {
    let mut tidied = Map::new();
    for (key, value) in members.iter().filter(|(key, _)| !ADDED_FIELDS.contains(&key.as_str())) {
        let mut value = if is_translations(key) { other_than(value, members, key) } else { tidy(value) };
        if SET_FIELDS.contains(&key.as_str())
            && let Some(set) = value.as_array_mut()
        {
            set.sort_by_key(Value::to_string);
        }
        let is_off = FLAG_FIELDS.contains(&key.as_str()) && value == false;
        if !is_off && !is_nothing(&value) {
            tidied.insert(key.clone(), value);
        }
    }
    tidied
}

fn is_translations(key: &str) -> bool {
    LOCALIZATION_FIELDS.iter().any(|(_, translations)| *translations == key)
}

/// The translations that differ from the original. Discord drops the others.
fn other_than(translations: &Value, members: &Map<String, Value>, key: &str) -> Value {
    let original = LOCALIZATION_FIELDS
        .iter()
        .find(|(_, it)| *it == key)
        .and_then(|(original, _)| members.get(*original));
    let all = translations.as_object().into_iter().flatten();
    all.filter(|(_, text)| Some(*text) != original)
        .map(|(locale, text)| (locale.clone(), text.clone()))
        .collect()
}

fn is_nothing(value: &Value) -> bool {
    match value {
        Value::Null => true,
        Value::Array(entries) => entries.is_empty(),
        Value::Object(members) => members.is_empty(),
        _ => false,
    }
}

/// Converts 1.0 to 1. Numbers in Discord's API are below 2^53.
#[expect(clippy::cast_possible_truncation, reason = "compared with the number that it was")]
#[expect(clippy::cast_precision_loss, reason = "compared with the number that it was")]
fn whole(number: Option<f64>) -> Option<Value> {
    let number = number?;
    let whole = number as i64;
    (whole as f64 == number).then(|| whole.into())
}

#[cfg(test)]
mod tests {
    use serde_json::json;

    use super::*;

    fn same(registered: &Value, wanted: &Value) -> bool {
        let (registered, wanted) = pair(registered, wanted, Scope::Global);
        registered == wanted
    }

    #[test]
    fn what_discord_fills_in_is_no_difference() {
        let wanted = json!({
            "name": "pay", "description": "Pay", "description_localizations": {"de": "Zahle", "en-GB": "Pay"},
            "default_member_permissions": 8, "version": "1",
            "options": [
                {"type": 10, "name": "sum", "description": "How much", "min_value": 1.0, "required": true},
                {"type": 7, "name": "where", "description": "There", "channel_types": [5, 0], "required": false,
                 "choices": [], "name_localizations": null},
            ],
        });
        let registered = json!({
            "id": "7", "application_id": "5", "version": "9", "type": 1, "nsfw": false, "dm_permission": true,
            "contexts": null, "integration_types": [0, 1], "name_localizations": null, "default_permission": true,
            "name": "pay", "description": "Pay", "description_localizations": {"de": "Zahle"},
            "default_member_permissions": "8",
            "options": [
                {"type": 10, "name": "sum", "description": "How much", "min_value": 1, "required": true},
                {"type": 7, "name": "where", "description": "There", "channel_types": [0, 5],
                 "autocomplete": false, "name_localized": "wo"},
            ],
        });
        assert!(same(&registered, &wanted));
    }

    #[test]
    fn what_discord_decides_itself_counts_as_soon_as_we_say_something() {
        let registered = json!({"name": "a", "description": "b", "contexts": [1, 0]});
        assert!(same(&registered, &json!({"name": "a", "description": "b"})));
        assert!(same(&registered, &json!({"name": "a", "description": "b", "contexts": [0, 1]})));
        assert!(!same(&registered, &json!({"name": "a", "description": "b", "contexts": [0]})));
    }

    #[test]
    fn a_real_difference_stays_one() {
        let one = json!({"name": "a", "description": "b", "options": [{"name": "x"}, {"name": "y"}]});
        for (at, value) in [
            ("/description", json!("c")),
            ("/options/0/name", json!("z")),
            ("/options", json!([{"name": "y"}, {"name": "x"}])),
        ] {
            let mut other = one.clone();
            *other.pointer_mut(at).unwrap() = value;
            assert!(!same(&one, &other), "{at}");
        }
    }

    #[test]
    fn a_guilds_command_has_no_contexts() {
        let global = json!({"name": "a", "contexts": [0], "integration_types": [0]});
        let guild = Scope::Guild("5".parse().unwrap());
        assert_eq!(body(&global, guild), json!({"name": "a"}));
        assert_eq!(body(&global, Scope::Global), global);
    }
}
