//! The whole page.

use local_discord::Error;
use maud::{DOCTYPE, Markup, html};

use super::{
    Playground,
    avatar::avatar,
    channel,
    icon::{CONTRAST, DOWN, icon},
    panel::Panel,
    people, sidebar,
    window::{Window, path},
};

pub(super) fn render(playground: &Playground, window: &Window, theme: Option<&str>) -> Result<Markup, Error> {
    // Read before everything else: a change meanwhile is then sent once too often, and not missed.
    let number = playground.discord.feed().number();
    let middle = channel::render(playground, window)?;
    let assets = &playground.assets;
    let folder = &assets.folder;
    let panel = playground.panel.as_ref();
    let now = playground.discord.clock().now().as_millisecond();
    Ok(html! {
        (DOCTYPE)
        html lang=(window.me().locale) data-theme=[theme] {
            head {
                meta charset="utf-8";
                meta name="viewport" content="width=device-width, initial-scale=1";
                meta name="color-scheme" content="dark light";
                title { (channel::sign(window)) (window.title()) " | Steward playground" }
                link rel="icon" href=(format!("{folder}/icon.svg")) type="image/svg+xml";
                link rel="stylesheet" href=(format!("{folder}/style.css"));
                @for (module, _) in &assets.modules {
                    link rel="modulepreload" href=(format!("{folder}/client/{module}"));
                }
                // Before the page's own script, so that the panel's actions are registered when the page is ready.
                @if let Some(panel) = panel {
                    script type="module" src=(format!("{folder}/client/{}", panel.script.0)) {}
                }
                script type="module" src=(format!("{folder}/client/main.js")) {}
            }
            body data-person=(window.me().id) data-channel=(window.channel.id) data-number=(number)
                data-now=(now) data-guild=[window.guild().map(|guild| guild.id.to_string())] {
                a.skip href="#line" { "Skip to the message box" }
                (bar(panel, window))
                div.app id="app" {
                    (sidebar::rail(window))
                    (sidebar::channels(window))
                    main.main { (middle) div.context id="context" role="menu" hidden {} }
                    (people::render(window))
                }
                @if let Some(panel) = panel { (panel.body) }
                div.sr id="announcer" aria-live="polite" {}
                dialog.modal id="modal" aria-labelledby="modal-title" {}
            }
        }
    })
}

/// The bar at the top: title, current user, the panel's button, theme.
fn bar(panel: Option<&Panel>, window: &Window) -> Markup {
    html! {
        header.bar {
            p.what { strong { "Steward" span.what-kind { " playground" } } span.what-more { " — a simulated Discord on this machine; no data leaves it" } }
            details.persons id="persons" {
                summary {
                    span.sr { "You are" }
                    (avatar(&window.me().name, false))
                    span.person-name { (window.me().name) } (icon(DOWN))
                }
                ul {
                    @for person in &window.client_view.people {
                        li { a href=(path(person, window.channel.id)) aria-current=[(person.id == window.me().id).then_some("true")] {
                            (avatar(&person.name, false))
                            span { (person.name) small { (person.locale) } }
                        } }
                    }
                    li.hint { "Open a second window to act as a second user." }
                }
            }
            @if let Some(panel) = panel { (panel.opener) }
            button.theme type="button" data-act="theme" aria-label="Toggle dark mode" { (icon(CONTRAST)) }
        }
    }
}
