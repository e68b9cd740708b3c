//! Runs one seed: creates the simulation, runs the members, waits until it is idle, and checks the invariants.

use std::{cell::Cell, collections::BTreeMap, panic, sync::Arc, time::Duration};

use local_discord::render;

use crate::{
    checker::{Checked, Ending, Violation, check},
    members,
    rng::mix,
    simulation::Simulation,
};

/// The number of interactions of a seed, including autocompletes, which are not checked.
pub(crate) const INTERACTIONS: usize = 500;
/// The minimum percentage of interactions that change stored items. It is 45 on average, and 39 in a seed with many
/// faults.
const EFFECTS_PERCENT: usize = 35;

/// The result of a seed.
pub(crate) struct Outcome {
    pub(crate) seed: u64,
    pub(crate) fault_rates: &'static str,
    pub(crate) interactions: usize,
    pub(crate) effects: usize,
    pub(crate) environments: u64,
    pub(crate) faults: BTreeMap<&'static str, u64>,
    pub(crate) endings: BTreeMap<Ending, u64>,
    pub(crate) violations: Vec<Violation>,
    /// The histories of the interactions with violations.
    pub(crate) histories: Vec<String>,
    /// A hash of everything that users saw and that is stored.
    pub(crate) digest: u64,
}

impl Outcome {
    /// The violations that count as detecting a defect: those of interactions and stored items. A panic, or a seed with
    /// too few effects, does not count.
    pub(crate) fn detecting_violations(&self) -> impl Iterator<Item = &Violation> {
        self.violations.iter().filter(|violation| violation.id.is_some() || violation.is_stored)
    }
}

thread_local! {
    static PANICS: Cell<usize> = const { Cell::new(0) };
}

/// Counts panics from now on, caught or not, because none is expected.
pub(crate) fn count_panics() {
    let show = panic::take_hook();
    panic::set_hook(Box::new(move |panic| {
        PANICS.with(|panics| panics.set(panics.get() + 1));
        show(panic);
    }));
}

/// Runs a seed on this thread.
pub(crate) fn run(seed: u64) -> Outcome {
    // The thread's generator is used for the SDK's jitter and the queue's ids.
    fastrand::seed(mix(seed));
    let runtime = tokio::runtime::Builder::new_current_thread().enable_time().start_paused(true).build();
    let outcome = runtime.expect("a runtime").block_on(run_simulation(seed));
    outbound::simulated::install(None);
    outcome
}

async fn run_simulation(seed: u64) -> Outcome {
    let simulation = Arc::new(Simulation::new(seed).await);
    let common_faults = tokio::spawn(inject_common_faults(Arc::clone(&simulation)));
    let performed = members::run(&simulation, INTERACTIONS).await;
    common_faults.abort();
    simulation.run_until_idle().await;
    let (checked, mut violations) = check(&simulation, performed);
    let effects = checked.iter().filter(|checked| checked.act.effect.is_some()).count();
    let interactions = checked.len();
    if effects * 100 < interactions * EFFECTS_PERCENT {
        let what = format!("only {effects} of {interactions} interactions have a stored effect");
        violations.push(Violation { id: None, is_stored: false, what });
    }
    let panics = PANICS.with(Cell::take);
    if panics > 0 {
        violations.push(Violation {
            id: None,
            is_stored: false,
            what: format!("something panicked, {panics} times"),
        });
    }
    let mut endings = BTreeMap::new();
    for checked in &checked {
        *endings.entry(checked.ending).or_default() += 1;
    }
    let has_violation =
        |checked: &&Checked| violations.iter().any(|violation| violation.id == Some(checked.id()));
    let histories =
        checked.iter().filter(has_violation).map(|checked| describe_history(&simulation, checked)).collect();
    Outcome {
        seed,
        fault_rates: simulation.plan.rates.name,
        interactions,
        effects,
        environments: simulation.functions.iter().map(crate::environments::Environments::started).sum(),
        faults: simulation.plan.history.fault_counts(),
        endings,
        violations,
        histories,
        digest: digest(&simulation, &checked),
    }
}

/// From time to time advances the clock, or sends a message that cannot be parsed.
async fn inject_common_faults(simulation: Arc<Simulation>) {
    for which in 0.. {
        let rng = simulation.plan.rng.derive("luck", which);
        tokio::time::sleep(Duration::from_secs(15 + rng.derive("when", 0).below(90))).await;
        if rng.derive("what", 0).happens(7_000) {
            simulation.send_unparseable(which);
        } else {
            simulation.advance_clock(Duration::from_millis(200 + rng.derive("jump", 0).below(40_000))).await;
        }
    }
}

fn digest(simulation: &Simulation, checked: &[Checked]) -> u64 {
    let mut all = String::new();
    for checked in checked {
        let text = checked.view.message().map(|message| render(message).join("|")).unwrap_or_default();
        all += &format!("{} {} {:?} {text}\n", checked.act.id, checked.act.what, checked.ending);
    }
    let mut stored: Vec<String> =
        simulation.dynamodb.items("State", 5_000).expect("a table").iter().map(ToString::to_string).collect();
    stored.sort_unstable();
    all += &stored.join("\n");
    all += &format!("{:?}", simulation.plan.history.fault_counts());
    all.bytes().fold(0, |digest, byte| mix(digest ^ u64::from(byte)))
}

/// The history of an interaction, one event a line.
fn describe_history(simulation: &Simulation, checked: &Checked) -> String {
    let number = simulation.plan.history.number(checked.id());
    let mut text =
        format!("interaction {number}, {}: {} -> {:?}\n", checked.act.who, checked.act.what, checked.ending);
    for event in &checked.events {
        let mark = if event.fault.is_some() { '!' } else { ' ' };
        text += &format!("  {mark} {:>9.3} s  {}\n", event.ms as f64 / 1_000.0, event.text);
    }
    for step in &checked.view.steps {
        let (what, lines) = step.seen.describe(render);
        text += &format!("  > {:>9.3} s  {what}: {}\n", step.ms as f64 / 1_000.0, lines.join(" | "));
    }
    text
}
