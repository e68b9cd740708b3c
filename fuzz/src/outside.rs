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
use tokio::net::TcpListener;

const PLACES: &str = include_str!("../../shared/integrations/tests/fixtures/search.json");
const FORECAST: &str = include_str!("../../shared/integrations/tests/fixtures/forecast.json");

/// The bodies of messages sent to Discord.
#[derive(Clone, Default)]
pub struct Outside(Arc<Mutex<Vec<String>>>);

impl Outside {
    /// Serves the fakes on a free port. Returns the URL.
    pub async fn serve(&self) -> String {
        let listener = TcpListener::bind("127.0.0.1:0").await.expect("a port");
        let address = listener.local_addr().expect("an address");
        let router = Router::new().fallback(answer).with_state(self.clone());
        tokio::spawn(async move { axum::serve(listener, router).await });
        format!("http://{address}")
    }

    /// The messages since the last call.
    pub fn told(&self) -> Vec<String> {
        std::mem::take(&mut *self.0.lock())
    }
}

async fn answer(State(outside): State<Outside>, method: Method, uri: Uri, body: String) -> Response {
    let answer = match uri.path() {
        "/v1/search" => PLACES,
        "/v1/forecast" => FORECAST,
        _ => "{}",
    };
    if uri.path().starts_with("/api/") && [Method::PATCH, Method::POST].contains(&method) {
        outside.0.lock().push(body);
    }
    ([(CONTENT_TYPE, "application/json")], answer).into_response()
}
