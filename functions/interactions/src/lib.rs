//! POST /interactions: verifies and answers Discord's signed interactions.
#![warn(missing_docs)]

mod probe;
mod rejections;
mod request;

use std::{marker::PhantomData, panic::AssertUnwindSafe, sync::Arc, time::Duration};

use aws::telemetry;
use commands::Commands;
use discord::{Envelope, Kind, Response, Verifier, envelope::Incoming, signature};
use domain::{
    Clock,
    config::{ConfigError, Configuration, Variables},
    deadline,
    measurement::{Handled, Outcome, OutcomeCounters, RequestIds, Step},
};
use engine::{
    Registry, Services,
    interaction::{self, Answered},
};
use futures_util::FutureExt;
use jiff::Timestamp;
use runtime::{Function, Invocation};
use serde::Serialize;

pub use probe::ProbeReport;
use rejections::Rejections;
pub use request::Request;
use request::{GatewayId, Rejection};

/// The configuration from environment variables.
#[derive(Clone, Debug)]
pub struct Config {
    /// The configuration of every function that runs commands.
    pub common: engine::config::Config,
    /// Verifies Discord's signature.
    pub verifier: Verifier,
}

impl Configuration for Config {
    fn variables() -> Vec<&'static str> {
        [engine::config::Config::variables(), Verifier::variables()].concat()
    }

    fn from_variables(variables: &Variables<'_>) -> Result<Self, ConfigError> {
        let verifier = Verifier::from_variables(variables)?;
        Ok(Self { common: engine::config::Config::from_variables(variables)?, verifier })
    }
}

/// The interactions function, with the commands of a registry.
#[derive(Debug)]
pub struct Interactions<R = Commands> {
    services: Arc<Services>,
    verifier: Verifier,
    counters: Arc<OutcomeCounters>,
    rejections: Arc<Rejections>,
    registry: PhantomData<R>,
}

/// The response to an event.
#[derive(Debug, Serialize)]
#[serde(untagged)]
pub enum EventResponse {
    /// To an HTTP request.
    Http(HttpResponse),
    /// To a probe.
    Probe(ProbeReport),
}

/// The HTTP response in API Gateway's payload format 2.0.
#[derive(Debug, Serialize)]
#[serde(rename_all = "camelCase")]
pub struct HttpResponse {
    status_code: u16,
    headers: Headers,
    body: String,
    is_base64_encoded: bool,
}

#[derive(Debug, Serialize)]
struct Headers {
    #[serde(rename = "content-type")]
    content_type: &'static str,
}

impl HttpResponse {
    fn new(status_code: u16, body: String) -> Self {
        let headers = Headers { content_type: "application/json" };
        Self { status_code, headers, body, is_base64_encoded: false }
    }
}

impl<R: Registry> Interactions<R> {
    async fn answer(&self, request: Request<'_>, invocation: &Invocation) -> Result<HttpResponse, Rejection> {
        let received = self.services.now();
        request.check_route()?;
        let body = request.body()?;
        self.verifier.verify(request.signature(), request.timestamp(), &body, received)?;
        let body = std::str::from_utf8(&body).map_err(|_| Rejection::NotAnInteraction)?;
        let body = match Incoming::parse(body).map_err(|_| Rejection::NotAnInteraction)? {
            Incoming::Ping => Response::Pong.into_json().unwrap_or_default(),
            Incoming::Interaction(envelope) => {
                telemetry::step(Step::Verified, envelope.id, None);
                let answered = interaction::answer::<R>(&self.services, &envelope, body, received).await;
                self.record(&envelope, &answered, received, request.gateway_id(), invocation);
                answered.body
            }
        };
        Ok(HttpResponse::new(200, body))
    }

    /// Answers the interaction, behind the check of its signature, and checks what the function needs.
    async fn probe(&self, body: &str, invocation: &Invocation) -> ProbeReport {
        let (services, received) = (&self.services, self.services.now());
        let mut failures = Vec::new();
        if !signature::self_test() {
            failures.push("signatures are not checked".to_owned());
        }
        let Ok(Incoming::Interaction(envelope)) = Incoming::parse(body) else {
            failures.push("the probe is not an interaction".to_owned());
            return ProbeReport::new(services.version(), failures, None);
        };
        let answered = interaction::answer::<R>(services, &envelope, body, received).await;
        self.record(&envelope, &answered, received, GatewayId::NONE, invocation);
        if answered.outcome == Outcome::Failed {
            failures.push("the interaction failed".to_owned());
        }
        if let Err(fault) = engine::probe::interactions(services, envelope.id).await {
            failures.push(fault.to_string());
        }
        ProbeReport::new(services.version(), failures, Some(answered.body))
    }

