//! User-visible outcomes by command and version, summed over all environments.

use domain::measurement::{Row, UserOutcome};
use maud::{Markup, html};

use crate::Stack;

pub(super) fn render(stack: &Stack) -> Markup {
    let lines = stack.counters.sum();
    html! {
        @if lines.is_empty() { p.nothing { "No interactions since the start." } }
        @else {
            div.wide role="region" aria-label="User outcomes" tabindex="0" { table.numbers.saw {
                caption.about { "Since the start, over all environments. A deferred interaction is counted a second time, by its result." }
                thead { tr { th scope="col" { "Command" } th scope="col" { "Version" }
                    @for saw in UserOutcome::ALL { th.count scope="col" { (heading(saw)) } } } }
                tbody { @for line in &lines { (row(line)) } }
            } }
        }
    }
}

fn row(line: &Row) -> Markup {
    html! {
        tr {
            th scope="row" { (line.name()) }
            td { (line.version) }
            @for (saw, count) in line.counts.in_order() {
                td.count.none[count == 0].bad[count > 0 && is_bad(saw)] { (count) }
            }
        }
    }
}

fn heading(saw: UserOutcome) -> &'static str {
    match saw {
        UserOutcome::Under1s => "under 1 s",
        UserOutcome::Under3s => "under 3 s",
        other => other.name(),
    }
}

fn is_bad(saw: UserOutcome) -> bool {
    matches!(saw, UserOutcome::Failed | UserOutcome::Expired | UserOutcome::Abandoned)
}
