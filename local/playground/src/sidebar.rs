//! The left of the page: guilds, channels and the current user.

use local_discord::{SeenChannel, SeenGuild};
use maud::{Markup, html};

use super::{
    avatar::{avatar, initials},
    icon::{DOWN, LETTER, icon, of_channel},
    window::{self, Window},
    words,
};

const CATEGORY: u8 = 4;

pub(super) fn rail(window: &Window) -> Markup {
    let here = window.guild().map(|guild| guild.id);
    html! {
        nav.rail id="rail" aria-label="Servers" { ul {
            @if let Some(first) = window.client_view.direct.first() {
                li.current[here.is_none()] {
                    a.guild.home href=(window.path_to(first.id)) aria-current=[here.is_none().then_some("page")]
                        title=(words::direct(window.language)) { span.sr { (words::direct(window.language)) }
                        (icon(LETTER)) }
                }
            }
            li.rule aria-hidden="true" {}
            @for guild in &window.client_view.guilds {
                @if let Some(first) = guild.channels.iter().find(|channel| channel.kind != CATEGORY) {
                    li.current[here == Some(guild.id)] data-guild=(guild.id) {
                        a.guild href=(window.path_to(first.id)) title=(guild.name)
                            aria-current=[(here == Some(guild.id)).then_some("page")] {
                            span.sr { (guild.name) } span aria-hidden="true" { (initials(&guild.name)) }
                        }
                    }
                }
            }
        } }
    }
}

pub(super) fn channels(window: &Window) -> Markup {
    let title = window.guild().map_or(words::direct(window.language), |guild| guild.name.as_str());
    html! {
        nav.channels id="channels" aria-label="Channels" {
            div.guild-name { (title) }
            div.channel-list {
                @match window.guild() {
                    Some(guild) => (in_guild(guild, window)),
                    None => ul { @for channel in &window.client_view.direct { (entry(channel, window)) } },
                }
            }
            (me(window))
        }
    }
}

fn in_guild(guild: &SeenGuild, window: &Window) -> Markup {
    let under = |parent| guild.channels.iter().filter(move |it| it.parent == parent && it.kind != CATEGORY);
    let categories = guild.channels.iter().filter(|it| it.kind == CATEGORY);
    html! {
        ul { @for channel in under(None) { (with_threads(channel, guild, window)) } }
        @for category in categories {
            @if under(Some(category.id)).next().is_some() {
                h2.category { (category.name) (icon(DOWN)) }
                ul { @for channel in under(Some(category.id)) { (with_threads(channel, guild, window)) } }
            }
        }
    }
}

fn with_threads(channel: &SeenChannel, guild: &SeenGuild, window: &Window) -> Markup {
    let threads = guild.channels.iter().filter(|it| it.parent == Some(channel.id));
    html! {
        (entry(channel, window))
        @for thread in threads { (entry(thread, window)) }
    }
}

fn entry(channel: &SeenChannel, window: &Window) -> Markup {
    let current = channel.id == window.channel.id;
    let class = match channel.kind {
        1 | 3 => "channel direct",
        10..=12 => "channel thread",
        _ => "channel",
    };
    html! {
        li { a class=(class) href=(window.path_to(channel.id)) data-channel=(channel.id)
            aria-current=[current.then_some("page")] {
            span.hash { (of_channel(channel.kind)) }
            span.channel-name { (window::title(channel)) }
            @if channel.is_nsfw { span.nsfw title="age-restricted" { "18+" } }
            span.unread-mark { span.sr { "unread" } }
        } }
    }
}

fn me(window: &Window) -> Markup {
    let me = window.me();
    html! {
        div.me {
            span.present { (avatar(&me.name, false)) }
            div { div.me-name { (me.name) } div.me-sub { (me.username) " · " (me.locale) } }
        }
    }
}
