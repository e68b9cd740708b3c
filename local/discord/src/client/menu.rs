//! Context menu commands on users and messages.

use rusqlite::Connection;
use serde_json::{Map, Value, json};

use super::{availability, context::Context, resolved::Resolved};
use crate::{Discord, InteractionId, Refused, Snowflake, model::interaction::Kind};

const USER: u64 = 2;
const MESSAGE: u64 = 3;

impl Discord {
    /// Uses a user command on `target`, a name or id.
    ///
    /// # Errors
    /// When the client does not offer that.
    pub async fn use_on_user(
        &self,
        user: &str,
        channel: &str,
        command: &str,
        target: &str,
    ) -> Result<InteractionId, Refused> {
        self.act(|db| {
            let context = Context::find(self, db, user, channel)?;
            let (command, owners) = find(db, &context, USER, command)?;
            let (target, member) = context
                .person(target)
                .ok_or_else(|| Refused::because(format!("there is nobody called `{target}` here")))?;
            let mut resolved = Resolved::default();
            resolved.user(&context, target, member);
            let data = data(&command, target.id, resolved);
            let mut interaction = self.begin(&context, Kind::Command, name(&command), owners);
            interaction.metadata = about("target_user", target.rest_object());
            Ok((context, interaction, data, None))
        })
        .await
    }

    /// Uses a message command on a message that the user sees.
    ///
    /// # Errors
    /// When the client does not offer that.
    pub async fn use_on_message(
        &self,
        user: &str,
        message_id: Snowflake,
        command: &str,
    ) -> Result<InteractionId, Refused> {
        self.act(|db| {
            let (context, message) = Context::at_message(self, db, user, message_id)?;
            let (command, owners) = find(db, &context, MESSAGE, command)?;
            let mut resolved = Resolved::default();
            resolved.message(message_id, &message);
            let data = data(&command, message_id, resolved);
            let mut interaction = self.begin(&context, Kind::Command, name(&command), owners);
            interaction.metadata = about("target_message_id", json!(message_id));
            Ok((context, interaction, data, None))
        })
        .await
    }
}

fn find(db: &Connection, context: &Context, kind: u64, wanted: &str) -> Result<(Value, Value), Refused> {
    let commands = availability::in_order(context.commands(db, kind)?, context);
    let is_it = |command: &Value| {
        command["name"] == wanted || command["name_localizations"][&context.user.locale] == wanted
    };
    let command = commands.into_iter().find(is_it);
    let command = command.ok_or_else(|| Refused::because(format!("there is no command `{wanted}` here")))?;
    let owners = availability::check(&command, context)?;
    Ok((command, owners))
}

fn name(command: &Value) -> String {
    command["name"].as_str().unwrap_or("").into()
}

fn about(key: &str, value: Value) -> Map<String, Value> {
    Map::from_iter([(key.into(), value)])
}

fn data(command: &Value, target: Snowflake, resolved: Resolved) -> Value {
    let mut data = json!({
        "id": command["id"],
        "name": command["name"],
        "type": command["type"],
        "target_id": target,
    });
    if command["guild_id"].is_string() {
        data["guild_id"] = command["guild_id"].clone();
    }
    resolved.put_into(&mut data);
    data
}
