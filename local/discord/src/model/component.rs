//! Components as Discord stores them: with ids, and with defaults for missing fields.

use std::hash::{DefaultHasher, Hash, Hasher};

use serde_json::{Value, json};

/// Adds ids and defaults to the components of a message, in place.
pub(crate) fn complete(components: &mut Value) {
    let mut next = 1;
    each(components, &mut next);
}

/// Numbers components without an id, parents before children.
fn each(components: &mut Value, next: &mut u64) {
    for component in components.as_array_mut().into_iter().flatten() {
        one(component, next);
    }
}

fn one(component: &mut Value, next: &mut u64) {
    if component["id"].as_u64().unwrap_or(0) == 0 {
        component["id"] = (*next).into();
    }
    *next += 1;
    fill(component, &defaults(component["type"].as_u64()));
    unfurl(component);
    for item in component.get_mut("items").and_then(Value::as_array_mut).into_iter().flatten() {
        fill(item, &json!({ "description": null, "spoiler": false }));
        unfurl(item);
    }
    if let Some(children) = component.get_mut("components") {
        each(children, next);
    }
    if let Some(accessory) = component.get_mut("accessory") {
        one(accessory, next);
    }
}

/// The defaults of a component of this type.
fn defaults(kind: Option<u64>) -> Value {
    match kind {
        Some(3 | 5..=8) => json!({ "min_values": 1, "max_values": 1 }),
        Some(11) => json!({ "description": null, "spoiler": false }),
        Some(13) => json!({ "name": null, "size": null, "spoiler": false }),
        Some(14) => json!({ "spacing": 1, "divider": true }),
        Some(17) => json!({ "accent_color": null, "spoiler": false }),
        _ => json!({}),
    }
}

fn fill(component: &mut Value, defaults: &Value) {
    for (key, value) in defaults.as_object().into_iter().flatten() {
        if component[key].is_null() {
            component[key] = value.clone();
        }
    }
}

/// Adds `id` and `proxy_url` to an unfurled media item. The id is a hash of the URL, so that an edit keeps it.
fn unfurl(component: &mut Value) {
    for key in ["media", "file"] {
        let Some(url) = component[key]["url"].as_str().map(str::to_owned) else { continue };
        let mut hasher = DefaultHasher::new();
        url.hash(&mut hasher);
        let id = (hasher.finish() >> 1).to_string();
        fill(&mut component[key], &json!({ "id": id, "proxy_url": url }));
    }
}
