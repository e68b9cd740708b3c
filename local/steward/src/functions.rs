//! The real Lambda functions, run by the stack, each in its own environments.

use std::{cell::Cell, time::Duration};

use commands::Commands;
use discord::{Verifier, development_key};
use domain::config::{Configuration, Variables};
use engine::Registry;
use health::Health;
use interactions::Interactions;
use jobs::Jobs;
use local_clock::Clock;
use local_discord::Discord;
use local_lambda::{Function, Handler, InvocationContext, InvokeError};
use probe::Probe;
use runtime::Invocation;
use serde_json::value::RawValue;

use crate::{
    Error, Options, Stack,
    settings::{JOBS, JOBS_BATCH, TIMERS, TIMERS_BATCH},
    spans::{Spans, TracedHandler},
    status::Counters,
};

/// The list of functions. Each entry has its type (`R` is the registry of commands), the queues that invoke it
/// with their `BatchSize`, and a closure that changes the configuration read from the variables.
macro_rules! functions {
    ($($function:ty, reads [$($queue:expr),*], $configure:expr;)+) => {
        /// What template.yaml must declare for each, in the order of the list.
        pub fn described() -> Vec<FunctionDescription> {
            fn with<R: Registry>() -> Vec<FunctionDescription> {
                vec![$(FunctionDescription::of::<$function>(&[$($queue),*])),+]
            }
            with::<Commands>()
        }

        /// All of them, in the order of the list.
        pub(crate) fn all<R: Registry>(host: &Host<'_>) -> Result<Vec<Deployed>, Error> {
            Ok(vec![$(Deployed {
                function: host.deploy::<$function>($configure)?,
                reads: &[$($queue),*],
            }),+])
        }
    };
}

functions! {
    Interactions<R>, reads [], |host, config| {
        config.common.limits = host.options.limits;
        config.verifier = host.verifier()?;
        Ok(())
    };
    Jobs<R>, reads [(JOBS, JOBS_BATCH), (TIMERS, TIMERS_BATCH)], |host, config| {
        config.common.limits = host.options.limits;
        Ok(())
    };
    Health, reads [], |_, _| Ok(());
    Probe, reads [], |_, _| Ok(());
    // Add further functions here.
}

/// A function's properties, which template.yaml must repeat.
#[derive(Clone, Debug)]
pub struct FunctionDescription {
    /// Its name, the same as its binary's.
    pub name: &'static str,
    /// Its `Timeout`.
    pub timeout: Duration,
    /// Its own environment variables, without those that every function has.
    pub variables: Vec<&'static str>,
    /// The queues that invoke it, with the `BatchSize` of each.
    pub reads: &'static [(&'static str, u32)],
}

impl FunctionDescription {
    fn of<F: runtime::Function>(reads: &'static [(&'static str, u32)]) -> Self {
        Self { name: F::NAME, timeout: F::TIMEOUT, variables: F::Config::variables(), reads }
    }
}

/// A function and the queues that invoke it.
pub(crate) struct Deployed {
    pub(crate) function: Function,
    /// The queues that it reads, with the `BatchSize` of each.
    pub(crate) reads: &'static [(&'static str, u32)],
}

/// What the functions of a stack share.
pub(crate) struct Host<'a> {
    pub(crate) options: &'a Options,
    /// The environment variables of every function.
    pub(crate) variables: &'a [(&'static str, String)],
    pub(crate) discord: &'a Discord,
    pub(crate) clock: &'a Clock,
    pub(crate) counters: &'a Counters,
    pub(crate) spans: &'a Spans,
}

impl Host<'_> {
    fn deploy<F: runtime::Function>(
        &self,
        configure: impl FnOnce(&Self, &mut F::Config) -> Result<(), Error>,
    ) -> Result<Function, Error> {
        let mut config = configured::<F>(|name| {
            self.variables.iter().find(|(known, _)| *known == name).map(|(_, value)| value.clone())
        })?;
        configure(self, &mut config)?;
        let observed = Observed { clock: self.clock, counters: self.counters, spans: self.spans };
        Ok(observed.function::<F>(config, self.options.seed, self.options.environments))
    }

    /// Accepts the keys of the simulated Discord, of `--public-key`, and of the sample events.
    fn verifier(&self) -> Result<Verifier, Error> {
        const MAX_AGE: Duration = Duration::from_secs(300);
        if let Some(keys) = &self.options.public_keys {
            // Checked alone first, so that the error names a bad key by its position in the option.
            Verifier::new(keys, MAX_AGE)?;
        }
        let keys: Vec<_> =
            std::iter::once(self.discord.public_key()).chain(self.options.public_keys.clone()).collect();
        let development = Verifier::new(development_key::PUBLIC_KEY, MAX_AGE)?;
        Ok(Verifier::new(&keys.join(","), MAX_AGE)?.and(development))
    }
}

