//! Discord's JSON for what we send, field by field. Source: Discord's documentation, "Message",
//! "Component Reference" and "Interaction Response".

use serde::Serialize;

/// The part of a message's flags that says only the user sees it.
pub(crate) const EPHEMERAL: u32 = 1 << 6;
/// The part of a message's flags that says it is made of components alone.
pub(crate) const COMPONENTS_V2: u32 = 1 << 15;

/// A message, or a change of one: there everything is written out, for what is left out stays.
#[derive(Serialize)]
pub(crate) struct Message {
    pub allowed_mentions: Mentions,
    /// `Some(None)` takes the text away.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub content: Option<Option<String>>,
    #[serde(skip_serializing_if = "Option::is_none")]
    pub embeds: Option<Vec<Embed>>,
    #[serde(skip_serializing_if = "Option::is_none")]
    pub components: Option<Vec<Component>>,
    #[serde(skip_serializing_if = "is_zero")]
    pub flags: u32,
}

/// Nobody is pinged.
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
    pub fields: Vec<Field>,
    #[serde(skip_serializing_if = "Option::is_none")]
    pub footer: Option<Footer>,
}

#[derive(Serialize)]
pub(crate) struct Field {
    pub name: String,
    pub value: String,
    pub inline: bool,
}

#[derive(Serialize)]
pub(crate) struct Footer {
    pub text: String,
}

/// A form, the data of a response of type 9.
#[derive(Serialize)]
pub(crate) struct Form {
    pub custom_id: String,
    pub title: String,
    pub components: Vec<Component>,
}

/// Any component: each kind has a part of these.
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

/// The numbers of the kinds of component.
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
