//! Fetching what somebody sent.

use std::time::Duration;

use bytes::Bytes;
use http::Request;

use crate::form::File;

/// For a whole file.
const WITHIN: Duration = Duration::from_secs(5);

/// Why a file was not fetched.
#[derive(Clone, Copy, Debug, PartialEq, Eq, thiserror::Error)]
pub enum NotFetched {
    /// It is larger than whoever wants it will read.
    #[error("too large")]
    TooLarge,
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

/// Fetches a file of at most `most` bytes from where Discord keeps files, `base`.
///
/// # Errors
/// [`NotFetched`].
pub async fn fetch(
    http: &outbound::Client,
    base: &str,
    file: &File,
    most: usize,
) -> Result<Bytes, NotFetched> {
    if !is_at(base, &file.url) {
        return Err(NotFetched::Elsewhere);
    }
    if file.size > most as u64 {
        return Err(NotFetched::TooLarge);
    }
    let request = Request::get(&file.url).body(Bytes::new()).map_err(|_| NotFetched::Elsewhere)?;
    let response = http.send(request, WITHIN).await.map_err(|failed| match failed {
        outbound::Failed::TooLarge => NotFetched::TooLarge,
        _ => NotFetched::NoAnswer,
    })?;
    match response.status() {
        status if !status.is_success() => Err(NotFetched::Status(status.as_u16())),
        _ if response.body().len() > most => Err(NotFetched::TooLarge),
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
            "http://cdn.discordapp.com/a",
            "http://169.254.169.254/latest",
            "file:///etc/passwd",
            "",
        ] {
            assert!(!is_at(base, url), "{url}");
        }
    }
}
