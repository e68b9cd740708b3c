//! The engine with a DynamoDB, queues and a simulated Discord, on one thread and without sockets.
//!
//! Tokio's clock is paused and is the clock of all parts, so it advances only while all tasks wait: a timeout takes
//! no real time. A test receives queue messages itself, one at a time, where on Lambda the jobs function would be
//! invoked.

use std::{
    sync::{
        Arc,
        atomic::{AtomicU64, Ordering},
    },
    time::Duration,
};

use aws::{Aws, telemetry};
use discord::envelope::Incoming;
use domain::{
    Delivery, Queued,
    attempt::{Disposition, Ended},
    dead_letter::REDRIVEN,
    measurement::Outcome,
};
use jiff::Timestamp;
use local_clock::Clock;
use local_discord::{Discord, InteractionId};
use local_dynamodb::DynamoDb;
use local_open_meteo::OpenMeteo;
use local_sqs::{Outgoing, Queues};
use parking_lot::Mutex;
use serde_json::Value;
use steward_engine::{Services, config::Config, deferred::Worker, interaction};
use tracing::subscriber::DefaultGuard;
use tracing_subscriber::layer::SubscriberExt;

use crate::{
    commands::Commands,
    member::Interaction,
    setup::{self, Logs},
    wire::{Connected, FakeServices, Wire},
};

/// A Friday noon.
const START: i64 = 1_800_014_400;
pub const JOBS: &str = "jobs";
pub const DEAD: &str = "jobs-dead";
pub const TIMERS: &str = "timers";
/// The timeout of the jobs function.
const INVOCATION: Duration = Duration::from_secs(30);
/// Time for what needs no time: all other tasks run first.
const MOMENT: Duration = Duration::from_millis(1);

