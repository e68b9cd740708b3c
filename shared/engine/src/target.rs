//! Where a reply goes, and who can see it there.

use discord::Envelope;
use domain::job::Act;
pub(crate) use domain::job::Target;

use crate::{Entry, UpdateMode, Visibility};

/// Where the reply to this interaction goes. A modal that a slash command opened is on no message.
pub(crate) fn reply_target(entry: &Entry, act: Act, envelope: &Envelope<'_>) -> Target {
    let uses = match act {
        Act::Command => None,
        Act::Component => entry.press,
        Act::Modal => entry.submit,
    };
    match uses.map(|uses| uses.on_use) {
        Some(UpdateMode::Reply(seen)) => Target::New(seen),
        Some(UpdateMode::Update) if act == Act::Component || envelope.is_on_message() => {
            let ephemeral = envelope.is_on_ephemeral_message();
            Target::InPlace(if ephemeral { Visibility::Ephemeral } else { Visibility::Public })
        }
        Some(UpdateMode::Update) | None => Target::New(entry.reply),
    }
}
