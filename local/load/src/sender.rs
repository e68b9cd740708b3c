//! Signs and posts interactions, and checks the responses, in place of Discord.

use std::{
    sync::{
        Arc,
        atomic::{AtomicU64, Ordering},
    },
    time::{Duration, Instant},
};

use bytes::Bytes;
use futures_util::{StreamExt, stream};
use http::Request;
use jiff::{SignedDuration, Timestamp};
use local_clock::Clock;

use super::{
    Application, Progress, Target,
    client::Client,
    expected::{Answer, answer},
    plan::{Arrival, Kind},
    record::{Outcome, Record},
    webhooks::{Edit, Webhooks},
    workload::{Asked, Crowd},
};

/// The time for a response. Source: Discord, "Receiving and Responding".
const ANSWER_WITHIN: Duration = Duration::from_secs(3);
/// The wait for edits after the last arrival: longer than one retry by the queue (90 s).
const EDITS_WITHIN: Duration = Duration::from_secs(120);
/// The wait for edits while warming up.
const FIRST_EDITS_WITHIN: Duration = Duration::from_secs(15);
/// Concurrent interactions while warming up.
const AT_ONCE: usize = 8;

/// The moment from which planned times are counted.
#[derive(Clone, Copy)]
pub(super) struct Start {
    pub(super) instant: Instant,
    pub(super) time: Timestamp,
}

impl Start {
    fn time_of(self, arrival: Arrival) -> Timestamp {
        let at = SignedDuration::try_from(arrival.at).unwrap_or_default();
        self.time.checked_add(at).unwrap_or(self.time)
    }
}

/// An interaction that has its response, but possibly not its edit.
pub(super) struct Sent {
    arrival: Arrival,
    lag: Duration,
    took: Duration,
    answer: Answer,
    token: String,
}

/// An interaction of the warm-up.
enum First {
    /// `/weather` of a place, by this member.
    Place(usize, &'static str),
    /// `/settings` of this manager's guild.
    Panel(usize),
}

pub(super) struct Sender {
    client: Client,
    url: String,
    application: Application,
    crowd: Crowd,
    webhooks: Webhooks,
    sent: AtomicU64,
    answered: AtomicU64,
    wrong: AtomicU64,
}

impl Sender {
    pub(super) fn new(application: Application, target: &Target, crowd: Crowd, webhooks: Webhooks) -> Self {
        Self {
            client: Client::new(),
            url: format!("{}/interactions", target.url),
            application,
            crowd,
            webhooks,
            sent: AtomicU64::new(0),
            answered: AtomicU64::new(0),
            wrong: AtomicU64::new(0),
        }
    }

    /// Warms the stack up: environments start, every known place gets into the cache, and every manager gets a
    /// settings message.
    pub(super) async fn warm_up(&self, guilds: usize, clock: &Clock) -> Result<(), String> {
        let places = Crowd::places().into_iter().enumerate().map(|(n, name)| First::Place(n, name));
        let firsts = stream::iter(places.chain((0..guilds).map(First::Panel)));
        let answers = firsts.map(|first| self.first(first, clock));
        let answers: Vec<_> = answers.buffer_unordered(AT_ONCE).collect().await;
        let mut promised = Vec::new();
        for (token, answer) in answers {
            match answer {
                Answer::Now(_) => {}
                Answer::Later => promised.push(token),
                Answer::Wrong(why) => return Err(format!("the stack is not ready for the load test: {why}")),
            }
        }
        self.wait_for(&promised, FIRST_EDITS_WITHIN).await;
        let missing = promised.iter().filter(|token| self.webhooks.edit(token) == Edit::Missing).count();
        if missing == 0 {
            return Ok(());
        }
        Err(format!(
            "{missing} deferred replies did not arrive here. Was the stack started with --discord-api-base?"
        ))
    }

