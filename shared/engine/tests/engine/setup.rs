//! Starts the parts of a [`TestApp`](crate::harness::TestApp).

use std::{io, sync::Arc, time::Duration};

use aws::telemetry::{Dimensions, Metrics};
use discord::{config::Application, envelope::Incoming};
use domain::job::MAX_RECEIVES;
use http::{HeaderMap, HeaderValue, StatusCode, header};
use integrations::OpenMeteoConfig;
use local_clock::Clock;
use local_discord::{Delivered, DeliveryFuture, Discord, Options};
use local_sqs::{Attributes, Queues, RedrivePolicy};
use parking_lot::Mutex;
use steward_engine::{Registry, Services, config::Config, deferred::Worker, interaction};

use crate::{
    commands::Commands,
    harness::{Answered, DEAD, JOBS, TIMERS},
};

/// The log lines of a app.
#[derive(Clone, Default)]
pub struct Logs(pub Arc<Mutex<Vec<u8>>>);

impl io::Write for Logs {
    fn write(&mut self, bytes: &[u8]) -> io::Result<usize> {
        self.0.lock().extend_from_slice(bytes);
        Ok(bytes.len())
    }

    fn flush(&mut self) -> io::Result<()> {
        Ok(())
    }
}

pub fn metrics() -> Metrics {
    let dimensions = || Dimensions { function: "engine".to_owned(), version: "1".to_owned() };
    let clock = domain::Clock::new(|| jiff::Timestamp::UNIX_EPOCH);
    Metrics { namespace: Some("Steward/tests".to_owned()), clock, dimensions: Arc::new(dimensions) }
}

const SOON: Duration = Duration::from_secs(5);

pub fn discord(clock: &Clock) -> Discord {
    let interactions_url = "http://interactions".to_owned();
    let options = Options { database: None, clock: clock.clone(), interactions_url, seed: 7, answers: None };
    Discord::open(options).unwrap()
}

pub fn queues(clock: &Clock) -> Queues {
    let queues = Queues::open(None, clock.clone()).unwrap();
    queues.create(DEAD, &Attributes::default()).unwrap();
    let redrive_policy =
        Some(RedrivePolicy { dead_letter_queue: DEAD.to_owned(), max_receive_count: MAX_RECEIVES });
    let attributes = Attributes { redrive_policy, visibility_timeout: 180, ..Attributes::default() };
    for queue in [JOBS, TIMERS] {
        queues.create(queue, &attributes).unwrap();
    }
    queues
}

pub fn config(discord: &Discord) -> Config {
    let base = || "http://weather".parse().unwrap();
    Config {
        aws: aws::Config::emulated("http://dynamodb", "http://sqs"),
        discord: Application {
            id: discord.application_id().to_string().parse().unwrap(),
            cdn_base: "http://discord".to_owned(),
        },
        open_meteo: OpenMeteoConfig { forecasts: base(), geocoding: base() },
        jobs_queue_url: format!("http://sqs/000000000000/{JOBS}"),
        timers_queue_url: format!("http://sqs/000000000000/{TIMERS}"),
        limits: true,
        version: "test".to_owned(),
    }
}

pub fn services(config: &Config, clock: &Clock, seed: u64) -> Arc<Services> {
    let clock = clock.clone();
    Arc::new(Services::new(config.clone(), domain::Clock::new(move || clock.now()), seed))
}

pub fn worker(config: &Config, clock: &Clock, seed: u64) -> Worker {
    let dead_letters = format!("http://sqs/000000000000/{DEAD}");
    Worker::new::<Commands>(services(config, clock, seed), "http://discord", dead_letters)
}

pub async fn register(discord: &Discord) {
    let definitions: Vec<_> = Commands::commands().map(|entry| (entry.definition)()).collect();
    let body = serde_json::to_vec(&definitions).unwrap();
    let path = format!("http://discord/api/v10/applications/{}/commands", discord.application_id());
    let request = http::Request::put(path)
        .header(header::AUTHORIZATION, format!("Bot {}", discord.bot_token()))
        .header(header::USER_AGENT, "DiscordBot (https://steward.invalid, test)")
        .header(header::CONTENT_TYPE, "application/json");
    let answer = outbound::Client::new().send(request.body(body.into()).unwrap(), SOON).await.unwrap();
    assert_eq!(answer.status(), StatusCode::OK, "{:?}", answer.body());
}

/// Lets Discord post interactions to this environment of the interactions function.
pub fn deliver(discord: &Discord, services: &Arc<Services>, answered: &Answered) {
    let (services, answered) = (Arc::clone(services), Arc::clone(answered));
    discord.set_transport(Arc::new(move |request| -> DeliveryFuture {
        let (services, answered) = (Arc::clone(&services), Arc::clone(&answered));
        Box::pin(async move {
            let body = std::str::from_utf8(request.body()).unwrap();
            let Ok(Incoming::Interaction(envelope)) = Incoming::parse(body) else { panic!("{body}") };
            let answer = interaction::answer::<Commands>(&services, &envelope, body, services.now()).await;
            let id = envelope.id.to_string().parse().unwrap();
            answered.lock().push((id, answer.outcome, answer.command));
            let json = HeaderValue::from_static("application/json");
            let headers = HeaderMap::from_iter([(header::CONTENT_TYPE, json)]);
            Ok(Delivered { status: StatusCode::OK, headers, body: answer.body.into() })
        })
    }));
}