/// How each interaction ended in the interactions function, and its command.
pub type Answered = Arc<Mutex<Vec<(InteractionId, Outcome, Option<&'static str>)>>>;

/// Everything that a test uses.
pub struct TestApp {
    pub clock: Clock,
    pub discord: Discord,
    pub queues: Queues,
    pub weather: OpenMeteo,
    pub wire: Arc<Wire>,
    pub services: Arc<Services>,
    pub worker: Worker,
    config: Config,
    environments: AtomicU64,
    answered: Answered,
    logs: Logs,
    _logging: DefaultGuard,
}

impl TestApp {
    pub async fn open() -> Self {
        let logs = Logs::default();
        let written = logs.clone();
        let lines = telemetry::lines(Some("debug"), setup::metrics(), move || written.clone());
        let logging = tracing::subscriber::set_default(tracing_subscriber::registry().with(lines));
        let clock = Clock::simulated(Timestamp::from_second(START).unwrap());
        let discord = setup::discord(&clock);
        let queues = setup::queues(&clock);
        let dynamodb = Arc::new(DynamoDb::open(None).unwrap());
        let time = clock.clone();
        let weather = OpenMeteo::new(move || time.now());
        let wire = Arc::new(Wire::to(FakeServices::new(&dynamodb, &queues, &discord, &weather)));
        outbound::simulated::install(Some(Arc::new(Connected(Arc::clone(&wire)))));
        let config = setup::config(&discord);
        Aws::new(config.aws.clone()).create_tables().await.unwrap();
        setup::register(&discord).await;
        let services = setup::services(&config, &clock, 1);
        let worker = setup::worker(&config, &clock, 2);
        let answered = Answered::default();
        setup::deliver(&discord, &services, &answered);
        wire.forget();
        Self {
            clock,
            discord,
            queues,
            weather,
            wire,
            services,
            worker,
            config,
            environments: AtomicU64::new(2),
            answered,
            logs,
            _logging: logging,
        }
    }

    /// Another environment of the interactions function, which shares nothing in memory with the first.
    pub fn another_environment(&self) -> Arc<Services> {
        setup::services(&self.config, &self.clock, self.seed())
    }

    /// The interactions function without rate limits.
    pub fn services_without_limits(&self) -> Arc<Services> {
        setup::services(&Config { limits: false, ..self.config.clone() }, &self.clock, self.seed())
    }

    /// Another environment of the jobs function.
    pub fn another_worker(&self) -> Worker {
        setup::worker(&self.config, &self.clock, self.seed())
    }

    /// The tables, as another function or an operator reaches them.
    pub fn aws(&self) -> Aws {
        Aws::new(self.config.aws.clone())
    }

    fn seed(&self) -> u64 {
        self.environments.fetch_add(1, Ordering::Relaxed) + 1
    }

    /// A member of an English guild types a command.
    pub async fn says(&self, line: &str) -> Interaction<'_> {
        self.said_by("Bartholomew Finch", line).await
    }

    /// Another member types a command. Zdenka Vlasak speaks German.
    pub async fn said_by(&self, member: &str, line: &str) -> Interaction<'_> {
        let id = self.discord.say(member, "general", line).await.expect("the client sends it");
        self.answer_to(id).await
    }

    /// The choices for an unfinished command, and the outcome.
    pub async fn completes(&self, line: &str) -> (Vec<String>, Outcome) {
        let offered = self.discord.complete("Bartholomew Finch", "general", line).await.unwrap();
        let outcome = self.answered.lock().last().expect("an interaction").1;
        (offered.into_iter().map(|(name, _)| name).collect(), outcome)
    }

    /// Waits until the interactions function has answered.
    pub async fn answer_to(&self, id: InteractionId) -> Interaction<'_> {
        while self.outcome_of(id).is_none() {
            assert!(!self.discord.view(id).unwrap().failed(), "Discord has given up");
            tokio::time::sleep(MOMENT).await;
        }
        tokio::time::sleep(MOMENT).await;
        Interaction { app: self, id }
    }

    /// How an interaction ended in the interactions function, and its command.
    pub fn outcome_of(&self, id: InteractionId) -> Option<(Outcome, Option<&'static str>)> {
        let answered = self.answered.lock();
        answered.iter().find(|(of, ..)| *of == id).map(|(_, outcome, command)| (*outcome, *command))
    }

    /// The response of this environment to an interaction with these fields, a token, and an id of now if it has none; and its outcome:
    /// for what the simulated Discord would not send.
    pub async fn answer(&self, services: &Arc<Services>, mut fields: Value) -> (Value, Outcome) {
        let now = self.clock.now();
        if fields["id"].is_null() {
            fields["id"] = id_at(now).to_string().into();
        }
        fields["token"] = "t".into();
        let body = fields.to_string();
        let Ok(Incoming::Interaction(envelope)) = Incoming::parse(&body) else { panic!("{body}") };
        let answered = interaction::answer::<Commands>(services, &envelope, &body, now).await;
        (serde_json::from_str(&answered.body).unwrap(), answered.outcome)
    }

    /// Receives a job and does it, as one invocation of the jobs function.
    pub async fn work(&self) -> Ended {
        self.receive(JOBS, &self.worker).await
    }

    /// Receives a message of a queue in this environment, and does with it what the function would.
    pub async fn receive(&self, queue: &str, worker: &Worker) -> Ended {
        let received = self.queues.receive(queue, 1, Duration::ZERO).await.unwrap();
        let message = received.first().expect("a message");
        let queued = Queued::parse(&message.stored.body).unwrap();
        let ends = self.clock.now() + INVOCATION;
        let source = format!("arn:aws:sqs:us-east-1:000000000000:{queue}");
        let delivery = Delivery {
            source: &source,
            group: message.stored.group.as_deref(),
            is_redriven: message.stored.attributes.contains_key(REDRIVEN),
            ..delivery(&message.stored.body, message.stored.receive_count, ends)
        };
        let ended = worker.perform(&queued, &delivery).await;
        match ended.message {
            Disposition::Delete => self.queues.delete(queue, &message.receipt_handle).unwrap(),
            Disposition::RetryAfter(after) => {
                let seconds = after.as_millis().div_ceil(1_000).try_into().unwrap();
                self.queues.change_visibility(queue, &message.receipt_handle, seconds).unwrap();
            }
            Disposition::Retry => {}
        }
        ended
    }

    /// Does a job that the queue delivers for the n-th time, without the queue.
    pub async fn perform(&self, worker: &Worker, body: &str, receives: u32) -> Ended {
        let ends = self.clock.now() + INVOCATION;
        worker.perform(&Queued::parse(body).unwrap(), &delivery(body, receives, ends)).await
    }

    /// Advances the clock by seconds.
    pub fn pass(&self, seconds: u64) {
        self.clock.advance(Duration::from_secs(seconds));
    }

    /// The number of messages in a queue: visible, in flight and delayed.
    pub fn queued(&self, queue: &str) -> u64 {
        let depths = self.queues.list().unwrap();
        let depth = depths.iter().find(|depth| depth.name == queue).expect("a queue");
        depth.visible + depth.in_flight + depth.delayed
    }

    /// The body of the oldest message of a queue.
    pub fn message(&self, queue: &str) -> String {
        self.queues.peek(queue, 1).unwrap().first().expect("a message").body.clone()
    }

    /// Sends a message to a queue.
    pub fn send(&self, queue: &str, body: &str) {
        self.queues.send(queue, &Outgoing::new(body)).unwrap();
    }

    /// All log lines, of level `debug` and above.
    pub fn lines(&self) -> Vec<Value> {
        let logs = String::from_utf8(self.logs.0.lock().clone()).unwrap();
        logs.lines().map(|line| serde_json::from_str(line).unwrap()).collect()
    }

    /// The log lines with this message.
    pub fn logged(&self, message: &str) -> Vec<Value> {
        self.lines().into_iter().filter(|line| line["message"] == message).collect()
    }

    /// The faults that were logged for an interaction, as component and code.
    pub fn faults(&self, id: InteractionId) -> Vec<String> {
        let text = |value: &Value| value.as_str().unwrap_or_default().to_owned();
        let its = self.logged("fault").into_iter().filter(|line| line["interaction"] == *id.to_string());
        its.map(|line| format!("{}: {}", text(&line["component"]), text(&line["code"]))).collect()
    }

    /// The steps of an interaction that were logged.
    pub fn steps(&self, id: InteractionId) -> Vec<String> {
        let its = self.logged("step").into_iter().filter(|line| line["interaction"] == *id.to_string());
        its.map(|line| line["step"].as_str().unwrap().to_owned()).collect()
    }
}

/// Whether a message comes back after these seconds, or up to a quarter later.
pub fn is_pause(ended: Ended, seconds: u64) -> bool {
    let pause = Duration::from_secs(seconds);
    matches!(ended.message, Disposition::RetryAfter(after) if (pause..=pause * 5 / 4).contains(&after))
}

/// The n-th delivery of a message from the queue of jobs, in an invocation that ends then.
pub fn delivery(body: &str, receives: u32, ends: Timestamp) -> Delivery<'_> {
    let source = "arn:aws:sqs:us-east-1:000000000000:jobs";
    Delivery { body, source, group: None, receives, sent: ends - INVOCATION, is_redriven: false, ends }
}

/// The first id of a time.
pub fn id_at(time: Timestamp) -> u64 {
    /// Source: Discord, "Snowflakes".
    const EPOCH: u64 = 1_420_070_400_000;
    (u64::try_from(time.as_millisecond()).unwrap() - EPOCH) << 22
}