    async fn first(&self, first: First, clock: &Clock) -> (String, Answer) {
        let now = clock.now();
        let (member, kind, asked) = match first {
            First::Place(member, name) => {
                (member, Kind::Weather, Some(self.crowd.asks_for(name, member, now)))
            }
            First::Panel(manager) => (manager, Kind::Settings, self.crowd.asks(manager, Kind::Settings, now)),
        };
        let Some(asked) = asked else {
            return (String::new(), Answer::Wrong("no interaction to send".to_owned()));
        };
        (asked.token.clone(), self.ask(member, kind, asked, now).await)
    }

    pub(super) async fn send(self: Arc<Self>, arrival: Arrival, start: Start) -> Sent {
        let since = || start.instant.elapsed().saturating_sub(arrival.at);
        let (lag, born) = (since(), start.time_of(arrival));
        self.sent.fetch_add(1, Ordering::Relaxed);
        let (token, answer) = match self.crowd.asks(arrival.member, arrival.kind, born) {
            Some(asked) => (asked.token.clone(), self.ask(arrival.member, arrival.kind, asked, born).await),
            None => (String::new(), Answer::Wrong("no panel with a select menu".to_owned())),
        };
        let count = if matches!(answer, Answer::Wrong(_)) { &self.wrong } else { &self.answered };
        count.fetch_add(1, Ordering::Relaxed);
        Sent { arrival, lag, took: since(), answer, token }
    }

    async fn ask(&self, member: usize, kind: Kind, asked: Asked, at: Timestamp) -> Answer {
        self.webhooks.expect(&asked.token, kind);
        let answer = self.post(kind, at, asked.body).await;
        if let Answer::Now(shown) = &answer {
            self.crowd.sees(member, shown);
        }
        answer
    }

    async fn post(&self, kind: Kind, at: Timestamp, body: String) -> Answer {
        let mut request = Request::post(&self.url);
        for (name, value) in (self.application.sign)(at, &body) {
            request = request.header(name, value);
        }
        let Ok(request) = request.body(Bytes::from(body)) else {
            return Answer::Wrong("no request".to_owned());
        };
        match self.client.send(request, ANSWER_WITHIN).await {
            Ok(response) => answer(kind, self.application.version, response.status(), response.body()),
            Err(failed) => Answer::Wrong(format!("no answer: {failed}")),
        }
    }

    /// Waits for the last edits, and combines them with what was sent.
    pub(super) async fn settle(&self, sent: Vec<Sent>, start: Start) -> Vec<Record> {
        let promised: Vec<String> =
            sent.iter().filter(|sent| sent.answer == Answer::Later).map(|sent| sent.token.clone()).collect();
        self.wait_for(&promised, EDITS_WITHIN).await;
        sent.into_iter().map(|sent| self.record(sent, start)).collect()
    }

    fn record(&self, sent: Sent, start: Start) -> Record {
        let Sent { arrival, lag, took, answer, token } = sent;
        let outcome = match (answer, self.webhooks.edit(&token)) {
            (Answer::Wrong(why), _) | (Answer::Later, Edit::Wrong(why)) => Outcome::Wrong(why),
            (Answer::Now(_), Edit::Missing) => Outcome::Answered,
            (Answer::Now(_), _) => Outcome::Wrong("edited without being deferred".to_owned()),
            (Answer::Later, Edit::At(at)) => {
                Outcome::Edited(at.duration_since(start.instant).saturating_sub(arrival.at))
            }
            (Answer::Later, Edit::Missing) => Outcome::Lost,
        };
        Record { arrival, lag, took, outcome }
    }

    async fn wait_for(&self, promised: &[String], within: Duration) {
        let begun = Instant::now();
        let is_missing = |token: &String| self.webhooks.edit(token) == Edit::Missing;
        while begun.elapsed() < within && promised.iter().any(is_missing) {
            tokio::time::sleep(Duration::from_millis(50)).await;
        }
    }

    pub(super) fn progress(&self, start: Start) -> Progress {
        let count = |counter: &AtomicU64| counter.load(Ordering::Relaxed);
        Progress {
            at: start.instant.elapsed(),
            sent: count(&self.sent),
            answered: count(&self.answered),
            wrong: count(&self.wrong),
        }
    }
}
