//! The newest log lines, filtered by any text.

use maud::{Markup, html};
use serde_json::Value;

use super::{TabQuery, to_tab};
use crate::{Stack, logs::Line};

const MAX_LINES_SHOWN: usize = 200;

pub(super) fn render(stack: &Stack, query: &TabQuery) -> Markup {
    let lines = stack.logs.newest_with(&query.only, MAX_LINES_SHOWN);
    html! {
        (query.field("Filter", "correlation id or text"))
        @if lines.is_empty() {
            p.nothing { @if query.only.is_empty() { "No log lines yet." } @else { "No match among the stored lines." } }
        }
        ul.log { @for one in &lines { (line(one)) } }
    }
}

/// A line with its level and message first, then its other fields.
pub(super) fn line(line: &Line) -> Markup {
    let value: Value = serde_json::from_str(&line.text).unwrap_or_default();
    let text = |key: &str| value[key].as_str().unwrap_or("");
    let known = ["timestamp", "level", "message", "target"];
    let fields = value.as_object().into_iter().flatten().filter(|(key, _)| !known.contains(&key.as_str()));
    html! {
        li {
            span class=(format!("level {}", text("level").to_lowercase())) { (text("level")) } " "
            time { (text("timestamp").get(11..23).unwrap_or("")) } " "
            strong { (text("message")) } " " span.target { (text("target")) }
            @for (key, field) in fields { " " span.log-field { (key) "=" (shown(key, field)) } }
        }
    }
}

fn shown(key: &str, field: &Value) -> Markup {
    match field.as_str() {
        Some(id) if key == "interaction" => to_tab("interactions", id, id),
        Some(text) => html! { (text) },
        None => html! { (field) },
    }
}
