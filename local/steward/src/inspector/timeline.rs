//! An interaction's timeline: the functions' steps, the HTTP requests, and what the user saw.

use jiff::Timestamp;
use local_discord::{DELIVERY, Seen, Traced, Wire};
use maud::{Markup, html};
use serde_json::Value;

use super::{axis::Axis, refusal};
use crate::spans::{Span, SpanKind, SpanSource};

/// A row of the timeline. Times are in microseconds after the user acted.
struct Row {
    from: i64,
    to: i64,
    /// The time to sort by: a request's start, a step's end.
    at: i64,
    place: Markup,
    kind: &'static str,
    what: String,
    more: String,
    bad: bool,
}

/// When the user acted, in microseconds since 1970.
struct Origin(i64);

impl Origin {
    fn of(one: &Traced) -> Self {
        Self(one.view.id.born_ms() * 1_000)
    }

    fn to(&self, at: Timestamp) -> i64 {
        (at.as_microsecond() - self.0).max(0)
    }
}

pub(super) fn render(one: &Traced, steps: &[Span]) -> Markup {
    let rows = rows(one, steps);
    let axis = Axis::of(rows.iter().map(|row| (row.from, row.to)));
    let mut before = 0;
    html! {
        table.timeline {
            thead { tr { th scope="col" { "At" } th scope="col" { "Interval" }
                th scope="col" { "Where" } th scope="col" { "What" }
                td.note aria-hidden="true" { "long waits are shortened" } } }
            tbody { @for row in &rows {
                tr class=(row.kind) {
                    td.at { (shown(row.at)) }
                    td.since { "+" (shown(row.at - std::mem::replace(&mut before, row.at))) }
                    td.where { (row.place) }
                    td.told { strong.bad[row.bad] { (row.what) } " " span.more.bad[row.bad] { (row.more) } }
                    td.span { (bar(row, &axis)) }
                }
            } }
        }
    }
}

/// The time of the last event, formatted.
pub(super) fn total(one: &Traced, steps: &[Span]) -> String {
    shown(rows(one, steps).iter().map(|row| row.to).max().unwrap_or_default())
}

fn rows(one: &Traced, steps: &[Span]) -> Vec<Row> {
    let origin = Origin::of(one);
    let mut rows: Vec<Row> = one.wires.iter().map(|wire| of_wire(wire, &origin)).collect();
    rows.extend(steps.iter().map(|step| of_step(step, &origin)));
    rows.extend(one.view.steps.iter().map(|step| of_sight(step.ms, &step.seen)));
    rows.sort_by_key(|row| row.at);
    rows
}

fn of_step(step: &Span, origin: &Origin) -> Row {
    let (what, more) = told(step);
    Row {
        from: origin.to(step.since),
        to: origin.to(step.at),
        at: origin.to(step.at),
        place: place(step.source, step.receive),
        kind: "of-step",
        bad: matches!(&step.what, SpanKind::Killed)
            || matches!(&step.what, SpanKind::Ended(how) if how == "failed"),
        what,
        more,
    }
}

fn place(place: SpanSource, receive: Option<u32>) -> Markup {
    html! {
        (place.function) " " span.number { "#" (place.environment) }
        @if place.cold { " " span.tag { "cold" } }
        @if let Some(receive) = receive { " " span.tag { "receive " (receive) } }
    }
}

fn told(step: &Span) -> (String, String) {
    let is_door = step.receive.is_none();
    match &step.what {
        SpanKind::Received if is_door => ("received".to_owned(), String::new()),
        SpanKind::Received => ("received".to_owned(), "from the queue".to_owned()),
        SpanKind::Done(name) => (name.clone(), meaning(name).to_owned()),
        SpanKind::Ended(how) if is_door => ("answered".to_owned(), how.clone()),
        SpanKind::Ended(how) => ("ended".to_owned(), how.clone()),
        SpanKind::Killed => ("killed".to_owned(), "the environment died".to_owned()),
    }
}

