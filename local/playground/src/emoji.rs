//! Emoji on buttons and in menus.

use maud::{Markup, html};
use serde_json::Value;

/// An emoji of Unicode as it is; of a custom one nobody here has the picture.
pub(super) fn emoji(emoji: &Value) -> Markup {
    match (emoji["name"].as_str(), emoji["id"].is_string()) {
        (Some(name), false) => html! { span.emoji aria-hidden="true" { (name) } },
        (Some(name), true) => html! { span.custom-emoji { ":" (name) ":" } },
        _ => html! {},
    }
}
