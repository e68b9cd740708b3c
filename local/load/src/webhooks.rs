//! The webhook routes at which the jobs function edits deferred replies, in place of Discord.

use std::{collections::HashMap, net::Ipv4Addr, sync::Arc, time::Instant};

use axum::{
    Json, Router,
    extract::{Path, State},
    http::StatusCode,
    response::{IntoResponse, Response},
    routing::{patch, post},
};
use parking_lot::{Mutex, MutexGuard};
use serde_json::{Value, json};
use tokio::net::TcpListener;

use super::{
    expected::{sentence, shows},
    plan::Kind,
};

/// The original responses of interactions, by token. Clones share them.
#[derive(Clone)]
pub struct Webhooks {
    messages: Arc<Mutex<HashMap<String, Message>>>,
    /// The application's version, which some replies must show.
    version: &'static str,
}

/// The original response of an interaction.
struct Message {
    kind: Kind,
    edited: Option<Result<Instant, String>>,
    /// Further edits and follow-ups, none of which are expected.
    more: u32,
}

/// The state of a deferred reply.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Edit {
    Missing,
    At(Instant),
    /// It does not show what was asked for, or was edited more than once.
    Wrong(String),
}

impl Webhooks {
    /// For an application of this version.
    pub fn new(version: &'static str) -> Self {
        Self { messages: Arc::default(), version }
    }

    /// Accepts edits for this token. To be called before posting, because an edit may arrive before the
    /// response has been read; the real Discord would refuse such an edit (10015), and the bot would retry.
    pub fn expect(&self, token: &str, kind: Kind) {
        self.messages().insert(token.to_owned(), Message { kind, edited: None, more: 0 });
    }

    /// The state of the deferred reply of this token.
    pub fn edit(&self, token: &str) -> Edit {
        match self.messages().get(token) {
            Some(Message { more: 1.., .. }) => Edit::Wrong("edited more than once".to_owned()),
            Some(Message { edited: Some(Ok(at)), .. }) => Edit::At(*at),
            Some(Message { edited: Some(Err(why)), .. }) => Edit::Wrong(format!("edited, {why}")),
            _ => Edit::Missing,
        }
    }

    /// Serves the routes on this port of 127.0.0.1 (0: any free one) until the process ends. Returns the URL.
    pub async fn serve(&self, port: u16) -> Result<String, String> {
        let failed = |error| format!("cannot listen on 127.0.0.1:{port}: {error}");
        let listener = TcpListener::bind((Ipv4Addr::LOCALHOST, port)).await.map_err(failed)?;
        let address = listener.local_addr().map_err(failed)?;
        let router = self.router();
        tokio::spawn(async move { axum::serve(listener, router).await });
        Ok(format!("http://{address}"))
    }

    fn router(&self) -> Router {
        Router::new()
            .route("/api/v10/webhooks/{application}/{token}", post(follow_up))
            .route("/api/v10/webhooks/{application}/{token}/messages/@original", patch(edit))
            .with_state(self.clone())
    }

    fn take(&self, token: &str, message: &Value, is_edit: bool) -> Response {
        let mut messages = self.messages();
        let Some(known) = messages.get_mut(token) else {
            let unknown = json!({ "message": "Unknown Webhook", "code": 10_015 });
            return (StatusCode::NOT_FOUND, Json(unknown)).into_response();
        };
        if known.edited.is_some() || !is_edit {
            known.more += 1;
        } else {
            let is_it = shows(known.kind, self.version, message);
            known.edited = Some(if is_it { Ok(Instant::now()) } else { Err(sentence(message)) });
        }
        Json(json!({ "id": "1", "type": 0 })).into_response()
    }

    fn messages(&self) -> MutexGuard<'_, HashMap<String, Message>> {
        self.messages.lock()
    }
}

async fn edit(
    State(webhooks): State<Webhooks>,
    Path((_, token)): Path<(String, String)>,
    Json(message): Json<Value>,
) -> Response {
    webhooks.take(&token, &message, true)
}

async fn follow_up(
    State(webhooks): State<Webhooks>,
    Path((_, token)): Path<(String, String)>,
    Json(message): Json<Value>,
) -> Response {
    webhooks.take(&token, &message, false)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn one_edit_that_shows_the_reply_is_right_and_everything_else_is_not() {
        let (webhooks, weather) = (Webhooks::new("1"), json!({ "embeds": [{}] }));
        for token in ["a", "b", "c", "d"] {
            webhooks.expect(token, Kind::NewPlace);
        }
        webhooks.take("a", &weather, true);
        webhooks.take("b", &json!({ "content": "Something went wrong." }), true);
        (0..2).for_each(|_| drop(webhooks.take("c", &weather, true)));
        assert!(matches!(webhooks.edit("a"), Edit::At(_)));
        assert_eq!(webhooks.edit("b"), Edit::Wrong("edited, said: Something went wrong.".to_owned()));
        assert_eq!(webhooks.edit("c"), Edit::Wrong("edited more than once".to_owned()));
        assert_eq!(webhooks.edit("d"), Edit::Missing);
        assert_eq!(webhooks.take("e", &weather, true).status(), StatusCode::NOT_FOUND);
    }
}
