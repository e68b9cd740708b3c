//! The event stream of a window: server-sent events with fragments of the page, rendered for its user.

use std::{
    collections::BTreeSet,
    convert::Infallible,
    time::{Duration, Instant},
};

use axum::{
    extract::{Query, State},
    http::HeaderMap,
    response::sse::{Event, KeepAlive, Sse},
};
use futures_util::stream::{Stream, unfold};
use local_clock::whole_ms;
use local_discord::{Change, Snowflake, is_for};
use serde::{Deserialize, Serialize};
use tokio::sync::watch;

use super::{
    Playground, RequestError, channel, message, people, reads::WindowQuery, sidebar, window::Window,
};

/// Changes within this time are sent as one event.
const BATCH_WINDOW: Duration = Duration::from_millis(20);
/// The panel is refreshed at most once in this time, so that it stays readable.
const MIN_PANEL_INTERVAL: Duration = Duration::from_millis(200);
/// How often to check for changes that only time causes.
const TIME_CHECK_INTERVAL: Duration = Duration::from_secs(15);
/// A larger difference from elapsed real time means that the clock was advanced.
const MIN_CLOCK_JUMP_MS: i64 = 1_000;

#[derive(Deserialize)]
pub(super) struct AfterQuery {
    after: u64,
}

/// Continues after `Last-Event-ID` if the browser reconnects, otherwise after the number in the page.
pub(super) async fn events(
    State(playground): State<Playground>,
    Query(seat): Query<WindowQuery>,
    Query(AfterQuery { after }): Query<AfterQuery>,
    headers: HeaderMap,
) -> Result<Sse<impl Stream<Item = Result<Event, Infallible>>>, RequestError> {
    let parts = parts(&seat.window(&playground)?);
    let last = headers.get("last-event-id").and_then(|id| id.to_str().ok()?.parse().ok());
    let watcher = Watcher::new(playground, seat, last.unwrap_or(after), parts);
    let stream = unfold(watcher, |mut watcher| async move {
        let event = watcher.next().await?;
        Some((Ok(event), watcher))
    });
    Ok(Sse::new(stream).keep_alive(KeepAlive::default()))
}

struct Watcher {
    playground: Playground,
    seat: WindowQuery,
    number: u64,
    changed: watch::Receiver<u64>,
    /// Notified of changes that only the panel shows.
    behind: watch::Receiver<()>,
    /// When the stack's time was last sent: in real time, and the time itself.
    told: (Instant, i64),
    began: bool,
    /// The fragments that the page already has.
    parts: Vec<String>,
}

/// The data of one event.
#[derive(Debug, Default, Serialize)]
pub(super) struct Batch {
    /// The stack's time, if the clock was advanced.
    #[serde(skip_serializing_if = "Option::is_none")]
    now: Option<i64>,
    /// New and changed messages: id and HTML.
    #[serde(skip_serializing_if = "Vec::is_empty")]
    pub messages: Vec<(String, String)>,
    #[serde(skip_serializing_if = "Vec::is_empty")]
    pub gone: Vec<String>,
    /// Whether `messages` are all messages of the channel, not just changes.
    #[serde(skip_serializing_if = "std::ops::Not::not")]
    all: bool,
    /// Channels with a new message of another user.
    #[serde(skip_serializing_if = "BTreeSet::is_empty")]
    pub unread: BTreeSet<String>,
    /// Changed parts of the page other than messages.
    #[serde(skip_serializing_if = "Vec::is_empty")]
    parts: Vec<String>,
    /// The user does not see this channel any more.
    #[serde(skip_serializing_if = "std::ops::Not::not")]
    away: bool,
}

impl Watcher {
    fn new(playground: Playground, seat: WindowQuery, number: u64, parts: Vec<String>) -> Self {
        let changed = playground.discord.feed().watch();
        let behind = playground.discord.notifier().subscribe();
        let told = (Instant::now(), playground.discord.clock().now().as_millisecond());
        Self { playground, seat, number, changed, behind, told, began: false, parts }
    }

