//! Marked spans: `**bold**`, `*italics*`, `__underlined__`, `~~struck~~`, `||spoiler||` and code.

use maud::{Markup, html};

const DELIMITERS: [&str; 7] = ["***", "**", "*", "__", "_", "~~", "||"];

/// The marked span at the beginning, and its length with the marks.
pub(super) fn marked(
    rest: &str,
    before: Option<char>,
    within: impl Fn(&str) -> Markup,
) -> Option<(Markup, usize)> {
    let (mark, content) = DELIMITERS.iter().find_map(|mark| {
        let content = closed(rest.strip_prefix(mark)?, mark)?;
        fits(mark, content, before, rest).then_some((*mark, content))
    })?;
    let inner = within(content);
    let markup = match mark {
        "***" => html! { em { strong { (inner) } } },
        "**" => html! { strong { (inner) } },
        "__" => html! { u { (inner) } },
        "~~" => html! { s { (inner) } },
        "||" => spoiler(&inner),
        _ => html! { em { (inner) } },
    };
    Some((markup, content.len() + 2 * mark.len()))
}

/// A spoiler, hidden until it is activated.
fn spoiler(inner: &Markup) -> Markup {
    html! {
        span.spoiler role="button" tabindex="0" aria-label="Spoiler" aria-expanded="false" data-act="reveal" {
            span.hidden-words aria-hidden="true" { (inner) }
        }
    }
}

/// Whether the mark is one: not `*` next to a space, and not `_` inside a word.
fn fits(mark: &str, content: &str, before: Option<char>, rest: &str) -> bool {
    let outer = |c: Option<char>| c.is_none_or(|c| !c.is_alphanumeric());
    match mark {
        "*" => !content.starts_with(char::is_whitespace) && !content.ends_with(char::is_whitespace),
        "_" => {
            let after = rest.get(content.len() + 2..).and_then(|after| after.chars().next());
            outer(before) && outer(after)
        }
        _ => true,
    }
}

/// The text before the closing mark. Marks in code and escaped ones do not close.
fn closed<'t>(text: &'t str, mark: &str) -> Option<&'t str> {
    let first = mark.chars().next()?;
    let mut at = 0;
    while let Some(rest) = text.get(at..).filter(|rest| !rest.is_empty()) {
        let run = rest.chars().take_while(|c| *c == first).count();
        if run == mark.len() || run > mark.len() && mark.len() > 1 {
            // In a longer run, the last characters close: **a *b***.
            let end = at + run - mark.len();
            return text.get(..end).filter(|content| !content.is_empty());
        }
        at += if run > 0 { run } else { step(rest) };
    }
    None
}

/// The length of an escaped character, a code span, or one character.
fn step(rest: &str) -> usize {
    let mut chars = rest.chars();
    match chars.next() {
        Some('\\') => 1 + chars.next().map_or(0, char::len_utf8),
        Some('`') => code(rest).map_or(1, |(_, length)| length),
        Some(c) => c.len_utf8(),
        None => 1,
    }
}

/// A code span between one or two backticks, without markup inside.
pub(super) fn code(rest: &str) -> Option<(Markup, usize)> {
    let ticks = rest.bytes().take_while(|byte| *byte == b'`').count();
    if !(1..=2).contains(&ticks) {
        return None;
    }
    let (mark, after) = rest.split_at_checked(ticks)?;
    let (content, _) = after.split_once(mark)?;
    let length = content.len() + 2 * ticks;
    (!content.trim().is_empty()).then(|| (html! { code { (content.trim()) } }, length))
}
