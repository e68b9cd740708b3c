//! Block elements: headings, lists, quotes, subtext and code blocks.

use maud::{Markup, html};

use super::{Names, inline};

/// The maximum nesting of quotes and lists.
const MAX_DEPTH: usize = 4;

pub(super) fn render(text: &str, names: &Names) -> Markup {
    nested(text, names, 0)
}

fn nested(text: &str, names: &Names, depth: usize) -> Markup {
    let mut parts = Vec::new();
    let mut rest = text;
    while let Some((before, language, code, after)) = fenced(rest) {
        parts.push(lines(before, names, depth));
        parts.push(html! { pre { code data-language=[language] { (code) } } });
        rest = after.strip_prefix('\n').unwrap_or(after);
    }
    parts.push(lines(rest, names, depth));
    html! { @for part in &parts { (part) } }
}

/// Splits at the first code block: the text before it, its language, the code, and the text after it.
fn fenced(text: &str) -> Option<(&str, Option<&str>, &str, &str)> {
    let (before, rest) = text.split_once("```")?;
    let (code, after) = rest.split_once("```")?;
    if code.trim().is_empty() {
        return None;
    }
    let is_language = |word: &&str| {
        !word.is_empty() && word.chars().all(|c| c.is_ascii_alphanumeric() || matches!(c, '+' | '-' | '#'))
    };
    let (language, code) = match code.split_once('\n') {
        Some(("", rest)) => (None, rest),
        Some((first, rest)) => match Some(first).filter(is_language) {
            Some(language) if !rest.trim().is_empty() => (Some(language), rest),
            _ => (None, code),
        },
        None => (None, code),
    };
    Some((
        before.strip_suffix('\n').unwrap_or(before),
        language,
        code.strip_suffix('\n').unwrap_or(code),
        after,
    ))
}

/// Renders text without code blocks.
fn lines(text: &str, names: &Names, depth: usize) -> Markup {
    if text.is_empty() {
        return html! {};
    }
    let all: Vec<&str> = text.split('\n').collect();
    let mut parts = Vec::new();
    let mut at = 0;
    while let Some(line) = all.get(at) {
        let (part, taken) = one(line, all.get(at..).unwrap_or_default(), names, depth);
        parts.push(part);
        at += taken;
    }
    html! { @for part in &parts { (part) } }
}

/// Renders the block that begins with the first line of `rest`. Returns its number of lines too.
fn one(line: &str, rest: &[&str], names: &Names, depth: usize) -> (Markup, usize) {
    if let Some((level, title)) = heading(line) {
        let title = inline::render(title, names);
        // All levels are h2 in the page's outline, one below the channel's name; the class sets the size.
        let markup = html! { h2 class=(format!("h{level}")) { (title) } };
        return (markup, 1);
    }
    if let Some(small) = line.strip_prefix("-# ") {
        return (html! { small { (inline::render(small, names)) } }, 1);
    }
    if let Some(first) = line.strip_prefix(">>> ").filter(|_| depth < MAX_DEPTH) {
        let whole = std::iter::once(first).chain(rest.iter().skip(1).copied()).collect::<Vec<_>>().join("\n");
        return (html! { blockquote { (nested(&whole, names, depth + 1)) } }, rest.len());
    }
    if depth < MAX_DEPTH && quoted(line).is_some() {
        let quote: Vec<&str> = rest.iter().map_while(|line| quoted(line)).collect();
        return (html! { blockquote { (lines(&quote.join("\n"), names, depth + 1)) } }, quote.len());
    }
    if let Some(first) = item(line) {
        let items: Vec<Item<'_>> = rest.iter().map_while(|line| item(line)).collect();
        return (list(&items, first.number, names), items.len());
    }
    let more = rest.len() > 1;
    (html! { span.line { (inline::render(line, names)) } @if more { br; } }, 1)
}

fn heading(line: &str) -> Option<(usize, &str)> {
    let level = line.bytes().take_while(|byte| *byte == b'#').count();
    let title = line.get(level..)?.strip_prefix(' ')?.trim();
    ((1..=3).contains(&level) && !title.is_empty()).then_some((level, title))
}

fn quoted(line: &str) -> Option<&str> {
    line.strip_prefix("> ").or((line == ">").then_some(""))
}

#[derive(Clone, Copy)]
struct Item<'t> {
    depth: usize,
    /// The number, in a numbered list.
    number: Option<u64>,
    text: &'t str,
}

fn item(line: &str) -> Option<Item<'_>> {
    let text = line.trim_start_matches(' ');
    let depth = ((line.len() - text.len()) / 2).min(MAX_DEPTH);
    if let Some(text) = text.strip_prefix("- ").or_else(|| text.strip_prefix("* ")) {
        return Some(Item { depth, number: None, text });
    }
    let (number, text) = text.split_once(". ")?;
    let number = number.parse().ok().filter(|_| number.len() < 10)?;
    Some(Item { depth, number: Some(number), text })
}

/// Renders a list. Deeper items become a list inside the item above them.
fn list(items: &[Item<'_>], start: Option<u64>, names: &Names) -> Markup {
    let base = items.first().map_or(0, |item| item.depth);
    let mut entries = Vec::new();
    let mut at = 0;
    while let Some(item) = items.get(at) {
        let rest = items.get(at + 1..).unwrap_or_default();
        let deeper = rest.iter().take_while(|inner| inner.depth > base).count();
        let inner = rest.get(..deeper).unwrap_or_default();
        entries.push(html! {
            li { (inline::render(item.text, names))
                @if let Some(first) = inner.first() { (list(inner, first.number, names)) } }
        });
        at += 1 + deeper;
    }
    html! {
        @if let Some(start) = start { ol start=(start) { @for entry in &entries { (entry) } } }
        @else { ul { @for entry in &entries { (entry) } } }
    }
}
