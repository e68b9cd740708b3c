//! Renders Discord's Markdown as HTML. All text of users and bots is escaped by maud.

mod block;
mod inline;
mod span;
#[cfg(test)]
mod tests;
mod token;

use std::collections::HashMap;

use maud::{Markup, html};

/// The names behind the ids in a text, as the reader sees them.
#[derive(Clone, Debug, Default)]
pub struct Names {
    pub people: HashMap<String, String>,
    pub roles: HashMap<String, String>,
    pub channels: HashMap<String, String>,
}

/// Renders a message or description, with block elements.
pub fn render(text: &str, names: &Names) -> Markup {
    block::render(text, names)
}

/// Renders a title or field name, with inline elements only.
pub fn line(text: &str, names: &Names) -> Markup {
    inline::render(text, names)
}

/// Whether the text is only a few emoji, which Discord shows large.
pub fn is_jumbo(text: &str) -> bool {
    let mut shown = 0;
    let all = text.chars().all(|c| {
        if matches!(c, '\u{200d}' | '\u{fe0f}' | '\u{1f3fb}'..='\u{1f3ff}') || c.is_whitespace() {
            return true;
        }
        shown += 1;
        matches!(c, '\u{1f000}'..='\u{1faff}' | '\u{2600}'..='\u{27bf}' | '\u{2b00}'..='\u{2bff}')
    });
    all && (1..=27).contains(&shown)
}

/// A link to another site.
fn link(url: &str, label: Markup) -> Markup {
    html! { a href=(url) target="_blank" rel="noopener noreferrer nofollow" { (label) } }
}

/// Whether the URL is http or https. Other schemes, such as `javascript:`, are not made links.
fn is_safe(url: &str) -> bool {
    let rest = url.strip_prefix("https://").or_else(|| url.strip_prefix("http://"));
    rest.is_some_and(|rest| !rest.is_empty() && !url.chars().any(|c| c.is_whitespace() || c.is_control()))
}
