//! The generator's HTTP client. It does not retry.

use std::time::Duration;

use bytes::Bytes;
use http::{Request, Response};
use http_body_util::{BodyExt, Full};
use hyper_util::{
    client::legacy::{Client as Pool, connect::HttpConnector},
    rt::TokioExecutor,
};

/// Clones share connections.
#[derive(Clone)]
pub(super) struct Client(Pool<HttpConnector, Full<Bytes>>);

impl Client {
    pub(super) fn new() -> Self {
        Self(Pool::builder(TokioExecutor::new()).build_http())
    }

    /// The complete response, or why there is none.
    pub(super) async fn send(
        &self,
        request: Request<Bytes>,
        timeout: Duration,
    ) -> Result<Response<Bytes>, &'static str> {
        tokio::time::timeout(timeout, self.exchange(request)).await.unwrap_or(Err("timed out"))
    }

    async fn exchange(&self, request: Request<Bytes>) -> Result<Response<Bytes>, &'static str> {
        let unreachable = "unreachable";
        let answer = self.0.request(request.map(Full::new)).await.map_err(|_| unreachable)?;
        let (head, body) = answer.into_parts();
        let body = body.collect().await.map_err(|_| unreachable)?;
        Ok(Response::from_parts(head, body.to_bytes()))
    }
}
