//! How users, members, guilds and channels look on the wire.

use serde_json::{Value, json};

use super::{Channel, Guild, Member, Place, User};
use crate::discord::Snowflake;

/// Every permission bit up to BYPASS_SLOWMODE (1 << 52).
pub(super) const ALL_PERMISSIONS: u64 = (1 << 53) - 1;
/// What @everyone may do in a new guild.
pub(super) const MEMBER_PERMISSIONS: u64 = 2_222_085_186_641_473;
/// ATTACH_FILES, EMBED_LINKS, MENTION_EVERYONE and USE_EXTERNAL_EMOJIS.
const DIRECT_PERMISSIONS: u64 = 1 << 15 | 1 << 14 | 1 << 17 | 1 << 18;

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

/// REST shows a little more of a user than an interaction does.
fn in_rest(mut user: Value) -> Value {
    user["flags"] = 0.into();
    user["banner"] = Value::Null;
    user["accent_color"] = Value::Null;
    user
}

/// The application's bot user. New applications share one id with their bot.
pub(in crate::discord) fn bot_object(application: Snowflake) -> Value {
    let mut bot = user_object(application, "Steward", None);
    bot["bot"] = true.into();
    in_rest(bot)
}

/// The user in whose name Discord sends PING.
pub(in crate::discord) fn system_user() -> Value {
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
    pub(in crate::discord) fn object(&self) -> Value {
        user_object(self.id, &self.username, Some(&self.global_name))
    }

    pub(in crate::discord) fn rest_object(&self) -> Value {
        in_rest(self.object())
    }
}

impl Member {
    /// As in `resolved.members`: without user, deaf and mute.
    pub(in crate::discord) fn partial(&self) -> Value {
        json!({
            "avatar": null,
            "banner": null,
            "collectibles": null,
            "communication_disabled_until": null,
            "flags": 0,
            "joined_at": self.joined_at,
            "nick": null,
            "pending": false,
            "permissions": self.permissions.to_string(),
            "premium_since": null,
            "roles": [],
            "unusual_dm_activity_until": null,
        })
    }

    pub(in crate::discord) fn object(&self) -> Value {
        let mut member = self.partial();
        member["deaf"] = false.into();
        member["mute"] = false.into();
        member["user"] = self.user.object();
        member
    }
}

impl Guild {
    pub(in crate::discord) fn partial(&self) -> Value {
        json!({ "features": [], "id": self.id, "locale": self.locale })
    }
}

impl Channel {
    /// What the application may do here. Roles and overwrites are not simulated yet.
    pub(in crate::discord) fn app_permissions(&self) -> u64 {
        match self.place {
            Place::Guild(_) => MEMBER_PERMISSIONS,
            Place::Direct(_) => DIRECT_PERMISSIONS,
        }
    }

    /// The channel of an interaction, as `user` with `permissions` sees it.
    pub(in crate::discord) fn partial(&self, user: &User, permissions: u64) -> Value {
        match self.place {
            Place::Guild(guild) => json!({
                "id": self.id,
                "type": self.kind(),
                "name": self.name,
                "guild_id": guild,
                "position": self.position,
                "permissions": permissions.to_string(),
                "app_permissions": self.app_permissions().to_string(),
                "nsfw": false,
                "parent_id": null,
                "topic": null,
                "rate_limit_per_user": 0,
                "last_message_id": self.last_message,
                "last_pin_timestamp": null,
                "flags": 0,
            }),
            Place::Direct(_) => json!({
                "id": self.id,
                "type": self.kind(),
                "flags": 0,
                "last_message_id": self.last_message,
                "recipients": [user.object()],
            }),
        }
    }
}

/// The application as its own bot sees it, apart from what can be patched.
pub(in crate::discord) fn application_object(id: Snowflake, verify_key: &str, owner: &User) -> Value {
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
        "flags": 0,
        "flags_new": "0",
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
