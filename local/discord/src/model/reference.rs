//! Resolves `attachment://name` in embeds and components to the files of the same message.

use serde_json::Value;

use crate::validation::{FormErrors, join};

const SCHEME: &str = "attachment://";

/// Replaces `attachment://` URLs in place, and reports names that no attachment has.
pub(crate) fn resolve(message: &mut Value, errors: &mut FormErrors) {
    let attachments = message["attachments"].take();
    let mut resolver = Resolver { attachments: attachments.as_array().map_or(&[], Vec::as_slice), errors };
    for (index, embed) in list(&mut message["embeds"]) {
        resolver.embed(&join("embeds", index), embed);
    }
    resolver.components("components", &mut message["components"]);
    message["attachments"] = attachments;
}

fn list(value: &mut Value) -> impl Iterator<Item = (usize, &mut Value)> {
    value.as_array_mut().into_iter().flatten().enumerate()
}

struct Resolver<'a> {
    attachments: &'a [Value],
    errors: &'a mut FormErrors,
}

impl<'a> Resolver<'a> {
    fn embed(&mut self, at: &str, embed: &mut Value) {
        for part in ["image", "thumbnail"] {
            let Some(picture) = embed.get_mut(part) else { continue };
            if let Some(file) = self.named(&join(&join(at, part), "url"), &picture["url"]) {
                fill(picture, file, &["url", "proxy_url", "width", "height"]);
            }
        }
        for part in ["author", "footer"] {
            let Some(named) = embed.get_mut(part) else { continue };
            if let Some(file) = self.named(&join(&join(at, part), "icon_url"), &named["icon_url"]) {
                named["icon_url"] = file["url"].clone();
                named["proxy_icon_url"] = file["proxy_url"].clone();
            }
        }
    }

    fn components(&mut self, at: &str, components: &mut Value) {
        for (index, component) in list(components) {
            self.component(&join(at, index), component);
        }
    }

    /// A component, or an item of a media gallery.
    fn component(&mut self, at: &str, component: &mut Value) {
        for key in ["media", "file"] {
            let Some(media) = component.get_mut(key) else { continue };
            let Some(file) = self.named(&join(&join(at, key), "url"), &media["url"]) else { continue };
            fill(media, file, &["url", "proxy_url", "width", "height", "content_type"]);
            media["attachment_id"] = file["id"].clone();
            if key == "file" {
                component["name"] = file["filename"].clone();
                component["size"] = file["size"].clone();
            }
        }
        for key in ["items", "components"] {
            if let Some(children) = component.get_mut(key) {
                self.components(&join(at, key), children);
            }
        }
        if let Some(accessory) = component.get_mut("accessory") {
            self.component(&join(at, "accessory"), accessory);
        }
    }

    /// The attachment that an `attachment://` URL names; `None` for other URLs.
    fn named(&mut self, path: &str, url: &Value) -> Option<&'a Value> {
        let name = url.as_str()?.strip_prefix(SCHEME)?;
        let found = self.attachments.iter().find(|attachment| attachment["filename"] == name);
        if found.is_none() {
            let code = "UNFURLED_MEDIA_ITEM_REFERENCED_ATTACHMENT_NOT_FOUND";
            self.errors.report(path, code, "The referenced attachment was not found");
        }
        found
    }
}

fn fill(part: &mut Value, file: &Value, keys: &[&str]) {
    for key in keys {
        if let Some(value) = file.get(*key) {
            part[*key] = value.clone();
        }
    }
}
