//! The simulation of a seed: the real functions, a DynamoDB, queues and a simulated Discord, on one thread with simulated
//! time.
//!
//! Tokio's clock is paused, so time advances only while all tasks wait, and one thread runs everything in a
//! deterministic order. So a seed has the same result each time.

use std::{
    sync::{
        Arc,
        atomic::{AtomicBool, Ordering},
    },
    time::Duration,
};

use aws::Aws;
use discord::{
    Verifier,
    config::{ApiBase, Application},
};
use engine::config::Config;
use integrations::OpenMeteoConfig;
use interactions::Interactions;
use jiff::Timestamp;
use jobs::Jobs;
use local_clock::Clock;
use local_discord::{Discord, Options};
use local_dynamodb::DynamoDb;
use local_open_meteo::OpenMeteo;
use local_sqs::{Outgoing, Queues};
use runtime::{Function, Invocation};
use steward::settings::{self, JOBS, JOBS_BATCH, JOBS_DEAD, TIMERS, TIMERS_BATCH};
use tests::{
    commands::TestCommands,
    defects::{self, Defect},
};

use crate::{
    endpoint::Endpoint,
    environments::{Environments, Handler},
    fault_plan::FaultPlan,
    faults::Fault,
    network::FaultyNetwork,
    rng::Rng,
    services::Services,
    sources::Source,
    wire_defects,
};

/// The start time of every seed: a Friday noon.
const START_SECONDS: i64 = 1_800_014_400;
/// The maximum number of environments of each function.
const MAX_ENVIRONMENTS: usize = 4;
/// From this receive on, no random faults are injected into a job: one attempt must be able to end it.
const JOBS_FREE_FROM: u32 = 4;
/// The same for a watchdog message.
const WATCHDOGS_FREE_FROM: u32 = 3;
/// The maximum age of a signature.
const MAX_SIGNATURE_AGE: Duration = Duration::from_secs(300);

/// The parts of the simulation.
pub(crate) struct Simulation {
    pub(crate) clock: Clock,
    pub(crate) discord: Discord,
    pub(crate) queues: Queues,
    pub(crate) dynamodb: Arc<DynamoDb>,
    pub(crate) plan: Arc<FaultPlan>,
    pub(crate) functions: [Environments; 2],
}

impl Simulation {
    /// Must be called in a paused current-thread runtime.
    pub(crate) async fn new(seed: u64) -> Self {
        let start = Timestamp::from_second(START_SECONDS).expect("a time");
        let clock = Clock::simulated(start);
        let plan = Arc::new(FaultPlan::new(seed, &clock));
        let dynamodb = Arc::new(DynamoDb::open(None).expect("a database"));
        let queues = queues(&clock);
        let discord = Discord::open(Options {
            database: None,
            clock: clock.clone(),
            interactions_url: "http://endpoint/interactions".to_owned(),
            seed,
            answers: None,
        })
        .expect("a Discord");
        let time = clock.clone();
        let weather = OpenMeteo::new(move || time.now());
        let services = Arc::new(Services::new(&dynamodb, &queues, &discord, &weather));
        let network = FaultyNetwork { plan: Arc::clone(&plan), services };
        outbound::simulated::install(Some(Arc::new(network)));
        let config = config(&discord);
        Aws::new(config.aws.clone()).create_tables().await.expect("the tables");
        steward::register::<TestCommands>(&discord, "http://discord").await.expect("the commands are taken");
        let functions = functions(&config, &discord, &clock, &plan);
        let [interactions, jobs] = functions.clone();
        let interactions = Endpoint { plan: Arc::clone(&plan), clock: clock.clone(), interactions };
        discord.set_transport(interactions.transport());
        for (queue, kind, batch, no_faults_from) in
            [(JOBS, "job", JOBS_BATCH, JOBS_FREE_FROM), (TIMERS, "watch", TIMERS_BATCH, WATCHDOGS_FREE_FROM)]
        {
            let (plan, queues, function) = (Arc::clone(&plan), queues.clone(), jobs.clone());
            tokio::spawn(Source { plan, queues, queue, kind, batch, no_faults_from, function }.run());
        }
        Self { clock, discord, queues, dynamodb, plan, functions }
    }

