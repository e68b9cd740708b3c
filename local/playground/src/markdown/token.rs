//! Tokens in brackets (mentions, timestamps, custom emoji, links), and bare URLs.

use jiff::Timestamp;
use maud::{Markup, html};

use super::{Names, is_safe, link as leads};

/// The token `<…>` at the beginning, and its length.
pub(super) fn bracket(rest: &str, names: &Names) -> Option<(Markup, usize)> {
    let inner = rest.strip_prefix('<')?.split_once('>')?.0;
    let markup = mention(inner, names)
        .or_else(|| inner.strip_prefix("t:").and_then(time))
        .or_else(|| command(inner))
        .or_else(|| emoji(inner))
        .or_else(|| is_safe(inner).then(|| leads(inner, html! { (inner) })))?;
    Some((markup, inner.len() + 2))
}

fn mention(inner: &str, names: &Names) -> Option<Markup> {
    if let Some(id) = inner.strip_prefix("@&").filter(|id| is_id(id)) {
        let name = names.roles.get(id).map_or("deleted-role", |name| name.trim_start_matches('@'));
        return Some(html! { span.mention { "@" (name) } });
    }
    if let Some(id) = inner.strip_prefix('@').map(|id| id.trim_start_matches('!')).filter(|id| is_id(id)) {
        let name = names.people.get(id).map_or("unknown-user", String::as_str);
        return Some(html! {
            span.mention.user tabindex="0" role="button" data-user=(id) aria-haspopup="menu" { "@" (name) }
        });
    }
    let id = inner.strip_prefix('#').filter(|id| is_id(id))?;
    Some(match names.channels.get(id) {
        Some(name) => html! { a.mention data-channel=(id) href=(format!("?channel={id}")) { "#" (name) } },
        None => html! { span.mention { "# unknown" } },
    })
}

/// A command mention, `</weather:1234>`: activating it puts the command into the composer.
fn command(inner: &str) -> Option<Markup> {
    let (name, id) = inner.strip_prefix('/')?.rsplit_once(':')?;
    let fits = is_id(id) && !name.is_empty() && name.chars().count() <= 100;
    fits.then(|| {
        html! { button.mention type="button" data-act="begin" data-command=(id) data-name=(name) { "/" (name) } }
    })
}

/// A custom emoji by its name, because its image is not available.
fn emoji(inner: &str) -> Option<Markup> {
    let (name, id) = inner.strip_prefix("a:").or_else(|| inner.strip_prefix(':'))?.split_once(':')?;
    let is_name = name.chars().all(|c| c.is_ascii_alphanumeric() || c == '_');
    (is_id(id) && !name.is_empty() && is_name)
        .then(|| html! { span.custom-emoji title=(format!("custom emoji {id}")) { ":" (name) ":" } })
}

/// A timestamp, `<t:1700000000:R>`. The page's script replaces this text by the reader's language and time zone, and
/// updates relative times.
fn time(inner: &str) -> Option<Markup> {
    let (seconds, style) = inner.split_once(':').unwrap_or((inner, "f"));
    let at = Timestamp::from_second(seconds.parse().ok()?).ok()?;
    if !matches!(style, "t" | "T" | "d" | "D" | "f" | "F" | "s" | "S" | "R") {
        return None;
    }
    Some(html! {
        time.stamp datetime=(at) data-style=(style) { (at.strftime("%Y-%m-%d %H:%M UTC")) }
    })
}

/// A link, `[words](address)`.
pub(super) fn link(rest: &str, within: impl Fn(&str) -> Markup) -> Option<(Markup, usize)> {
    let (label, after) = rest.strip_prefix('[')?.split_once("](")?;
    let inner = after.split_once(')')?.0;
    let url = inner.strip_prefix('<').and_then(|url| url.strip_suffix('>')).unwrap_or(inner);
    let fits = is_safe(url) && !label.trim().is_empty() && !label.contains(['\n', '[']);
    fits.then(|| (leads(url, within(label)), label.len() + inner.len() + 4))
}

/// A bare URL in the text.
pub(super) fn address(rest: &str, before: Option<char>) -> Option<(Markup, usize)> {
    if before.is_some_and(char::is_alphanumeric) {
        return None;
    }
    let end = rest.find(|c: char| c.is_whitespace() || matches!(c, '<' | '>' | '|')).unwrap_or(rest.len());
    let url = rest.get(..end)?.trim_end_matches(['.', ',', ':', ';', '!', '?', '*', '_', '"', '\'', ')']);
    is_safe(url).then(|| (leads(url, html! { (url) }), url.len()))
}

pub(super) fn everybody(rest: &str) -> Option<(Markup, usize)> {
    let name = ["@everyone", "@here"].into_iter().find(|name| rest.starts_with(name))?;
    Some((html! { span.mention { (name) } }, name.len()))
}

fn is_id(text: &str) -> bool {
    (1..=20).contains(&text.len()) && text.bytes().all(|byte| byte.is_ascii_digit())
}
