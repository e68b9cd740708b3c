//! Both tables, item by item.

use aws::tables::{EPHEMERAL, STATE};
use maud::{Markup, html};
use serde_json::Value;

use super::Problem;
use crate::Stack;

/// So many items of each are shown.
const SHOWN: usize = 300;

pub(super) fn render(stack: &Stack) -> Result<Markup, Problem> {
    let state = stack.dynamodb.items(STATE.name, SHOWN)?;
    let ephemeral = stack.dynamodb.items(EPHEMERAL.name, SHOWN)?;
    Ok(html! {
        label.filter { "Only items with " input type="search" id="filter" placeholder="a key, an id, a word"; }
        (table(STATE.name, state))
        (table(EPHEMERAL.name, ephemeral))
    })
}

fn table(name: &str, mut items: Vec<Value>) -> Markup {
    items.sort_by_cached_key(key);
    html! {
        h3 { (name) " — " (items.len()) @if items.len() == SHOWN { " or more" } }
        @if items.is_empty() { p.nothing { "Nothing is in it." } }
        @for item in &items {
            details.wire.filtered id=(format!("item-{name}-{}", key(item))) data-line=(item) {
                summary { code { (key(item)) } " " span.log-field { (item.as_object().map_or(0, serde_json::Map::len)) " attributes" } }
                pre tabindex="0" { code { (serde_json::to_string_pretty(item).unwrap_or_default()) } }
            }
        }
    }
}

fn key(item: &Value) -> String {
    let part = |name: &str| item[name].as_str().unwrap_or("").to_owned();
    [part("pk"), part("sk")].into_iter().filter(|part| !part.is_empty()).collect::<Vec<_>>().join(" · ")
}
