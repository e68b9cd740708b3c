//! Where an answer goes, and who sees it there.

use discord::Envelope;
use domain::job::Act;

use crate::{OnUse, Visibility, commands::Entry};

/// Where an answer goes, and who sees it there.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Target {
    /// A message of its own.
    New(Visibility),
    /// The message that a component is on, or a form was opened from.
    InPlace(Visibility),
}

impl Target {
    /// Where the answer to this interaction goes. A form that a command opened is on no message.
    pub(crate) fn of(entry: &Entry, act: Act, envelope: &Envelope<'_>) -> Self {
        let uses = match act {
            Act::Command => None,
            Act::Component => entry.press,
            Act::Form => entry.submit,
        };
        match uses.map(|uses| uses.on_use) {
            Some(OnUse::Reply(seen)) => Self::New(seen),
            Some(OnUse::Update) if act == Act::Component || envelope.is_on_message() => {
                let private = envelope.is_on_private_message();
                Self::InPlace(if private { Visibility::Private } else { Visibility::Public })
            }
            Some(OnUse::Update) | None => Self::New(entry.reply),
        }
    }

    /// Who sees it.
    pub(crate) fn seen_by(self) -> Visibility {
        let (Self::New(seen) | Self::InPlace(seen)) = self;
        seen
    }

    /// The same for these.
    pub(crate) fn for_eyes_of(self, seen: Visibility) -> Self {
        match self {
            Self::New(_) => Self::New(seen),
            Self::InPlace(_) => Self::InPlace(seen),
        }
    }
}
