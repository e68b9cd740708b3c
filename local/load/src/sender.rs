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
    workload::{NewInteraction, Workload},
};

/// The time for a response. Source: Discord, "Receiving and Responding".
const RESPONSE_TIMEOUT: Duration = Duration::from_secs(3);
/// The wait for edits after the last arrival: longer than one retry by the queue (90 s).
const EDIT_TIMEOUT: Duration = Duration::from_secs(120);
/// The wait for edits while warming up.
const WARM_UP_EDIT_TIMEOUT: Duration = Duration::from_secs(15);
/// Concurrent interactions while warming up.
const WARM_UP_CONCURRENCY: usize = 8;

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
enum WarmUp {
    /// `/weather` of a place, by this member.
    Place(usize, &'static str),
    /// `/settings` of this manager's guild.
    SettingsMessage(usize),
}

pub(super) struct Sender {
    client: Client,
    url: String,
    application: Application,
    workload: Workload,
    webhooks: Webhooks,
    sent: AtomicU64,
    answered: AtomicU64,
    wrong: AtomicU64,
}

impl Sender {
    pub(super) fn new(
        application: Application,
        target: &Target,
        workload: Workload,
        webhooks: Webhooks,
    ) -> Self {
        Self {
            client: Client::new(),
            url: format!("{}/interactions", target.url),
            application,
            workload,
            webhooks,
            sent: AtomicU64::new(0),
            answered: AtomicU64::new(0),
            wrong: AtomicU64::new(0),
        }
    }

    /// Warms the stack up: environments start, every known place gets into the cache, and every manager gets a
    /// settings message.
    pub(super) async fn warm_up(&self, guilds: usize, clock: &Clock) -> Result<(), String> {
        let places = Workload::places().into_iter().enumerate().map(|(n, name)| WarmUp::Place(n, name));
        let firsts = stream::iter(places.chain((0..guilds).map(WarmUp::SettingsMessage)));
        let answers = firsts.map(|first| self.first(first, clock));
        let answers: Vec<_> = answers.buffer_unordered(WARM_UP_CONCURRENCY).collect().await;
        let mut promised = Vec::new();
        for (token, answer) in answers {
            match answer {
                Answer::Now(_) => {}
                Answer::Later => promised.push(token),
                Answer::Wrong(why) => return Err(format!("the stack is not ready for the load test: {why}")),
            }
        }
        self.wait_for(&promised, WARM_UP_EDIT_TIMEOUT).await;
        let missing = promised.iter().filter(|token| self.webhooks.edit(token) == Edit::Missing).count();
        if missing == 0 {
            return Ok(());
        }
        Err(format!(
            "{missing} deferred replies did not arrive here. Was the stack started with --discord-api-base?"
        ))
    }

    async fn first(&self, first: WarmUp, clock: &Clock) -> (String, Answer) {
        let now = clock.now();
        let (member, kind, interaction) = match first {
            WarmUp::Place(member, name) => {
                (member, Kind::Weather, Some(self.workload.weather_interaction(name, member, now)))
            }
            WarmUp::SettingsMessage(manager) => {
                (manager, Kind::Settings, self.workload.interaction_of(manager, Kind::Settings, now))
            }
        };
        let Some(interaction) = interaction else {
            return (String::new(), Answer::Wrong("nothing to ask".to_owned()));
        };
        (interaction.token.clone(), self.ask(member, kind, interaction, now).await)
    }

    pub(super) async fn send(self: Arc<Self>, arrival: Arrival, start: Start) -> Sent {
        let since = || start.instant.elapsed().saturating_sub(arrival.at);
        let (lag, created_at) = (since(), start.time_of(arrival));
        self.sent.fetch_add(1, Ordering::Relaxed);
        let (token, answer) = match self.workload.interaction_of(arrival.member, arrival.kind, created_at) {
            Some(interaction) => (
                interaction.token.clone(),
                self.ask(arrival.member, arrival.kind, interaction, created_at).await,
            ),
            None => (String::new(), Answer::Wrong("no panel with a select menu".to_owned())),
        };
        let count = if matches!(answer, Answer::Wrong(_)) { &self.wrong } else { &self.answered };
        count.fetch_add(1, Ordering::Relaxed);
        Sent { arrival, lag, took: since(), answer, token }
    }

    async fn ask(&self, member: usize, kind: Kind, interaction: NewInteraction, at: Timestamp) -> Answer {
        self.webhooks.expect(&interaction.token, kind);
        let answer = self.post(kind, at, interaction.body).await;
        if let Answer::Now(shown) = &answer {
            self.workload.store_settings_message(member, shown);
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
        match self.client.send(request, RESPONSE_TIMEOUT).await {
            Ok(response) => answer(kind, self.application.version, response.status(), response.body()),
            Err(failed) => Answer::Wrong(format!("no answer: {failed}")),
        }
    }

    /// Waits for the last edits, and combines them with what was sent.
    pub(super) async fn settle(&self, sent: Vec<Sent>, start: Start) -> Vec<Record> {
        let promised: Vec<String> =
            sent.iter().filter(|sent| sent.answer == Answer::Later).map(|sent| sent.token.clone()).collect();
        self.wait_for(&promised, EDIT_TIMEOUT).await;
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
        let started_at = Instant::now();
        let is_missing = |token: &String| self.webhooks.edit(token) == Edit::Missing;
        while started_at.elapsed() < within && promised.iter().any(is_missing) {
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
