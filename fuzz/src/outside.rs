//! Fakes of the outside services: an AWS that is empty and accepts everything, Open-Meteo, and a Discord that accepts
//! everything.

use std::sync::Arc;

use axum::{
    Router,
    extract::State,
    http::{Method, Uri, header::CONTENT_TYPE},
    response::{IntoResponse, Response},
};
use parking_lot::Mutex;
use serde_json::Value;
use tokio::net::TcpListener;

const PLACES: &str = include_str!("../../shared/integrations/tests/fixtures/search.json");
const FORECAST: &str = include_str!("../../shared/integrations/tests/fixtures/forecast.json");

/// What the functions have sent.
#[derive(Clone, Default)]
pub struct Outside(Arc<Mutex<Sent>>);

/// The bodies of messages.
#[derive(Default)]
struct Sent {
    to_discord: Vec<String>,
    to_queues: Vec<String>,
}

impl Outside {
    /// Serves the fakes on a free port. Returns the URL.
    pub async fn serve(&self) -> String {
        let listener = TcpListener::bind("127.0.0.1:0").await.expect("a port");
        let address = listener.local_addr().expect("an address");
        let router = Router::new().fallback(answer).with_state(self.clone());
        tokio::spawn(async move { axum::serve(listener, router).await });
        format!("http://{address}")
    }

    /// The messages to Discord since the last call.
    pub fn told(&self) -> Vec<String> {
        std::mem::take(&mut self.0.lock().to_discord)
    }

    /// The messages to a queue since the last call. The jobs function sends to the dead-letter queue alone.
    pub fn dead_letters(&self) -> Vec<String> {
        std::mem::take(&mut self.0.lock().to_queues)
    }
}

async fn answer(State(outside): State<Outside>, method: Method, uri: Uri, body: String) -> Response {
    let answer = match uri.path() {
        "/v1/search" => PLACES,
        "/v1/forecast" => FORECAST,
        _ => "{}",
    };
    if uri.path().starts_with("/api/") && [Method::PATCH, Method::POST].contains(&method) {
        outside.0.lock().to_discord.push(body);
    } else if let Ok(Value::String(sent)) =
        serde_json::from_str::<Value>(&body).map(|it| it["MessageBody"].clone())
    {
        outside.0.lock().to_queues.push(sent);
    }
    ([(CONTENT_TYPE, "application/json")], answer).into_response()
}
