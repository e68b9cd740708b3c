//! The fault injection settings of the simulated Discord, and the stack's clock.

use maud::{Markup, html};
use serde_json::Value;

use super::ErrorResponse;
use crate::Stack;

/// Name, description and maximum of each; a maximum of 1 is a checkbox.
const FAULTS: [(&str, &str, u32); 12] = [
    ("latency_ms", "Every API call takes so many milliseconds longer", 10_000),
    ("reset_percent", "So many of a hundred API calls end with a closed connection", 100),
    ("drop_percent", "So many of a hundred interactions never arrive", 100),
    ("duplicate_percent", "So many of a hundred interactions arrive twice", 100),
    ("probe_percent", "After so many of a hundred the endpoint is checked", 100),
    ("unknown_webhook_for_ms", "So long after an answer its message is unknown (10015)", 60_000),
    ("unknown_webhook_times", "So many first edits get 404 (10015)", 100),
    ("fail_webhooks", "Every edit gets this status; empty: none", 599),
    ("shared_rate_limit", "Every API call gets 429 of scope shared", 1),
    ("retry_after_ms", "Such a 429 asks for so long; 0: a second", 900_000),
    ("global_rate_limit_ms", "Every API call gets a global 429 that asks for so long; 0: none", 900_000),
    ("webhooks_per_minute", "So many edits of a channel in a minute, then 429; 0: any number", 1_000),
];

const CLOCK_JUMPS: [(&str, u64); 4] =
    [("1 minute", 60), ("16 minutes", 16 * 60), ("1 hour", 3_600), ("1 day", 24 * 3_600)];

pub(super) fn render(stack: &Stack) -> Result<Markup, ErrorResponse> {
    let settings =
        serde_json::to_value(stack.discord.faults().get()).map_err(ErrorResponse::unprocessable)?;
    let now = stack.clock.now();
    Ok(html! {
        h3 { "Clock" }
        p { "It is " time.stamp datetime=(now) data-style="F" { (now) } " for the whole stack. It goes forward only." }
        div.row { @for (title, seconds) in CLOCK_JUMPS {
            button.button.secondary.small type="button" data-act="advance" data-seconds=(seconds) { "+ " (title) }
        } }
        h3 { "Faults" }
        div.knobs { @for (name, what, most) in FAULTS { (fault_input(name, what, most, &settings[name])) } }
        p.nothing { "A change holds at once." }
    })
}

fn fault_input(name: &str, what: &str, most: u32, value: &Value) -> Markup {
    let id = format!("knob-{name}");
    html! {
        label for=(id) { (what) small { (name) } }
        @if most == 1 { input type="checkbox" id=(id) data-knob=(name) checked[*value == true]; }
        @else { input type="number" id=(id) data-knob=(name) min="0" max=(most) value=(value.as_u64().map_or_else(String::new, |it| it.to_string())); }
    }
}
