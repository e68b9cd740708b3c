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
const STORED_MARK: char = '*';
/// Bytes of a key: 128 bits make collisions implausible, and keep the id short.
const KEY_BYTES: usize = 16;

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
    Inline(&'a str),
    /// In the table, under this key.
    Stored(&'a str),
}

impl<'a> CustomId<'a> {
    /// Parses a custom id; `None` if it is not exactly in this format.
    pub fn parse(text: &'a str) -> Option<Self> {
        let (command, rest) = text.split_once('.')?;
        let (version, state) = rest.split_once('.')?;
        let (version, owner) = match version.split_once('~') {
            Some((version, owner)) => (version, Some(parse_owner(owner)?)),
            None => (version, None),
        };
        let state = state.strip_prefix(STORED_MARK).map_or(State::Inline(state), State::Stored);
        Some(Self { command, version: parse_version(version)?, owner, state })
    }

    /// The state's bytes; `None` if they are in the table.
    pub fn bytes(&self) -> Option<Vec<u8>> {
        match self.state {
            State::Inline(text) => BASE64_URL_SAFE_NO_PAD.decode(text).ok(),
            State::Stored(_) => None,
        }
    }

    /// Whether these stored bytes belong to this id.
    pub fn is_of(&self, bytes: &[u8]) -> bool {
        self.state == State::Stored(&digest(self.command, self.version, self.owner, bytes))
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
pub struct NewCustomId {
    pub(crate) text: String,
    /// To be stored before the id is sent.
    pub stored_state: Option<StoredState>,
}

/// A state that is too long for a custom id.
#[derive(Clone, PartialEq, Eq)]
pub struct StoredState {
    /// The key in the id.
    pub key: String,
    /// The serialized state.
    pub bytes: Vec<u8>,
}

/// Leaves out the state, which may contain text of users.
impl fmt::Debug for NewCustomId {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("NewCustomId").field("is_stored", &self.stored_state.is_some()).finish_non_exhaustive()
    }
}

impl fmt::Debug for StoredState {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("StoredState").field("key", &self.key).finish_non_exhaustive()
    }
}

/// The state has a type that postcard cannot serialize.
#[derive(Clone, Copy, Debug, PartialEq, Eq, thiserror::Error)]
#[error("the state cannot be encoded")]
pub struct PackError;

/// Creates a custom id.
///
/// # Errors
/// [`PackError`] if postcard cannot serialize the type of the state.
pub fn create<S: Serialize>(
    command: &str,
    version: u8,
    owner: Option<UserId>,
    state: &S,
) -> Result<NewCustomId, PackError> {
    let bytes = postcard::to_allocvec(state).map_err(|_| PackError)?;
    let head = match owner {
        Some(owner) => format!("{command}.{version}~{}.", encode_owner(owner)),
        None => format!("{command}.{version}."),
    };
    let text = format!("{head}{}", BASE64_URL_SAFE_NO_PAD.encode(&bytes));
    if text.chars().count() <= limits::MAX_CUSTOM_ID_LENGTH {
        return Ok(NewCustomId { text, stored_state: None });
    }
    let key = digest(command, version, owner, &bytes);
    Ok(NewCustomId {
        text: format!("{head}{STORED_MARK}{key}"),
        stored_state: Some(StoredState { key, bytes }),
    })
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
    BASE64_URL_SAFE_NO_PAD.encode(&digest[..KEY_BYTES])
}

/// Accepts only the canonical form: `parse` would also accept "+1" and "01".
fn parse_version(text: &str) -> Option<u8> {
    text.parse().ok().filter(|version: &u8| version.to_string() == text)
}

fn encode_owner(owner: UserId) -> String {
    BASE64_URL_SAFE_NO_PAD.encode(owner.get().to_be_bytes())
}

fn parse_owner(text: &str) -> Option<UserId> {
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
    fn a_state_that_does_not_fit_is_stored_under_a_key_of_its_own() {
        let state = Action::Refresh { place: "x".repeat(80), metric: true };
        let id = create("weather", 1, owner(7), &state).unwrap();
        let stored_state = id.stored_state.unwrap();
        let id = CustomId::parse(&id.text).unwrap();
        assert_eq!((id.owner, id.state), (owner(7), State::Stored(&stored_state.key)));
        assert!(id.is_of(&stored_state.bytes) && !id.is_of(b"other"));
        assert_eq!(unpack(&stored_state.bytes), Some(state));
    }

    #[test]
    fn an_id_does_not_show_its_state() {
        let id = create("weather", 1, None, &"canary".repeat(20)).unwrap();
        let state = id.stored_state.clone().unwrap();
        assert_eq!(format!("{id:?}"), "NewCustomId { is_stored: true, .. }");
        assert_eq!(format!("{state:?}"), format!("StoredState {{ key: {:?}, .. }}", state.key));
    }

    #[test]
    fn a_stored_state_serves_no_other_command_version_or_owner() {
        let state = "x".repeat(80);
        let stored_state = create("pay", 1, owner(7), &state).unwrap().stored_state.unwrap();
        let yours = create("pay", 1, owner(7), &state).unwrap().text;
        for forged in [
            yours.replace("pay", "settings"),
            yours.replace(".1~", ".2~"),
            yours.replace(&encode_owner(UserId::new(7).unwrap()), &encode_owner(UserId::new(8).unwrap())),
        ] {
            assert_ne!(forged, yours);
            assert!(!CustomId::parse(&forged).unwrap().is_of(&stored_state.bytes), "{forged}");
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
            let id = create("weather", 1, owner(who), &state).unwrap();
            prop_assert!(id.text.len() <= limits::MAX_CUSTOM_ID_LENGTH);
            let read = CustomId::parse(&id.text).unwrap();
            prop_assert_eq!((read.command, read.version, read.owner), ("weather", 1, owner(who)));
            let bytes = read.bytes().or(id.stored_state.map(|stored_state| stored_state.bytes)).unwrap();
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
