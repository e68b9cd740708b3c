//! Discord's markdown as HTML. What people and bots write is data: maud escapes all of it.

mod block;
mod inline;
mod span;
#[cfg(test)]
mod tests;
mod token;

use std::collections::HashMap;

use maud::{Markup, html};

/// What the ids in a text mean to whoever reads it.
#[derive(Clone, Debug, Default)]
pub struct Names {
    pub people: HashMap<String, String>,
    pub roles: HashMap<String, String>,
    pub channels: HashMap<String, String>,
}

/// Whole messages, descriptions and texts: with headings, lists, quotes and code.
pub fn render(text: &str, names: &Names) -> Markup {
    block::render(text, names)
}

/// One line: titles and names of fields.
pub fn line(text: &str, names: &Names) -> Markup {
    inline::render(text, names)
}

/// Whether there is nothing but a few emoji, which are then shown large.
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

/// A link that a page may lead to.
fn link(url: &str, label: Markup) -> Markup {
    html! { a href=(url) target="_blank" rel="noopener noreferrer nofollow" { (label) } }
}

/// Only these lead out: everything else stays text.
fn is_safe(url: &str) -> bool {
    let rest = url.strip_prefix("https://").or_else(|| url.strip_prefix("http://"));
    rest.is_some_and(|rest| !rest.is_empty() && !url.chars().any(|c| c.is_whitespace() || c.is_control()))
}
