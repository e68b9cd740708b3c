//! Authentication by the bot token, or by a bearer token of the application's owner.

use axum::{
    extract::{Request, State},
    http::header,
    middleware::Next,
    response::{IntoResponse, Response},
};
use base64::{Engine, engine::general_purpose::URL_SAFE_NO_PAD};

use crate::{Discord, api_error::ApiError};

/// The length of Discord's bearer tokens.
const BEARER_TOKEN_LENGTH: usize = 30;

/// Whose token authenticated the request.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Authority {
    Bot,
    /// The application's owner, by a token of the client credentials grant.
    Owner,
}

impl Discord {
    /// A token of the client credentials grant, accepted as `Authorization: Bearer …` by the routes of
    /// commands. It is derived from the signing key, so it survives a restart without being stored.
    pub fn bearer_token(&self) -> String {
        let id = self.application_id().to_string();
        let mut token = URL_SAFE_NO_PAD.encode(self.inner.key.sign([b"bearer token of ", id.as_bytes()]));
        token.truncate(BEARER_TOKEN_LENGTH);
        token
    }
}

/// Accepts either token, and adds the [`Authority`] to the request's extensions.
pub(super) async fn either(State(discord): State<Discord>, mut request: Request, next: Next) -> Response {
    let sent = request.headers().get(header::AUTHORIZATION).and_then(|value| value.to_str().ok());
    let authority = match sent.and_then(|value| value.split_once(' ')) {
        Some(("Bot", token)) if token == discord.bot_token() => Authority::Bot,
        Some(("Bearer", token)) if token == discord.bearer_token() => Authority::Owner,
        _ => return ApiError::UNAUTHORIZED.into_response(),
    };
    request.extensions_mut().insert(authority);
    next.run(request).await
}
