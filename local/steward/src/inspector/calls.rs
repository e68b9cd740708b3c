//! The newest calls of Discord's API, with the errors of refused ones.

use local_discord::Wire;
use maud::{Markup, html};

use super::{TabQuery, interactions::exchange, refusal, timeline, to_tab};
use crate::Stack;

pub(super) fn render(stack: &Stack, query: &TabQuery) -> Markup {
    let calls = stack.discord.latest_calls();
    let refused = calls.iter().filter(|call| refusal::is_refused(call)).count();
    let is_meant = |call: &&Wire| {
        let status = call.status.unwrap_or_default().to_string();
        query.matches(&call.call)
            || query.matches(&status)
            || (query.only == REFUSED && refusal::is_refused(call))
    };
    let shown: Vec<&Wire> = calls.iter().filter(is_meant).collect();
    html! {
        (query.field("Filter", "path, method or status"))
        p.about { "The latest 100 calls of Discord's API since the start; " (refused) " of them were rejected. "
            @if refused > 0 && query.only != REFUSED { (to_tab("calls", REFUSED, "Show only these")) } }
        @if shown.is_empty() { p.nothing { "None." } }
        @for call in shown { (row(call)) }
    }
}

/// The value of the `only` filter that selects refused calls.
const REFUSED: &str = "refused";

fn row(call: &Wire) -> Markup {
    html! {
        div.call {
            time datetime=(call.began) data-style="T" { (call.began.strftime("%H:%M:%S")) }
            (exchange(call))
            span.took { (timeline::shown(call.ended.as_microsecond() - call.began.as_microsecond())) }
            span.of { @if let Some(id) = call.interaction { (to_tab("interactions", &id.to_string(), "Timeline")) } }
        }
    }
}