/// The configuration of a function with these variables, and its name as its access key: as in AWS, where each has the
/// keys of its role, a call says which function it is of.
fn configured<F: runtime::Function>(variable: impl Fn(&str) -> Option<String>) -> Result<F::Config, Error> {
    let variable = |name: &str| match name {
        "AWS_ACCESS_KEY_ID" => Some(F::NAME.to_owned()),
        _ => variable(name),
    };
    Ok(F::Config::from_variables(&Variables::new(&variable))?)
}

/// What observes the environments of a function.
struct Observed<'a> {
    clock: &'a Clock,
    counters: &'a Counters,
    spans: &'a Spans,
}

impl Observed<'_> {
    fn function<F: runtime::Function>(&self, config: F::Config, seed: u64, environments: usize) -> Function {
        let (time, counters, spans) = (self.clock.clone(), self.counters.clone(), self.spans.clone());
        let seed = seed.wrapping_add(salt(F::NAME));
        let init = move |number| {
            let clock = time.clone();
            let clock = domain::Clock::new(move || clock.now());
            let function = F::new(config.clone(), clock, chance(seed, number)).ok()?;
            counters.add(function.counters());
            let handler = Hosted { function, is_warm: Cell::default() };
            let (spans, function) = (spans.clone(), F::NAME);
            Some(TracedHandler { handler, spans, function, environment: number, warm: Cell::default() })
        };
        Function::new(F::NAME, F::TIMEOUT, environments, self.clock.clone(), init)
    }
}

impl Stack {
    /// Adds a version of a function, with one environment, whose variables differ in these from those of the alias
    /// `live`, as after a release with other parameters.
    ///
    /// # Errors
    /// [`Error::Config`] if a variable is wrong.
    pub fn add_version<F: runtime::Function>(
        &self,
        version: &str,
        changed: &[(&str, &str)],
    ) -> Result<Function, Error> {
        let config = configured::<F>(|name| {
            let changed = changed.iter().find(|(known, _)| *known == name).map(|(_, value)| *value);
            let all = self.variables.lines().filter_map(|line| line.split_once('='));
            let value = changed.or_else(|| all.into_iter().find(|(known, _)| *known == name).map(|it| it.1));
            value.map(str::to_owned)
        })?;
        let observed = Observed { clock: &self.clock, counters: &self.counters, spans: &self.spans };
        let function = observed.function::<F>(config, 0, 1);
        self.releases.add_version(F::NAME, version, function.clone());
        Ok(function)
    }
}

/// Differs by function, so that functions with the same seed do not draw the same random numbers.
fn salt(name: &str) -> u64 {
    name.bytes().fold(0, |salt, byte| salt * 31 + u64::from(byte))
}

/// The seed of one environment of a function.
fn chance(seed: u64, number: u64) -> u64 {
    fastrand::Rng::with_seed(seed.wrapping_add(number)).u64(..)
}

/// Adapts a [`runtime::Function`] to the stack's environments.
struct Hosted<F> {
    function: F,
    is_warm: Cell<bool>,
}

impl<F: runtime::Function> Handler for Hosted<F> {
    async fn handle(&self, event: &RawValue, context: InvocationContext) -> Result<String, InvokeError> {
        let InvocationContext { deadline, request_id, trace_header } = context;
        let invocation = Invocation::new(deadline, !self.is_warm.replace(true));
        let invocation = invocation.with_ids(request_id, Some(trace_header));
        let response = runtime::invoke(&self.function, event.get().as_bytes(), &invocation).await;
        let response = response.map_err(|_| InvokeError::Event)?;
        invocation.run_after();
        serde_json::to_string(&response).map_err(|_| InvokeError::Event)
    }
}