/// An explanation of a step.
fn meaning(step: &str) -> &'static str {
    match step {
        "verified" => "the signature is valid and the interaction is parsed",
        "routed" => "the command is known and allowed",
        "queued" => "the queue has accepted the job",
        "claimed" => "this receive has claimed the job",
        "worked" => "the command's deferred work has ended",
        "edited" => "Discord has accepted the reply",
        "completed" => "later receives do not repeat the job",
        "watched" => "the watchdog checks whether the user got a reply",
        _ => "",
    }
}

fn of_wire(wire: &Wire, origin: &Origin) -> Row {
    let (from, to) = (origin.to(wire.began), origin.to(wire.ended));
    let status = wire.status.map_or_else(|| "no response".to_owned(), |status| status.to_string());
    let is_delivery = wire.call == DELIVERY;
    let refused = refusal::brief(wire.refused.as_deref().unwrap_or(&wire.response));
    let result = match refused {
        Some(refused) => format!(", refused: {refused}"),
        None if is_delivery => answer(&wire.response).to_owned(),
        None => String::new(),
    };
    Row {
        from,
        to,
        at: from,
        place: html! { @if is_delivery { "Discord → Steward" } @else { "Steward → Discord" } },
        kind: "of-wire",
        what: if is_delivery { "delivered" } else { "called" }.to_owned(),
        more: format!("{} → {status}{result}, took {}", wire.call, shown(to - from)),
        bad: wire.refused.is_some() || wire.status.is_none_or(|status| status >= 400),
    }
}

/// The type of the interaction response, in words.
fn answer(response: &str) -> &'static str {
    let answer: Value = serde_json::from_str(response).unwrap_or_default();
    match answer["type"].as_u64() {
        Some(4) => ", a message",
        Some(5) => ", deferred with “thinking…”",
        Some(6) => ", deferred without “thinking…”",
        Some(7) => ", edits the message",
        Some(8) => ", choices",
        Some(9) => ", opens a modal",
        _ => "",
    }
}

fn of_sight(ms: i64, seen: &Seen) -> Row {
    let (what, more) = seen.describe(|_| Vec::new());
    // Known to the millisecond only; its last microsecond sorts it after what caused it.
    let at = ms * 1_000 + 999;
    Row {
        from: ms * 1_000,
        to: ms * 1_000,
        at,
        place: html! { "user" },
        kind: "of-sight",
        what: "sees".to_owned(),
        more: format!("{what} {}", more.join(" ")).trim_end().to_owned(),
        bad: matches!(seen, Seen::DidNotRespond { .. }),
    }
}

/// The bar of a row. Even a moment is wide enough to be visible.
fn bar(row: &Row, axis: &Axis) -> Markup {
    const MIN_WIDTH: i64 = 6;
    let (from, to) = (axis.at(row.from), axis.at(row.to));
    let width = (to - from).max(MIN_WIDTH);
    let from = from.min(1_000 - width);
    html! {
        svg.bar-of.bad[row.bad] aria-hidden="true" viewBox="0 0 1000 8" preserveAspectRatio="none" {
            rect x=(from) width=(width) height="8" {}
        }
    }
}

/// In milliseconds, from 10 s on in seconds.
pub(super) fn shown(microseconds: i64) -> String {
    let tenths = (microseconds + 50) / 100;
    match tenths {
        0..1_000 => format!("{}.{} ms", tenths / 10, tenths % 10),
        1_000..100_000 => format!("{} ms", tenths / 10),
        _ => format!("{}.{} s", tenths / 10_000, tenths / 1_000 % 10),
    }
}

#[cfg(test)]
mod tests {
    use super::shown;

    #[test]
    fn times_are_as_exact_as_they_are_short() {
        let times = [0, 49, 250, 99_900, 100_000, 9_999_900, 16 * 60 * 1_000_000];
        assert_eq!(
            times.map(shown),
            ["0.0 ms", "0.0 ms", "0.3 ms", "99.9 ms", "100 ms", "9999 ms", "960.0 s"]
        );
    }
}
