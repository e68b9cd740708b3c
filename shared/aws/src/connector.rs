//! Connects the SDK to our own HTTP client. The SDK's would be a second one in the binary, and would parse
//! the trust roots from text at every cold start.

use std::time::Duration;

use aws_smithy_runtime_api::client::{
    http::{HttpConnector, HttpConnectorFuture, SharedHttpClient, SharedHttpConnector, http_client_fn},
    orchestrator::{HttpRequest, HttpResponse},
    result::ConnectorError,
};
use aws_smithy_types::body::SdkBody;
use bytes::Bytes;
use outbound::RequestError;

/// Never reached: the SDK limits every attempt to far less, including the connection.
const REQUEST_TIMEOUT: Duration = Duration::from_secs(10);

/// An HTTP client for the SDK that uses `client`.
pub(crate) fn through(client: outbound::Client) -> SharedHttpClient {
    let connector = SharedHttpConnector::new(Connector(client));
    http_client_fn(move |_, _| connector.clone())
}

#[derive(Debug)]
struct Connector(outbound::Client);

impl HttpConnector for Connector {
    fn call(&self, request: HttpRequest) -> HttpConnectorFuture {
        let client = self.0.clone();
        HttpConnectorFuture::new(async move {
            let request = request.try_into_http1x().map_err(|error| ConnectorError::user(error.into()))?;
            let (head, body) = request.into_parts();
            // All our request bodies are in memory.
            let body = body.bytes().map(Bytes::copy_from_slice);
            let body = body.ok_or_else(|| ConnectorError::user("a streamed body".into()))?;
            let answer =
                client.send(http::Request::from_parts(head, body), REQUEST_TIMEOUT).await.map_err(failed)?;
            let answer = answer.map(SdkBody::from);
            HttpResponse::try_from(answer).map_err(|error| ConnectorError::other(error.into(), None))
        })
    }
}

fn failed(failed: RequestError) -> ConnectorError {
    match failed {
        RequestError::TimedOut => ConnectorError::timeout(failed.into()),
        RequestError::Unreachable | RequestError::Broken => ConnectorError::io(failed.into()),
        RequestError::TooLarge => ConnectorError::other(failed.into(), None),
    }
}
