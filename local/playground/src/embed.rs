//! Renders embeds.

use maud::{Markup, html};
use serde_json::Value;

use super::{markdown, media, window::Window};

pub(super) fn all(message: &Value, window: &Window) -> Markup {
    let embeds = message["embeds"].as_array().map_or(&[][..], Vec::as_slice);
    html! { @for embed in embeds { (one(embed, window)) } }
}

fn one(embed: &Value, window: &Window) -> Markup {
    let text = |key: &str| embed[key].as_str().filter(|text| !text.is_empty());
    html! {
        section.embed aria-label="Embed" {
            (stripe(embed["color"].as_u64()))
            @if embed["thumbnail"]["url"].is_string() {
                div.embed-thumbnail { (media::picture(&embed["thumbnail"], "", false, window)) }
            }
            @if let Some(name) = embed["author"]["name"].as_str() {
                div.embed-author { (icon(&embed["author"]["icon_url"])) (linked(&embed["author"]["url"], html! { (name) })) }
            }
            @if let Some(title) = text("title") {
                div.embed-title { (linked(&embed["url"], markdown::line(title, &window.names))) }
            }
            @if let Some(description) = text("description") {
                div.embed-description.text { (markdown::render(description, &window.names)) }
            }
            (fields(embed, window))
            @if embed["image"]["url"].is_string() {
                div.embed-image { (media::picture(&embed["image"], "", false, window)) }
            }
            (footer(embed))
        }
    }
}

/// The accent colour at the side. It is an SVG attribute, because the Content-Security-Policy forbids inline styles.
pub(super) fn stripe(color: Option<u64>) -> Markup {
    html! {
        svg.stripe aria-hidden="true" width="4" height="100%" {
            rect width="4" height="100%" fill=[color.map(|color| format!("#{:06x}", color & 0x00ff_ffff))] {}
        }
    }
}

fn linked(url: &Value, words: Markup) -> Markup {
    match url.as_str().filter(|url| url.starts_with("https://") || url.starts_with("http://")) {
        Some(url) => html! { a href=(url) target="_blank" rel="noopener noreferrer" { (words) } },
        None => words,
    }
}

fn icon(url: &Value) -> Markup {
    match url.as_str().and_then(media::local) {
        Some(path) => html! { img.embed-icon src=(path) alt="" width="20" height="20"; },
        None => html! {},
    }
}

fn fields(embed: &Value, window: &Window) -> Markup {
    let fields = embed["fields"].as_array().map_or(&[][..], Vec::as_slice);
    if fields.is_empty() {
        return html! {};
    }
    html! {
        div.embed-fields {
            @for (field, width) in fields.iter().zip(widths(fields)) {
                div class=(width) {
                    div.field-name { (markdown::line(field["name"].as_str().unwrap_or(""), &window.names)) }
                    div.field-value.text { (markdown::render(field["value"].as_str().unwrap_or(""), &window.names)) }
                }
            }
        }
    }
}

/// Up to three inline fields share a line.
fn widths(fields: &[Value]) -> Vec<&'static str> {
    let mut widths = Vec::new();
    let mut rest = fields;
    while let Some(first) = rest.first() {
        let inline = rest.iter().take(3).take_while(|field| field["inline"] == true).count();
        let (width, taken) = match inline {
            2 => ("half", 2),
            3 => ("third", 3),
            _ if first["inline"] == true => ("whole inline", 1),
            _ => ("whole", 1),
        };
        widths.extend(std::iter::repeat_n(width, taken));
        rest = rest.get(taken..).unwrap_or_default();
    }
    widths
}

fn footer(embed: &Value) -> Markup {
    let (text, at) = (embed["footer"]["text"].as_str(), embed["timestamp"].as_str());
    html! {
        @if text.is_some() || at.is_some() {
            footer.embed-footer {
                (icon(&embed["footer"]["icon_url"]))
                @if let Some(text) = text { span { (text) } }
                @if text.is_some() && at.is_some() { span aria-hidden="true" { " • " } }
                @if let Some(at) = at { time datetime=(at) data-style="message" { (at) } }
            }
        }
    }
}

#[cfg(test)]
mod tests {
    use serde_json::{Value, json};

    use super::widths;

    #[test]
    fn inline_fields_share_lines_of_three() {
        let fields = |inline: &[bool]| -> Vec<Value> {
            inline.iter().map(|inline| json!({ "name": "n", "value": "v", "inline": inline })).collect()
        };
        assert_eq!(widths(&fields(&[true, true, true, true])), ["third", "third", "third", "whole inline"]);
        assert_eq!(widths(&fields(&[false, true, true])), ["whole", "half", "half"]);
    }
}
