//! The playground: a web page that looks like Discord, in which one can use the application as any user.
//!
//! The server renders everything; the page's script only inserts fragments that arrive as server-sent events.

mod actions;
mod assets;
mod avatar;
mod channel;
mod component;
mod embed;
mod emoji;
mod guard;
mod icon;
mod language;
mod layout;
mod live;
mod markdown;
mod media;
mod menu;
mod message;
mod modal;
mod palette;
mod panel;
mod people;
mod picker;
mod poll;
mod reads;
mod sidebar;
#[cfg(test)]
mod tests;
mod window;
mod words;

use std::{collections::HashSet, sync::Arc};

use axum::{
    Json, Router,
    extract::DefaultBodyLimit,
    http::StatusCode,
    middleware::from_fn,
    response::{IntoResponse, Response},
    routing::{get, post},
};
use local_discord::{Discord, Error, Refused, Snowflake};
use parking_lot::Mutex;
use serde_json::json;

use self::assets::Assets;

pub use guard::guard;
pub use panel::Panel;

/// Above the 10 MiB of an attachment, so that a slightly larger file gets the simulated Discord's own error.
const MAX_UPLOAD_BYTES: usize = 11 << 20;

/// Returns the heading under which the palette lists a command, in the language of a locale.
pub type CommandGroup = fn(command: &str, locale: &str) -> String;

/// The page of a simulated Discord. Clones share their state.
#[derive(Clone)]
pub struct Playground {
    discord: Discord,
    group: CommandGroup,
    panel: Option<Panel>,
    assets: Arc<Assets>,
    /// Dismissed ephemeral messages: user and message.
    dismissed: Arc<Mutex<HashSet<(Snowflake, Snowflake)>>>,
}

impl Playground {
    /// A page for this simulated Discord. `panel` is an optional extension of the page.
    pub fn new(discord: Discord, group: CommandGroup, panel: Option<Panel>) -> Self {
        let assets = Arc::new(Assets::new(panel.as_ref()));
        Self { discord, group, panel, assets, dismissed: Arc::default() }
    }

    /// The routes of the page.
    pub fn router(self) -> Router {
        Router::new()
            .route("/", get(reads::home))
            .route("/@{person}", get(reads::person))
            .route("/@{person}/{channel}", get(reads::channel))
            .route("/page/events", get(live::events))
            .route("/page/palette", get(reads::palette))
            .route("/page/menu", get(reads::menu))
            .route("/page/{*asset}", get(assets::serve))
            .merge(acts())
            .layer(DefaultBodyLimit::max(MAX_UPLOAD_BYTES))
            .layer(from_fn(guard))
            .with_state(self)
    }

    fn dismiss(&self, person: Snowflake, message: Snowflake) {
        self.dismissed.lock().insert((person, message));
    }

    fn is_dismissed(&self, person: Snowflake, message: Snowflake) -> bool {
        self.dismissed.lock().contains(&(person, message))
    }
}

fn acts() -> Router<Playground> {
    Router::new()
        .route("/page/say", post(actions::say))
        .route("/page/command", post(actions::command))
        .route("/page/complete", post(actions::complete))
        .route("/page/press", post(actions::press))
        .route("/page/choose", post(actions::choose))
        .route("/page/use", post(actions::use_on))
        .route("/page/submit", post(actions::submit))
        .route("/page/upload", post(actions::upload))
        .route("/page/dismiss", post(actions::dismiss))
}

/// Why a request of the page failed.
#[derive(Debug)]
enum RequestError {
    /// There is no such user, or the user does not see that channel.
    Nowhere,
    Refused(Refused),
}

impl<E: Into<Refused>> From<E> for RequestError {
    fn from(error: E) -> Self {
        Self::Refused(error.into())
    }
}

impl IntoResponse for RequestError {
    fn into_response(self) -> Response {
        let (status, sentence) = match self {
            Self::Nowhere => {
                (StatusCode::NOT_FOUND, "there is no user with that name who can see that channel".to_owned())
            }
            Self::Refused(Refused::Fault(Error::UnknownInteraction(id))) => {
                (StatusCode::NOT_FOUND, format!("there is no interaction {id}"))
            }
            Self::Refused(Refused::Fault(error)) => (StatusCode::INTERNAL_SERVER_ERROR, error.to_string()),
            Self::Refused(refused) => (StatusCode::UNPROCESSABLE_ENTITY, refused.to_string()),
        };
        (status, Json(json!({ "error": sentence }))).into_response()
    }
}
