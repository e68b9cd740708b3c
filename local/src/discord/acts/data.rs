//! The `data` of an interaction: what was chosen, typed or pressed.

use serde_json::{Map, Value, json};

use super::{line::Line, option, scene::Scene};
use crate::discord::{Refused, message};

const BUTTON: u64 = 2;
const USER: u64 = 6;

/// A whole command, as it is sent.
pub(super) fn command(line: &Line<'_>, scene: &Scene) -> Result<Value, Refused> {
    let mut options = Vec::new();
    let mut resolved = Map::new();
    for (option, text) in &line.values {
        let value = option::value(option, text, scene)?;
        if option["type"] == USER {
            resolve(&mut resolved, text, scene);
        }
        options.push(json!({ "name": option["name"], "type": option["type"], "value": value }));
    }
    require_all(line)?;
    let mut data = head(line, options);
    if !resolved.is_empty() {
        data["resolved"] = resolved.into();
    }
    Ok(data)
}

/// A command that is still being typed; the last option has the focus. Nothing is checked but that
/// it completes, because clients send whatever is there.
pub(super) fn focused(line: &Line<'_>) -> Result<Value, Refused> {
    let Some(((last, text), before)) = line.values.split_last() else {
        return Err(Refused::because("no option is being typed"));
    };
    if last["autocomplete"] != true {
        let name = last["name"].as_str().unwrap_or("");
        return Err(Refused::because(format!("the option `{name}` does not complete")));
    }
    let plain =
        |option: &Value, text: &str| json!({ "name": option["name"], "type": option["type"], "value": text });
    let mut options: Vec<Value> = before.iter().map(|(option, text)| plain(option, text)).collect();
    let mut focused = plain(last, text);
    focused["focused"] = true.into();
    options.push(focused);
    Ok(head(line, options))
}

fn require_all(line: &Line<'_>) -> Result<(), Refused> {
    let given = |option: &Value| line.values.iter().any(|(given, _)| std::ptr::eq(*given, option));
    let missing = line.options().iter().find(|option| option["required"] == true && !given(option));
    match missing {
        None => Ok(()),
        Some(option) => {
            let (command, name) = (line.full_name(), option["name"].as_str().unwrap_or(""));
            Err(Refused::because(format!("`/{command}` needs the option `{name}`")))
        }
    }
}

/// Id, name and type of the command, and the options inside their subcommands.
fn head(line: &Line<'_>, options: Vec<Value>) -> Value {
    let nest = |inner: Vec<Value>, part: &&Value| {
        vec![json!({ "name": part["name"], "type": part["type"], "options": inner })]
    };
    let options = line.path.iter().rev().fold(options, nest);
    let command = line.command;
    let mut data = json!({ "id": command["id"], "name": command["name"], "type": 1 });
    if !options.is_empty() {
        data["options"] = options.into();
    }
    if command["guild_id"].is_string() {
        data["guild_id"] = command["guild_id"].clone();
    }
    data
}

fn resolve(resolved: &mut Map<String, Value>, text: &str, scene: &Scene) {
    let Some((user, member)) = scene.person(text) else {
        return;
    };
    let id = user.id.to_string();
    let users = resolved.entry("users").or_insert_with(|| json!({}));
    users[&id] = user.object();
    if let Some(member) = member {
        let members = resolved.entry("members").or_insert_with(|| json!({}));
        members[&id] = member.partial(scene.permissions_of(member));
    }
}

/// The data of a pressed button, if the user sees the message and the button can be pressed.
pub(super) fn button(message: &Value, custom_id: &str, scene: &Scene) -> Result<Value, Refused> {
    let invoker = message["interaction_metadata"]["user"]["id"].as_str();
    if message::is_private(message) && invoker != Some(&scene.user.id.to_string()) {
        return Err(Refused::because(format!("{} does not see this message", scene.user.global_name)));
    }
    let button = find_button(&message["components"], custom_id)
        .ok_or_else(|| Refused::because(format!("the message has no button `{custom_id}`")))?;
    if button["disabled"] == true {
        return Err(Refused::because(format!("the button `{custom_id}` is disabled")));
    }
    Ok(json!({ "component_type": BUTTON, "custom_id": custom_id, "id": button["id"] }))
}

fn find_button<'a>(components: &'a Value, custom_id: &str) -> Option<&'a Value> {
    components.as_array()?.iter().find_map(|component| {
        if component["type"] == BUTTON && component["custom_id"] == custom_id {
            return Some(component);
        }
        let accessory = Some(&component["accessory"]);
        let accessory = accessory.filter(|it| it["type"] == BUTTON && it["custom_id"] == custom_id);
        accessory.or_else(|| find_button(&component["components"], custom_id))
    })
}
