//! Checks of URLs.

use serde_json::Value;

use super::{FormErrors, join};

/// The allowed schemes of a URL.
#[derive(Clone, Copy, PartialEq, Eq)]
pub(super) enum Schemes {
    /// `http` and `https`.
    Web,
    /// Also `discord`, for link buttons.
    Link,
    /// `http`, `https`, or `attachment://` with the filename of an attachment of this message.
    Media,
    /// Only `attachment://`.
    File,
}

impl Schemes {
    fn names(self) -> &'static [&'static str] {
        match self {
            Self::Web => &["http", "https"],
            Self::Link => &["http", "https", "discord"],
            Self::Media => &["http", "https", "attachment"],
            Self::File => &["attachment"],
        }
    }
}

impl FormErrors {
    /// A URL with an allowed scheme; null and the empty string are accepted.
    pub(super) fn url(&mut self, at: &str, body: &Value, key: &str, schemes: Schemes) {
        let Some(url) = body[key].as_str().filter(|url| !url.is_empty()) else {
            return;
        };
        let path = join(at, key);
        let Some((scheme, rest)) = url.split_once("://") else {
            self.report(&path, "URL_TYPE_INVALID_URL", "Not a well formed URL.");
            return;
        };
        if !schemes.names().contains(&scheme) {
            let names: Vec<String> = schemes.names().iter().map(|name| format!("'{name}'")).collect();
            let message = format!("Scheme \"{scheme}\" must be one of ({}).", names.join(", "));
            self.report(&path, "URL_TYPE_INVALID_SCHEME", message);
        } else if rest.is_empty() || rest.contains(char::is_whitespace) {
            self.report(&path, "URL_TYPE_INVALID_URL", "Not a well formed URL.");
        }
    }
}
