//! Option values: how the client parses and checks what the user types.

use serde_json::{Value, json};

use super::{
    context::Context,
    resolved::Resolved,
    select::{ValueKind, pick},
};
use crate::{Refused, limits};

/// The value that is sent for this option, or why the client refuses the text.
pub(super) fn value(
    option: &Value,
    text: &str,
    context: &Context,
    resolved: &mut Resolved,
) -> Result<Value, Refused> {
    if let Some(wanted) = ValueKind::by_option(option["type"].as_u64()) {
        return pick(wanted, option, text, context, resolved).map_err(|why| refuse(option, why));
    }
    if let Some(choices) = option["choices"].as_array().filter(|choices| !choices.is_empty()) {
        return choice(option, choices, text, &context.user.locale);
    }
    match option["type"].as_u64() {
        Some(3) => string(option, text),
        Some(4) => integer(option, text),
        Some(5) => boolean(option, text),
        Some(10) => number(option, text),
        _ => Err(refuse(option, "is of a type that is not simulated yet")),
    }
}

fn refuse(option: &Value, what: impl std::fmt::Display) -> Refused {
    Refused::because(format!("the option `{}` {what}", option["name"].as_str().unwrap_or("")))
}

fn choice(option: &Value, choices: &[Value], text: &str, locale: &str) -> Result<Value, Refused> {
    let is_it = |choice: &&Value| {
        let names = [&choice["name"], &choice["name_localizations"][locale]];
        let named = names.into_iter().filter_map(Value::as_str).any(|name| name.eq_ignore_ascii_case(text));
        let plain = match &choice["value"] {
            Value::String(value) => value == text,
            number => {
                let number = number.to_string();
                number == text
            }
        };
        named || plain
    };
    if let Some(found) = choices.iter().find(is_it) {
        return Ok(found["value"].clone());
    }
    let offered: Vec<&str> = choices.iter().filter_map(|choice| choice["name"].as_str()).collect();
    Err(refuse(option, format!("does not offer `{text}`; it offers {}", offered.join(", "))))
}

fn string(option: &Value, text: &str) -> Result<Value, Refused> {
    let length = text.chars().count() as u64;
    let least = option["min_length"].as_u64().unwrap_or(0);
    let most = option["max_length"].as_u64().unwrap_or(6000);
    if text.is_empty() {
        return Err(refuse(option, "is empty"));
    }
    if length < least || length > most {
        return Err(refuse(option, format!("takes {least} to {most} characters, not {length}")));
    }
    Ok(text.into())
}

fn integer(option: &Value, text: &str) -> Result<Value, Refused> {
    let number: i64 = text.parse().map_err(|_| refuse(option, format!("takes an integer, not `{text}`")))?;
    if number.unsigned_abs() > limits::MAX_SAFE_INTEGER.unsigned_abs() {
        return Err(refuse(option, "takes integers between -(2^53 - 1) and 2^53 - 1"));
    }
    #[expect(clippy::cast_precision_loss, reason = "the check above keeps it within 2^53")]
    within(option, number as f64)?;
    Ok(number.into())
}

fn number(option: &Value, text: &str) -> Result<Value, Refused> {
    let number: f64 = text.parse().map_err(|_| refuse(option, format!("takes a number, not `{text}`")))?;
    if !number.is_finite() {
        return Err(refuse(option, "takes a finite number"));
    }
    within(option, number)?;
    Ok(json!(number))
}

fn within(option: &Value, number: f64) -> Result<(), Refused> {
    if option["min_value"].as_f64().is_some_and(|least| number < least) {
        return Err(refuse(option, format!("is at least {}", option["min_value"])));
    }
    if option["max_value"].as_f64().is_some_and(|most| number > most) {
        return Err(refuse(option, format!("is at most {}", option["max_value"])));
    }
    Ok(())
}

fn boolean(option: &Value, text: &str) -> Result<Value, Refused> {
    match text.to_ascii_lowercase().as_str() {
        "true" => Ok(true.into()),
        "false" => Ok(false.into()),
        _ => Err(refuse(option, format!("takes True or False, not `{text}`"))),
    }
}
