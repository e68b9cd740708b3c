//! One API of somebody else: where it is, how long it is waited for, how often it is asked again, and when not.

use std::{str::FromStr, sync::Arc, time::Duration};

use bytes::Bytes;
use domain::{
    breaker::{Dependency, Outcome},
    retry::{self, Verdict},
};
use http::{Request, Uri, header};
use outbound::{Client, Failed};
use tokio::time::{Instant, sleep};

use crate::{Breaker, BreakerStore, Chance, Fault, Moment};

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

/// What all APIs are asked by: a client, chance, and a table for their breakers.
#[derive(Debug)]
pub struct Outside<S> {
    /// Sends the questions.
    pub client: Client,
    /// Jitter.
    pub chance: Chance,
    /// What environments share of the breakers, ...
    pub store: Arc<S>,
    /// ... in this name, which is unique to this environment.
    pub holder: String,
}

impl<S: BreakerStore> Outside<S> {
    pub(crate) fn api(&self, dependency: Dependency, base: Base) -> Api<S> {
        let breaker = Breaker::new(dependency, Arc::clone(&self.store), &self.holder);
        Api { client: self.client.clone(), base, chance: self.chance.clone(), breaker }
    }
}

/// Asks one API.
#[derive(Debug)]
pub(crate) struct Api<S> {
    client: Client,
    base: Base,
    chance: Chance,
    pub(crate) breaker: Breaker<S>,
}

impl<S: BreakerStore> Api<S> {
    /// The body of a successful answer to `GET {base}{path_and_query}`.
    ///
    /// `within` bounds the tries and the waits between them together; one try takes at most [`ONE_TRY`].
    pub(crate) async fn get(
        &self,
        path_and_query: &str,
        within: Duration,
        moment: Moment,
    ) -> Result<Bytes, Fault> {
        let uri = Uri::from_str(&format!("{}{path_and_query}", self.base.0))
            // Encoded by us, so the one way to get here is a question of more than 64 kB.
            .map_err(|_| Fault::Malformed("question"))?;
        let deadline = Instant::now() + within;
        let left = || deadline.saturating_duration_since(Instant::now());
        let mut attempt = 0;
        loop {
            let fault = match self.admitted(&uri, left, moment).await {
                Ok(body) => return Ok(body),
                Err(fault) => fault,
            };
            self.breaker.recheck(moment.now())?;
            match fault.verdict(attempt, self.chance.draw()) {
                Verdict::Again { after } if after < left() => sleep(after).await,
                _ => return Err(fault),
            }
            attempt += 1;
        }
    }

    /// One try, if the breaker lets it out; it hears what came of it.
    async fn admitted(&self, uri: &Uri, left: impl Fn() -> Duration, moment: Moment) -> Result<Bytes, Fault> {
        // Who has less time than a try may take cannot tell slow from broken.
        let pass = self.breaker.admit(left() >= ONE_TRY, moment.now()).await?;
        let patience = left().min(ONE_TRY);
        let tried = self.once(uri, patience).await;
        let fault = tried.as_ref().err().copied();
        let is_unclear = fault == Some(Fault::NoAnswer(Failed::TimedOut)) && patience < ONE_TRY;
        if !is_unclear {
            let outcome = fault.map_or(Outcome::Answered, Outcome::from);
            self.breaker.note(pass, outcome, fault, moment.now()).await;
        }
        tried
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
