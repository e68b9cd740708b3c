//! A client of one external API: base URL, timeout, retries and circuit breaker.

use std::{fmt, str::FromStr, sync::Arc, time::Duration};

use bytes::Bytes;
use domain::{
    breaker::{Dependency, Outcome, Pass, Question},
    retry::{self, Verdict},
};
use http::{Request, Uri, header};
use outbound::{Client, Measured, RequestError};
use percent_encoding::{NON_ALPHANUMERIC, utf8_percent_encode};
use tokio::time::{Instant, sleep};

use crate::{Breaker, BreakerStore, Chance, Fault, Moment};

/// The time limit of a single try. A forecast usually takes 50 to 300 ms, so after this long none is
/// expected any more.
const TRY_TIMEOUT: Duration = Duration::from_millis(2_500);

const USER_AGENT: &str = concat!("steward/", env!("CARGO_PKG_VERSION"));

/// The base URL of an API: scheme `http` or `https`, a host and optionally a path, without query. For
/// instance "<https://api.open-meteo.com>". Also the key that its requests carry, if it has one.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct BaseUrl {
    url: String,
    key: Option<ApiKey>,
}

/// A key of an API, percent-encoded. It is shown nowhere.
#[derive(Clone, PartialEq, Eq)]
struct ApiKey(String);

impl fmt::Debug for ApiKey {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("ApiKey")
    }
}

/// Not a base URL.
#[derive(Debug, Clone, Copy, PartialEq, Eq, thiserror::Error)]
#[error("it must be an http or https URL without a query")]
pub struct BaseUrlError;

impl FromStr for BaseUrl {
    type Err = BaseUrlError;

    fn from_str(text: &str) -> Result<Self, BaseUrlError> {
        let uri = Uri::from_str(text).map_err(|_| BaseUrlError)?;
        let web = matches!(uri.scheme_str(), Some("http" | "https"));
        if web && uri.host().is_some_and(|host| !host.is_empty()) && uri.query().is_none() {
            Ok(Self { url: text.trim_end_matches('/').to_owned(), key: None })
        } else {
            Err(BaseUrlError)
        }
    }
}

impl BaseUrl {
    /// The same base, whose requests carry this key as the query's field `apikey`.
    #[must_use]
    pub fn with_key(self, key: &str) -> Self {
        Self { key: Some(ApiKey(utf8_percent_encode(key, NON_ALPHANUMERIC).to_string())), ..self }
    }

    /// The URL of a request; `path_and_query` has a query.
    fn uri(&self, path_and_query: &str) -> Result<Uri, Fault> {
        let key = self.key.as_ref().map(|ApiKey(key)| format!("&apikey={key}")).unwrap_or_default();
        Uri::from_str(&format!("{}{path_and_query}{key}", self.url))
            // The query is percent-encoded, so this only happens above 64 kB.
            .map_err(|_| Fault::Malformed("question"))
    }
}

/// What the clients of all external APIs share: an HTTP client, jitter, and a table for their breakers.
#[derive(Debug)]
pub struct ExternalApi<S> {
    /// The HTTP client.
    pub client: Client,
    /// The source of jitter.
    pub chance: Chance,
    /// The shared state of the breakers.
    pub store: Arc<S>,
    /// The name of this environment in that table; must be unique.
    pub holder: String,
}

impl<S: BreakerStore> ExternalApi<S> {
    /// `known` is the path and query of a request that the API can answer if it can answer any.
    pub(crate) fn client(&self, dependency: Dependency, base: BaseUrl, known: String) -> Api<S> {
        let breaker = Breaker::new(dependency, Arc::clone(&self.store), &self.holder);
        Api { client: self.client.clone(), base, known, chance: self.chance.clone(), breaker }
    }
}

/// A client of one API.
#[derive(Debug)]
pub(crate) struct Api<S> {
    client: Client,
    base: BaseUrl,
    /// What a half-open breaker is probed with. The request at hand may be one that always fails.
    known: String,
    chance: Chance,
    pub(crate) breaker: Breaker<S>,
}

