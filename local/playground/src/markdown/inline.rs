//! Inline elements: bold, italics, spoilers, code, links, and tokens in angle brackets.

use maud::{Markup, PreEscaped, Render};

use super::{Names, span, token};

/// The maximum nesting; deeper marks are shown as text.
const MAX_DEPTH: usize = 8;

pub(super) fn render(text: &str, names: &Names) -> Markup {
    nested(text, names, MAX_DEPTH)
}

fn nested(text: &str, names: &Names, depth: usize) -> Markup {
    let mut out = String::new();
    let mut plain = String::new();
    let mut at = 0;
    while let Some(rest) = text.get(at..).filter(|rest| !rest.is_empty()) {
        let before = text.get(..at).and_then(|before| before.chars().next_back());
        let found = match depth {
            0 => None,
            _ => marked(rest, before, names, depth),
        };
        if let Some((markup, length)) = found {
            push(&mut out, &mut plain);
            out.push_str(&markup.into_string());
            at += length;
            continue;
        }
        at += take(rest, &mut plain);
    }
    push(&mut out, &mut plain);
    PreEscaped(out)
}

/// Appends the collected text, HTML-escaped by maud.
fn push(out: &mut String, plain: &mut String) {
    if !plain.is_empty() {
        plain.as_str().render_to(out);
        plain.clear();
    }
}

/// Takes one character, or an escaped one after a backslash. Returns the number of bytes.
fn take(rest: &str, plain: &mut String) -> usize {
    let mut chars = rest.chars();
    let Some(first) = chars.next() else { return 1 };
    match chars.next() {
        Some(second) if first == '\\' && second.is_ascii_punctuation() => {
            plain.push(second);
            2
        }
        _ => {
            plain.push(first);
            first.len_utf8()
        }
    }
}

fn marked(rest: &str, before: Option<char>, names: &Names, depth: usize) -> Option<(Markup, usize)> {
    let within = |text: &str| nested(text, names, depth - 1);
    match rest.bytes().next()? {
        b'*' | b'_' | b'~' | b'|' => span::marked(rest, before, within),
        b'`' => span::code(rest),
        b'<' => token::bracket(rest, names),
        b'[' => token::link(rest, within),
        b'h' => token::address(rest, before),
        b'@' => token::everybody(rest),
        b'-' | b'.' => None,
        _ => None,
    }
}
