//! The payload of an interaction, with every field that Discord sends today.

use serde_json::{Value, json};

use super::scene::Scene;
use crate::discord::{Discord, interaction::Interaction, limits};

/// All but `data`, `message` and `entitlements`.
pub(super) fn envelope(discord: &Discord, scene: &Scene, interaction: &Interaction) -> Value {
    let mut body = json!({
        "app_permissions": scene.app_permissions().to_string(),
        "application_id": discord.application_id(),
        "attachment_size_limit": limits::ATTACHMENT_BYTES,
        "authorizing_integration_owners": interaction.owners,
        "channel": scene.channel_object(&scene.channel),
        "channel_id": scene.channel.id,
        "context": scene.context(),
        "id": interaction.id,
        "locale": scene.user.locale,
        "token": interaction.token,
        "type": interaction.kind.number(),
        "version": 1,
    });
    match &scene.guild {
        Some(inside) => {
            body["guild"] = inside.guild.partial();
            body["guild_id"] = json!(inside.guild.id);
            body["guild_locale"] = inside.guild.locale.clone().into();
            body["member"] = inside.member.object(scene.permissions());
        }
        None => body["user"] = scene.user.object(),
    }
    body
}
