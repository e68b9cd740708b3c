//! Emoji on buttons and in selects.

use maud::{Markup, html};
use serde_json::Value;

/// A Unicode emoji as it is, a custom one as `:name:`, because its image is not available.
pub(super) fn emoji(emoji: &Value) -> Markup {
    match (emoji["name"].as_str(), emoji["id"].is_string()) {
        (Some(name), false) => html! { span.emoji aria-hidden="true" { (name) } },
        (Some(name), true) => html! { span.custom-emoji { ":" (name) ":" } },
        _ => html! {},
    }
}
