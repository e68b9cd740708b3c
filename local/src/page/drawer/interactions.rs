//! Each interaction as a timeline, with what went over the wire and what was logged.

use maud::{Markup, html};
use serde_json::Value;

use super::{Problem, refusal};
use crate::{
    Stack,
    discord::{Seen, Traced, Wire},
    logs::Line,
};

/// So many are shown.
const SHOWN: usize = 40;

pub(super) fn render(stack: &Stack) -> Result<Markup, Problem> {
    let traced = stack.discord.traced(SHOWN)?;
    let status = stack.discord.status()?;
    let name_of = |one: &Traced| {
        let user = status.users.iter().find(|user| user.id == one.user);
        user.map_or_else(String::new, |user| user.name.clone())
    };
    Ok(html! {
        @if traced.is_empty() { p.nothing { "No interaction yet. Use a command, and it appears here." } }
        @for one in &traced { (interaction(stack, one, &name_of(one))) }
    })
}

fn interaction(stack: &Stack, one: &Traced, user: &str) -> Markup {
    let id = one.view.id.to_string();
    let (state, class) = state(one);
    html! {
        details.trace id=(format!("trace-{id}")) {
            summary {
                time datetime=(one.acted_at) data-style="T" { (one.acted_at.strftime("%H:%M:%S")) }
                span.trace-kind { (kind(one.kind)) }
                strong.trace-name { (shown_name(one)) }
                span.trace-user { (user) }
                span class=(format!("state {class}")) { (state) }
                span.trace-total { (total(one)) " ms" }
            }
            p.trace-id { "correlation id " code { (id) }
                button.as-link type="button" data-act="save-sample" data-interaction=(id) { "Save as sample event" } }
            @let lines = stack.logs.about(&id);
            (timeline(one, &lines))
            @for wire in &one.wires { (exchange(wire)) }
            (logged(&lines))
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

/// A custom id says less than it is long.
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

fn total(one: &Traced) -> i64 {
    let steps = one.view.steps.iter().map(|step| step.ms);
    let wires = one.wires.iter().map(|wire| wire.ms + wire.took_ms);
    steps.chain(wires).max().unwrap_or(0)
}

/// A row: when it began, how long it took, and what it was.
struct Row<'a> {
    ms: i64,
    took: i64,
    what: &'a str,
    more: String,
    bad: bool,
}

fn timeline(one: &Traced, lines: &[Line]) -> Markup {
    let mut rows: Vec<Row<'_>> = one.wires.iter().map(of_wire).collect();
    rows.extend(one.view.steps.iter().map(|step| {
        let (what, more) = step.seen.told(|_| Vec::new());
        let bad = matches!(step.seen, Seen::DidNotRespond { .. });
        Row { ms: step.ms, took: 0, what: "seen", more: format!("{what} {}", more.join(" ")), bad }
    }));
    rows.extend(lines.iter().filter_map(|line| of_line(line, one.view.id.born_ms())));
    rows.sort_by_key(|row| row.ms);
    let whole = total(one).max(1);
    html! {
        ol.timeline {
            @for row in rows {
                li.bad[row.bad] {
                    span.at { "+" (row.ms) " ms" }
                    span.what { (row.what) }
                    span.more { (row.more) @if row.took > 0 { " · " (row.took) " ms" } }
                    svg.bar-of aria-hidden="true" viewBox="0 0 1000 8" preserveAspectRatio="none" {
                        rect x=(row.ms * 1000 / whole) width=((row.took * 1000 / whole).max(6)) height="8" {}
                    }
                }
            }
        }
    }
}

/// What a function says of its own work: how long it took, and what came of it.
fn of_line(line: &Line, acted_at: i64) -> Option<Row<'static>> {
    let value: Value = serde_json::from_str(&line.text).ok()?;
    let (took, outcome) = (value["took_ms"].as_i64()?, value["outcome"].as_str()?);
    let jobs = value["receive"].as_u64();
    let receive = jobs.map_or_else(String::new, |receive| format!(", receive {receive}"));
    let cold = if value["cold"] == true { ", cold" } else { "" };
    Some(Row {
        ms: (line.at - took - acted_at).max(0),
        took,
        what: if jobs.is_some() { "worked" } else { "handled" },
        more: format!("{}: {outcome}{receive}{cold}", if jobs.is_some() { "jobs" } else { "interactions" }),
        bad: outcome == "failed",
    })
}

fn of_wire(wire: &Wire) -> Row<'_> {
    let is_delivery = wire.call == "POST /interactions";
    let status = wire.status.map_or_else(|| "no answer".to_owned(), |status| status.to_string());
    Row {
        ms: wire.ms,
        took: wire.took_ms,
        what: if is_delivery { "delivered" } else { "called" },
        more: format!("{} → {status}{}", wire.call, if is_delivery { meaning(&wire.response) } else { "" }),
        bad: wire.status.is_none_or(|status| status >= 400),
    }
}

/// What the answer to the delivery says.
fn meaning(response: &str) -> &'static str {
    let answer: Value = serde_json::from_str(response).unwrap_or_default();
    match answer["type"].as_u64() {
        Some(4) => ", a message",
        Some(5) => ", deferred: the queue has the job",
        Some(6) => ", deferred without a sign",
        Some(7) => ", changes the message",
        Some(8) => ", choices",
        Some(9) => ", opens a form",
        _ => "",
    }
}

fn exchange(wire: &Wire) -> Markup {
    html! {
        details.wire id=(format!("wire-{}-{}", wire.ms, wire.call)) {
            summary { (wire.call) " " span.state.bad[wire.status.is_none_or(|it| it >= 400)] {
                (wire.status.map_or("no answer".to_owned(), |it| it.to_string())) } }
            (refusal::render(&wire.response))
            h3.sub { "Request" } pre tabindex="0" { code { (pretty(&wire.request)) } }
            h3.sub { "Response" } pre tabindex="0" { code { (pretty(&wire.response)) } }
        }
    }
}

pub(super) fn pretty(json: &str) -> String {
    let value: Result<Value, _> = serde_json::from_str(json);
    value.ok().and_then(|value| serde_json::to_string_pretty(&value).ok()).unwrap_or_else(|| json.to_owned())
}

fn logged(lines: &[Line]) -> Markup {
    html! {
        @if !lines.is_empty() {
            h3.sub { "Logged" }
            ul.log { @for line in lines { (super::machinery::log_line(line)) } }
        }
    }
}
