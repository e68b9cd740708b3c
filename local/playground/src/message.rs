//! Renders a message for one user.

use jiff::Timestamp;
use local_discord::{Discord, Snowflake, UnansweredCommand, is_for};
use maud::{Markup, html};
use serde_json::Value;

use super::{
    avatar::avatar,
    component, embed,
    emoji::emoji,
    icon::{EYE, MORE, WARNING, icon},
    markdown::{self, is_jumbo},
    media, poll,
    window::Window,
    words,
};

const EPHEMERAL: u64 = 1 << 6;
const LOADING: u64 = 1 << 7;
const COMPONENTS_V2: u64 = 1 << 15;
/// Discord's message type of a reply.
const REPLY: u64 = 19;

/// A message this long after another of the same author shows the author again.
const GROUPING_WINDOW_MS: i64 = 7 * 60 * 1_000;

/// Whether it follows a message of the same author closely, so that the author need not be shown.
pub(super) fn continues(message: &Value, before: Option<&Value>) -> bool {
    let at = |message: &Value| milliseconds(message["timestamp"].as_str().unwrap_or(""));
    before.is_some_and(|before| {
        before["author"]["id"] == message["author"]["id"] && at(message) - at(before) < GROUPING_WINDOW_MS
    }) && !is_reply(message)
        && message["interaction_metadata"]["name"].is_null()
}

fn is_reply(message: &Value) -> bool {
    message["type"].as_u64() == Some(REPLY)
}

pub(super) fn message(discord: &Discord, message: &Value, continued: bool, window: &Window) -> Markup {
    let id = message["id"].as_str().unwrap_or("");
    let flags = message["flags"].as_u64().unwrap_or(0);
    let author = &message["author"];
    let (name, author_id) = (window.name_of(author), author["id"].as_str().unwrap_or(""));
    let (private, is_bot) = (flags & EPHEMERAL != 0, author["bot"] == true);
    let at = message["timestamp"].as_str().unwrap_or("");
    let head = head(discord, message, window);
    html! {
        article.message.continued[continued].private[private].mentioned[mentions(message, window)] id=(format!("m-{id}"))
            data-message=(id) data-author=(author_id) data-time=(milliseconds(at))
            data-headed[head.is_some()] tabindex="-1" aria-labelledby=(format!("n-{id} t-{id}")) {
            @if let Some(head) = &head { (head) }
            // For the mouse only; the name next to it is the accessible button.
            span.avatar data-user=(author_id) aria-hidden="true" {
                (avatar(&name, is_bot))
            }
            div.message-head {
                button.author type="button" tabindex="-1" data-user=(author_id) aria-haspopup="menu"
                    id=(format!("n-{id}")) { (name) }
                @if is_bot { span.app-tag { (words::app(window.language)) } }
                time id=(format!("t-{id}")) datetime=(at) data-style="message" { (clock(at)) }
            }
            (body(discord, message, (id, flags), window))
            @if private { (private_foot(id, window)) }
            div.toolbar { button type="button" tabindex="-1" data-act="menu" aria-haspopup="menu"
                aria-label=(words::more(window.language)) { (icon(MORE)) } }
        }
    }
}

fn body(discord: &Discord, message: &Value, (id, flags): (&str, u64), window: &Window) -> Markup {
    let content = message["content"].as_str().unwrap_or("");
    if flags & LOADING != 0 {
        return html! { div.body {
            @if discord.is_overdue(message) { (no_response(window, "the token expired before the response was edited")) }
            @else { div.thinking role="status" { span.dots aria-hidden="true" { i {} i {} i {} } (words::thinking(window.language)) } }
        } };
    }
    let edited = message["edited_timestamp"].as_str().filter(|_| content_edited(message));
    html! {
        div.body.v2[flags & COMPONENTS_V2 != 0] {
            @if !content.is_empty() {
                div.text.jumbo[is_jumbo(content)] { (markdown::render(content, &window.names))
                    @if let Some(at) = edited { " " time.edited datetime=(at) data-style="title" { (words::edited(window.language)) } } }
            }
            (media::attachments(message, window))
            (embed::all(message, window))
            (component::all(&message["components"], id, window))
            (poll::render(message, window))
            (reactions(message))
            div.failed-note role="alert" {}
        }
    }
}

/// Whether to show "(edited)". Replies of commands never show it, because the edit after "thinking…" is not one for
/// the user.
fn content_edited(message: &Value) -> bool {
    !message["edited_timestamp"].is_null() && message["interaction_metadata"].is_null()
}

