//! How an interaction ended, as its user sees it: in exactly one way.

use local_discord::{Seen, View, render};
use serde_json::Value;

/// The ways.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub(crate) enum Ending {
    /// At once.
    Answered,
    /// Later, by an edit.
    Edited,
    /// The bot has told its user that it failed, with the reference.
    Told,
    /// Discord has told its user that the application did not respond.
    Unreached,
    /// Discord refused everything for the token's whole life, and there is a dead letter.
    GivenUp,
    /// In none.
    Lost,
}

impl Ending {
    pub(crate) const ALL: [(Self, &str); 6] = [
        (Self::Answered, "answered"),
        (Self::Edited, "edited"),
        (Self::Told, "told that it failed"),
        (Self::Unreached, "told so by Discord"),
        (Self::GivenUp, "given up"),
        (Self::Lost, "lost"),
    ];

    /// Whether a message tells that it failed: it gives the reference.
    pub(super) fn is_told(view: &View, message: &Value) -> bool {
        render(message).join("\n").contains(&format!("`{}`", view.id))
    }

    /// `may_be_given_up`: Discord refused everything, and there is a dead letter.
    pub(super) fn of(view: &View, may_be_given_up: bool) -> Self {
        let silent = if may_be_given_up { Self::GivenUp } else { Self::Lost };
        let Some(last) = view.steps.last() else { return silent };
        let is_told = |message| Self::is_told(view, message);
        match &last.seen {
            Seen::DidNotRespond { reason } if reason.contains("token expired") => silent,
            Seen::DidNotRespond { .. } => Self::Unreached,
            // Who takes "thinking…" away has something else to say.
            Seen::Thinking { .. } | Seen::Deleted { .. } => silent,
            Seen::Message { message, .. } | Seen::Updated { message } if is_told(message) => Self::Told,
            Seen::Edited { message } | Seen::FollowUp { message, .. } if is_told(message) => Self::Told,
            Seen::Edited { .. } | Seen::FollowUp { .. } => Self::Edited,
            Seen::Message { .. } | Seen::Updated { .. } => Self::Answered,
            Seen::Modal { .. } | Seen::Choices { .. } => Self::Answered,
        }
    }
}
