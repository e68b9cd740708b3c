//! The `data` of an interaction, parsed into the type that the caller asks for.

use serde::Deserialize;

/// The options do not match this version of the command.
#[derive(Clone, Copy, Debug, PartialEq, Eq, thiserror::Error)]
#[error("the options do not match the command's definition")]
pub struct OptionsError;

#[derive(Deserialize)]
struct Body<D> {
    data: D,
}

/// Parses the data of an interaction.
///
/// # Errors
/// [`OptionsError`] if it does not have this shape.
pub(crate) fn parse<'a, D: Deserialize<'a>>(body: &'a str) -> Result<D, OptionsError> {
    serde_json::from_str(body).map(|Body { data }| data).map_err(|_| OptionsError)
}
