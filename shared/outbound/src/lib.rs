//! The only outgoing HTTP client: HTTP/1.1, TLS by rustls and ring, Mozilla's roots compiled in.
//!
//! It follows no redirects and decompresses nothing. Retries are up to the caller, see `domain::retry`.

mod connector;
mod measured;
mod pools;
#[cfg(feature = "simulated")]
pub mod simulated;

use std::{pin::Pin, time::Duration};

use bytes::Bytes;
use http::{Request, Response};
use http_body_util::{BodyExt, LengthLimitError, Limited};
use hyper_util::client::legacy::ResponseFuture;

pub use measured::Measured;
use pools::Pools;

/// The maximum size of a response: 8 MiB, above Discord's and any forecast's, and well below a function's
/// memory.
pub const MAX_RESPONSE_BYTES: usize = 8 * 1024 * 1024;

/// How long an idle connection is kept. Less than the idle timeout of usual servers (60 s and more), so
/// that a request rarely meets a closing connection.
const IDLE_TIMEOUT: Duration = Duration::from_secs(20);

/// An HTTP client. Create one per process; clones share its connections.
#[derive(Debug, Clone)]
pub struct Client {
    pools: Pools,
    largest: usize,
}

/// Why there is no response. Contains neither URL nor text, because both may contain tokens.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, thiserror::Error)]
pub enum RequestError {
    /// The response was not complete in time. The request may have had its effect.
    #[error("timed out")]
    TimedOut,
    /// No connection, or an untrusted certificate. The request was not sent.
    #[error("unreachable")]
    Unreachable,
    /// The connection broke before the response was complete. The request may have had its effect.
    #[error("connection broken")]
    Broken,
    /// The response is too large. The request has had its effect, and a retry would get the same response.
    #[error("answer too large")]
    TooLarge,
}

/// A request that is being sent.
pub type Sending<'a> = Pin<Box<dyn Future<Output = Result<Response<Bytes>, RequestError>> + Send + 'a>>;

impl Client {
    /// A client for responses of at most [`MAX_RESPONSE_BYTES`] bytes. Opens no connection and reads no file.
    #[must_use]
    pub fn new() -> Self {
        Self::reading_at_most(MAX_RESPONSE_BYTES)
    }

    /// A client for responses of at most `largest` bytes.
    #[must_use]
    pub fn reading_at_most(largest: usize) -> Self {
        Self { pools: Pools::new(), largest }
    }

    /// The same client for responses of at most `largest` bytes. It shares the connections.
    #[must_use]
    pub fn for_at_most(&self, largest: usize) -> Self {
        Self { largest, ..self.clone() }
    }

    /// Sends `request`, whose URI is absolute (`http` or `https`), and reads the whole response.
    ///
    /// `within` is the time limit for everything: DNS, connection, TLS handshake, request and response. Any
    /// status counts as a response. If it passes, or the request is cancelled, the connection and all idle ones
    /// to the host are closed, so that a retry gets a new one.
    ///
    /// # Errors
    /// [`RequestError`], which contains only the kind of failure.
    pub fn send(&self, request: Request<Bytes>, within: Duration) -> Sending<'_> {
        // Boxed here: the compiler would build hyper's client once more in every crate that awaits this future.
        Box::pin(async move {
            let sent = tokio::time::timeout(within, self.exchange(request)).await;
            sent.unwrap_or(Err(RequestError::TimedOut))
        })
    }

    async fn exchange(&self, request: Request<Bytes>) -> Result<Response<Bytes>, RequestError> {
        #[cfg(feature = "simulated")]
        if let Some(network) = simulated::here() {
            return network.carry(request).await;
        }
        let (sent, unanswered) = self.pools.request(request)?;
        let answer = self.read(sent).await;
        unanswered.finish();
        answer
    }

    async fn read(&self, sent: ResponseFuture) -> Result<Response<Bytes>, RequestError> {
        let answer = sent.await.map_err(|error| match error.is_connect() {
            true => RequestError::Unreachable,
            false => RequestError::Broken,
        })?;
        let (head, body) = answer.into_parts();
        let body = Limited::new(body, self.largest).collect().await;
        let body = body.map_err(|error| match error.is::<LengthLimitError>() {
            true => RequestError::TooLarge,
            false => RequestError::Broken,
        })?;
        Ok(Response::from_parts(head, body.to_bytes()))
    }
}

impl Default for Client {
    fn default() -> Self {
        Self::new()
    }
}
