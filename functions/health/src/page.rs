//! The status page, in one HTML document without scripts.

use domain::Language;
use maud::{DOCTYPE, PreEscaped, html};

use crate::report::{Part, Report, State};

const STYLE: &str = include_str!("page.css");

/// The page. `uptime` is the percentage of the last 30 days, if it is known.
pub(crate) fn render(language: Language, report: &Report, uptime: Option<f64>) -> String {
    let worst = report.worst();
    let heading = match worst {
        State::Works => words::status::all_works(language),
        State::Slow => words::status::something_is_slow(language),
        State::Broken => words::status::something_is_broken(language),
    };
    html! {
        (DOCTYPE)
        html lang=(language.code()) {
            head {
                meta charset="utf-8";
                meta name="viewport" content="width=device-width, initial-scale=1";
                meta http-equiv="refresh" content="60";
                title { (words::status::title(language)) }
                style { (PreEscaped(STYLE)) }
            }
            body {
                main {
                    h1 class=(class(worst)) { (heading) }
                    ul {
                        @for part in Part::ALL {
                            @let state = report.state(part);
                            li {
                                span { (name(language, part)) }
                                span class=(class(state)) { (word(language, state)) }
                            }
                        }
                    }
                    @if let Some(percent) = uptime {
                        p { (words::status::uptime(language, percent)) }
                    }
                    p { (words::status::checked(language, report.checked_at)) }
                }
            }
        }
    }
    .into_string()
}

fn name(language: Language, part: Part) -> &'static str {
    match part {
        Part::Commands => words::status::commands(language),
        Part::LongCommands => words::status::long_commands(language),
        Part::Weather => words::status::weather(language),
    }
}

fn word(language: Language, state: State) -> &'static str {
    match state {
        State::Works => words::status::works(language),
        State::Slow => words::status::slow(language),
        State::Broken => words::status::broken(language),
    }
}

const fn class(state: State) -> &'static str {
    match state {
        State::Works => "works",
        State::Slow => "slow",
        State::Broken => "broken",
    }
}
