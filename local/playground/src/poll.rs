//! Renders polls with their votes.

use maud::{Markup, html};
use serde_json::Value;

use super::{emoji::emoji, window::Window, words};

pub(super) fn render(message: &Value, window: &Window) -> Markup {
    let poll = &message["poll"];
    let Some(question) = poll["question"]["text"].as_str() else { return html! {} };
    let answers = poll["answers"].as_array().map_or(&[][..], Vec::as_slice);
    let all: u64 = answers.iter().map(|answer| votes(poll, answer)).sum();
    let how = if poll["allow_multiselect"] == true { words::vote_many } else { words::vote_one };
    html! {
        section.poll aria-label=(question) {
            p.poll-question { (question) }
            p.poll-how { (how(window.language)) }
            ul { @for answer in answers { (one(answer, votes(poll, answer), all)) } }
            p.poll-foot {
                (all) " " (words::votes(window.language))
                @if let Some(expiry) = poll["expiry"].as_str() {
                    " • " (words::ends(window.language)) " " time datetime=(expiry) data-style="R" { (expiry) }
                }
            }
        }
    }
}

fn votes(poll: &Value, answer: &Value) -> u64 {
    let counts = poll["results"]["answer_counts"].as_array().map_or(&[][..], Vec::as_slice);
    let count = counts.iter().find(|count| count["id"] == answer["answer_id"]);
    count.and_then(|count| count["count"].as_u64()).unwrap_or(0)
}

fn one(answer: &Value, votes: u64, all: u64) -> Markup {
    let percent = (votes * 100).checked_div(all).unwrap_or(0);
    let media = &answer["poll_media"];
    html! {
        li.poll-answer {
            svg.poll-bar aria-hidden="true" viewBox="0 0 100 1" preserveAspectRatio="none" {
                rect width=(percent) height="1" {}
            }
            (emoji(&media["emoji"]))
            span.poll-words { (media["text"].as_str().unwrap_or("")) }
            span.poll-votes { (percent) " %" }
        }
    }
}
