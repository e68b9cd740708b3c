//! Probes a new version before it gets traffic, and the bot once a minute.
//!
//! It is deployed three times: as the hook of each of the two functions, which CodeDeploy calls before a new
//! version gets traffic, and as the heartbeat, which EventBridge Scheduler calls once a minute.
#![warn(missing_docs)]

mod heartbeat;
mod interaction;
mod target;

use std::{sync::Arc, time::Duration};

use aws::{Aws, CodeDeploy, Lambda, ProbeResult, QualifiedFunction, Store};
use domain::{
    ApplicationId, Clock,
    config::{ConfigError, Configuration, Variables},
    measurement::OutcomeCounters,
};
use runtime::{Function, Invocation};
use serde::{Deserialize, Serialize};

pub use target::Probed;

const PROBED_FUNCTION: &str = "PROBED_FUNCTION";
const PROBE_TARGET: &str = "PROBE_TARGET";
const INTERACTIONS_URL: &str = "INTERACTIONS_URL";
const APPLICATION_ID: &str = "DISCORD_APPLICATION_ID";

/// How often a result is reported to CodeDeploy until it is accepted. Without a report the deployment would wait
/// for an hour.
const MAX_REPORTS: u32 = 4;
/// The pause before the next report; it doubles.
const FIRST_PAUSE: Duration = Duration::from_millis(500);

/// The configuration from environment variables.
#[derive(Clone, Debug)]
pub struct Config {
    /// Region, credentials and table names.
    pub aws: aws::Config,
    /// The bot's application.
    pub application: ApplicationId,
    /// Which function is probed.
    pub probed: Probed,
    /// The version or alias that is probed.
    pub target: QualifiedFunction,
    /// The public interactions endpoint; the heartbeat's alone.
    pub interactions_url: Option<String>,
}

impl Configuration for Config {
    fn variables() -> Vec<&'static str> {
        [aws::Config::variables(), vec![PROBED_FUNCTION, PROBE_TARGET, INTERACTIONS_URL, APPLICATION_ID]]
            .concat()
    }

    fn from_variables(variables: &Variables<'_>) -> Result<Self, ConfigError> {
        let id = variables.needed(APPLICATION_ID)?;
        let wrong = |_| ConfigError::wrong(APPLICATION_ID, "it must be the application's id, a number");
        let probed = Probed::named(&variables.needed(PROBED_FUNCTION)?);
        Ok(Self {
            aws: aws::Config::from_variables(variables)?.in_background(),
            application: id.parse().map_err(wrong)?,
            probed: probed
                .ok_or_else(|| ConfigError::wrong(PROBED_FUNCTION, "it must be interactions or jobs"))?,
            target: QualifiedFunction::from_arn(PROBE_TARGET, &variables.needed(PROBE_TARGET)?)?,
            interactions_url: variables.optional(INTERACTIONS_URL),
        })
    }
}

/// The probe function.
#[derive(Debug)]
pub struct Probe {
    application: ApplicationId,
    probed: Probed,
    target: QualifiedFunction,
    interactions_url: Option<String>,
    lambda: Lambda,
    codedeploy: CodeDeploy,
    results: Store<ProbeResult>,
    http: outbound::Client,
    clock: Clock,
    counters: Arc<OutcomeCounters>,
}

/// What calls the function.
#[derive(Debug, Deserialize)]
#[serde(untagged)]
pub enum Event {
    /// CodeDeploy, before a new version gets traffic. Source: CodeDeploy, "AppSpec 'hooks' section", Lambda.
    #[serde(rename_all = "PascalCase")]
    Hook {
        /// The deployment's id.
        deployment_id: String,
        /// The id with which the result is reported.
        lifecycle_event_hook_execution_id: String,
    },
    /// EventBridge Scheduler, once a minute; its input is `{"heartbeat": true}`.
    Heartbeat {
        /// Always true; it tells the events apart.
        heartbeat: bool,
    },
}

/// What was found.
#[derive(Clone, Debug, PartialEq, Eq, Serialize)]
pub struct Findings {
    /// Whether everything works.
    pub ok: bool,
    /// What does not work, a sentence each.
    pub failures: Vec<String>,
}

impl Probe {
    /// Probes the new version, and reports the result to CodeDeploy.
    async fn hook(&self, deployment: &str, execution: &str) -> Findings {
        let mut failures = self.probe(&self.target).await;
        let reason = failures.join("; ");
        match failures.is_empty() {
            true => tracing::info!(deployment, probed = self.probed.name(), "the new version works"),
            false => tracing::error!(
                deployment,
                probed = self.probed.name(),
                reason,
                "the new version does not work"
            ),
        }
        if let Err(fault) = self.report(deployment, execution, failures.is_empty()).await {
            tracing::error!(deployment, %fault, "CodeDeploy does not take the result of the hook");
            failures.push(format!("CodeDeploy does not take the result: {fault}"));
        }
        Findings { ok: failures.is_empty(), failures }
    }

    /// Reports the result, again if it is not accepted.
    async fn report(&self, deployment: &str, execution: &str, succeeded: bool) -> Result<(), domain::Fault> {
        let (mut pause, mut reports) = (FIRST_PAUSE, 1);
        loop {
            let reported = self.codedeploy.report(deployment, execution, succeeded, self.clock.now()).await;
            if reported.is_ok() || reports == MAX_REPORTS {
                return reported;
            }
            tokio::time::sleep(pause).await;
            pause *= 2;
            reports += 1;
        }
    }

    /// What does not work in a version or behind an alias.
    async fn probe(&self, target: &QualifiedFunction) -> Vec<String> {
        match self.probed {
            Probed::Interactions => self.probe_interactions(target).await,
            Probed::Jobs => self.probe_jobs(target).await.err().into_iter().collect(),
        }
    }
}

impl Function for Probe {
    const NAME: &'static str = "probe";
    const TIMEOUT: Duration = Duration::from_secs(50);
    type Config = Config;
    type Event<'a> = Event;
    type Response = Findings;

    fn new(config: Config, clock: Clock, _: u64) -> Result<Self, ConfigError> {
        let Config { aws, application, probed, target, interactions_url } = config;
        let aws = Aws::new(aws);
        Ok(Self {
            application,
            probed,
            target,
            interactions_url,
            lambda: aws.lambda(),
            codedeploy: aws.codedeploy(),
            results: aws.store(),
            http: outbound::Client::new(),
            clock,
            counters: Arc::default(),
        })
    }

    async fn handle(&self, event: Self::Event<'_>, _: &Invocation) -> Findings {
        match event {
            Event::Hook { deployment_id, lifecycle_event_hook_execution_id } => {
                self.hook(&deployment_id, &lifecycle_event_hook_execution_id).await
            }
            Event::Heartbeat { .. } => self.heartbeat().await,
        }
    }

    fn counters(&self) -> &Arc<OutcomeCounters> {
        &self.counters
    }
}
