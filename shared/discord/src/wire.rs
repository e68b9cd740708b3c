//! The JSON that is sent to Discord, field by field. Source: Discord's documentation, "Message", "Component
//! Reference" and "Interaction Response".

use serde::Serialize;

/// The message flag of an ephemeral message.
pub(crate) const EPHEMERAL: u32 = 1 << 6;
/// The message flag of a message that consists of components only.
pub(crate) const COMPONENTS_V2: u32 = 1 << 15;

/// A message, or the edit of one. An edit must contain every field, because Discord keeps those that are
/// missing.
#[derive(Serialize)]
pub(crate) struct Message {
    pub allowed_mentions: Mentions,
    /// `Some(None)` (JSON `null`) removes the text.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub content: Option<Option<String>>,
    #[serde(skip_serializing_if = "Option::is_none")]
    pub embeds: Option<Vec<Embed>>,
    #[serde(skip_serializing_if = "Option::is_none")]
    pub components: Option<Vec<Component>>,
    #[serde(skip_serializing_if = "is_zero")]
    pub flags: u32,
}

/// Allows no mentions, so the message pings nobody.
#[derive(Default, Serialize)]
pub(crate) struct Mentions {
    pub parse: [(); 0],
}

#[derive(Default, Serialize)]
pub(crate) struct Embed {
    #[serde(skip_serializing_if = "String::is_empty")]
    pub title: String,
    #[serde(skip_serializing_if = "String::is_empty")]
    pub description: String,
    #[serde(skip_serializing_if = "Option::is_none")]
    pub color: Option<u32>,
    #[serde(skip_serializing_if = "Vec::is_empty")]
    pub fields: Vec<EmbedField>,
    #[serde(skip_serializing_if = "Option::is_none")]
    pub footer: Option<EmbedFooter>,
}

#[derive(Serialize)]
pub(crate) struct EmbedField {
    pub name: String,
    pub value: String,
    pub inline: bool,
}

#[derive(Serialize)]
pub(crate) struct EmbedFooter {
    pub text: String,
}

/// A modal: the data of a response of type 9.
#[derive(Serialize)]
pub(crate) struct Modal {
    pub custom_id: String,
    pub title: String,
    pub components: Vec<Component>,
}

/// A component of any kind; each kind uses some of the fields.
#[derive(Default, Serialize)]
pub(crate) struct Component {
    #[serde(rename = "type")]
    pub kind: u8,
    #[serde(skip_serializing_if = "String::is_empty")]
    pub custom_id: String,
    #[serde(skip_serializing_if = "Option::is_none")]
    pub style: Option<u8>,
    #[serde(skip_serializing_if = "String::is_empty")]
    pub label: String,
    #[serde(skip_serializing_if = "String::is_empty")]
    pub description: String,
    #[serde(skip_serializing_if = "Option::is_none")]
    pub emoji: Option<Emoji>,
    #[serde(skip_serializing_if = "String::is_empty")]
    pub content: String,
    #[serde(skip_serializing_if = "String::is_empty")]
    pub placeholder: String,
    #[serde(skip_serializing_if = "Vec::is_empty")]
    pub options: Vec<Choice>,
    #[serde(skip_serializing_if = "Option::is_none")]
    pub min_values: Option<u8>,
    #[serde(skip_serializing_if = "Option::is_none")]
    pub max_values: Option<u8>,
    #[serde(skip_serializing_if = "Option::is_none")]
    pub max_length: Option<u16>,
    #[serde(skip_serializing_if = "Option::is_none")]
    pub required: Option<bool>,
    #[serde(skip_serializing_if = "String::is_empty")]
    pub value: String,
    #[serde(skip_serializing_if = "Option::is_none")]
    pub default: Option<bool>,
    #[serde(skip_serializing_if = "Option::is_none")]
    pub accent_color: Option<u32>,
    #[serde(skip_serializing_if = "Option::is_none")]
    pub accessory: Option<Box<Component>>,
    #[serde(skip_serializing_if = "Option::is_none")]
    pub component: Option<Box<Component>>,
    #[serde(skip_serializing_if = "Vec::is_empty")]
    pub components: Vec<Component>,
}

#[derive(Serialize)]
pub(crate) struct Emoji {
    pub name: &'static str,
}

/// An option of a select, a radio group or a checkbox group.
#[derive(Serialize)]
pub(crate) struct Choice {
    pub label: String,
    pub value: String,
    #[serde(skip_serializing_if = "String::is_empty")]
    pub description: String,
    #[serde(skip_serializing_if = "std::ops::Not::not")]
    pub default: bool,
}

/// Discord's component types.
pub(crate) mod kind {
    pub(crate) const ACTION_ROW: u8 = 1;
    pub(crate) const BUTTON: u8 = 2;
    pub(crate) const STRING_SELECT: u8 = 3;
    pub(crate) const TEXT_INPUT: u8 = 4;
    pub(crate) const SECTION: u8 = 9;
    pub(crate) const TEXT_DISPLAY: u8 = 10;
    pub(crate) const SEPARATOR: u8 = 14;
    pub(crate) const CONTAINER: u8 = 17;
    pub(crate) const LABEL: u8 = 18;
    pub(crate) const FILE_UPLOAD: u8 = 19;
    pub(crate) const RADIO_GROUP: u8 = 21;
    pub(crate) const CHECKBOX_GROUP: u8 = 22;
    pub(crate) const CHECKBOX: u8 = 23;
}

fn is_zero(flags: &u32) -> bool {
    *flags == 0
}