    /// Logs the interaction after the response has been sent.
    fn record(
        &self,
        envelope: &Envelope<'_>,
        answered: &Answered,
        received: Timestamp,
        gateway_id: GatewayId,
        invocation: &Invocation,
    ) {
        let now = self.services.now();
        let took_ms = deadline::elapsed_ms(received, now);
        let age_ms = deadline::age_ms(envelope.id, received, now);
        let (interaction, guild) = (envelope.id, envelope.guild());
        let autocomplete = envelope.kind == Kind::Autocomplete;
        let (command, outcome) = (answered.command, answered.outcome);
        let (services, counters) = (Arc::clone(&self.services), Arc::clone(&self.counters));
        let rejections = Arc::clone(&self.rejections);
        invocation.after(move |invocation| {
            let handled = Handled {
                interaction: Some(interaction),
                guild,
                command,
                autocomplete,
                outcome,
                took_ms,
                age_ms: Some(age_ms),
                wait_ms: None,
                is_watchdog: false,
                cold: invocation.is_cold,
                version: services.version(),
                receive: None,
                ids: invocation.ids(gateway_id.as_str()),
            };
            telemetry::record(&handled);
            counters.count(&handled);
            if let Some(count) = rejections.rest(now) {
                tracing::info!(TurnedAway = count, "requests rejected");
            }
        });
    }

    fn reject(&self, rejection: Rejection, gateway_id: GatewayId, invocation: &Invocation) -> HttpResponse {
        let Some(count) = self.rejections.count(self.services.now()) else {
            return HttpResponse::new(rejection.status(), rejection.body());
        };
        invocation.after(move |invocation| {
            let RequestIds { gateway, lambda, trace } = invocation.ids(gateway_id.as_str());
            tracing::info!(
                status = rejection.status(),
                reason = %rejection,
                TurnedAway = count,
                request_id = gateway,
                function_request_id = lambda,
                trace_id = trace,
                "request rejected"
            );
        });
        HttpResponse::new(rejection.status(), rejection.body())
    }
}

impl<R: Registry> Function for Interactions<R> {
    const NAME: &'static str = "interactions";
    const TIMEOUT: Duration = Duration::from_secs(5);
    type Config = Config;
    type Event<'a> = Request<'a>;
    type Response = EventResponse;

    /// Builds no client yet: most interactions need none.
    fn new(config: Config, clock: Clock, seed: u64) -> Result<Self, ConfigError> {
        let Config { common, verifier } = config;
        let services = Arc::new(Services::new(common, clock, seed));
        Ok(Self {
            services,
            verifier,
            counters: Arc::default(),
            rejections: Arc::default(),
            registry: PhantomData,
        })
    }

    async fn handle(&self, request: Self::Event<'_>, invocation: &Invocation) -> EventResponse {
        if let Some(interaction) = request.probe() {
            return EventResponse::Probe(self.probe(interaction, invocation).await);
        }
        let gateway_id = request.gateway_id();
        let handled = AssertUnwindSafe(self.answer(request, invocation)).catch_unwind().await;
        EventResponse::Http(match handled {
            Ok(Ok(response)) => response,
            Ok(Err(rejection)) => self.reject(rejection, gateway_id, invocation),
            // Panics of commands are caught elsewhere; this one is in the code around them.
            Err(_) => {
                let RequestIds { gateway, lambda, trace } = invocation.ids(gateway_id.as_str());
                tracing::error!(
                    Failed = 100,
                    status = 500,
                    request_id = gateway,
                    function_request_id = lambda,
                    trace_id = trace,
                    "panicked outside any command"
                );
                HttpResponse::new(500, r#"{"error":"something went wrong"}"#.to_owned())
            }
        })
    }

    fn counters(&self) -> &Arc<OutcomeCounters> {
        &self.counters
    }

    fn unreadable(&self, invocation: &Invocation) -> Option<EventResponse> {
        let response = self.reject(Rejection::NotHttp, GatewayId::NONE, invocation);
        Some(EventResponse::Http(response))
    }
}