impl<S: BreakerStore> Api<S> {
    /// `GET {base}{path_and_query}`; returns the body of a successful response.
    ///
    /// `question` identifies the request to the breaker. `within` is the time limit for all tries and the
    /// waits between them; a single try is limited to [`TRY_TIMEOUT`].
    pub(crate) async fn get(
        &self,
        question: Question,
        path_and_query: &str,
        within: Duration,
        moment: Moment,
    ) -> Result<Bytes, Fault> {
        let uri = self.base.uri(path_and_query)?;
        let deadline = Instant::now() + within;
        let left = || deadline.saturating_duration_since(Instant::now());
        let mut attempt = 0;
        loop {
            let fault = match self.admitted(question, &uri, left, moment).await {
                Ok(body) => return Ok(body),
                Err(fault) => fault,
            };
            self.breaker.recheck(moment.now())?;
            if self.breaker.check_question(question, moment.now()).is_err() {
                // The fault itself, so that a log tells why the question is not asked again.
                return Err(fault);
            }
            match fault.verdict(attempt, self.chance.draw()) {
                Verdict::Again { after } if after < left() => sleep(after).await,
                _ => return Err(fault),
            }
            attempt += 1;
        }
    }

    /// One try, if the breaker permits it; the breaker learns the result.
    async fn admitted(
        &self,
        question: Question,
        uri: &Uri,
        left: impl Fn() -> Duration,
        moment: Moment,
    ) -> Result<Bytes, Fault> {
        // With less time than a try may take, a slow API would look like a broken one, so do not probe.
        let may_probe = left() >= TRY_TIMEOUT;
        let pass = self.breaker.admit(question, may_probe, moment.now()).await?;
        if let Pass::Probe(_) = pass {
            // Boxed because it is rare, and every future that contains it would grow.
            Box::pin(self.probe(pass, moment)).await?;
        }
        let patience = left().min(TRY_TIMEOUT);
        let tried = self.once(uri, patience).await;
        let fault = tried.as_ref().err().copied();
        let is_unclear = fault == Some(Fault::NoAnswer(RequestError::TimedOut)) && patience < TRY_TIMEOUT;
        if !is_unclear {
            let outcome = fault.map_or(Outcome::Answered, Outcome::from);
            self.breaker.note(Pass::Usual, question, outcome, fault, moment.now()).await;
        }
        tried
    }

    /// Asks a question that the API can answer. If it does, the breaker is closed.
    async fn probe(&self, pass: Pass, moment: Moment) -> Result<(), Fault> {
        let fault = self.once(&self.base.uri(&self.known)?, TRY_TIMEOUT).await.err();
        let outcome = fault.map_or(Outcome::Answered, Outcome::from);
        self.breaker.note(pass, Question::of(&self.known), outcome, fault, moment.now()).await;
        match (fault, outcome) {
            (Some(fault), Outcome::Throttled { .. } | Outcome::Unreachable | Outcome::Failed { .. }) => {
                Err(fault)
            }
            _ => Ok(()),
        }
    }

    async fn once(&self, uri: &Uri, within: Duration) -> Result<Bytes, Fault> {
        let mut request = Request::new(Bytes::new());
        *request.uri_mut() = uri.clone();
        let agent = header::HeaderValue::from_static(USER_AGENT);
        request.headers_mut().insert(header::USER_AGENT, agent);
        let begun = Instant::now();
        let answer = self.client.send(request, within).await;
        self.measure(Measured::new(begun.elapsed(), &answer));
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

    /// Logs a request, without its question, which a user has typed.
    fn measure(&self, Measured { took_ms, status, failed_percent }: Measured) {
        tracing::info!(
            OutsideMs = took_ms,
            OutsideFailed = failed_percent,
            dependency = self.breaker.name(),
            status,
            "request to an outside API"
        );
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_base_is_checked_at_the_door_and_loses_its_last_slash() {
        let base: BaseUrl = "http://127.0.0.1:7700/weather/".parse().unwrap();
        assert_eq!(base.uri("/v1?a=b").unwrap(), "http://127.0.0.1:7700/weather/v1?a=b");
        for odd in ["", "/v1", "ftp://a.b", "https://a.b?key=1", "api.open-meteo.com"] {
            assert_eq!(odd.parse::<BaseUrl>(), Err(BaseUrlError), "{odd}");
        }
    }
    #[test]
    fn a_key_is_added_to_the_query_and_shown_nowhere() {
        let base = "https://a.b".parse::<BaseUrl>().unwrap().with_key("se&cret");
        assert_eq!(base.uri("/v1?a=b").unwrap(), "https://a.b/v1?a=b&apikey=se%26cret");
        assert!(!format!("{base:?}").contains("cret"));
    }
}
