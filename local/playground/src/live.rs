//! What happens while somebody looks, as server-sent events: fragments of the page, rendered for them.

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

use super::{Playground, Problem, channel, message, people, reads::Seat, sidebar, window::Window};

/// What comes in a burst comes at once.
const TOGETHER: Duration = Duration::from_millis(20);
/// Behind the scenes much happens at once, and whoever looks there reads.
const READABLE: Duration = Duration::from_millis(200);
/// So often it is looked whether time alone has changed something.
const TICK: Duration = Duration::from_secs(15);
/// The clock was moved, if it is this much elsewhere than time alone explains.
const MOVED_MS: i64 = 1_000;

#[derive(Deserialize)]
pub(super) struct After {
    after: u64,
}

/// Goes on after `Last-Event-ID`, if the browser comes back, or after what the page has shown.
pub(super) async fn events(
    State(playground): State<Playground>,
    Query(seat): Query<Seat>,
    Query(After { after }): Query<After>,
    headers: HeaderMap,
) -> Result<Sse<impl Stream<Item = Result<Event, Infallible>>>, Problem> {
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
    seat: Seat,
    number: u64,
    changed: watch::Receiver<u64>,
    /// Rings when something happens that is shown in the drawer alone.
    behind: watch::Receiver<()>,
    /// When the clock was last told, in real time and its own.
    told: (Instant, i64),
    began: bool,
    /// As the page has them.
    parts: Vec<String>,
}

/// What one event carries.
#[derive(Debug, Default, Serialize)]
pub(super) struct Batch {
    /// The stack's clock, if it was moved.
    #[serde(skip_serializing_if = "Option::is_none")]
    now: Option<i64>,
    /// Messages, by id, new or changed.
    #[serde(skip_serializing_if = "Vec::is_empty")]
    pub messages: Vec<(String, String)>,
    #[serde(skip_serializing_if = "Vec::is_empty")]
    pub gone: Vec<String>,
    /// Whether `messages` is all there is.
    #[serde(skip_serializing_if = "std::ops::Not::not")]
    all: bool,
    /// Channels in which somebody else has written.
    #[serde(skip_serializing_if = "BTreeSet::is_empty")]
    pub unread: BTreeSet<String>,
    /// Parts of the page beside the messages.
    #[serde(skip_serializing_if = "Vec::is_empty")]
    parts: Vec<String>,
    /// The person does not see this channel any more.
    #[serde(skip_serializing_if = "std::ops::Not::not")]
    away: bool,
}

impl Watcher {
    fn new(playground: Playground, seat: Seat, number: u64, parts: Vec<String>) -> Self {
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
                // After a move of the clock everything may be different.
                let mut batch = self.batch(since.changes.filter(|_| moved.is_none()));
                batch.now = moved;
                let event = Event::default().id(since.number.to_string()).event("batch");
                return event.retry(Duration::from_millis(500)).json_data(batch).ok();
            }
            let clock = self.playground.discord.clock().clone();
            tokio::select! {
                told = self.changed.changed() => { told.ok()?; tokio::time::sleep(TOGETHER).await; }
                rung = rung(&mut self.behind) => {
                    rung?;
                    // A browser drops an event without data.
                    return Some(Event::default().event("behind").data("rung"));
                }
                () = clock.pause(TICK) => {}
            }
        }
    }

    fn clock_moved(&mut self) -> Option<i64> {
        let now = self.playground.discord.clock().now().as_millisecond();
        let elapsed = whole_ms(self.told.0.elapsed());
        let moved = (now - self.told.1).saturating_sub(elapsed).abs() > MOVED_MS;
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
        // Every message changes its channel; only what looks different is sent.
        batch.parts.retain(|part| !self.parts.contains(part));
        if !batch.parts.is_empty() {
            self.parts = parts(&window);
        }
        batch
    }
}

/// The notifier has rung, and some time has gone by. Whoever stops waiting in the midst of it misses nothing.
async fn rung(behind: &mut watch::Receiver<()>) -> Option<()> {
    behind.changed().await.ok()?;
    behind.mark_changed();
    tokio::time::sleep(READABLE).await;
    behind.mark_unchanged();
    Some(())
}

/// What the changes mean to whoever looks; without changes, everything there is.
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
            Change::World => batch.parts = parts(window),
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
