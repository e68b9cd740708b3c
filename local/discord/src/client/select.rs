//! Resolves the users, roles, channels and files that a member picks by name or id.

use serde_json::{Value, json};

use super::{context::Context, resolved::Resolved};

/// The kind of value of an option, select or modal field.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum ValueKind {
    User,
    Role,
    Mentionable,
    Channel,
    Attachment,
}

impl ValueKind {
    /// By the type of a command option.
    pub(super) fn by_option(kind: Option<u64>) -> Option<Self> {
        match kind {
            Some(6) => Some(Self::User),
            Some(7) => Some(Self::Channel),
            Some(8) => Some(Self::Role),
            Some(9) => Some(Self::Mentionable),
            Some(11) => Some(Self::Attachment),
            _ => None,
        }
    }

    /// By the type of a component.
    pub(super) fn by_component(kind: Option<u64>) -> Option<Self> {
        match kind {
            Some(5) => Some(Self::User),
            Some(6) => Some(Self::Role),
            Some(7) => Some(Self::Mentionable),
            Some(8) => Some(Self::Channel),
            Some(19) => Some(Self::Attachment),
            _ => None,
        }
    }
}

/// The id of what `text` names. The error is the end of a sentence, such as ``finds no role `x` here``.
pub(super) fn pick(
    wanted: ValueKind,
    definition: &Value,
    text: &str,
    context: &Context,
    resolved: &mut Resolved,
) -> Result<Value, String> {
    match wanted {
        ValueKind::User => {
            user(text, context, resolved).ok_or_else(|| format!("finds nobody called `{text}` here"))
        }
        ValueKind::Role => {
            role(text, context, resolved).ok_or_else(|| format!("finds no role `{text}` here"))
        }
        ValueKind::Mentionable => {
            let found = user(text, context, resolved).or_else(|| role(text, context, resolved));
            found.ok_or_else(|| format!("finds nobody and no role called `{text}` here"))
        }
        ValueKind::Channel => channel(definition, text, context, resolved),
        ValueKind::Attachment => attachment(definition, text, context, resolved),
    }
}

fn user(text: &str, context: &Context, resolved: &mut Resolved) -> Option<Value> {
    let (user, member) = context.person(text)?;
    resolved.user(context, user, member);
    Some(json!(user.id))
}

fn role(text: &str, context: &Context, resolved: &mut Resolved) -> Option<Value> {
    let wanted = text.trim_start_matches("<@&").trim_end_matches('>').trim_start_matches('@');
    let roles = &context.guild.as_ref()?.guild.roles;
    let role = roles.iter().find(|role| {
        role.id.to_string() == wanted || role.name.trim_start_matches('@').eq_ignore_ascii_case(wanted)
    })?;
    resolved.role(role);
    Some(json!(role.id))
}

fn channel(
    definition: &Value,
    text: &str,
    context: &Context,
    resolved: &mut Resolved,
) -> Result<Value, String> {
    let wanted = text.trim_start_matches("<#").trim_end_matches('>').trim_start_matches('#');
    let channels = context.guild.iter().flat_map(|inside| &inside.channels);
    let mut named = channels.filter(|it| it.name == wanted || it.id.to_string() == wanted);
    let channel = named.next().ok_or_else(|| format!("finds no channel `{text}` here"))?;
    let types = definition["channel_types"].as_array().filter(|types| !types.is_empty());
    if types.is_some_and(|types| !types.iter().any(|kind| *kind == channel.kind())) {
        return Err(format!("does not take channels like `{text}`"));
    }
    resolved.channel(context, channel);
    Ok(json!(channel.id))
}

fn attachment(
    definition: &Value,
    text: &str,
    context: &Context,
    resolved: &mut Resolved,
) -> Result<Value, String> {
    let is_it = |upload: &&super::upload::Upload| upload.filename == text || upload.id.to_string() == text;
    let upload = context.uploads.iter().find(is_it);
    let upload = upload.ok_or_else(|| format!("has no file `{text}`: nobody uploaded it"))?;
    let types: Vec<&str> =
        definition["file_types"].as_array().into_iter().flatten().filter_map(Value::as_str).collect();
    if !types.is_empty() && !types.iter().any(|wanted| upload.is_of_type(wanted)) {
        return Err(format!("takes {}, not `{}`", types.join(", "), upload.filename));
    }
    resolved.attachment(upload);
    Ok(json!(upload.id))
}
