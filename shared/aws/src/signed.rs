//! Calls of AWS's HTTP APIs without an SDK crate: those of Lambda, CodeDeploy and CloudWatch are four calls, and their
//! crates are larger than all other code of the functions together. Signed by the SDK's own signer.

use std::time::{Duration, SystemTime};

use aws_credential_types::Credentials;
use aws_sigv4::{
    http_request::{SignableBody, SignableRequest, SigningSettings, sign},
    sign::v4,
};
use bytes::Bytes;
use domain::Fault;
use http::{Request, Response, StatusCode};
use jiff::Timestamp;

/// One service of AWS.
#[derive(Clone, Debug)]
pub(crate) struct Service {
    /// Its name in signatures and faults.
    pub(crate) name: &'static str,
    /// The base URL, without a slash at its end.
    pub(crate) url: String,
    pub(crate) region: String,
    pub(crate) credentials: Credentials,
    pub(crate) http: outbound::Client,
}

impl Service {
    /// Sends a request with this path, with its query, and returns the response if the service accepted it.
    ///
    /// # Errors
    /// [`Fault`] with the status or the way in which the call failed, without any text of the service.
    pub(crate) async fn send(
        &self,
        request: http::request::Builder,
        path: &str,
        body: Bytes,
        now: Timestamp,
        within: Duration,
    ) -> Result<Response<Bytes>, Fault> {
        let request = request.uri(format!("{}{path}", self.url)).body(body);
        let request = request.map_err(|_| self.not_sent())?;
        let request = self.sign(request, now)?;
        let response = self.http.send(request, within).await;
        let response = response.map_err(|error| Fault::unavailable(self.name, error.to_string()))?;
        match response.status() {
            status if status.is_success() => Ok(response),
            status if status.is_server_error() || status == StatusCode::TOO_MANY_REQUESTS => {
                Err(Fault::unavailable(self.name, status.as_str()))
            }
            status => Err(Fault::new(self.name, status.as_str())),
        }
    }

    fn sign(&self, mut request: Request<Bytes>, now: Timestamp) -> Result<Request<Bytes>, Fault> {
        let identity = self.credentials.clone().into();
        let parameters = v4::SigningParams::builder()
            .identity(&identity)
            .region(&self.region)
            .name(self.name)
            .time(SystemTime::from(now))
            .settings(SigningSettings::default())
            .build()
            .map_err(|_| self.not_sent())?;
        let uri = request.uri().to_string();
        let headers = request.headers().iter();
        let headers = headers.filter_map(|(name, value)| Some((name.as_str(), value.to_str().ok()?)));
        let body = SignableBody::Bytes(request.body());
        let signable = SignableRequest::new(request.method().as_str(), uri, headers, body);
        let signable = signable.map_err(|_| self.not_sent())?;
        let signed = sign(signable, &parameters.into()).map_err(|_| self.not_sent())?;
        let (instructions, _) = signed.into_parts();
        instructions.apply_to_request_http1x(&mut request);
        Ok(request)
    }

    fn not_sent(&self) -> Fault {
        Fault::new(self.name, "not sent")
    }
}
