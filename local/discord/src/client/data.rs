//! The `data` of a slash command or autocomplete interaction.

use serde_json::{Value, json};

use super::{command_line::CommandLine, context::Context, option, resolved::Resolved};
use crate::Refused;

/// The `data` of a complete command.
pub(super) fn command(line: &CommandLine<'_>, context: &Context) -> Result<Value, Refused> {
    let mut options = Vec::new();
    let mut resolved = Resolved::default();
    for (option, text) in &line.values {
        let value = option::value(option, text, context, &mut resolved)?;
        options.push(json!({ "name": option["name"], "type": option["type"], "value": value }));
    }
    require_all(line)?;
    let mut data = head(line, options);
    resolved.put_into(&mut data);
    Ok(data)
}

/// The `data` of an autocomplete: the last option is focused. Values are sent as typed and unchecked, as clients
/// do; only `autocomplete` of the focused option is checked.
pub(super) fn focused(line: &CommandLine<'_>) -> Result<Value, Refused> {
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

fn require_all(line: &CommandLine<'_>) -> Result<(), Refused> {
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
fn head(line: &CommandLine<'_>, options: Vec<Value>) -> Value {
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
