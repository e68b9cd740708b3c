//! One API of somebody else: where it is, how long it is waited for, how often it is asked again.

use std::{str::FromStr, time::Duration};

use bytes::Bytes;
use domain::retry::{self, Verdict};
use http::{Request, Uri, header};
use outbound::Client;
use tokio::time::{Instant, sleep};

use crate::{Chance, Fault};

/// The longest that one try takes. A forecast takes 50 to 300 ms; what takes longer than this does not come.
const ONE_TRY: Duration = Duration::from_millis(2_500);

const USER_AGENT: &str = concat!("steward/", env!("CARGO_PKG_VERSION"));

/// Where an API lives: scheme `http` or `https`, a host, perhaps a path; no query. "<https://api.open-meteo.com>"
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Base(String);

/// Not the address of an API.
#[derive(Debug, Clone, Copy, PartialEq, Eq, thiserror::Error)]
#[error("not an http or https address without a query")]
pub struct NotABase;

impl FromStr for Base {
    type Err = NotABase;

    fn from_str(text: &str) -> Result<Self, NotABase> {
        let uri = Uri::from_str(text).map_err(|_| NotABase)?;
        let web = matches!(uri.scheme_str(), Some("http" | "https"));
        if web && uri.host().is_some_and(|host| !host.is_empty()) && uri.query().is_none() {
            Ok(Self(text.trim_end_matches('/').to_owned()))
        } else {
            Err(NotABase)
        }
    }
}

/// Asks one API.
#[derive(Debug, Clone)]
pub(crate) struct Api {
    client: Client,
    base: Base,
    chance: Chance,
}

impl Api {
    pub(crate) fn new(client: Client, base: Base, chance: Chance) -> Self {
        Self { client, base, chance }
    }

    /// The body of a successful answer to `GET {base}{path_and_query}`.
    ///
    /// `within` bounds the tries and the waits between them together; one try takes at most [`ONE_TRY`].
    pub(crate) async fn get(&self, path_and_query: &str, within: Duration) -> Result<Bytes, Fault> {
        let uri = Uri::from_str(&format!("{}{path_and_query}", self.base.0))
            // Encoded by us, so the one way to get here is a question of more than 64 kB.
            .map_err(|_| Fault::Malformed("question"))?;
        let deadline = Instant::now() + within;
        let mut attempt = 0;
        loop {
            let left = deadline.saturating_duration_since(Instant::now());
            let fault = match self.once(&uri, left.min(ONE_TRY)).await {
                Ok(body) => return Ok(body),
                Err(fault) => fault,
            };
            let left = deadline.saturating_duration_since(Instant::now());
            match fault.verdict(attempt, self.chance.draw()) {
                Verdict::Again { after } if after < left => sleep(after).await,
                _ => return Err(fault),
            }
            attempt += 1;
        }
    }

    async fn once(&self, uri: &Uri, within: Duration) -> Result<Bytes, Fault> {
        let mut request = Request::new(Bytes::new());
        *request.uri_mut() = uri.clone();
        let agent = header::HeaderValue::from_static(USER_AGENT);
        request.headers_mut().insert(header::USER_AGENT, agent);
        let answer = self.client.send(request, within).await;
        let answer = answer.map_err(Fault::NoAnswer)?;
        if answer.status().is_success() {
            return Ok(answer.into_body());
        }
        let retry_after = answer.headers().get(header::RETRY_AFTER);
        Err(Fault::Refused {
            status: answer.status().as_u16(),
            retry_after: retry_after.and_then(|value| retry::retry_after(value.to_str().ok()?)),
        })
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_base_is_checked_at_the_door_and_loses_its_last_slash() {
        assert_eq!(
            "http://127.0.0.1:7700/weather/".parse(),
            Ok(Base("http://127.0.0.1:7700/weather".into()))
        );
        for odd in ["", "/v1", "ftp://a.b", "https://a.b?key=1", "api.open-meteo.com"] {
            assert_eq!(odd.parse::<Base>(), Err(NotABase), "{odd}");
        }
    }
}
