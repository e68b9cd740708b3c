//! An HTTP client of the running `steward up`, for the other subcommands.

use std::time::Duration;

use bytes::Bytes;
use http::{Method, Request, StatusCode, header};
use serde::{Serialize, de::DeserializeOwned};

/// Longer than the long poll of `/local/interactions/{id}`.
const RESPONSE_TIMEOUT: Duration = Duration::from_secs(30);

/// A running `steward up`.
pub(super) struct Steward {
    client: outbound::Client,
    port: u16,
}

impl Steward {
    pub(super) fn at(port: u16) -> Self {
        Self { client: outbound::Client::new(), port }
    }

    /// The JSON of a 200 response.
    ///
    /// # Errors
    /// A sentence for the terminal: nothing listens there, or the `error` of the response.
    pub(super) async fn request<T: DeserializeOwned>(
        &self,
        method: Method,
        path: &str,
        body: Option<&impl Serialize>,
    ) -> Result<T, String> {
        let body = body.map(serde_json::to_vec).transpose().map_err(|error| error.to_string())?;
        let request = Request::builder()
            .method(method)
            .uri(format!("http://127.0.0.1:{}{path}", self.port))
            .header(header::CONTENT_TYPE, "application/json")
            .body(Bytes::from(body.unwrap_or_default()))
            .map_err(|error| error.to_string())?;
        let answer =
            self.client.send(request, RESPONSE_TIMEOUT).await.map_err(|error| self.unreachable(error))?;
        if answer.status() == StatusCode::OK {
            return serde_json::from_slice(answer.body())
                .map_err(|error| format!("unexpected answer: {error}"));
        }
        let problem: serde_json::Value = serde_json::from_slice(answer.body()).unwrap_or_default();
        Err(problem["error"].as_str().map_or_else(|| format!("status {}", answer.status()), str::to_owned))
    }

    fn unreachable(&self, error: outbound::RequestError) -> String {
        format!(
            "no response from 127.0.0.1:{} ({error}). Start steward first in another terminal: cargo run; or give the \
             port of the running one with --port",
            self.port
        )
    }
}
