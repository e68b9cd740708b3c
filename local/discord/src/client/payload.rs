//! The payload of an interaction, with every field that Discord sends.

use serde_json::{Value, json};

use super::context::Context;
use crate::{Discord, limits, model::interaction::Interaction};

/// All fields except `data`, `message` and `entitlements`.
pub(super) fn envelope(discord: &Discord, context: &Context, interaction: &Interaction) -> Value {
    let mut body = json!({
        "app_permissions": context.app_permissions().to_string(),
        "application_id": discord.application_id(),
        "attachment_size_limit": limits::ATTACHMENT_BYTES,
        "authorizing_integration_owners": interaction.owners,
        "channel": context.channel_object(&context.channel),
        "channel_id": context.channel.id,
        "context": context.context_type(),
        "id": interaction.id,
        "locale": context.user.locale,
        "token": interaction.token,
        "type": interaction.kind.number(),
        "version": 1,
    });
    match &context.guild {
        Some(inside) => {
            body["guild"] = inside.guild.partial();
            body["guild_id"] = json!(inside.guild.id);
            body["guild_locale"] = inside.guild.locale.clone().into();
            body["member"] = inside.member.object(context.permissions());
        }
        None => body["user"] = context.user.object(),
    }
    body
}
