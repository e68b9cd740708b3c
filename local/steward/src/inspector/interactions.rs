//! Each interaction: its timeline, its HTTP requests, and its log lines.

use local_discord::{Traced, Wire};
use maud::{Markup, html};
use serde_json::Value;

use super::{ErrorResponse, TabQuery, logs, refusal, timeline};
use crate::Stack;

/// How many interactions are shown.
const MAX_INTERACTIONS_SHOWN: usize = 40;

pub(super) fn render(stack: &Stack, query: &TabQuery) -> Result<Markup, ErrorResponse> {
    let status = stack.discord.status()?;
    let name_of = |one: &Traced| {
        let user = status.users.iter().find(|user| user.id == one.user);
        user.map_or_else(String::new, |user| user.name.clone())
    };
    let traced = stack.discord.traced()?.into_iter().map(|one| (name_of(&one), one));
    let is_meant = |(user, one): &(String, Traced)| {
        let words = [one.view.id.to_string(), user.clone(), one.name.clone(), state(one).0.to_owned()];
        words.iter().any(|word| query.matches(word))
    };
    let traced: Vec<_> = traced.filter(is_meant).take(MAX_INTERACTIONS_SHOWN).collect();
    Ok(html! {
        (query.field("Filter", "correlation id, command or user"))
        @if traced.is_empty() { p.nothing { (nothing(query)) } }
        @for (user, one) in &traced { (interaction(stack, one, user)) }
    })
}

fn nothing(query: &TabQuery) -> &'static str {
    if query.only.is_empty() {
        "No interactions yet. They appear here when somebody uses a command."
    } else {
        "No match among the latest 100 interactions since the start."
    }
}

fn interaction(stack: &Stack, one: &Traced, user: &str) -> Markup {
    let id = one.view.id.to_string();
    let (state, class) = state(one);
    let steps = stack.spans.of_interaction(one.view.id);
    let lines = stack.logs.about(&id);
    html! {
        details.trace id=(format!("trace-{id}")) {
            summary {
                time datetime=(one.acted_at) data-style="T" { (one.acted_at.strftime("%H:%M:%S")) }
                span.trace-kind { (kind(one.kind)) }
                strong.trace-name { (shown_name(one)) }
                span.trace-user { (user) }
                span class=(format!("state {class}")) { (state) }
                span.trace-total { (timeline::total(one, &steps)) }
            }
            p.trace-id { "correlation id " code { (id) } " "
                (super::to_tab("logs", &id, "Log lines")) " "
                button.as-link type="button" data-act="save-sample" data-interaction=(id) { "Save as sample event" } }
            (timeline::render(one, &steps))
            @for wire in &one.wires { (exchange(wire)) }
            @if !lines.is_empty() {
                h3.sub { "Logged" }
                ul.log { @for line in &lines { (logs::line(line)) } }
            }
        }
    }
}

fn kind(kind: u8) -> &'static str {
    match kind {
        2 => "command",
        3 => "component",
        4 => "autocomplete",
        _ => "form",
    }
}

/// The first 32 characters: a custom id can have 100.
fn shown_name(one: &Traced) -> String {
    let short: String = one.name.chars().take(32).collect();
    if one.kind == 2 || one.kind == 4 { format!("/{short}") } else { short }
}

fn state(one: &Traced) -> (&'static str, &'static str) {
    if one.view.failed() {
        ("failed", "bad")
    } else if !one.view.settled {
        (if one.deferred { "thinking" } else { "waiting" }, "open")
    } else if one.deferred {
        ("edited", "good")
    } else {
        ("answered", "good")
    }
}

/// A request with its response, collapsed at first.
pub(super) fn exchange(wire: &Wire) -> Markup {
    let id = format!("wire-{}-{}", wire.began.as_microsecond(), wire.call);
    let bad = wire.refused.is_some() || wire.status.is_none_or(|status| status >= 400);
    html! {
        details.wire id=(id) {
            summary {
                code { (wire.call) } " "
                span.state.bad[bad] { (wire.status.map_or("no response".to_owned(), |status| status.to_string())) }
                " " span.more { (refusal::brief(refused(wire)).unwrap_or_default()) }
            }
            (refusal::render(refused(wire)))
            h3.sub { "Request" } pre tabindex="0" { code { (pretty(&wire.request)) } }
            h3.sub { "Response" } pre tabindex="0" { code { (pretty(&wire.response)) } }
            @if let Some(refused) = &wire.refused {
                h3.sub { "Discord's error" } pre tabindex="0" { code { (pretty(refused)) } }
            }
        }
    }
}

/// The JSON that holds Discord's error, if there is one.
fn refused(wire: &Wire) -> &str {
    wire.refused.as_deref().unwrap_or(&wire.response)
}

pub(super) fn pretty(json: &str) -> String {
    let value: Result<Value, _> = serde_json::from_str(json);
    value.ok().and_then(|value| serde_json::to_string_pretty(&value).ok()).unwrap_or_else(|| json.to_owned())
}
