//! What a button remembers: which command made it, in which version, and what pressing it means.
//!
//! `command.version.action`, the action being the command's own enum packed by postcard and written
//! in base64url; 100 characters in all.

use base64::{Engine, prelude::BASE64_URL_SAFE_NO_PAD};
use serde::{Serialize, de::DeserializeOwned};

use crate::limits::{self, OverLimit};

/// A custom id that has the form of ours.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct CustomId<'a> {
    /// The command that made it.
    pub command: &'a str,
    /// The version of its actions.
    pub version: u8,
    action: &'a str,
}

impl<'a> CustomId<'a> {
    /// Reads a custom id; `None` if it is not of our form.
    pub fn parse(text: &'a str) -> Option<Self> {
        let (command, rest) = text.split_once('.')?;
        let (version, action) = rest.split_once('.')?;
        Some(Self { command, version: version.parse().ok()?, action })
    }

    /// What pressing it means; `None` if it is not an action of this kind.
    pub fn action<A: DeserializeOwned>(&self) -> Option<A> {
        let bytes = BASE64_URL_SAFE_NO_PAD.decode(self.action).ok()?;
        match postcard::take_from_bytes(&bytes) {
            Ok((action, [])) => Some(action),
            _ => None,
        }
    }
}

/// Writes a custom id.
///
/// # Errors
/// [`OverLimit`] if the action does not fit.
pub fn encode<A: Serialize>(command: &str, version: u8, action: &A) -> Result<String, OverLimit> {
    let over = OverLimit { what: "custom id" };
    let action = postcard::to_allocvec(action).map_err(|_| over)?;
    let text = format!("{command}.{version}.{}", BASE64_URL_SAFE_NO_PAD.encode(action));
    limits::within(over.what, text.len(), limits::CUSTOM_ID)?;
    Ok(text)
}

#[cfg(test)]
mod tests {
    use proptest::prelude::*;
    use serde::Deserialize;

    use super::*;

    #[derive(Debug, PartialEq, Serialize, Deserialize)]
    enum Action {
        Refresh { place: String, metric: bool },
        Close,
    }

    #[test]
    fn an_action_that_does_not_fit_is_an_error() {
        let place = "x".repeat(80);
        assert!(encode("weather", 1, &Action::Refresh { place, metric: true }).is_err());
    }

    #[test]
    fn what_is_not_ours_is_not_an_action() {
        for text in ["", "weather", "weather.1", "weather.x.AA", "weather.300.AA"] {
            assert_eq!(CustomId::parse(text), None, "{text}");
        }
        for text in ["weather.1.", "weather.1.????", "weather.1.Ag", "weather.1.AQA"] {
            assert_eq!(CustomId::parse(text).unwrap().action::<Action>(), None, "{text}");
        }
        assert_eq!(CustomId::parse("weather.1.AQ").unwrap().action(), Some(Action::Close));
    }

    proptest! {
        #[test]
        fn what_was_written_is_read_again(place in "\\PC{0,20}", metric: bool) {
            let action = Action::Refresh { place, metric };
            if let Ok(text) = encode("weather", 1, &action) {
                let read = CustomId::parse(&text).unwrap();
                prop_assert_eq!((read.command, read.version), ("weather", 1));
                prop_assert_eq!(read.action::<Action>(), Some(action));
            }
        }

        #[test]
        fn no_text_makes_it_panic(text in "\\PC{0,110}") {
            if let Some(id) = CustomId::parse(&text) {
                let _ = id.action::<Action>();
            }
        }
    }
}
