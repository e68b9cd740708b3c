//! Interaction callbacks: which responses Discord accepts, inline or by the callback route.

use serde_json::Value;

use crate::{
    Discord, Snowflake,
    api_error::ApiError,
    limits::flags,
    model::{
        interaction::{self, Kind},
        message,
    },
    validation::{FormErrors, check_allowed_flags, check_message, check_modal, has_components_v2},
};

/// A response whose type is allowed for its interaction and whose data is valid.
#[derive(Debug)]
pub(crate) enum Callback {
    Message(Value),
    Thinking { private: bool },
    UpdateLater,
    Update(Value),
    Choices(Vec<Value>),
    Modal(Value),
}

impl Discord {
    /// Parses and validates a response to this interaction.
    pub(crate) fn read_callback(&self, id: Snowflake, body: &Value) -> Result<Callback, ApiError> {
        let (kind, has_source, v2) = self.inner.store.read(|db| {
            let interaction = interaction::load(db, id)?.ok_or(ApiError::UNKNOWN_INTERACTION)?;
            let source = interaction.source.map(|id| message::load(db, id)).transpose()?.flatten();
            Ok::<_, ApiError>((
                interaction.kind,
                interaction.source.is_some(),
                source.is_some_and(|it| has_components_v2(&it)),
            ))
        })?;
        parse(kind, has_source, v2, body)
    }
}

/// `source`: the interaction came from a message. `source_v2`: that message has IS_COMPONENTS_V2.
pub(crate) fn parse(kind: Kind, source: bool, source_v2: bool, body: &Value) -> Result<Callback, ApiError> {
    let mut errors = FormErrors::default();
    let number = body["type"].as_u64().filter(|number| allowed(kind, source).contains(number));
    let Some(number) = number else {
        let list: Vec<String> = allowed(kind, source).iter().map(u64::to_string).collect();
        errors.not_one_of("type", &list.join(", "));
        return Err(ApiError::invalid_form(errors));
    };
    let data = &body["data"];
    let callback = read(&mut errors, number, data, source_v2);
    if !errors.is_clean() {
        return Err(ApiError::invalid_form(errors));
    }
    match &callback {
        Callback::Message(data) if says_nothing(data) => Err(ApiError::EMPTY_MESSAGE),
        Callback::Update(data) if data.as_object().is_none_or(serde_json::Map::is_empty) => {
            Err(ApiError::EMPTY_MESSAGE)
        }
        _ => Ok(callback),
    }
}

/// The allowed types. `source`: there is a message that types 6 and 7 can update.
fn allowed(kind: Kind, source: bool) -> &'static [u64] {
    match kind {
        Kind::Command => &[4, 5, 9],
        Kind::Component => &[4, 5, 6, 7, 9],
        Kind::Autocomplete => &[8],
        // A modal cannot be the response to a modal.
        Kind::Modal if source => &[4, 5, 6, 7],
        Kind::Modal => &[4, 5],
    }
}

fn read(errors: &mut FormErrors, number: u64, data: &Value, source_v2: bool) -> Callback {
    match number {
        5 => {
            check_allowed_flags(errors, "data", data, flags::EPHEMERAL);
            Callback::Thinking { private: data["flags"] == flags::EPHEMERAL }
        }
        6 => Callback::UpdateLater,
        7 => {
            check_message(errors, "data", data, source_v2);
            check_allowed_flags(errors, "data", data, flags::ON_CREATE);
            Callback::Update(data.clone())
        }
        8 => {
            if !data["choices"].is_array() {
                errors.required("data.choices");
            }
            Callback::Choices(errors.choices("data", data, None).to_vec())
        }
        9 => {
            check_modal(errors, "data", data);
            Callback::Modal(data.clone())
        }
        _ => {
            check_message(errors, "data", data, false);
            check_allowed_flags(errors, "data", data, flags::ON_CREATE);
            Callback::Message(data.clone())
        }
    }
}

fn says_nothing(data: &Value) -> bool {
    let empty = |key: &str| data[key].as_array().is_none_or(Vec::is_empty);
    data["content"].as_str().is_none_or(|text| text.trim().is_empty())
        && ["embeds", "components", "attachments"].into_iter().all(empty)
        && data["poll"].is_null()
}
