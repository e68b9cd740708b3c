//! The GET routes: the page, the palette and the context menus.

use axum::{
    Json,
    extract::{Path, Query, State},
    http::HeaderMap,
    response::{IntoResponse, Redirect, Response},
};
use maud::Markup;
use serde::Deserialize;
use serde_json::Value;

use super::{Playground, RequestError, layout, menu as menus, palette as palettes, window::Window};

/// The user and channel of a window.
#[derive(Debug, Deserialize)]
pub(super) struct WindowQuery {
    pub person: String,
    pub channel: String,
}

impl WindowQuery {
    pub(super) fn window(&self, playground: &Playground) -> Result<Window, RequestError> {
        let window = Window::open(&playground.discord, &self.person, Some(&self.channel))?;
        window.ok_or(RequestError::Nowhere)
    }
}

/// The page for the first user.
pub(super) async fn home(
    State(playground): State<Playground>,
    headers: HeaderMap,
) -> Result<Response, RequestError> {
    let status = playground.discord.status()?;
    let first = status.users.first().ok_or(RequestError::Nowhere)?.id.to_string();
    show(&playground, &first, None, &headers)
}

pub(super) async fn person(
    State(playground): State<Playground>,
    Path(person): Path<String>,
    headers: HeaderMap,
) -> Result<Response, RequestError> {
    show(&playground, &person, None, &headers)
}

pub(super) async fn channel(
    State(playground): State<Playground>,
    Path((person, channel)): Path<(String, String)>,
    headers: HeaderMap,
) -> Result<Response, RequestError> {
    show(&playground, &person, Some(&channel), &headers)
}

/// The page. Redirects to the user's first channel if the user does not see this one, and to `/` if there is no
/// such user.
fn show(
    playground: &Playground,
    person: &str,
    channel: Option<&str>,
    headers: &HeaderMap,
) -> Result<Response, RequestError> {
    match Window::open(&playground.discord, person, channel)? {
        Some(window) => Ok(layout::render(playground, &window, theme(headers))?.into_response()),
        None if channel.is_some() => Ok(Redirect::to(&format!("/@{person}")).into_response()),
        None => Ok(Redirect::to("/").into_response()),
    }
}

/// The theme chosen by the button, from the cookie; `None` leaves it to the system.
fn theme(headers: &HeaderMap) -> Option<&'static str> {
    let cookies = headers.get("cookie")?.to_str().ok()?;
    let chosen = cookies.split(';').find_map(|cookie| cookie.trim().strip_prefix("theme="))?;
    ["dark", "light"].into_iter().find(|theme| *theme == chosen)
}

pub(super) async fn palette(
    State(playground): State<Playground>,
    Query(seat): Query<WindowQuery>,
) -> Result<Json<Value>, RequestError> {
    let window = seat.window(&playground)?;
    Ok(Json(palettes::palette(&playground.discord, playground.group, &window)?))
}

#[derive(Debug, Deserialize)]
pub(super) struct Target {
    user: Option<String>,
    message: Option<String>,
    #[serde(default)]
    private: bool,
}

pub(super) async fn menu(
    State(playground): State<Playground>,
    Query(seat): Query<WindowQuery>,
    Query(target): Query<Target>,
) -> Result<Markup, RequestError> {
    let window = seat.window(&playground)?;
    let discord = &playground.discord;
    match (target.user, target.message) {
        (Some(user), _) => Ok(menus::of_user(discord, &user, &window)?),
        (None, Some(message)) => Ok(menus::of_message(discord, &message, target.private, &window)?),
        (None, None) => Err(RequestError::Nowhere),
    }
}
