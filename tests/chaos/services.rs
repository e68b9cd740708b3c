//! The services behind the network, without faults.

use std::sync::Arc;

use axum::Router;
use bytes::Bytes;
use http::{Request, Response, StatusCode, header};
use local_discord::Discord;
use local_dynamodb::DynamoDb;
use local_open_meteo::OpenMeteo;
use local_sqs::Queues;
use tower::ServiceExt;

use crate::faults::Service;

/// DynamoDB, SQS, Discord and Open-Meteo, without sockets.
pub(crate) struct Services {
    dynamodb: Arc<DynamoDb>,
    sqs: Router,
    discord: Router,
    weather: Router,
}

impl Services {
    pub(crate) fn new(
        dynamodb: &Arc<DynamoDb>,
        queues: &Queues,
        discord: &Discord,
        weather: &OpenMeteo,
    ) -> Self {
        Self {
            dynamodb: Arc::clone(dynamodb),
            sqs: queues.router(),
            discord: discord.watched_router(),
            weather: weather.router(),
        }
    }

    pub(crate) async fn answer(&self, service: Service, request: Request<Bytes>) -> Response<Bytes> {
        let router = match service {
            Service::DynamoDb => return self.dynamodb(&request),
            Service::Sqs => &self.sqs,
            Service::Discord => &self.discord,
            Service::Weather => &self.weather,
        };
        let (mut head, body) = request.into_parts();
        if let Some(host) = head.uri.host().and_then(|host| host.parse().ok()) {
            head.headers.insert(header::HOST, host);
        }
        head.uri = head
            .uri
            .path_and_query()
            .map(ToString::to_string)
            .unwrap_or_default()
            .parse()
            .unwrap_or_default();
        let answered = router.clone().oneshot(Request::from_parts(head, axum::body::Body::from(body))).await;
        let (head, body) = answered.unwrap_or_else(|never| match never {}).into_parts();
        let body = axum::body::to_bytes(body, usize::MAX).await.unwrap_or_default();
        Response::from_parts(head, body)
    }

    fn dynamodb(&self, request: &Request<Bytes>) -> Response<Bytes> {
        let (status, body) = self.dynamodb.answer(&operation(request), request.body());
        let mut response = Response::new(Bytes::from(body));
        *response.status_mut() = StatusCode::from_u16(status).unwrap_or_default();
        response
    }
}

/// The AWS operation, such as `GetItem`; for Discord and Open-Meteo, the HTTP method.
pub(crate) fn operation(request: &Request<Bytes>) -> String {
    let target = request.headers().get("x-amz-target").and_then(|target| target.to_str().ok());
    match target.and_then(|target| target.rsplit('.').next()) {
        Some(operation) => operation.to_owned(),
        None => request.method().to_string(),
    }
}
