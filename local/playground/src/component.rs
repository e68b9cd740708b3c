//! Renders message components: rows, buttons, selects, sections, containers, media.

use maud::{Markup, html};
use serde_json::Value;

use super::{
    embed::stripe,
    emoji::emoji,
    icon::{OUT, icon},
    markdown, media,
    picker::{self, SelectParent},
    window::Window,
};

const LINK: u64 = 5;
const PREMIUM: u64 = 6;

pub(super) fn all(components: &Value, message: &str, window: &Window) -> Markup {
    html! { @for component in entries(components) { (one(component, message, window)) } }
}

fn entries(value: &Value) -> &[Value] {
    value.as_array().map_or(&[], Vec::as_slice)
}

fn one(component: &Value, message: &str, window: &Window) -> Markup {
    let within = || all(&component["components"], message, window);
    match component["type"].as_u64() {
        Some(1) => html! { div.row { (within()) } },
        Some(2) => button(component, message),
        Some(3 | 5..=8) => picker::menu(component, SelectParent::Message(message), window),
        Some(9) => html! {
            div.section { div.section-words { (within()) }
                div.accessory { (one(&component["accessory"], message, window)) } }
        },
        Some(10) => html! {
            div.text { (markdown::render(component["content"].as_str().unwrap_or(""), &window.names)) }
        },
        Some(11) => html! { div.thumbnail { (item(component, window)) } },
        Some(12) => gallery(component, window),
        Some(13) => file(component),
        Some(14) => separator(component),
        Some(17) => container(component, message, window),
        _ => html! {},
    }
}

fn button(button: &Value, message: &str) -> Markup {
    let style = button["style"].as_u64().unwrap_or(2);
    let disabled = button["disabled"] == true;
    let words = html! {
        (emoji(&button["emoji"])) @if let Some(label) = button["label"].as_str() { span { (label) } }
    };
    if style == LINK {
        let url = button["url"].as_str().filter(|url| url.starts_with("http") && !disabled);
        return html! {
            a class="button link" href=[url] target="_blank" rel="noopener noreferrer"
                aria-disabled=[disabled.then_some("true")] { (words) (icon(OUT)) }
        };
    }
    let name = match style {
        1 => "primary",
        3 => "success",
        4 => "danger",
        _ => "secondary",
    };
    let unlabelled = button["label"].is_null().then(|| button["emoji"]["name"].as_str()).flatten();
    html! {
        button class=(format!("button {name}")) type="button" data-act="press" data-message=(message)
            data-custom-id=[button["custom_id"].as_str()] disabled[disabled || style == PREMIUM]
            aria-label=[unlabelled] { @if style == PREMIUM { "Upgrade" } (words) }
    }
}

fn item(item: &Value, window: &Window) -> Markup {
    let alt = item["description"].as_str().unwrap_or("");
    media::picture(&item["media"], alt, item["spoiler"] == true, window)
}

fn gallery(gallery: &Value, window: &Window) -> Markup {
    let items = entries(&gallery["items"]);
    html! {
        div class=(format!("gallery of-{}", items.len().min(4))) { @for it in items { (item(it, window)) } }
    }
}

fn file(file: &Value) -> Markup {
    let url = file["file"]["url"].as_str().unwrap_or("");
    let name = file["name"].as_str().or_else(|| url.rsplit('/').next()).unwrap_or("file");
    media::file(name, file["size"].as_u64(), url)
}

fn separator(separator: &Value) -> Markup {
    let space = if separator["spacing"] == 2 { "wide" } else { "narrow" };
    html! {
        @if separator["divider"] == false { div class=(format!("space {space}")) {} }
        @else { hr class=(space); }
    }
}

fn container(container: &Value, message: &str, window: &Window) -> Markup {
    let inner = all(&container["components"], message, window);
    let color = container["accent_color"].as_u64();
    html! {
        div.container.accented[color.is_some()] {
            @if color.is_some() { (stripe(color)) }
            @if container["spoiler"] == true {
                button.veil type="button" data-act="unveil" aria-label="Spoiler" { span.veil-word { "Spoiler" } }
            }
            (inner)
        }
    }
}
