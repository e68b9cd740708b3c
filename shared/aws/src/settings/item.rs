//! Reads and writes the item of a guild's settings.

use std::collections::HashMap;

use aws_sdk_dynamodb::types::AttributeValue;
use domain::{
    InteractionId, Language, Settings,
    settings::{Changed, Edit, Field},
};

use super::VersionedSettings;
use crate::{
    items::{Item, get_number, get_text, number},
    stored::Kind,
};

const CHANGED_BY: &str = "changed_by_interaction";

/// The stored settings of a guild.
#[derive(Default)]
pub(super) struct Read {
    pub(super) known: VersionedSettings,
    /// The latest interaction that changed them.
    pub(super) changed_by: Option<InteractionId>,
    /// Codes of turned-off features that this version does not know.
    unknown_off: Vec<String>,
    /// Whether the language is one that this version does not know.
    is_language_unknown: bool,
}

impl Read {
    /// What an edit changes. A language that this version does not know stays in the item, unless the edit
    /// sets the language: then it is a change, also if it is to the one as which it was read.
    pub(super) fn wanted(&self, edit: &Edit) -> Vec<Changed> {
        let before = &self.known.settings;
        let after = before.apply(edit);
        let mut changes = before.changes(&after);
        if self.is_language_unknown && edit.sets(Field::Language) && after.language == before.language {
            changes.push(Changed::Language(after.language));
        }
        changes
    }
}

/// The parts of an update of the settings.
pub(super) struct Write {
    pub(super) expression: String,
    pub(super) names: HashMap<String, String>,
    pub(super) values: Item,
}

/// `None` if the item is unreadable.
pub(super) fn parse(item: &Item) -> Option<Read> {
    let version = get_number(item, "version").and_then(|version| u64::try_from(version).ok())?;
    let mut settings = Settings::default();
    let (mut unknown_off, mut is_language_unknown) = (Vec::new(), false);
    for field in Field::ALL {
        for code in codes(item, field) {
            // Values that only another version knows count as unset here, but a language as English. They
            // stay in the item.
            match (settings.take(field, code), field) {
                (Ok(()), _) | (Err(_), Field::Units | Field::TimeZone) => {}
                (Err(_), Field::Off) => unknown_off.push(code.to_owned()),
                (Err(_), Field::Language) => {
                    settings.language = Some(Language::default());
                    is_language_unknown = true;
                }
            }
        }
    }
    let changed_by = get_text(item, CHANGED_BY).and_then(|id| id.parse().ok());
    let known = VersionedSettings { settings, version };
    Some(Read { known, changed_by, unknown_off, is_language_unknown })
}

fn codes(item: &Item, field: Field) -> Vec<&str> {
    match item.get(field.name()) {
        Some(AttributeValue::S(code)) => vec![code],
        Some(AttributeValue::Ss(codes)) => codes.iter().map(String::as_str).collect(),
        _ => Vec::new(),
    }
}

/// Updates only the changed fields. The caller provides `:interaction` and `:next`.
pub(super) fn update(before: &Read, after: &Settings, changes: &[Changed]) -> Write {
    let mut set =
        vec!["v = :v".to_owned(), "#version = :next".to_owned(), format!("{CHANGED_BY} = :interaction")];
    let mut remove = Vec::new();
    let mut names = HashMap::from([("#version".to_owned(), "version".to_owned())]);
    let mut values = Item::from([(":v".to_owned(), number(Settings::SCHEMA_VERSION))]);
    for field in Field::ALL.into_iter().filter(|field| changes.iter().any(|change| change.field() == *field))
    {
        let name = field.name();
        names.insert(format!("#{name}"), name.to_owned());
        match value(field, before, after) {
            Some(value) => {
                set.push(format!("#{name} = :{name}"));
                values.insert(format!(":{name}"), value);
            }
            None => remove.push(format!("#{name}")),
        }
    }
    let mut expression = format!("SET {}", set.join(", "));
    if !remove.is_empty() {
        expression += &format!(" REMOVE {}", remove.join(", "));
    }
    Write { expression, names, values }
}

/// The new value; `None` if the field is unset or empty (DynamoDB cannot store an empty set).
fn value(field: Field, before: &Read, after: &Settings) -> Option<AttributeValue> {
    let mut codes: Vec<String> = after.codes(field).into_iter().map(str::to_owned).collect();
    if field != Field::Off {
        return codes.pop().map(AttributeValue::S);
    }
    codes.extend(before.unknown_off.iter().cloned());
    (!codes.is_empty()).then_some(AttributeValue::Ss(codes))
}

/// The version as the integer type of [`number`].
pub(super) fn signed(version: u64) -> i64 {
    i64::try_from(version).unwrap_or(i64::MAX)
}
