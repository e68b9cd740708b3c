//! The right of the page: the guild's members by their highest role.

use local_discord::{SeenMember, Snowflake};
use maud::{Markup, html};

use super::{
    avatar::avatar,
    icon::{CROWN, icon},
    window::Window,
    words,
};

pub(super) fn render(window: &Window) -> Markup {
    let roles = window.guild().map_or(&[][..], |guild| &guild.roles);
    let highest = |member: &&SeenMember| {
        roles.iter().map(|(id, _)| *id).find(|id| member.roles.contains(id) && is_shown(*id, window))
    };
    html! {
        aside.people id="people" aria-label=(words::members(window.language)) {
            @for (id, name) in roles {
                (group(name, &window.members().iter().filter(|it| highest(it) == Some(*id)).collect::<Vec<_>>()))
            }
            (group(words::online(window.language),
                &window.members().iter().filter(|it| highest(it).is_none()).collect::<Vec<_>>()))
            @if window.guild().is_none() { (alone(window)) }
        }
    }
}

/// Whether a role is a heading: "Muted" is not.
fn is_shown(id: Snowflake, window: &Window) -> bool {
    window.names.roles.get(&id.to_string()).is_some_and(|name| name != "Muted")
}

fn group(name: &str, members: &[&SeenMember]) -> Markup {
    html! {
        @if !members.is_empty() {
            h2.category { (name) " — " (members.len()) }
            ul { @for member in members { (one(member)) } }
        }
    }
}

fn one(member: &SeenMember) -> Markup {
    let id = member.person.id.to_string();
    let name = member.nick.as_deref().unwrap_or(&member.person.name);
    html! {
        li { button.member type="button" data-user=(id) aria-haspopup="menu" {
            span.present { (avatar(name, member.person.is_bot)) }
            span.member-name { (name) }
            @if member.person.is_bot { span.app-tag { "APP" } }
            @if member.is_owner { span.crown role="img" aria-label="Owner" { (icon(CROWN)) } }
        } }
    }
}

fn alone(window: &Window) -> Markup {
    let me = window.me();
    html! {
        ul { li { button.member type="button" data-user=(me.id) aria-haspopup="menu" {
            span.present { (avatar(&me.name, false)) } span.member-name { (me.name) } } } }
    }
}
