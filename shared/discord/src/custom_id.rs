//! What a component or a form remembers: which command made it, in which version, for whom, and what
//! using it means.
//!
//! `command.version.state` or `command.version~owner.state`, 100 characters in all. The state is the
//! command's own enum, packed by postcard and written in base64url; one that is too long is kept in
//! a table, and the id holds `*` and the key to it. The key is a digest of everything that the id
//! says, so that a kept state cannot be used by another command, version or owner.

use std::fmt;

use base64::{Engine, prelude::BASE64_URL_SAFE_NO_PAD};
use domain::UserId;
use serde::{Serialize, de::DeserializeOwned};
use sha2::{Digest, Sha512};

use crate::limits;

/// What a kept state's place in a custom id begins with; no character of base64url.
const KEPT: char = '*';
/// Bytes of a key: what birthdays need, and no more.
const KEY: usize = 16;

/// A custom id that has the form of ours.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct CustomId<'a> {
    /// The command that made it.
    pub command: &'a str,
    /// The version of its states.
    pub version: u8,
    /// Who alone may use it; `None` for anybody.
    pub owner: Option<UserId>,
    /// What using it means.
    pub state: State<'a>,
}

/// Where the state is.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum State<'a> {
    /// In the id, in base64url.
    Here(&'a str),
    /// In a table, under this key.
    Kept(&'a str),
}

impl<'a> CustomId<'a> {
    /// Reads a custom id; `None` if it is not of our form, to the letter.
    pub fn parse(text: &'a str) -> Option<Self> {
        let (command, rest) = text.split_once('.')?;
        let (version, state) = rest.split_once('.')?;
        let (version, owner) = match version.split_once('~') {
            Some((version, owner)) => (version, Some(read_owner(owner)?)),
            None => (version, None),
        };
        let state = state.strip_prefix(KEPT).map_or(State::Here(state), State::Kept);
        Some(Self { command, version: read_version(version)?, owner, state })
    }

    /// The state's bytes, if they are here.
    pub fn bytes(&self) -> Option<Vec<u8>> {
        match self.state {
            State::Here(text) => BASE64_URL_SAFE_NO_PAD.decode(text).ok(),
            State::Kept(_) => None,
        }
    }

    /// Whether these are the bytes that were kept for this very id.
    pub fn is_of(&self, bytes: &[u8]) -> bool {
        self.state == State::Kept(&digest(self.command, self.version, self.owner, bytes))
    }
}

/// Reads a state; `None` if the bytes are not one of this kind.
pub fn unpack<S: DeserializeOwned>(bytes: &[u8]) -> Option<S> {
    match postcard::take_from_bytes(bytes) {
        Ok((state, [])) => Some(state),
        _ => None,
    }
}

/// A custom id that was written, and what did not fit into it.
#[derive(Clone, PartialEq, Eq)]
pub struct Written {
    pub(crate) text: String,
    /// To be kept before the id is sent.
    pub overflow: Option<Overflow>,
}

/// A state that did not fit.
#[derive(Clone, PartialEq, Eq)]
pub struct Overflow {
    /// Where the id expects it.
    pub key: String,
    /// The state.
    pub bytes: Vec<u8>,
}

/// A state may hold what somebody wrote.
impl fmt::Debug for Written {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("Written").field("overflows", &self.overflow.is_some()).finish_non_exhaustive()
    }
}

impl fmt::Debug for Overflow {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("Overflow").field("key", &self.key).finish_non_exhaustive()
    }
}

/// The state cannot be written: its type is one that postcard does not take.
#[derive(Clone, Copy, Debug, PartialEq, Eq, thiserror::Error)]
#[error("state cannot be packed")]
pub struct PackError;

/// Writes a custom id.
///
/// # Errors
/// [`PackError`] for a state of a type that no state should have.
pub fn write<S: Serialize>(
    command: &str,
    version: u8,
    owner: Option<UserId>,
    state: &S,
) -> Result<Written, PackError> {
    let bytes = postcard::to_allocvec(state).map_err(|_| PackError)?;
    let head = match owner {
        Some(owner) => format!("{command}.{version}~{}.", written_owner(owner)),
        None => format!("{command}.{version}."),
    };
    let text = format!("{head}{}", BASE64_URL_SAFE_NO_PAD.encode(&bytes));
    if text.chars().count() <= limits::CUSTOM_ID {
        return Ok(Written { text, overflow: None });
    }
    let key = digest(command, version, owner, &bytes);
    Ok(Written { text: format!("{head}{KEPT}{key}"), overflow: Some(Overflow { key, bytes }) })
}

