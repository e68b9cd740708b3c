//! The custom id of a component or modal: the command that created it, the version, the owner, and the
//! state.
//!
//! The format is `command.version.state` or `command.version~owner.state`, at most 100 characters. The
//! state is the command's own enum, serialized by postcard in base64url. If it is too long, it is stored in
//! a table, and the id holds `*` and its key. The key is a digest of all parts of the id, so that stored
//! state cannot be used by another command, version or owner.

use std::fmt;

use base64::{Engine, prelude::BASE64_URL_SAFE_NO_PAD};
use domain::UserId;
use serde::{Serialize, de::DeserializeOwned};
use sha2::{Digest, Sha512};

use crate::limits;

/// Marks a key instead of the state itself. Not a character of base64url.
const KEPT: char = '*';
/// Bytes of a key: 128 bits make collisions implausible, and keep the id short.
const KEY: usize = 16;

/// A parsed custom id in this format.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct CustomId<'a> {
    /// The command that created it.
    pub command: &'a str,
    /// The version of the command's states.
    pub version: u8,
    /// The only user who may use it; `None` for everyone.
    pub owner: Option<UserId>,
    /// The state.
    pub state: State<'a>,
}

/// Where the state is.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum State<'a> {
    /// In the id, as base64url.
    Here(&'a str),
    /// In the table, under this key.
    Kept(&'a str),
}

impl<'a> CustomId<'a> {
    /// Parses a custom id; `None` if it is not exactly in this format.
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

    /// The state's bytes; `None` if they are in the table.
    pub fn bytes(&self) -> Option<Vec<u8>> {
        match self.state {
            State::Here(text) => BASE64_URL_SAFE_NO_PAD.decode(text).ok(),
            State::Kept(_) => None,
        }
    }

    /// Whether these stored bytes belong to this id.
    pub fn is_of(&self, bytes: &[u8]) -> bool {
        self.state == State::Kept(&digest(self.command, self.version, self.owner, bytes))
    }
}

/// Deserializes a state; `None` if the bytes are not of this type.
pub fn unpack<S: DeserializeOwned>(bytes: &[u8]) -> Option<S> {
    match postcard::take_from_bytes(bytes) {
        Ok((state, [])) => Some(state),
        _ => None,
    }
}

/// A new custom id, and the state that did not fit into it.
#[derive(Clone, PartialEq, Eq)]
pub struct Written {
    pub(crate) text: String,
    /// To be stored before the id is sent.
    pub overflow: Option<Overflow>,
}

/// A state that is too long for a custom id.
#[derive(Clone, PartialEq, Eq)]
pub struct Overflow {
    /// The key in the id.
    pub key: String,
    /// The serialized state.
    pub bytes: Vec<u8>,
}

/// Leaves out the state, which may contain text of users.
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

/// The state has a type that postcard cannot serialize.
#[derive(Clone, Copy, Debug, PartialEq, Eq, thiserror::Error)]
#[error("state cannot be packed")]
pub struct PackError;

/// Creates a custom id.
///
/// # Errors
/// [`PackError`] if postcard cannot serialize the type of the state.
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
        // Command names have no dots, so the parts cannot be confused.
        .chain_update(".")
        .chain_update([version])
        .chain_update(owner.to_be_bytes())
        .chain_update(bytes)
        .finalize();
    BASE64_URL_SAFE_NO_PAD.encode(&digest[..KEY])
}

/// Accepts only the canonical form: `parse` would also accept "+1" and "01".
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
    fn an_id_does_not_show_its_state() {
        let written = write("weather", 1, None, &"canary".repeat(20)).unwrap();
        let overflow = written.overflow.clone().unwrap();
        assert_eq!(format!("{written:?}"), "Written { overflows: true, .. }");
        assert_eq!(format!("{overflow:?}"), format!("Overflow {{ key: {:?}, .. }}", overflow.key));
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
