//! The middle of the page: the channel's messages and the composer.

use local_discord::{Error, Snowflake};
use maud::{Markup, html};

use super::{
    Playground,
    icon::{LIST, PEOPLE, PLUS, SEND, icon, of_channel},
    message,
    window::Window,
    words,
};

pub(super) fn render(playground: &Playground, window: &Window) -> Result<Markup, Error> {
    let messages = messages(playground, window)?;
    let title = window.title();
    Ok(html! {
        header.channel-head {
            button.drawer-left type="button" data-act="show-channels" aria-label="Channels" { (icon(LIST)) }
            h1 { span.hash { (of_channel(window.channel.kind)) } (title) }
            @if let Some(topic) = &window.channel.topic { p.topic { (topic) } }
            button.drawer-right type="button" data-act="show-members" aria-label=(words::members(window.language)) { (icon(PEOPLE)) }
        }
        div.scroller id="scroller" tabindex="0" role="region" aria-label=(format!("Messages in {title}")) {
            div.beginning {
                span.beginning-sign { (of_channel(window.channel.kind)) }
                @if window.guild().is_some() { p.beginning-title { (words::welcome(window.language)) " " (sign(window)) (title) "!" } }
                @else { p.beginning-title { (title) } }
                p { (words::beginning(window.language)) " " (sign(window)) (title) "." }
            }
            div.messages id="messages" { @for (_, markup) in &messages { (markup) } }
        }
        (composer(window))
    })
}

/// Messages and the user's unanswered commands, in order, each with its id.
pub(super) fn messages(playground: &Playground, window: &Window) -> Result<Vec<(String, Markup)>, Error> {
    let (discord, me) = (&playground.discord, window.me().id);
    let shown = |id: &Snowflake| !playground.is_dismissed(me, *id);
    let mut messages = discord.messages_for(me, window.channel.id)?;
    messages.retain(|one| message::id_of(one).as_ref().is_some_and(shown));
    let before = std::iter::once(None).chain(messages.iter().map(Some));
    let mut list: Vec<_> = messages
        .iter()
        .zip(before)
        .filter_map(|(one, before)| {
            let continued = message::continues(one, before);
            Some((message::id_of(one)?, message::message(discord, one, continued, window)))
        })
        .collect();
    let notices = discord.unanswered_commands(me, window.channel.id)?;
    let notices = notices.iter().filter(|one| shown(&one.id));
    list.extend(notices.map(|one| (one.id, message::notice(discord, one, window))));
    list.sort_by_key(|(id, _)| *id);
    Ok(list.into_iter().map(|(id, markup)| (id.to_string(), markup)).collect())
}

pub(super) fn sign(window: &Window) -> &'static str {
    match window.channel.kind {
        1 | 3 => "@",
        5 => "📢",
        10..=12 => "🧵",
        _ => "#",
    }
}

fn composer(window: &Window) -> Markup {
    let title = window.title();
    let placeholder = format!("{} {}{title}", words::message_to(window.language), sign(window));
    html! {
        div.composer-place {
            div.popup id="palette" hidden {
                div.popup-list role="listbox" id="palette-list" aria-label="Commands" {}
            }
            div.composer-note id="composer-note" role="alert" {}
            form.composer id="composer" data-allowed=(window.channel.may_write) {
                button.attach type="button" data-act="open-palette" aria-label="Use a command" { (icon(PLUS)) }
                div.filled id="filled" hidden {}
                textarea id="line" rows="1" autocomplete="off" spellcheck="false" aria-label=(placeholder)
                    placeholder=(placeholder) aria-controls="palette-list" aria-autocomplete="list" {}
                button.send type="submit" aria-label=(words::send(window.language)) { (icon(SEND)) }
            }
            @if !window.channel.may_write { p.may-not { (words::may_not_write(window.language)) } }
        }
    }
}
