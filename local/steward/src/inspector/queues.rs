//! The queues with their messages and dead letters, and the functions' environments.

use domain::dead_letter::{self, ATTEMPTS, DeadLetter, FinalFailure, Kind};
use jiff::Timestamp;
use local_lambda::{EnvironmentInfo, EnvironmentState, Function};
use local_sqs::{AttributeValue, State, Stored};
use maud::{Markup, html};

use super::{ErrorResponse, interactions::pretty, to_tab};
use crate::Stack;

/// How many messages of a queue are shown.
const MAX_MESSAGES_SHOWN: u32 = 50;

pub(super) fn render(stack: &Stack) -> Result<Markup, ErrorResponse> {
    let depths = stack.queues.list()?;
    let mut inside = Vec::new();
    for depth in &depths {
        let mut messages = Vec::new();
        for message in stack.queues.peek(&depth.name, MAX_MESSAGES_SHOWN)? {
            messages.push(QueuedMessage::of(stack, message));
        }
        inside.push((depth, messages));
    }
    Ok(html! {
        div.side-by-side {
            table.numbers {
                caption { "Queues" }
                thead { tr { th scope="col" { "Queue" } th.count scope="col" { "Visible" } th.count scope="col" { "In flight" }
                    th.count scope="col" { "Delayed" } th.count scope="col" { "Dead letters" } } }
                tbody { @for depth in &depths {
                    tr { th scope="row" { (depth.name) } td.count { (depth.visible) } td.count { (depth.in_flight) }
                        td.count { (depth.delayed) } td.count.bad[depth.dead > 0] { (depth.dead) } }
                } }
            }
            (environments(stack))
        }
        @for (depth, messages) in inside {
            @if !messages.is_empty() { (queue(&depth.name, &messages)) }
        }
    })
}

/// A message, and its summary without personal data.
struct QueuedMessage {
    message: Stored,
    letter: DeadLetter,
}

impl QueuedMessage {
    fn of(stack: &Stack, message: Stored) -> Self {
        let failure = attribute(&message, dead_letter::CAUSE).map(|cause| FinalFailure {
            cause: cause.to_owned(),
            attempts: attribute(&message, ATTEMPTS).and_then(|count| count.parse().ok()).unwrap_or_default(),
        });
        let sent = Timestamp::from_millisecond(message.sent).unwrap_or_default();
        let (id, now) = (&message.message_id, stack.clock.now());
        let letter = DeadLetter::from_message(&message.body, id, sent, now, failure.as_ref());
        Self { message, letter }
    }

    /// The queue from which SQS or the function has moved it here; `None` if it is no dead letter.
    fn source(&self) -> Option<&str> {
        let moved_by_function = || attribute(&self.message, dead_letter::SOURCE)?.rsplit(':').next();
        self.message.dead_letter_source.as_deref().or_else(moved_by_function)
    }

    fn what(&self) -> String {
        let command = self.letter.command.as_deref().unwrap_or_default();
        match self.letter.kind {
            Kind::Job => format!("job: {command}"),
            Kind::Watchdog => format!("watchdog: {command}"),
            Kind::Probe => "probe".to_owned(),
            Kind::Poison => "unreadable".to_owned(),
        }
    }

    /// As `steward dead-letters` shows it, without the token and what the user wrote. A body that cannot be parsed
    /// is shown whole.
    fn content(&self) -> String {
        match self.letter.kind {
            Kind::Poison => pretty(&self.message.body),
            _ => serde_json::to_string_pretty(&self.letter).unwrap_or_default(),
        }
    }
}

fn attribute<'a>(message: &'a Stored, name: &str) -> Option<&'a str> {
    match &message.attributes.get(name)?.value {
        AttributeValue::Text(text) => Some(text),
        AttributeValue::Bytes(_) => None,
    }
}

fn queue(name: &str, messages: &[QueuedMessage]) -> Markup {
    let dead = messages.iter().any(|shown| shown.source().is_some());
    html! {
        h3 { (name)
            @if dead { button.button.primary.small type="button" data-act="redrive" { "Redrive all" } }
        }
        @for message in messages { (letter(name, message)) }
    }
}

fn letter(queue: &str, shown: &QueuedMessage) -> Markup {
    let (message, letter) = (&shown.message, &shown.letter);
    let state = match message.state {
        State::Visible => "visible",
        State::InFlight => "in flight",
        State::Delayed => "delayed",
    };
    html! {
        div.call {
            details.wire id=(format!("letter-{}", message.message_id)) {
                summary {
                    strong { (shown.what()) } " " span.state { (state) } " "
                    @match letter.attempts {
                        Some(attempts) => { "after " (attempts) " attempts" }
                        None => { "received " (message.receive_count) " times" }
                    }
                    @if let Some(source) = shown.source() {
                        ", from " (source) " " span.more.bad { (letter.reason) }
                    }
                }
                p.trace-id { "message " code { (message.message_id) } }
                pre tabindex="0" { code { (shown.content()) } }
            }
            @if let Some(id) = &letter.interaction.map(|id| id.to_string()) {
                span.of { (to_tab("interactions", id, "Timeline")) " " (to_tab("logs", id, "Log lines")) }
            }
            @if shown.source().is_some() {
                button.button.danger.small type="button" data-act="discard" data-queue=(queue)
                    data-message-id=(message.message_id) { "Drop" }
            }
        }
    }
}

fn environments(stack: &Stack) -> Markup {
    let functions = [("interactions", &stack.interactions), ("jobs", &stack.jobs)];
    html! {
        table.numbers {
            caption { "Environments" }
            thead { tr { th scope="col" { "Function" } th scope="col" { "Environment" } th scope="col" { "State" }
                th.count scope="col" { "Events" } th scope="col" { "Since" } } }
            @for (name, function) in functions { (of_function(name, function)) }
        }
    }
}

fn of_function(name: &str, function: &Function) -> Markup {
    let environments = function.environments();
    html! {
        tbody {
            @for seen in &environments { (environment(name, seen)) }
            tr { th scope="row" { (name) } td.more colspan="4" {
                (function.started()) " started; " (function.free_places()) " more events can start immediately" } }
        }
    }
}

fn environment(name: &str, seen: &EnvironmentInfo) -> Markup {
    let (state, class) = match seen.state {
        EnvironmentState::Busy if seen.events == 1 => ("cold, busy".to_owned(), "open"),
        EnvironmentState::Busy => ("warm, busy".to_owned(), "open"),
        EnvironmentState::Idle => ("warm, idle".to_owned(), "good"),
        EnvironmentState::Dead(why) => (why.to_string(), "bad"),
    };
    html! {
        tr {
            th scope="row" { (name) }
            td { "#" (seen.number) }
            td { span class=(format!("state {class}")) { (state) } }
            td.count { (seen.events) }
            td { time datetime=(seen.since) data-style="T" { (seen.since.strftime("%H:%M:%S")) } }
        }
    }
}
