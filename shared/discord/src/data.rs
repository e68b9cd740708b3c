//! The `data` of an interaction, read as whoever asks needs it.

use serde::Deserialize;

use crate::options::DoNotFit;

#[derive(Deserialize)]
struct Body<D> {
    data: D,
}

/// Reads the data out of the body of an interaction.
///
/// # Errors
/// [`DoNotFit`] if it is not of this form.
pub(crate) fn read<'a, D: Deserialize<'a>>(body: &'a str) -> Result<D, DoNotFit> {
    serde_json::from_str(body).map(|Body { data }| data).map_err(|_| DoNotFit)
}
