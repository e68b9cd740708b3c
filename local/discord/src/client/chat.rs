//! Ordinary messages that users write.

use serde_json::{Value, json};

use super::context::Context;
use crate::{
    Discord, Refused, Snowflake, limits,
    model::{self, message, permissions, snowflake::iso},
};

impl Discord {
    /// Writes a message. The bot does not hear of it, because only the gateway reports messages. `user` and
    /// `channel` are names or ids.
    ///
    /// # Errors
    /// When the user's client would not send it, with a sentence that says why.
    pub fn chat(&self, user: &str, channel: &str, text: &str) -> Result<Snowflake, Refused> {
        let length = text.trim().chars().count();
        if length == 0 || length > limits::CONTENT {
            return Err(Refused::because(format!("a message has 1 to {} characters", limits::CONTENT)));
        }
        self.inner.store.write(|db| {
            let context = Context::find(self, db, user, channel)?;
            if context.guild.is_some() && context.permissions() & permissions::SEND_MESSAGES == 0 {
                return Err(Refused::because(format!("this user may not write in {}", context.channel.name)));
            }
            let now = self.inner.clock.now();
            let id = self.inner.ids.next(now);
            let mut written = message::blank(id, context.channel.id, self.application_id(), &iso(now));
            written["author"] = context.user.rest_object();
            if let Some(fields) = written.as_object_mut() {
                fields.remove("application_id");
            }
            let body = json!({ "content": text.trim() });
            message::edit(&mut written, &body, &iso(now), &model::users(db)?)
                .map_err(|_| Refused::because("Discord rejects this message"))?;
            written["edited_timestamp"] = Value::Null;
            message::save(db, id, context.channel.id, &written)?;
            Ok(id)
        })
    }
}
