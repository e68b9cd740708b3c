//! Both tables, item by item.

use aws::tables::{EPHEMERAL, STATE};
use maud::{Markup, html};
use serde_json::Value;

use super::{ErrorResponse, TabQuery};
use crate::Stack;

/// How many items of a table are read at most.
const MAX_ITEMS_READ: usize = 10_000;
/// How many items are on a page.
const ITEMS_PER_PAGE: usize = 50;

pub(super) fn render(stack: &Stack, query: &TabQuery) -> Result<Markup, ErrorResponse> {
    let tables = [STATE.name, EPHEMERAL.name];
    let shown = if tables.contains(&&*query.table) { &query.table } else { STATE.name };
    let mut found = Vec::new();
    for name in tables {
        let mut items = stack.dynamodb.items(name, MAX_ITEMS_READ)?;
        let all = items.len();
        items.retain(|item| key(item).starts_with(&query.only));
        items.sort_by_cached_key(key);
        found.push((name, all, items));
    }
    Ok(html! {
        (query.field("Key prefix", "GUILD#, CACHE# or an id"))
        div.row.choices { @for (name, all, items) in &found {
            button.as-link type="button" data-act="ask" data-tab="tables" data-query=(query.of_table(name, 0))
                aria-pressed=((*name == shown).to_string()) { (name) " " span.count-of { (count(*all, items.len())) } }
        } }
        @for (name, _, items) in &found { @if *name == shown { (table(name, items, query)) } }
    })
}

fn count(all: usize, meant: usize) -> String {
    let more = if all == MAX_ITEMS_READ { "+" } else { "" };
    if all == meant { format!("{all}{more}") } else { format!("{meant} of {all}{more}") }
}

fn table(name: &str, items: &[Value], query: &TabQuery) -> Markup {
    // Items may have been deleted since the last request, so the page may not exist any more.
    let from = query.from.min(items.len().saturating_sub(1) / ITEMS_PER_PAGE * ITEMS_PER_PAGE);
    let to = (from + ITEMS_PER_PAGE).min(items.len());
    html! {
        @if items.is_empty() { p.nothing { (if query.only.is_empty() { "The table is empty." } else { "No key has this prefix." }) } }
        @for item in &items[from..to] {
            details.wire id=(format!("item-{name}-{}", key(item))) {
                summary { code { (key(item)) } " " span.log-field { (item.as_object().map_or(0, serde_json::Map::len)) " attributes" } }
                pre tabindex="0" { code { (serde_json::to_string_pretty(item).unwrap_or_default()) } }
            }
        }
        @if items.len() > ITEMS_PER_PAGE {
            p.pages {
                button.button.secondary.small type="button" id="previous" data-act="ask" data-tab="tables"
                    data-query=(query.of_table(name, from.saturating_sub(ITEMS_PER_PAGE))) disabled[from == 0] { "Previous" }
                span { (from + 1) " to " (to) " of " (items.len()) }
                button.button.secondary.small type="button" id="next" data-act="ask" data-tab="tables"
                    data-query=(query.of_table(name, to)) disabled[to == items.len()] { "Next" }
            }
        }
    }
}

fn key(item: &Value) -> String {
    let part = |name: &str| item[name].as_str().unwrap_or("").to_owned();
    [part("pk"), part("sk")].into_iter().filter(|part| !part.is_empty()).collect::<Vec<_>>().join(" · ")
}
