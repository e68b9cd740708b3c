//! Taking what somebody sent: only from where Discord keeps files, no larger than it may be, and for what its
//! bytes are. Its name and type are what the sender says.

use std::time::Duration;

use bytes::Bytes;
use http::Request;

use crate::form::File;

/// For a whole file.
const WITHIN: Duration = Duration::from_secs(5);

/// Why a file was not taken.
#[derive(Clone, Copy, Debug, PartialEq, Eq, thiserror::Error)]
pub enum NotTaken {
    /// It is larger than this many bytes, the caller's limit.
    #[error("larger than {0} bytes")]
    TooLarge(usize),
    /// It is no text in UTF-8, or one with control characters.
    #[error("not text")]
    NotText,
    /// It is not where Discord keeps files: nothing else is ever fetched.
    #[error("not at Discord's")]
    Elsewhere,
    /// It could not be had; it may be later.
    #[error("no answer")]
    NoAnswer,
    /// It could not be had.
    #[error("status {0}")]
    Status(u16),
}

/// Takes a text of at most `most` bytes from where Discord keeps files, `base`.
///
/// # Errors
/// [`NotTaken`].
pub async fn text(http: &outbound::Client, base: &str, file: &File, most: usize) -> Result<String, NotTaken> {
    let bytes = fetch(http, base, file, most).await?;
    let text = str::from_utf8(&bytes).map_err(|_| NotTaken::NotText)?;
    let is_odd = |char: char| char.is_control() && !matches!(char, '\t' | '\n' | '\r');
    if text.contains(is_odd) { Err(NotTaken::NotText) } else { Ok(text.to_owned()) }
}

async fn fetch(http: &outbound::Client, base: &str, file: &File, most: usize) -> Result<Bytes, NotTaken> {
    if !is_at(base, &file.url) {
        return Err(NotTaken::Elsewhere);
    }
    if file.size > most as u64 {
        return Err(NotTaken::TooLarge(most));
    }
    let request = Request::get(&file.url).body(Bytes::new()).map_err(|_| NotTaken::Elsewhere)?;
    // What was said of its size is not believed.
    let response = http.for_at_most(most).send(request, WITHIN).await.map_err(|failed| match failed {
        outbound::Failed::TooLarge => NotTaken::TooLarge(most),
        _ => NotTaken::NoAnswer,
    })?;
    match response.status() {
        status if !status.is_success() => Err(NotTaken::Status(status.as_u16())),
        _ => Ok(response.into_body()),
    }
}

/// The slash belongs to it: `https://cdn.discordapp.com.example` is not Discord's.
fn is_at(base: &str, url: &str) -> bool {
    url.strip_prefix(base.trim_end_matches('/')).is_some_and(|path| path.starts_with('/'))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn nothing_is_fetched_from_elsewhere() {
        let base = "https://cdn.discordapp.com";
        assert!(is_at(base, "https://cdn.discordapp.com/ephemeral-attachments/1/2/a.json?ex=1"));
        for url in [
            "https://cdn.discordapp.com.example/a",
            "https://cdn.discordapp.com@example.com/a",
            "https://cdn.discordapp.com:x@example.com/a",
            "https://user@cdn.discordapp.com/a",
            "https://cdn.discordapp.com:8443/a",
            "https://cdn.discordapp.com\\@example.com/a",
            "https://cdn.discordapp.com#@example.com/a",
            "https://cdn.discordapp.com?/a",
            "https://cdn.discordapp.com",
            " https://cdn.discordapp.com/a",
            "HTTPS://CDN.DISCORDAPP.COM/a",
            "http://cdn.discordapp.com/a",
            "//cdn.discordapp.com/a",
            "http://169.254.169.254/latest",
            "http://[::1]/a",
            "http://2130706433/a",
            "file:///etc/passwd",
            "",
        ] {
            assert!(!is_at(base, url), "{url}");
        }
    }
}
