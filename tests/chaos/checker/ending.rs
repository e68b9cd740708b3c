//! How an interaction ended for its user.

use local_discord::{Seen, View, render};
use serde_json::Value;

/// The possible endings.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub(crate) enum Ending {
    /// The reply came at once.
    Answered,
    /// The reply came later, by an edit or follow-up.
    Edited,
    /// The user saw the bot's error message with the reference.
    ReportedFailed,
    /// The user saw "The application did not respond".
    NoResponse,
    /// Discord refused every call while the token was valid, or the jobs function was not invoked; and there is a
    /// dead letter.
    GivenUp,
    /// Discord never learned of the response, so that no reply could be given.
    Unreachable,
    /// None of these: the interaction was lost.
    Lost,
}

impl Ending {
    pub(crate) const ALL: [(Self, &str); 7] = [
        (Self::Answered, "answered"),
        (Self::Edited, "edited"),
        (Self::ReportedFailed, "reported as failed"),
        (Self::NoResponse, "reported by Discord"),
        (Self::GivenUp, "given up"),
        (Self::Unreachable, "unreachable"),
        (Self::Lost, "lost"),
    ];

    /// Whether it is an error message: it has the reference.
    pub(super) fn is_error_message(view: &View, message: &Value) -> bool {
        render(message).join("\n").contains(&format!("`{}`", view.id))
    }

    /// `unanswered`: the ending if no reply came.
    pub(super) fn of(view: &View, unanswered: Self) -> Self {
        let Some(last) = view.steps.last() else { return unanswered };
        let is_error_message = |message| Self::is_error_message(view, message);
        match &last.seen {
            Seen::DidNotRespond { reason } if reason.contains("token expired") => unanswered,
            Seen::DidNotRespond { .. } => Self::NoResponse,
            // Deleting the deferred message is no ending: a follow-up must come.
            Seen::Thinking { .. } | Seen::Deleted { .. } => unanswered,
            Seen::Message { message, .. } | Seen::Updated { message } if is_error_message(message) => {
                Self::ReportedFailed
            }
            Seen::Edited { message } | Seen::FollowUp { message, .. } if is_error_message(message) => {
                Self::ReportedFailed
            }
            Seen::Edited { .. } | Seen::FollowUp { .. } => Self::Edited,
            Seen::Message { .. } | Seen::Updated { .. } => Self::Answered,
            Seen::Modal { .. } | Seen::Choices { .. } => Self::Answered,
        }
    }
}
