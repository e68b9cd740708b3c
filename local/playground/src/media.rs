//! Images and files. The page loads them only from this server; images of other sites are shown as links.

use maud::{Markup, html};
use serde_json::Value;

use super::{
    icon::{FILE, PICTURE, icon},
    window::Window,
    words,
};

/// The maximum size of an image, in CSS pixels.
const MAX_WIDTH_PX: f64 = 550.0;
const MAX_HEIGHT_PX: f64 = 350.0;
const IS_SPOILER: u64 = 1 << 3;

/// The path of a file that this server serves; `None` for other URLs.
pub(super) fn local(url: &str) -> Option<&str> {
    let rest = url.strip_prefix("http://")?;
    let (host, _) = rest.split_once('/')?;
    let name = host.rsplit_once(':').map_or(host, |(name, _)| name);
    let path = rest.strip_prefix(host)?;
    let is_file = path.starts_with("/attachments/") || path.starts_with("/ephemeral-attachments/");
    (matches!(name, "127.0.0.1" | "localhost") && is_file).then_some(path)
}

/// `media` is Discord's object with `url`, `width` and `height`.
pub(super) fn picture(media: &Value, alt: &str, hidden: bool, window: &Window) -> Markup {
    let url = media["url"].as_str().unwrap_or("");
    let Some(path) = local(url) else {
        return html! {
            a.elsewhere href=[safe(url)] target="_blank" rel="noopener noreferrer" title=(url) {
                (icon(PICTURE)) " " (words::not_fetched(window.language)) @if !alt.is_empty() { ": " (alt) }
            }
        };
    };
    let (width, height) = fitted(media);
    let image =
        html! { img src=(path) alt=(alt) width=[width] height=[height] loading="lazy" decoding="async"; };
    if hidden {
        return html! {
            button.veil type="button" data-act="unveil" aria-label=(words::spoiler(window.language)) {
                (image) span.veil-word { (words::spoiler(window.language)) }
            }
        };
    }
    html! { a.picture href=(path) target="_blank" rel="noopener" { (image) } }
}

fn safe(url: &str) -> Option<&str> {
    (url.starts_with("https://") || url.starts_with("http://")).then_some(url)
}

/// The scaled size, set in advance so that the layout does not shift when the image loads.
fn fitted(media: &Value) -> (Option<u64>, Option<u64>) {
    let (Some(width), Some(height)) = (media["width"].as_f64(), media["height"].as_f64()) else {
        return (None, None);
    };
    let scale = (MAX_WIDTH_PX / width).min(MAX_HEIGHT_PX / height).min(1.0);
    #[expect(clippy::cast_possible_truncation, clippy::cast_sign_loss, reason = "at most 550")]
    let round = |length: f64| Some((length * scale).max(1.0) as u64);
    (round(width), round(height))
}

/// The attachments that are not shown by an embed or a component.
pub(super) fn attachments(message: &Value, window: &Window) -> Markup {
    let list = message["attachments"].as_array().map_or(&[][..], Vec::as_slice);
    let (embeds, components) = (message["embeds"].to_string(), message["components"].to_string());
    let shown = list.iter().filter(|attachment| {
        let url = attachment["url"].as_str().unwrap_or("\0");
        !embeds.contains(url) && !components.contains(url)
    });
    html! { @for attachment in shown { (one(attachment, window)) } }
}

fn one(attachment: &Value, window: &Window) -> Markup {
    let hidden = attachment["flags"].as_u64().unwrap_or(0) & IS_SPOILER != 0;
    let name = attachment["filename"].as_str().unwrap_or("file");
    if attachment["content_type"].as_str().is_some_and(|kind| kind.starts_with("image/")) {
        let alt = attachment["description"].as_str().unwrap_or(name);
        return html! { div.attachment { (picture(attachment, alt, hidden, window)) } };
    }
    file(name, attachment["size"].as_u64(), attachment["url"].as_str().unwrap_or(""))
}

/// A file with a download link.
pub(super) fn file(name: &str, size: Option<u64>, url: &str) -> Markup {
    html! {
        div.attachment.file {
            span.file-icon { (icon(FILE)) }
            div {
                a href=[local(url)] download=(name) { (name) }
                @if let Some(size) = size { div.file-size { (bytes(size)) } }
            }
        }
    }
}

pub(super) fn bytes(size: u64) -> String {
    #[expect(clippy::cast_precision_loss, reason = "for people")]
    let size_f = size as f64;
    match size {
        0..1_024 => format!("{size} bytes"),
        1_024..1_048_576 => format!("{:.2} KB", size_f / 1_024.0),
        _ => format!("{:.2} MB", size_f / 1_048_576.0),
    }
}
