//! Context menus of users and messages, with the application's commands.

use local_discord::{Discord, Refused};
use maud::{Markup, html};

use super::{avatar::avatar, palette::localized, window::Window, words};

const ON_USER: u64 = 2;
const ON_MESSAGE: u64 = 3;

pub(super) fn of_user(discord: &Discord, user: &str, window: &Window) -> Result<Markup, Refused> {
    let names = offered(discord, ON_USER, window)?;
    let name = window.names.people.get(user);
    Ok(html! {
        @if let Some(name) = name {
            button role="menuitem" type="button" data-act="mention" data-text=(format!("@{name}"))
                data-token=(format!("<@{user}>")) { (words::mention(window.language)) }
        }
        (apps(&names, ("user", user), name.is_some(), window))
        button role="menuitem" type="button" data-act="copy" data-text=(user) { (words::copy_user(window.language)) }
    })
}

pub(super) fn of_message(
    discord: &Discord,
    message: &str,
    private: bool,
    window: &Window,
) -> Result<Markup, Refused> {
    let names = offered(discord, ON_MESSAGE, window)?;
    Ok(html! {
        button role="menuitem" type="button" data-act="copy-words" data-message=(message) { (words::copy_text(window.language)) }
        (apps(&names, ("message", message), true, window))
        @if private {
            button role="menuitem" type="button" data-act="dismiss" data-message=(message) { (words::dismiss(window.language)) }
        }
        button role="menuitem" type="button" data-act="copy" data-text=(message) { (words::copy_message(window.language)) }
    })
}

/// The name and localized name of each command.
fn offered(discord: &Discord, kind: u64, window: &Window) -> Result<Vec<(String, String)>, Refused> {
    let (me, channel) = (window.me().id.to_string(), window.channel.id.to_string());
    let commands = discord.offered(&me, &channel, kind)?;
    let name = |command: &serde_json::Value| command["name"].as_str().unwrap_or("").to_owned();
    Ok(commands.iter().map(|command| (name(command), localized(command, "name", window))).collect())
}

fn apps(names: &[(String, String)], target: (&str, &str), enabled: bool, window: &Window) -> Markup {
    let (kind, id) = target;
    html! {
        @if !names.is_empty() && enabled {
            div.menu-part role="separator" { (words::apps(window.language)) }
            @for (name, shown) in names {
                button role="menuitem" type="button" data-act="use" data-command=(name)
                    data-on=(kind) data-target=(id) { (shown) (avatar("Steward", true)) }
            }
            hr;
        }
    }
}
