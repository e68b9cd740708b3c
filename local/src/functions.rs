//! The functions of the stack: the real handlers, in environments that count what their users saw.

use std::{cell::Cell, time::Duration};

use bot::config::{Config, InteractionsConfig, JobsConfig};
use discord::{Verifier, development_key};
use interactions::Interactions;
use jobs::Jobs;
use serde_json::value::RawValue;

use crate::{
    Error, Options,
    clock::Clock,
    discord::Discord,
    lambda::{Function, Handler, InvokeError},
    settings::{INTERACTIONS_TIMEOUT, JOBS_TIMEOUT},
    status::Tallies,
    steps::{Steps, Watched},
};

/// The names of the functions.
const INTERACTIONS: &str = "interactions";
const JOBS: &str = "jobs";

const MAX_SIGNATURE_AGE: Duration = Duration::from_secs(300);

pub(crate) fn interactions(
    options: &Options,
    common: &Config,
    discord: &Discord,
    clock: &Clock,
    (tallies, steps): (&Tallies, &Steps),
) -> Result<Function, Error> {
    if let Some(keys) = &options.public_keys {
        // On their own first, so that a bad one is counted as it was given.
        Verifier::new(keys, MAX_SIGNATURE_AGE)?;
    }
    let keys: Vec<_> = std::iter::once(discord.public_key()).chain(options.public_keys.clone()).collect();
    let development = Verifier::new(development_key::PUBLIC_KEY, MAX_SIGNATURE_AGE)?;
    let verifier = Verifier::new(&keys.join(","), MAX_SIGNATURE_AGE)?.and(development);
    let config = InteractionsConfig { common: common.clone(), verifier };
    let (time, seed, tallies, steps) = (clock.clone(), options.seed, tallies.clone(), steps.clone());
    let init = move |number| {
        let made = Interactions::new(config.clone(), bots(&time), chance(seed, number)).ok()?;
        tallies.add(made.tally());
        Some(watched(made, &steps, INTERACTIONS, number))
    };
    Ok(Function::new(INTERACTIONS, INTERACTIONS_TIMEOUT, options.environments, clock.clone(), init))
}

pub(crate) fn jobs(
    options: &Options,
    config: JobsConfig,
    clock: &Clock,
    (tallies, steps): (&Tallies, &Steps),
) -> Function {
    let (time, seed, tallies, steps) = (clock.clone(), options.seed, tallies.clone(), steps.clone());
    let init = move |number| {
        let made = Jobs::new(config.clone(), bots(&time), chance(!seed, number)).ok()?;
        tallies.add(made.tally());
        Some(watched(made, &steps, JOBS, number))
    };
    Function::new(JOBS, JOBS_TIMEOUT, options.environments, clock.clone(), init)
}

fn watched<H>(handler: H, steps: &Steps, function: &'static str, environment: u64) -> Watched<H> {
    Watched { handler, steps: steps.clone(), function, environment, warm: Cell::default() }
}

fn bots(clock: &Clock) -> bot::Clock {
    let clock = clock.clone();
    bot::Clock::new(move || clock.now())
}

/// A seed for each environment of a function.
fn chance(seed: u64, number: u64) -> u64 {
    fastrand::Rng::with_seed(seed.wrapping_add(number)).u64(..)
}

impl Handler for Interactions {
    async fn handle(&self, event: &RawValue, _: u64) -> Result<String, InvokeError> {
        serde_json::to_string(&self.handle(event).await).map_err(|_| InvokeError::Event)
    }
}

impl Handler for Jobs {
    async fn handle(&self, event: &RawValue, deadline: u64) -> Result<String, InvokeError> {
        let event = serde_json::from_str(event.get()).map_err(|_| InvokeError::Event)?;
        serde_json::to_string(&self.handle(&event, deadline).await).map_err(|_| InvokeError::Event)
    }
}
