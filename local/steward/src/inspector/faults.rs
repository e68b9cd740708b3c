//! The fault injection settings of the simulated Discord, and the stack's clock.

use maud::{Markup, html};
use serde_json::Value;

use super::ErrorResponse;
use crate::Stack;

/// Name, description and maximum of each; a maximum of 1 is a checkbox.
const FAULTS: [(&str, &str, u32); 12] = [
    ("latency_ms", "Added latency of every API call, in ms", 10_000),
    ("reset_percent", "API calls that end with a closed connection, in percent", 100),
    ("drop_percent", "Interactions that never arrive, in percent", 100),
    ("duplicate_percent", "Interactions that arrive twice, in percent", 100),
    ("probe_percent", "Interactions after which the endpoint is checked, in percent", 100),
    ("unknown_webhook_for_ms", "How long the message of a response stays unknown (10015), in ms", 60_000),
    ("unknown_webhook_times", "Number of first edits that get 404 (10015)", 100),
    ("fail_webhooks", "Status that every edit gets; empty: none", 599),
    ("shared_rate_limit", "Every API call gets a 429 with scope shared", 1),
    ("retry_after_ms", "Retry-After of that 429, in ms; 0: one second", 900_000),
    (
        "global_rate_limit_ms",
        "Every API call gets a global 429 with this Retry-After, in ms; 0: none",
        900_000,
    ),
    ("webhooks_per_minute", "Edits in a channel per minute before a 429; 0: unlimited", 1_000),
];

const CLOCK_JUMPS: [(&str, u64); 4] =
    [("1 minute", 60), ("16 minutes", 16 * 60), ("1 hour", 3_600), ("1 day", 24 * 3_600)];

pub(super) fn render(stack: &Stack) -> Result<Markup, ErrorResponse> {
    let settings =
        serde_json::to_value(stack.discord.faults().get()).map_err(ErrorResponse::unprocessable)?;
    let now = stack.clock.now();
    Ok(html! {
        h3 { "Clock" }
        p { "It is " time.stamp datetime=(now) data-style="F" { (now) } " for the whole stack. It can only be advanced." }
        div.row { @for (title, seconds) in CLOCK_JUMPS {
            button.button.secondary.small type="button" data-act="advance" data-seconds=(seconds) { "+ " (title) }
        } }
        h3 { "Faults" }
        div.knobs { @for (name, what, most) in FAULTS { (fault_input(name, what, most, &settings[name])) } }
        p.nothing { "Changes take effect immediately." }
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
