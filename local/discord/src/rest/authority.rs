//! Who calls: the bot with its token, or the application's owner with a bearer token.

use axum::{
    extract::{Request, State},
    http::header,
    middleware::Next,
    response::{IntoResponse, Response},
};
use base64::{Engine, engine::general_purpose::URL_SAFE_NO_PAD};

use crate::{Discord, api_error::ApiError};

/// As long as Discord's own.
const LENGTH: usize = 30;

/// Whose token came with the request.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Authority {
    Bot,
    /// Of the client credentials grant: it acts for the owner of the application.
    Owner,
}

impl Discord {
    /// What the application sends as `Authorization: Bearer …` where commands are registered: the
    /// token of a client credentials grant. It is derived from the signing key, so it is stored with it.
    pub fn bearer_token(&self) -> String {
        let id = self.application_id().to_string();
        let mut token = URL_SAFE_NO_PAD.encode(self.inner.key.sign([b"bearer token of ", id.as_bytes()]));
        token.truncate(LENGTH);
        token
    }
}

/// Lets through who has either token, and tells the route which one.
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
