//! Select menus: options of the application, users, roles and channels.

use maud::{Markup, html};
use serde_json::Value;

use super::{
    avatar::avatar,
    emoji::emoji,
    icon::{DOWN, icon},
    window::{self, Window},
    words,
};

/// Where the select is. In a message, the choice is sent at once; in a modal, when it is submitted.
#[derive(Clone, Copy)]
pub(super) enum SelectParent<'a> {
    Message(&'a str),
    Form,
}

/// An entry of a select.
pub(super) struct SelectEntry {
    pub value: String,
    pub label: String,
    pub description: Option<String>,
    pub picture: Markup,
    pub chosen: bool,
}

/// The entries of a select, as the user sees them.
pub(super) fn choices(component: &Value, window: &Window) -> Vec<SelectEntry> {
    let preset: Vec<&str> =
        entries(&component["default_values"]).iter().filter_map(|one| one["id"].as_str()).collect();
    let mut list = match component["type"].as_u64() {
        Some(3 | 21 | 22) => entries(&component["options"]).iter().map(option).collect(),
        Some(5) => people(window),
        Some(6) => roles(window),
        Some(7) => people(window).into_iter().chain(roles(window)).collect(),
        Some(8) => channels(component, window),
        _ => Vec::new(),
    };
    for choice in list.iter_mut().filter(|choice| preset.contains(&choice.value.as_str())) {
        choice.chosen = true;
    }
    list
}

fn entries(value: &Value) -> &[Value] {
    value.as_array().map_or(&[], Vec::as_slice)
}

fn option(option: &Value) -> SelectEntry {
    let text = |key: &str| option[key].as_str().map(str::to_owned);
    SelectEntry {
        value: text("value").unwrap_or_default(),
        label: text("label").unwrap_or_default(),
        description: text("description"),
        picture: emoji(&option["emoji"]),
        chosen: option["default"] == true,
    }
}

pub(super) fn people(window: &Window) -> Vec<SelectEntry> {
    let of = |id: String, name: String, username: &str, bot: bool| SelectEntry {
        picture: avatar(&name, bot),
        value: id,
        label: name,
        description: Some(username.to_owned()),
        chosen: false,
    };
    let here = window.members().iter().filter(|member| !member.person.is_bot);
    let here: Vec<SelectEntry> = here
        .map(|member| {
            let name = member.nick.clone().unwrap_or_else(|| member.person.name.clone());
            of(member.person.id.to_string(), name, &member.person.username, false)
        })
        .collect();
    if !here.is_empty() {
        return here;
    }
    let me = window.me();
    vec![of(me.id.to_string(), me.name.clone(), &me.username, false)]
}

pub(super) fn roles(window: &Window) -> Vec<SelectEntry> {
    let roles = window.guild().map_or(&[][..], |guild| &guild.roles);
    roles.iter().map(|(id, name)| plain(id.to_string(), format!("@{name}"))).collect()
}

pub(super) fn channels(component: &Value, window: &Window) -> Vec<SelectEntry> {
    let wanted = entries(&component["channel_types"]);
    let channels = window.guild().map_or(&[][..], |guild| &guild.channels);
    let fits = channels.iter().filter(|it| wanted.is_empty() || wanted.iter().any(|kind| *kind == it.kind));
    fits.map(|it| plain(it.id.to_string(), format!("#{}", window::title(it)))).collect()
}

fn plain(value: String, label: String) -> SelectEntry {
    SelectEntry { value, label, description: None, picture: html! {}, chosen: false }
}

pub(super) fn menu(component: &Value, place: SelectParent<'_>, window: &Window) -> Markup {
    let choices = choices(component, window);
    let id = component["custom_id"].as_str().unwrap_or("");
    let least = component["min_values"].as_u64().unwrap_or(1);
    let most = component["max_values"].as_u64().unwrap_or(1);
    let placeholder = component["placeholder"].as_str().unwrap_or(words::choose(window.language));
    let (message, list) = match place {
        SelectParent::Message(message) => (Some(message), format!("list-{message}-{}", component["id"])),
        SelectParent::Form => (None, format!("list-form-{}", component["id"])),
    };
    html! {
        div.menu data-menu data-custom-id=(id) data-message=[message] data-least=(least) data-most=(most)
            data-placeholder=(placeholder) {
            button.menu-face type="button" role="combobox" aria-haspopup="listbox" aria-expanded="false"
                aria-controls=(list) aria-label=(placeholder) disabled[component["disabled"] == true] {
                span.menu-chosen { (chosen(&choices, placeholder)) }
                span.menu-arrow { (icon(DOWN)) }
            }
            ul.menu-list role="listbox" id=(list) aria-label=(placeholder) hidden
                aria-multiselectable=[(most > 1).then_some("true")] {
                @for (index, choice) in choices.iter().enumerate() {
                    li role="option" id=(format!("{list}-{index}")) data-value=(choice.value)
                        data-label=(choice.label) aria-selected=(choice.chosen.to_string()) {
                        (choice.picture)
                        span.menu-words { span { (choice.label) }
                            @if let Some(description) = &choice.description { small { (description) } } }
                        span.tick aria-hidden="true" {}
                    }
                }
            }
        }
    }
}

fn chosen(choices: &[SelectEntry], placeholder: &str) -> Markup {
    let chosen: Vec<&SelectEntry> = choices.iter().filter(|choice| choice.chosen).collect();
    html! {
        @if chosen.is_empty() { span.placeholder { (placeholder) } }
        @for choice in chosen { span.chosen { (choice.label) } }
    }
}
