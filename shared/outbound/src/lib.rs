//! The one outgoing HTTP client: HTTP/1.1, with TLS by rustls and ring, and Mozilla's roots compiled in.
//!
//! Redirects are not followed and nothing is decompressed. Whether to try again is the caller's to
//! decide, see `domain::retry`.

mod connector;
#[cfg(feature = "simulated")]
pub mod simulated;

use std::time::Duration;

use bytes::Bytes;
use http::{Request, Response};
use http_body_util::{BodyExt, Full, LengthLimitError, Limited};
use hyper_rustls::HttpsConnector;
use hyper_util::{
    client::legacy::{Client as Pool, connect::HttpConnector},
    rt::{TokioExecutor, TokioTimer},
};

/// The largest answer that is read: 8 MiB, above Discord's and any forecast's, well below a function's memory.
pub const LARGEST_ANSWER: usize = 8 * 1024 * 1024;

/// Below the idle timeout of the usual front ends (60 s and more), so that a request seldom meets a closing connection.
const IDLE: Duration = Duration::from_secs(20);

/// Sends requests. Build it once; clones share its connections.
#[derive(Debug, Clone)]
pub struct Client {
    pool: Pool<HttpsConnector<HttpConnector>, Full<Bytes>>,
    largest: usize,
}

/// Why no answer came. Holds neither address nor text: both may contain tokens.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, thiserror::Error)]
pub enum Failed {
    /// The whole answer was not there in time. The request may have taken effect.
    #[error("timed out")]
    TimedOut,
    /// No connection, no trust, or it broke off. The request may have taken effect.
    #[error("unreachable")]
    Unreachable,
    /// The answer is larger than allowed. The request has taken effect, and would answer the same again.
    #[error("answer too large")]
    TooLarge,
}

impl Client {
    /// A client that reads answers of at most [`LARGEST_ANSWER`]. Opens no connection and reads no file.
    #[must_use]
    pub fn new() -> Self {
        Self::reading_at_most(LARGEST_ANSWER)
    }

    /// A client that reads answers of at most `largest` bytes.
    #[must_use]
    pub fn reading_at_most(largest: usize) -> Self {
        let pool = Pool::builder(TokioExecutor::new())
            .pool_timer(TokioTimer::new())
            .pool_idle_timeout(IDLE)
            .build(connector::new());
        Self { pool, largest }
    }

    /// The same client, for an answer of at most `largest` bytes. It shares the connections.
    #[must_use]
    pub fn for_at_most(&self, largest: usize) -> Self {
        Self { largest, ..self.clone() }
    }

    /// Sends `request`, whose URI is absolute (`http` or `https`), and reads the whole answer.
    ///
    /// `within` bounds everything together: name, connection, handshake, request and answer. Any
    /// status is an answer. Cancelling it closes the connection.
    ///
    /// # Errors
    /// [`Failed`], which says only what kind of failure it was.
    pub async fn send(&self, request: Request<Bytes>, within: Duration) -> Result<Response<Bytes>, Failed> {
        tokio::time::timeout(within, self.exchange(request)).await.unwrap_or(Err(Failed::TimedOut))
    }

    async fn exchange(&self, request: Request<Bytes>) -> Result<Response<Bytes>, Failed> {
        #[cfg(feature = "simulated")]
        if let Some(network) = simulated::here() {
            return network.carry(request).await;
        }
        let answer = self.pool.request(request.map(Full::new)).await.map_err(|_| Failed::Unreachable)?;
        let (head, body) = answer.into_parts();
        let body = Limited::new(body, self.largest).collect().await;
        let body = body.map_err(|error| match error.is::<LengthLimitError>() {
            true => Failed::TooLarge,
            false => Failed::Unreachable,
        })?;
        Ok(Response::from_parts(head, body.to_bytes()))
    }
}

impl Default for Client {
    fn default() -> Self {
        Self::new()
    }
}
