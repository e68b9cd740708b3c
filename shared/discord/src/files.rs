//! Downloads an attachment: only from Discord's CDN, up to a maximum size, and checked by its content. Its
//! file name and type come from the sender and are not trusted.

use std::time::Duration;

use bytes::Bytes;
use http::Request;

use crate::Attachment;

/// The time limit of a download.
const DOWNLOAD_TIMEOUT: Duration = Duration::from_secs(5);

/// Why a file was rejected.
#[derive(Clone, Copy, Debug, PartialEq, Eq, thiserror::Error)]
pub enum FileError {
    /// It is larger than the caller's limit of this many bytes.
    #[error("larger than {0} bytes")]
    TooLarge(usize),
    /// It is not UTF-8, or contains control characters.
    #[error("not text")]
    NotText,
    /// Its URL is not on Discord's CDN. Nothing else is ever downloaded.
    #[error("not a Discord URL")]
    Elsewhere,
    /// No answer; a later try may succeed.
    #[error("no answer")]
    NoAnswer,
    /// The CDN answered with this status.
    #[error("status {0}")]
    Status(u16),
}

/// Downloads a text file of at most `most` bytes from the CDN at `base`.
///
/// # Errors
/// [`FileError`].
pub async fn fetch_text(
    http: &outbound::Client,
    base: &str,
    file: &Attachment,
    most: usize,
) -> Result<String, FileError> {
    let bytes = fetch(http, base, file, most).await?;
    let text = str::from_utf8(&bytes).map_err(|_| FileError::NotText)?;
    let is_odd = |char: char| char.is_control() && !matches!(char, '\t' | '\n' | '\r');
    if text.contains(is_odd) { Err(FileError::NotText) } else { Ok(text.to_owned()) }
}

async fn fetch(
    http: &outbound::Client,
    base: &str,
    file: &Attachment,
    most: usize,
) -> Result<Bytes, FileError> {
    if !is_at(base, &file.url) {
        return Err(FileError::Elsewhere);
    }
    if file.size > most as u64 {
        return Err(FileError::TooLarge(most));
    }
    let request = Request::get(&file.url).body(Bytes::new()).map_err(|_| FileError::Elsewhere)?;
    // The size in the interaction is not trusted, so the response is limited too.
    let response =
        http.for_at_most(most).send(request, DOWNLOAD_TIMEOUT).await.map_err(|error| match error {
            outbound::RequestError::TooLarge => FileError::TooLarge(most),
            _ => FileError::NoAnswer,
        })?;
    match response.status() {
        status if !status.is_success() => Err(FileError::Status(status.as_u16())),
        _ => Ok(response.into_body()),
    }
}

/// A slash must follow the base: `https://cdn.discordapp.com.example` is another host.
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
