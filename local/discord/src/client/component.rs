//! Buttons and selects: a user can use only components of a message that the user sees.

use std::collections::HashSet;

use serde_json::{Value, json};

use super::{
    context::Context,
    resolved::Resolved,
    select::{ValueKind, pick},
};
use crate::{Discord, InteractionId, Refused, Snowflake, model::interaction::Kind};

const BUTTON: u64 = 2;

impl Discord {
    /// Presses a button of a message.
    ///
    /// # Errors
    /// If the user does not see the message, or it has no such enabled button.
    pub async fn press(
        &self,
        user: &str,
        message_id: Snowflake,
        custom_id: &str,
    ) -> Result<InteractionId, Refused> {
        self.use_component(user, message_id, custom_id, |message, _| {
            let button = find(&message["components"], custom_id, |kind| kind == BUTTON)
                .ok_or_else(|| Refused::because(format!("the message has no button `{custom_id}`")))?;
            enabled(button, "button", custom_id)?;
            Ok(json!({ "component_type": BUTTON, "custom_id": custom_id, "id": button["id"] }))
        })
        .await
    }

    /// Chooses in a select: options by label or value, people, roles and channels by name or id.
    ///
    /// # Errors
    /// If the user does not see the message, or the select does not offer these values.
    pub async fn choose(
        &self,
        user: &str,
        message_id: Snowflake,
        custom_id: &str,
        values: &[&str],
    ) -> Result<InteractionId, Refused> {
        self.use_component(user, message_id, custom_id, |message, context| {
            let select = find(&message["components"], custom_id, |kind| matches!(kind, 3 | 5..=8))
                .ok_or_else(|| Refused::because(format!("the message has no select `{custom_id}`")))?;
            enabled(select, "select", custom_id)?;
            let mut resolved = Resolved::default();
            let values = chosen(select, values, context, &mut resolved)
                .map_err(|why| Refused::because(format!("the select `{custom_id}` {why}")))?;
            let mut data = json!({ "component_type": select["type"], "custom_id": custom_id,
                "id": select["id"], "values": values });
            resolved.put_into(&mut data);
            Ok(data)
        })
        .await
    }

    async fn use_component(
        &self,
        user: &str,
        message_id: Snowflake,
        custom_id: &str,
        data: impl FnOnce(&Value, &Context) -> Result<Value, Refused>,
    ) -> Result<InteractionId, Refused> {
        self.act(|db| {
            let (context, message) = Context::at_message(self, db, user, message_id)?;
            if context.is_silenced() {
                return Err(Refused::because(format!("{} is timed out", context.user.global_name)));
            }
            let data = data(&message, &context)?;
            let owners = super::availability::of_message(&message, &context);
            let mut interaction = self.begin(&context, Kind::Component, custom_id.into(), owners);
            interaction.source = Some(message_id);
            Ok((context, interaction, data, Some(message)))
        })
        .await
    }
}

fn enabled(component: &Value, what: &str, custom_id: &str) -> Result<(), Refused> {
    if component["disabled"] == true {
        return Err(Refused::because(format!("the {what} `{custom_id}` is disabled")));
    }
    Ok(())
}

fn find<'a>(components: &'a Value, custom_id: &str, kind: impl Fn(u64) -> bool + Copy) -> Option<&'a Value> {
    let is_it = |it: &Value| it["type"].as_u64().is_some_and(kind) && it["custom_id"] == custom_id;
    components.as_array()?.iter().find_map(|component| {
        if is_it(component) {
            return Some(component);
        }
        let accessory = Some(&component["accessory"]).filter(|accessory| is_it(accessory));
        accessory.or_else(|| find(&component["components"], custom_id, kind))
    })
}

/// The `values` of a select or of a file upload. The error is the end of a sentence, such as `takes 1 to 2, not 3`.
pub(super) fn chosen(
    definition: &Value,
    values: &[&str],
    context: &Context,
    resolved: &mut Resolved,
) -> Result<Vec<Value>, String> {
    counted(definition, values.len())?;
    let one = |text: &&str| match ValueKind::by_component(definition["type"].as_u64()) {
        Some(wanted) => pick(wanted, definition, text, context, resolved),
        None => option(definition, text),
    };
    let values: Vec<Value> = values.iter().map(one).collect::<Result<_, _>>()?;
    let distinct: HashSet<&str> = values.iter().filter_map(Value::as_str).collect();
    if distinct.len() < values.len() {
        return Err("takes each only once".into());
    }
    Ok(values)
}

/// Checks the number of values against `min_values` and `max_values`, both 1 by default.
pub(super) fn counted(definition: &Value, count: usize) -> Result<(), String> {
    let least = definition["min_values"].as_u64().unwrap_or(1);
    // A checkbox group allows all options by default.
    let all = if definition["type"] == 22 { definition["options"].as_array().map_or(1, Vec::len) } else { 1 };
    let most = definition["max_values"].as_u64().unwrap_or(all as u64);
    let optional = count == 0 && definition["required"] == false;
    if optional || (least..=most).contains(&(count as u64)) {
        return Ok(());
    }
    Err(format!("takes {least} to {most}, not {count}"))
}

/// The value of the option with this label or value.
pub(super) fn option(definition: &Value, text: &str) -> Result<Value, String> {
    let options = definition["options"].as_array().map_or(&[][..], Vec::as_slice);
    let found = options.iter().find(|option| option["value"] == text || option["label"] == text);
    if let Some(option) = found {
        return Ok(option["value"].clone());
    }
    let labels: Vec<&str> = options.iter().filter_map(|option| option["label"].as_str()).collect();
    Err(format!("does not offer `{text}`; it offers {}", labels.join(", ")))
}
