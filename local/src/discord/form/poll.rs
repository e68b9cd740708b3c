//! Checks of a poll.

use serde_json::Value;

use super::{Form, join};
use crate::discord::limits;

pub(super) fn check(form: &mut Form, at: &str, body: &Value) {
    let poll = &body["poll"];
    if poll.is_null() {
        return;
    }
    let path = join(at, "poll");
    form.required_text(&join(&path, "question"), &poll["question"], "text", limits::POLL_QUESTION);
    let answers = form.filled_list(&path, poll, "answers", (1, limits::POLL_ANSWERS));
    for (index, answer) in answers.iter().enumerate() {
        let media = join(&join(&join(&path, "answers"), index), "poll_media");
        form.text(&media, &answer["poll_media"], "text", limits::POLL_ANSWER);
    }
    form.integer(&path, poll, "duration", 1..=limits::POLL_HOURS);
}
