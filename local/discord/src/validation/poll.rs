//! Checks of a poll.

use serde_json::Value;

use super::{FormErrors, join};
use crate::limits;

pub(super) fn check(errors: &mut FormErrors, at: &str, body: &Value) {
    let poll = &body["poll"];
    if poll.is_null() {
        return;
    }
    let path = join(at, "poll");
    errors.required_text(&join(&path, "question"), &poll["question"], "text", limits::POLL_QUESTION);
    let answers = errors.filled_list(&path, poll, "answers", (1, limits::POLL_ANSWERS));
    for (index, answer) in answers.iter().enumerate() {
        let media = join(&join(&join(&path, "answers"), index), "poll_media");
        errors.text(&media, &answer["poll_media"], "text", limits::POLL_ANSWER);
    }
    errors.integer(&path, poll, "duration", 1..=limits::POLL_HOURS);
}