fn mentions(message: &Value, window: &Window) -> bool {
    let me = window.me().id.to_string();
    let listed = message["mentions"].as_array().is_some_and(|list| list.iter().any(|user| user["id"] == me));
    listed || message["mention_everyone"] == true
}

/// The line above the message: the command that it responds to, or the message that it replies to.
fn head(discord: &Discord, message: &Value, window: &Window) -> Option<Markup> {
    let metadata = &message["interaction_metadata"];
    if is_reply(message) {
        return Some(replied(discord, message, window));
    }
    let command = metadata["name"].as_str()?;
    let user = &metadata["user"];
    let slash =
        if metadata["target_user"].is_null() && metadata["target_message_id"].is_null() { "/" } else { "" };
    Some(html! {
        div.reference {
            span.reference-line aria-hidden="true" {}
            (avatar(&window.name_of(user), false))
            button.reference-user type="button" tabindex="-1" data-user=[user["id"].as_str()] { (window.name_of(user)) }
            " " (words::used(window.language)) " "
            span.command-name { (slash) (command) }
        }
    })
}

fn replied(discord: &Discord, message: &Value, window: &Window) -> Markup {
    let id = message["message_reference"]["message_id"].as_str().unwrap_or("");
    let found = id.parse().ok().and_then(|id| discord.message(id).ok().flatten());
    let found = found.filter(|found| is_for(found, window.me().id));
    html! {
        div.reference {
            span.reference-line aria-hidden="true" {}
            @if let Some(found) = &found {
                (avatar(&window.name_of(&found["author"]), found["author"]["bot"] == true))
                a.reply href=(format!("#m-{id}")) tabindex="-1" {
                    strong { (window.name_of(&found["author"])) } " "
                    @if first_line(found).is_empty() { em { (words::see_message(window.language)) } }
                    @else { span.excerpt { (markdown::line(first_line(found), &window.names)) } }
                }
            } @else { em { (words::original_gone(window.language)) } }
        }
    }
}

fn first_line(message: &Value) -> &str {
    message["content"].as_str().and_then(|text| text.lines().next()).unwrap_or("")
}

fn reactions(message: &Value) -> Markup {
    let list = message["reactions"].as_array().map_or(&[][..], Vec::as_slice);
    html! {
        @if !list.is_empty() {
            div.reactions { @for one in list {
                span.reaction { (emoji(&one["emoji"])) " " (one["count"].as_u64().unwrap_or(1)) }
            } }
        }
    }
}

fn private_foot(id: &str, window: &Window) -> Markup {
    html! {
        div.private-foot {
            (icon(EYE)) " " (words::only_you(window.language)) " • "
            button.as-link type="button" data-act="dismiss" data-message=(id) { (words::dismiss(window.language)) }
        }
    }
}

/// "The application did not respond", with the reason as a tooltip.
fn no_response(window: &Window, reason: &str) -> Markup {
    html! { div.no-response title=(reason) { (icon(WARNING)) " " (words::no_response(window.language)) } }
}

/// A pending or failed command of the user, where its reply would be.
pub(super) fn notice(discord: &Discord, notice: &UnansweredCommand, window: &Window) -> Markup {
    let (bot, id, me) = (discord.bot(), notice.id.to_string(), window.me());
    html! {
        article.message.private[notice.failed.is_some()] id=(format!("m-{id}")) data-message=(id) data-author="0"
            data-time=(notice.id.born_ms()) data-headed tabindex="-1" {
            div.reference { span.reference-line aria-hidden="true" {} (avatar(&me.name, false))
                span.reference-user { (me.name) } " " (words::used(window.language)) " "
                span.command-name { "/" (notice.command) } }
            span.avatar { (avatar(&bot.name, true)) }
            div.message-head { span.author { (bot.name) } span.app-tag { (words::app(window.language)) } }
            div.body {
                @match &notice.failed {
                    Some(reason) => (no_response(window, reason)),
                    None => div.thinking role="status" { (words::sending(window.language)) },
                }
            }
            @if notice.failed.is_some() { (private_foot(&id, window)) }
        }
    }
}

pub(super) fn milliseconds(at: &str) -> i64 {
    at.parse::<Timestamp>().map(Timestamp::as_millisecond).unwrap_or(0)
}

/// The time in UTC, until the page's script shows the reader's time.
fn clock(at: &str) -> String {
    at.parse::<Timestamp>().map(|at| at.strftime("%H:%M").to_string()).unwrap_or_default()
}

pub(super) fn id_of(message: &Value) -> Option<Snowflake> {
    message["id"].as_str()?.parse().ok()
}
