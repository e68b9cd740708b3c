//! POST /interactions: Discord's signed interaction in, the answer out.
#![warn(missing_docs)]

mod request;

use std::{panic::AssertUnwindSafe, sync::Arc};

use aws::telemetry;
use bot::{
    Bot, Clock,
    config::{BadConfig, InteractionsConfig},
    front_door,
};
use discord::{Kind, Response, Verifier, envelope::Incoming};
use domain::measurement::{Handled, Step, Tally};
use futures_util::FutureExt;
use jiff::Timestamp;
use serde::Serialize;
use serde_json::value::RawValue;

use request::{Rejection, Request};

/// The function, once per environment.
#[derive(Debug)]
pub struct Interactions {
    bot: Arc<Bot>,
    verifier: Verifier,
    tally: Arc<Tally>,
}

/// The HTTP response, in the form of API Gateway's payload 2.0.
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

impl Interactions {
    /// Builds no client yet: most interactions need none. See [`Bot::new`] for `seed`.
    ///
    /// # Errors
    /// [`BadConfig`] if an address in `config` is none.
    pub fn new(config: InteractionsConfig, clock: Clock, seed: u64) -> Result<Self, BadConfig> {
        let bot = Arc::new(Bot::new(config.common, clock, seed)?);
        Ok(Self { bot, verifier: config.verifier, tally: Arc::default() })
    }

    /// What the users of this environment saw.
    pub fn tally(&self) -> &Arc<Tally> {
        &self.tally
    }

    /// Answers one request, given as the event that API Gateway makes of it (payload 2.0).
    pub async fn handle(&self, event: &RawValue) -> HttpResponse {
        let handled = AssertUnwindSafe(self.answer(event.get())).catch_unwind().await;
        match handled {
            Ok(Ok(response)) => response,
            Ok(Err(rejection)) => {
                tracing::info!(status = rejection.status(), reason = %rejection, "turned away");
                HttpResponse::new(rejection.status(), rejection.body())
            }
            // The commands have a guard of their own; this is for what is around them.
            Err(_) => {
                tracing::error!(status = 500, "panicked outside any command");
                HttpResponse::new(500, r#"{"error":"something went wrong"}"#.to_owned())
            }
        }
    }

    async fn answer(&self, event: &str) -> Result<HttpResponse, Rejection> {
        let received = self.bot.now();
        let request = Request::parse(event)?;
        let body = request.body()?;
        self.verifier.verify(request.signature(), request.timestamp(), &body, received)?;
        let body = std::str::from_utf8(&body).map_err(|_| Rejection::NotAnInteraction)?;
        let body = match Incoming::parse(body).map_err(|_| Rejection::NotAnInteraction)? {
            Incoming::Ping => Response::Pong.into_json().unwrap_or_default(),
            Incoming::Interaction(envelope) => {
                telemetry::step(Step::Verified, envelope.id, None);
                let answered = front_door::answer(&self.bot, &envelope, body, received).await;
                let handled = Handled {
                    interaction: Some(envelope.id),
                    guild: envelope.guild(),
                    command: answered.command,
                    autocomplete: envelope.kind == Kind::Autocomplete,
                    outcome: answered.outcome,
                    took_ms: took_ms(received, self.bot.now()),
                    cold: self.bot.is_cold(),
                    version: self.bot.version(),
                    receive: None,
                };
                telemetry::record(&handled);
                self.tally.count(&handled);
                answered.body
            }
        };
        Ok(HttpResponse::new(200, body))
    }
}

fn took_ms(from: Timestamp, to: Timestamp) -> u64 {
    u64::try_from(to.duration_since(from).as_millis()).unwrap_or_default()
}
