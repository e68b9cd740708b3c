//! A probe: an interaction that is answered as if its signature had been checked, and a check of what the function
//! needs.

use serde::Serialize;
use serde_json::value::RawValue;

/// The response to a probe.
#[derive(Debug, Serialize)]
pub struct ProbeReport {
    /// Whether everything works. Whether the response is the right one is for the caller to judge.
    ok: bool,
    /// What does not work, each with its reason.
    failures: Vec<String>,
    /// The version that was probed.
    version: String,
    /// The response to the interaction; `None` if it is not an interaction.
    response: Option<Box<RawValue>>,
}

impl ProbeReport {
    pub(crate) fn new(version: &str, failures: Vec<String>, response: Option<String>) -> Self {
        let response = response.and_then(|response| RawValue::from_string(response).ok());
        Self { ok: failures.is_empty(), failures, version: version.to_owned(), response }
    }
}