    /// The next event; `None` when the simulated Discord is gone.
    async fn next(&mut self) -> Option<Event> {
        loop {
            let since = self.playground.discord.feed().since(self.number);
            let moved = self.clock_moved();
            let quiet = since.changes.as_ref().is_some_and(Vec::is_empty) && moved.is_none();
            if !quiet || !self.began {
                self.began = true;
                self.number = since.number;
                // After the clock was advanced, anything may have changed: send everything.
                let mut batch = self.batch(since.changes.filter(|_| moved.is_none()));
                batch.now = moved;
                let event = Event::default().id(since.number.to_string()).event("batch");
                return event.retry(Duration::from_millis(500)).json_data(batch).ok();
            }
            let clock = self.playground.discord.clock().clone();
            tokio::select! {
                told = self.changed.changed() => { told.ok()?; tokio::time::sleep(BATCH_WINDOW).await; }
                rung = rung(&mut self.behind) => {
                    rung?;
                    // Browsers ignore events without data.
                    return Some(Event::default().event("behind").data("rung"));
                }
                () = clock.pause(TIME_CHECK_INTERVAL) => {}
            }
        }
    }

    fn clock_moved(&mut self) -> Option<i64> {
        let now = self.playground.discord.clock().now().as_millisecond();
        let elapsed = whole_ms(self.told.0.elapsed());
        let moved = (now - self.told.1).saturating_sub(elapsed).abs() > MIN_CLOCK_JUMP_MS;
        moved.then(|| {
            self.told = (Instant::now(), now);
            now
        })
    }

    fn batch(&mut self, changes: Option<Vec<Change>>) -> Batch {
        let Ok(window) = self.seat.window(&self.playground) else {
            return Batch { away: true, ..Batch::default() };
        };
        let mut batch = render(&self.playground, &window, changes);
        // Every message changes its channel's row, so only fragments that differ are sent.
        batch.parts.retain(|part| !self.parts.contains(part));
        if !batch.parts.is_empty() {
            self.parts = parts(&window);
        }
        batch
    }
}

/// Waits for a notification and then for [`MIN_PANEL_INTERVAL`]. Cancel safe: during the pause the notification stays marked
/// as unseen.
async fn rung(behind: &mut watch::Receiver<()>) -> Option<()> {
    behind.changed().await.ok()?;
    behind.mark_changed();
    tokio::time::sleep(MIN_PANEL_INTERVAL).await;
    behind.mark_unchanged();
    Some(())
}

/// The event for these changes, rendered for the window's user; `None` renders everything.
pub(super) fn render(playground: &Playground, window: &Window, changes: Option<Vec<Change>>) -> Batch {
    let mut batch = Batch::default();
    let Some(changes) = changes else {
        let messages = channel::messages(playground, window).unwrap_or_default();
        batch.messages = messages.into_iter().map(|(id, markup)| (id, markup.into_string())).collect();
        batch.all = true;
        batch.parts = parts(window);
        return batch;
    };
    for change in changes {
        match change {
            Change::Message(id) => written(playground, window, id, &mut batch),
            Change::MessageGone(id) => batch.gone.push(id.to_string()),
            Change::Interaction(id) => noticed(playground, window, id, &mut batch),
            Change::Model => batch.parts = parts(window),
        }
    }
    batch
}

fn parts(window: &Window) -> Vec<String> {
    let parts = [sidebar::rail(window), sidebar::channels(window), people::render(window)];
    parts.into_iter().map(maud::Markup::into_string).collect()
}

fn written(playground: &Playground, window: &Window, id: Snowflake, batch: &mut Batch) {
    let (me, here) = (window.me().id, window.channel.id.to_string());
    let Ok(Some(found)) = playground.discord.message(id) else { return };
    if !is_for(&found, me) || playground.is_dismissed(me, id) {
        return;
    }
    let channel = found["channel_id"].as_str().unwrap_or("");
    if channel == here {
        let markup = message::message(&playground.discord, &found, false, window);
        batch.messages.push((id.to_string(), markup.into_string()));
    } else if found["author"]["id"] != me.to_string() && window.sees(channel) {
        batch.unread.insert(channel.to_owned());
    }
}

fn noticed(playground: &Playground, window: &Window, id: Snowflake, batch: &mut Batch) {
    let (me, discord) = (window.me().id, &playground.discord);
    match discord.notice_for(me, window.channel.id, id) {
        Ok(Some(Some(notice))) if !playground.is_dismissed(me, id) => {
            let markup = message::notice(discord, &notice, window);
            batch.messages.push((id.to_string(), markup.into_string()));
        }
        Ok(Some(_)) => batch.gone.push(id.to_string()),
        _ => {}
    }
}
