//! The transport from Discord to the interactions function: API Gateway, and the faults of a delivery.

use std::{sync::Arc, time::Duration};

use axum::http::Request;
use bytes::Bytes;
use local_clock::Clock;
use local_discord::{Delivered, DeliveryFuture, Transport};
use local_lambda as lambda;
use serde_json::Value;

use crate::{
    environments::{Environments, Invocation},
    fault_plan::FaultPlan,
    faults::Fault,
    history::Id,
};

/// The transport.
#[derive(Clone)]
pub(crate) struct Endpoint {
    pub(crate) plan: Arc<FaultPlan>,
    pub(crate) clock: Clock,
    pub(crate) interactions: Environments,
}

impl Endpoint {
    /// The transport as the simulated Discord uses it.
    pub(crate) fn transport(self) -> Arc<Transport> {
        Arc::new(move |request| -> DeliveryFuture {
            let endpoint = self.clone();
            Box::pin(async move { endpoint.deliver(request).await })
        })
    }

    async fn deliver(&self, request: Request<Bytes>) -> Result<Delivered, String> {
        let id = id_of(request.body());
        let rng = self.plan.rng_of(id).derive("delivery", 0);
        self.plan.history.number(id);
        let pause = |what| Duration::from_millis(1 + rng.derive(what, 0).below(120));
        tokio::time::sleep(pause("there")).await;
        if self.hits(id, Fault::DeliveryLost) {
            return Err("connection reset by peer".to_owned());
        }
        if self.hits(id, Fault::DeliveredTwice) {
            let (endpoint, request) = (self.clone(), request.clone());
            let later = pause("again");
            tokio::spawn(async move {
                tokio::time::sleep(later).await;
                endpoint.handle(id, request).await
            });
        }
        let answer = self.handle(id, request).await;
        tokio::time::sleep(pause("back")).await;
        if self.hits(id, Fault::AnswerLost) {
            return Err("connection reset by peer".to_owned());
        }
        Ok(answer)
    }

    fn hits(&self, id: Id, fault: Fault) -> bool {
        let hits = self.plan.hits_delivery(id, fault);
        if hits {
            self.plan.history.record_fault(&[id], "delivery", fault);
        }
        hits
    }

    async fn handle(&self, id: Id, request: Request<Bytes>) -> Delivered {
        let (head, body) = request.into_parts();
        let event = lambda::event(&head.method, &head.uri, &head.headers, &body, self.clock.now());
        let answer = match event {
            Ok(event) => self.interactions.invoke(event, Invocation::new("door", vec![id], 0)).await.ok(),
            Err(_) => None,
        };
        let response = answer.as_deref().and_then(lambda::response);
        let Some(response) = response else {
            self.plan.history.record(&[id], "endpoint: 500");
            return Delivered {
                status: http::StatusCode::INTERNAL_SERVER_ERROR,
                headers: head.headers,
                body,
            };
        };
        let (head, body) = response.into_parts();
        let body = axum::body::to_bytes(body, usize::MAX).await.unwrap_or_default();
        let kind = serde_json::from_slice::<Value>(&body).unwrap_or_default()["type"].to_string();
        self.plan.history.record(&[id], &format!("endpoint: {}, type {kind}", head.status.as_u16()));
        Delivered { status: head.status, headers: head.headers, body }
    }
}

/// The id of an interaction or PING; 0 if it has none.
fn id_of(body: &[u8]) -> Id {
    let body: Value = serde_json::from_slice(body).unwrap_or_default();
    body["id"].as_str().and_then(|id| id.parse().ok()).unwrap_or_default()
}