    /// Sends a message that cannot be parsed to the queue of jobs.
    pub(crate) fn send_unparseable(&self, which: u64) {
        let body = if which.is_multiple_of(2) { r#"{"v":99}"#.to_owned() } else { format!("poison {which}") };
        self.queues.send(JOBS, &Outgoing::new(body)).expect("a queue");
        self.plan.history.record_fault(&[], "jobs", Fault::Poison);
    }

    /// Advances the clock, between two deliveries.
    pub(crate) async fn advance_clock(&self, by: Duration) {
        let _pause = self.discord.between_deliveries().await;
        self.clock.advance(by);
        self.plan.history.record_fault(&[], "clock", Fault::ClockJump);
    }

    /// Stops transient faults, and waits until the queues are empty and then until the last token has expired.
    pub(crate) async fn run_until_idle(&self) {
        self.plan.stop_transient_faults();
        // A job whose every receive is killed leaves its queue after 60 of them, three minutes apart.
        for _ in 0..1_200 {
            tokio::time::sleep(Duration::from_secs(10)).await;
            if self.queued(JOBS) + self.queued(TIMERS) == 0 {
                break;
            }
        }
        tokio::time::sleep(Duration::from_secs(16 * 60)).await;
    }

    /// The number of messages in a queue: visible, in flight and delayed.
    pub(crate) fn queued(&self, queue: &str) -> u64 {
        let depths = self.queues.list().expect("queues").into_iter();
        let of_it = depths.filter(|depth| depth.name == queue);
        of_it.map(|depth| depth.visible + depth.in_flight + depth.delayed).sum()
    }
}

fn queues(clock: &Clock) -> Queues {
    let queues = Queues::open(None, clock.clone()).expect("queues");
    for (name, mut attributes) in settings::queues() {
        if let Some(policy) =
            attributes.redrive_policy.as_mut().filter(|_| defects::is(Defect::CountsReceives))
        {
            policy.max_receive_count = wire_defects::EARLY_END;
        }
        queues.create(name, &attributes).expect("a queue");
    }
    queues
}

fn config(discord: &Discord) -> Config {
    Config {
        aws: aws::Config::emulated("http://dynamodb", "http://sqs"),
        discord: Application {
            id: discord.application_id().to_string().parse().expect("an id"),
            cdn_base: "http://discord".to_owned(),
        },
        open_meteo: OpenMeteoConfig {
            forecasts: "http://weather".parse().unwrap(),
            geocoding: "http://weather".parse().unwrap(),
        },
        jobs_queue_url: format!("http://sqs/000000000000/{JOBS}"),
        timers_queue_url: format!("http://sqs/000000000000/{TIMERS}"),
        limits: true,
        version: "chaos".to_owned(),
    }
}

fn functions(config: &Config, discord: &Discord, clock: &Clock, plan: &Arc<FaultPlan>) -> [Environments; 2] {
    let verifier = Verifier::new(&discord.public_key(), MAX_SIGNATURE_AGE).expect("a key");
    let interactions = interactions::Config { common: config.clone(), verifier };
    let jobs = jobs::Config {
        common: config.clone(),
        api_base: ApiBase("http://discord".to_owned()),
        dead_letters_queue_url: format!("http://sqs/000000000000/{JOBS_DEAD}"),
    };
    let source = (plan.rng, clock);
    let start_interactions = environment_starter::<Interactions<TestCommands>>(interactions, "door", source);
    let start_jobs = environment_starter::<Jobs<TestCommands>>(jobs, "jobs", source);
    [
        Environments::new(
            (Interactions::<TestCommands>::TIMEOUT, MAX_ENVIRONMENTS),
            (clock, plan),
            start_interactions,
        ),
        Environments::new((Jobs::<TestCommands>::TIMEOUT, MAX_ENVIRONMENTS), (clock, plan), start_jobs),
    ]
}

/// Returns a function that starts the environment with a given number.
fn environment_starter<F: Function>(
    config: F::Config,
    name: &'static str,
    (rng, clock): (Rng, &Clock),
) -> impl Fn(u64) -> Handler + Send + Sync + use<F> {
    let time = clock.clone();
    move |number| {
        let made = F::new(config.clone(), domain_clock(&time), environment_seed(rng, name, number));
        let function = Arc::new(made.expect("a configuration"));
        let is_warm = Arc::new(AtomicBool::new(false));
        Arc::new(move |event, deadline| {
            let function = Arc::clone(&function);
            let invocation = Invocation::new(deadline, !is_warm.swap(true, Ordering::Relaxed));
            Box::pin(async move {
                let response = runtime::invoke(&*function, event.as_bytes(), &invocation).await;
                invocation.run_after();
                response.ok().and_then(|response| serde_json::to_string(&response).ok()).unwrap_or_default()
            })
        })
    }
}

fn domain_clock(clock: &Clock) -> domain::Clock {
    let clock = clock.clone();
    domain::Clock::new(move || clock.now())
}

fn environment_seed(rng: Rng, function: &str, number: u64) -> u64 {
    rng.derive(function, number).to_seed()
}
