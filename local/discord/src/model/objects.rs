//! The JSON objects of users, members, guilds, channels and the application.

use serde_json::{Value, json};

use super::{Channel, ChannelContext, ChannelKind, Guild, Member, Role, User};
use crate::Snowflake;

/// The flag GATEWAY_GUILD_MEMBERS_LIMITED: the privileged members intent is enabled, without which List Guild
/// Members is refused.
const GATEWAY_GUILD_MEMBERS_LIMITED: u64 = 1 << 15;
/// `member_count` of a thread stops counting here.
const MAX_MEMBERS_COUNTED: usize = 50;

fn user_object(id: Snowflake, username: &str, global_name: Option<&str>) -> Value {
    json!({
        "id": id,
        "username": username,
        "discriminator": "0",
        "global_name": global_name,
        "avatar": null,
        "avatar_decoration_data": null,
        "collectibles": null,
        "display_name_styles": null,
        "primary_guild": null,
        "clan": null,
        "public_flags": 0,
    })
}

/// REST responses have more fields of a user than interactions have.
fn in_rest(mut user: Value) -> Value {
    user["flags"] = 0.into();
    user["banner"] = Value::Null;
    user["accent_color"] = Value::Null;
    user
}

/// The application's bot user. New applications share one id with their bot.
pub(crate) fn bot_object(application: Snowflake) -> Value {
    let mut bot = user_object(application, "Steward", None);
    bot["bot"] = true.into();
    in_rest(bot)
}

/// Discord's system user, the `user` of a PING.
pub(crate) fn system_user() -> Value {
    let mut user = json!({ "id": "643945264868098049", "system": true, "bot": true });
    let Some(rest) = user.as_object_mut() else {
        return user;
    };
    for (key, value) in [("username", "discord"), ("discriminator", "0"), ("global_name", "Discord")] {
        rest.insert(key.into(), value.into());
    }
    let empty = ["avatar", "avatar_decoration_data", "collectibles", "display_name_styles"];
    for key in empty.into_iter().chain(["primary_guild", "clan"]) {
        rest.insert(key.into(), Value::Null);
    }
    rest.insert("public_flags".into(), 0.into());
    user
}

impl User {
    pub(crate) fn object(&self) -> Value {
        user_object(self.id, &self.username, Some(&self.global_name))
    }

    pub(crate) fn rest_object(&self) -> Value {
        in_rest(self.object())
    }
}

impl Member {
    /// As in `resolved.members`: without user, deaf and mute.
    pub(crate) fn partial(&self, permissions: u64) -> Value {
        json!({
            "avatar": null,
            "banner": null,
            "collectibles": null,
            "communication_disabled_until": self.timed_out_until,
            "flags": 0,
            "joined_at": self.joined_at,
            "nick": self.nick,
            "pending": false,
            "permissions": permissions.to_string(),
            "premium_since": null,
            "roles": self.roles,
            "unusual_dm_activity_until": null,
        })
    }

    pub(crate) fn object(&self, permissions: u64) -> Value {
        let mut member = self.partial(permissions);
        member["deaf"] = false.into();
        member["mute"] = false.into();
        member["user"] = self.user.object();
        member
    }
}

impl Guild {
    pub(crate) fn partial(&self) -> Value {
        json!({ "features": [], "id": self.id, "locale": self.locale })
    }
}

impl Role {
    pub(crate) fn object(&self) -> Value {
        json!({
            "id": self.id,
            "name": self.name,
            "description": null,
            "color": 0,
            "colors": { "primary_color": 0, "secondary_color": null, "tertiary_color": null },
            "hoist": false,
            "icon": null,
            "unicode_emoji": null,
            "position": self.position,
            "permissions": self.permissions.to_string(),
            "managed": self.managed,
            "mentionable": false,
            "flags": 0,
        })
    }
}

impl Channel {
    /// The channel of an interaction, as `user` sees it, with the permissions of user and application.
    pub(crate) fn partial(&self, user: &User, permissions: u64, app_permissions: u64) -> Value {
        match self.place {
            ChannelContext::Guild(guild) => self.in_guild(guild, permissions, app_permissions),
            ChannelContext::Direct(_) => {
                let mut channel = self.private();
                channel["recipients"] = json!([user.object()]);
                channel
            }
            ChannelContext::Group => self.private(),
        }
    }

    fn private(&self) -> Value {
        json!({ "id": self.id, "type": self.kind(), "flags": 0, "last_message_id": self.last_message })
    }

    fn in_guild(&self, guild: Snowflake, permissions: u64, app_permissions: u64) -> Value {
        let mut channel = json!({
            "id": self.id,
            "type": self.kind(),
            "name": self.name,
            "guild_id": guild,
            "permissions": permissions.to_string(),
            "app_permissions": app_permissions.to_string(),
            "parent_id": self.parent,
            "rate_limit_per_user": self.slow_mode,
            "last_message_id": self.last_message,
            "last_pin_timestamp": null,
            "flags": 0,
        });
        if self.is_thread() {
            channel["owner_id"] = json!(self.owner());
            channel["message_count"] = 0.into();
            channel["member_count"] = self.thread.members.len().min(MAX_MEMBERS_COUNTED).into();
            channel["total_message_sent"] = 0.into();
            channel["thread_metadata"] = self.thread_metadata();
        } else {
            channel["position"] = self.position.into();
            channel["nsfw"] = self.nsfw.into();
            channel["topic"] = json!(self.topic);
        }
        channel
    }

    fn thread_metadata(&self) -> Value {
        let (thread, created) = (&self.thread, created_at(self.id));
        let mut metadata = json!({
            "archived": thread.archived,
            "archive_timestamp": thread.turned_at.as_ref().unwrap_or(&created),
            "auto_archive_duration": thread.auto_archive_minutes,
            "locked": thread.locked,
            "create_timestamp": created,
        });
        if self.sort == ChannelKind::PrivateThread {
            metadata["invitable"] = thread.invitable.into();
        }
        metadata
    }
}

/// The creation time of an id, in Discord's time format.
pub(super) fn created_at(id: Snowflake) -> String {
    let born = jiff::Timestamp::from_millisecond(id.born_ms()).unwrap_or_default();
    super::snowflake::iso(born)
}

/// The application object for its own bot, without the fields that can be patched.
pub(crate) fn application_object(id: Snowflake, verify_key: &str, owner: &User) -> Value {
    json!({
        "id": id,
        "name": "Steward",
        "icon": null,
        "description": "",
        "summary": "",
        "type": null,
        "bot": bot_object(id),
        "bot_public": true,
        "bot_require_code_grant": false,
        "verify_key": verify_key,
        "flags": GATEWAY_GUILD_MEMBERS_LIMITED,
        "flags_new": GATEWAY_GUILD_MEMBERS_LIMITED.to_string(),
        "hook": true,
        "integration_types_config": { "0": {}, "1": {} },
        "redirect_uris": [],
        "role_connections_verification_url": null,
        "event_webhooks_url": null,
        "event_webhooks_status": 1,
        "event_webhooks_types": [],
        "owner": owner.rest_object(),
        "approximate_user_install_count": 0,
        "approximate_user_authorization_count": 0,
        "explicit_content_filter": 0,
        "eligible_oauth2_scopes": [],
        "team": null,
    })
}
