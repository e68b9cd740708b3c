//! Everybody else: an AWS that has nothing and takes everything, a weather, and a Discord that is pleased with all.

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

/// The messages that Discord was sent, as they came.
#[derive(Clone, Default)]
pub struct Outside(Arc<Mutex<Vec<String>>>);

impl Outside {
    /// Serves it, and says where.
    pub async fn serve(&self) -> String {
        let listener = TcpListener::bind("127.0.0.1:0").await.expect("a port");
        let address = listener.local_addr().expect("an address");
        let router = Router::new().fallback(answer).with_state(self.clone());
        tokio::spawn(async move { axum::serve(listener, router).await });
        format!("http://{address}")
    }

    /// The messages since this was last asked.
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
