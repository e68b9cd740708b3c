//! The state of components and modals: stores what does not fit into a reply's custom ids, which then hold its
//! key, and reads it again.

use std::fmt;

use aws::ComponentState;
use discord::{
    CustomId,
    custom_id::{self, State, StoredState},
};
use domain::{Error, Fault, Refusal};
use serde::de::DeserializeOwned;

use crate::{Context, Services, another_version::another_version};

/// Stores the state that did not fit. Idempotent, because the key is a digest of the custom id's content.
pub(crate) async fn store(services: &Services, stored_states: &[&StoredState]) -> Result<(), Fault> {
    for stored_state in stored_states {
        let state = ComponentState(stored_state.bytes.clone());
        services.store().put(stored_state.key.as_str(), &state, services.now()).await?;
    }
    Ok(())
}

/// The state of a component or modal that the previous version made.
#[derive(Clone, Copy)]
pub struct PreviousState<'a>(pub &'a [u8]);

impl PreviousState<'_> {
    /// The state, read as the type that it had in that version; `None` if it is not of this type.
    pub fn read<P: DeserializeOwned + Into<S>, S>(self) -> Option<S> {
        custom_id::unpack::<P>(self.0).map(Into::into)
    }
}

/// Leaves out the state, which may contain text of users.
impl fmt::Debug for PreviousState<'_> {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("PreviousState")
    }
}

/// How a command reads the states of its components or of its modals.
pub(crate) struct Reader<S> {
    /// The version that it writes.
    pub(crate) version: u8,
    /// Reads a state of the version before.
    pub(crate) previous: fn(PreviousState<'_>) -> Option<S>,
}

/// Why the state of a custom id cannot be read.
pub(crate) enum Unread {
    /// It is too old, has expired, or belongs to another custom id.
    Old,
    /// A later version made it.
    Later,
    /// The table cannot be read.
    Failed(Fault),
}

impl<S: DeserializeOwned> Reader<S> {
    /// Reads the state of a component or modal.
    pub(crate) async fn read(&self, id: CustomId<'_>, cx: &Context) -> Result<S, Unread> {
        if id.version > self.version {
            return Err(Unread::Later);
        }
        let is_previous = id.version + 1 == self.version;
        if id.version != self.version && !is_previous {
            return Err(Unread::Old);
        }
        let bytes = match id.state {
            State::Inline(_) => id.bytes(),
            State::Stored(key) => {
                let stored = cx.services().store::<ComponentState>().get(key, cx.now()).await;
                let stored = stored.map_err(Unread::Failed)?;
                stored.map(|ComponentState(bytes)| bytes).filter(|bytes| id.is_of(bytes))
            }
        };
        let bytes = bytes.ok_or(Unread::Old)?;
        let state =
            if is_previous { (self.previous)(PreviousState(&bytes)) } else { custom_id::unpack(&bytes) };
        state.ok_or(Unread::Old)
    }
}

impl Unread {
    /// In the interactions function: the user can try again, and may then reach the later version.
    pub(crate) fn now(self, cx: &Context) -> Error {
        match self {
            Self::Old => Refusal(words::errors::old_component(cx.user_language())).into(),
            Self::Later => Refusal(words::errors::later_component(cx.user_language())).into(),
            Self::Failed(fault) => fault.into(),
        }
    }

    /// In the jobs function: the interactions function has accepted it, so a retry may reach that version.
    pub(crate) fn deferred(self, cx: &Context) -> Error {
        match self {
            Self::Later => another_version().into(),
            unread => unread.now(cx),
        }
    }
}