fn digest(command: &str, version: u8, owner: Option<UserId>, bytes: &[u8]) -> String {
    let owner = owner.map_or(0, UserId::get);
    let digest = Sha512::new()
        .chain_update(command)
        // No command has it in its name, so the parts cannot run into each other.
        .chain_update(".")
        .chain_update([version])
        .chain_update(owner.to_be_bytes())
        .chain_update(bytes)
        .finalize();
    BASE64_URL_SAFE_NO_PAD.encode(&digest[..KEY])
}

/// In the one way in which it is written: `parse` would take "+1" and "01".
fn read_version(text: &str) -> Option<u8> {
    text.parse().ok().filter(|version: &u8| version.to_string() == text)
}

fn written_owner(owner: UserId) -> String {
    BASE64_URL_SAFE_NO_PAD.encode(owner.get().to_be_bytes())
}

fn read_owner(text: &str) -> Option<UserId> {
    let bytes = BASE64_URL_SAFE_NO_PAD.decode(text).ok()?;
    UserId::new(u64::from_be_bytes(bytes.try_into().ok()?))
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

    fn owner(number: u64) -> Option<UserId> {
        UserId::new(number)
    }

    #[test]
    fn a_state_that_does_not_fit_is_kept_under_a_key_of_its_own() {
        let state = Action::Refresh { place: "x".repeat(80), metric: true };
        let written = write("weather", 1, owner(7), &state).unwrap();
        let overflow = written.overflow.unwrap();
        let id = CustomId::parse(&written.text).unwrap();
        assert_eq!((id.owner, id.state), (owner(7), State::Kept(&overflow.key)));
        assert!(id.is_of(&overflow.bytes) && !id.is_of(b"other"));
        assert_eq!(unpack(&overflow.bytes), Some(state));
    }

    #[test]
    fn a_kept_state_serves_no_other_command_version_or_owner() {
        let state = "x".repeat(80);
        let overflow = write("pay", 1, owner(7), &state).unwrap().overflow.unwrap();
        let yours = write("pay", 1, owner(7), &state).unwrap().text;
        for forged in [
            yours.replace("pay", "settings"),
            yours.replace(".1~", ".2~"),
            yours.replace(&written_owner(UserId::new(7).unwrap()), &written_owner(UserId::new(8).unwrap())),
        ] {
            assert_ne!(forged, yours);
            assert!(!CustomId::parse(&forged).unwrap().is_of(&overflow.bytes), "{forged}");
        }
    }

    #[test]
    fn what_is_not_ours_is_not_a_custom_id_or_not_a_state() {
        for text in
            ["", "weather", "weather.1", "weather.x.AA", "weather.300.AA", "weather.1~.AA", "w.1~AA.AA"]
                .into_iter()
                .chain(["weather.+1.AA", "weather.01.AA"])
        {
            assert_eq!(CustomId::parse(text), None, "{text}");
        }
        let state = |text| CustomId::parse(text).unwrap().bytes().and_then(|bytes| unpack::<Action>(&bytes));
        for text in ["weather.1.", "weather.1.????", "weather.1.Ag", "weather.1.AQA", "weather.1.*AQ"] {
            assert_eq!(state(text), None, "{text}");
        }
        assert_eq!(state("weather.1.AQ"), Some(Action::Close));
    }

    proptest! {
        #[test]
        fn what_was_written_is_read_again(place in "\\PC{0,120}", metric: bool, who: u64) {
            let state = Action::Refresh { place, metric };
            let written = write("weather", 1, owner(who), &state).unwrap();
            prop_assert!(written.text.len() <= limits::CUSTOM_ID);
            let read = CustomId::parse(&written.text).unwrap();
            prop_assert_eq!((read.command, read.version, read.owner), ("weather", 1, owner(who)));
            let bytes = read.bytes().or(written.overflow.map(|overflow| overflow.bytes)).unwrap();
            prop_assert_eq!(unpack::<Action>(&bytes), Some(state));
        }

        #[test]
        fn no_text_makes_it_panic(text in "\\PC{0,110}") {
            if let Some(id) = CustomId::parse(&text) {
                let _ = id.bytes().map(|bytes| unpack::<Action>(&bytes));
                let _ = id.is_of(text.as_bytes());
            }
        }
    }
}
