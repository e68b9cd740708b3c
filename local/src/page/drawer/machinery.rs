//! Queues with their dead letters, environments, and the log.

use maud::{Markup, html};
use serde_json::Value;

use super::{Problem, interactions::pretty};
use crate::{
    Stack,
    lambda::Function,
    logs::Line,
    queue::{State, Stored},
};

/// So many messages of a queue are shown.
const SHOWN: u32 = 50;
const LINES: usize = 200;

pub(super) fn queues(stack: &Stack) -> Result<Markup, Problem> {
    let depths = stack.queues.list()?;
    let mut inside = Vec::new();
    for depth in &depths {
        inside.push((depth, stack.queues.peek(&depth.name, SHOWN)?));
    }
    Ok(html! {
        table.numbers {
            thead { tr { th { "Queue" } th { "Visible" } th { "In flight" } th { "Delayed" } th { "Dead letters" } } }
            tbody { @for depth in &depths {
                tr { th scope="row" { (depth.name) } td { (depth.visible) } td { (depth.in_flight) }
                    td { (depth.delayed) } td.bad[depth.dead > 0] { (depth.dead) } }
            } }
        }
        @for (depth, messages) in inside {
            @if !messages.is_empty() { (queue(&depth.name, &messages)) }
        }
        (environments(stack))
    })
}

fn queue(name: &str, messages: &[Stored]) -> Markup {
    let dead = messages.iter().any(|message| message.dead_letter_source.is_some());
    html! {
        h3 { (name)
            @if dead { button.button.primary.small type="button" data-act="redrive" data-queue=(name) { "Redrive all" } }
        }
        @for message in messages { (letter(name, message)) }
    }
}

fn letter(queue: &str, message: &Stored) -> Markup {
    let state = match message.state {
        State::Visible => "visible",
        State::InFlight => "in flight",
        State::Delayed => "delayed",
    };
    html! {
        details.wire id=(format!("letter-{}", message.message_id)) {
            summary {
                code { (message.message_id) } " "
                span.state { (state) } " received " (message.receive_count) " times"
                @if let Some(source) = &message.dead_letter_source { ", from " (source) }
            }
            @if message.dead_letter_source.is_some() {
                button.button.danger.small type="button" data-act="discard" data-queue=(queue)
                    data-message-id=(message.message_id) { "Drop" }
            }
            pre tabindex="0" { code { (pretty(&message.body)) } }
        }
    }
}

fn environments(stack: &Stack) -> Markup {
    let row = |name: &str, function: &Function| {
        let started = function.started();
        html! { tr { th scope="row" { (name) } td { (started) } td { (function.idle_now()) } td { (function.free_places()) } } }
    };
    html! {
        h3 { "Environments" }
        table.numbers {
            thead { tr { th { "Function" } th { "Cold starts" } th { "Warm and idle" } th { "Free places" } } }
            tbody { (row("interactions", &stack.interactions)) (row("jobs", &stack.jobs)) }
        }
    }
}

pub(super) fn logs(stack: &Stack) -> Markup {
    let lines = stack.logs.newest(LINES);
    html! {
        label.filter { "Only lines with " input type="search" id="filter" placeholder="a correlation id, a word"; }
        @if lines.is_empty() { p.nothing { "Nothing was logged yet." } }
        ul.log { @for line in &lines { (log_line(line)) } }
    }
}

/// Level and sentence first; the fields as they are.
pub(super) fn log_line(line: &Line) -> Markup {
    let line = line.text.as_str();
    let value: Value = serde_json::from_str(line).unwrap_or_default();
    let text = |key: &str| value[key].as_str().unwrap_or("");
    let known = ["timestamp", "level", "message", "target"];
    let fields = value.as_object().into_iter().flatten().filter(|(key, _)| !known.contains(&key.as_str()));
    html! {
        li.filtered data-line=(line) {
            span class=(format!("level {}", text("level").to_lowercase())) { (text("level")) } " "
            time { (text("timestamp").get(11..23).unwrap_or("")) } " "
            strong { (text("message")) } " " span.target { (text("target")) }
            @for (key, field) in fields { " " span.log-field { (key) "=" (field.as_str().map_or_else(|| field.to_string(), str::to_owned)) } }
        }
    }
}
