//! `resolved`: the objects behind the ids in an interaction's `data`.

use serde_json::{Map, Value, json};

use super::{context::Context, upload::Upload};
use crate::{
    Snowflake,
    model::{Channel, Member, Role, User},
};

/// The `resolved` member of `data`.
#[derive(Default)]
pub(super) struct Resolved(Map<String, Value>);

impl Resolved {
    pub(super) fn user(&mut self, context: &Context, user: &User, member: Option<&Member>) {
        self.put("users", &user.id.to_string(), user.object());
        if let Some(member) = member {
            self.put("members", &user.id.to_string(), member.partial(context.permissions_of(member)));
        }
    }

    pub(super) fn role(&mut self, role: &Role) {
        self.put("roles", &role.id.to_string(), role.object());
    }

    pub(super) fn channel(&mut self, context: &Context, channel: &Channel) {
        self.put("channels", &channel.id.to_string(), context.channel_object(channel));
    }

    pub(super) fn attachment(&mut self, upload: &Upload) {
        self.put("attachments", &upload.id.to_string(), upload.object());
    }

    pub(super) fn message(&mut self, id: Snowflake, message: &Value) {
        self.put("messages", &id.to_string(), message.clone());
    }

    /// Adds `resolved` to `data`, unless it is empty.
    pub(super) fn put_into(self, data: &mut Value) {
        if !self.0.is_empty() {
            data["resolved"] = self.0.into();
        }
    }

    fn put(&mut self, part: &str, id: &str, object: Value) {
        self.0.entry(part).or_insert_with(|| json!({}))[id] = object;
    }
}
