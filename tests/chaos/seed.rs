//! Runs one seed: creates the world, runs the members, waits until it is idle, and checks the invariants.

use std::{cell::Cell, collections::BTreeMap, panic, sync::Arc, time::Duration};

use local_discord::render;

use crate::{
    dice::mixed,
    judge::{Ending, Judged, Violation, judge},
    people,
    world::World,
};

/// The number of interactions of a seed, including autocompletes, which are not checked.
pub(crate) const INTERACTIONS: usize = 500;
/// The minimum percentage of interactions that change stored items.
const EFFECTS_PERCENT: usize = 40;

/// The result of a seed.
pub(crate) struct Outcome {
    pub(crate) seed: u64,
    pub(crate) day: &'static str,
    pub(crate) interactions: usize,
    pub(crate) effects: usize,
    pub(crate) environments: u64,
    pub(crate) faults: BTreeMap<&'static str, u64>,
    pub(crate) endings: BTreeMap<Ending, u64>,
    pub(crate) violations: Vec<Violation>,
    /// The histories of the interactions with violations.
    pub(crate) stories: Vec<String>,
    /// A hash of everything that users saw and that is stored.
    pub(crate) digest: u64,
}

impl Outcome {
    /// The violations that count as detecting a defect: those of interactions and stored items. A panic, or a seed with
    /// too few effects, does not count.
    pub(crate) fn wrongs(&self) -> impl Iterator<Item = &Violation> {
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
    fastrand::seed(mixed(seed));
    let runtime = tokio::runtime::Builder::new_current_thread().enable_time().start_paused(true).build();
    let outcome = runtime.expect("a runtime").block_on(live(seed));
    outbound::simulated::install(None);
    outcome
}

async fn live(seed: u64) -> Outcome {
    let world = Arc::new(World::new(seed).await);
    let weather = tokio::spawn(bad_luck(Arc::clone(&world)));
    let acts = people::live(&world, INTERACTIONS).await;
    weather.abort();
    world.come_to_rest().await;
    let (judged, mut violations) = judge(&world, acts);
    let effects = judged.iter().filter(|judged| judged.act.effect.is_some()).count();
    let interactions = judged.len();
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
    for judged in &judged {
        *endings.entry(judged.ending).or_default() += 1;
    }
    let is_meant = |judged: &&Judged| violations.iter().any(|violation| violation.id == Some(judged.id()));
    let stories = judged.iter().filter(is_meant).map(|judged| story(&world, judged)).collect();
    Outcome {
        seed,
        day: world.fate.day.name,
        interactions,
        effects,
        environments: world.fleets.iter().map(crate::fleet::Fleet::started).sum(),
        faults: world.fate.stories.counted(),
        endings,
        violations,
        stories,
        digest: digest(&world, &judged),
    }
}

/// From time to time advances the clock, or sends a message that cannot be parsed.
async fn bad_luck(world: Arc<World>) {
    for which in 0.. {
        let dice = world.fate.dice.of("luck", which);
        tokio::time::sleep(Duration::from_secs(15 + dice.of("when", 0).below(90))).await;
        if dice.of("what", 0).strikes(7_000) {
            world.poison(which);
        } else {
            world.jump(Duration::from_millis(200 + dice.of("jump", 0).below(40_000)));
        }
    }
}

fn digest(world: &World, judged: &[Judged]) -> u64 {
    let mut all = String::new();
    for judged in judged {
        let text = judged.view.message().map(|message| render(message).join("|")).unwrap_or_default();
        all += &format!("{} {} {:?} {text}\n", judged.act.id, judged.act.what, judged.ending);
    }
    let mut stored: Vec<String> =
        world.dynamodb.items("State", 5_000).expect("a table").iter().map(ToString::to_string).collect();
    stored.sort_unstable();
    all += &stored.join("\n");
    all += &format!("{:?}", world.fate.stories.counted());
    all.bytes().fold(0, |digest, byte| mixed(digest ^ u64::from(byte)))
}

/// The history of an interaction, one event a line.
fn story(world: &World, judged: &Judged) -> String {
    let number = world.fate.stories.number(judged.id());
    let mut told =
        format!("interaction {number}, {}: {} -> {:?}\n", judged.act.who, judged.act.what, judged.ending);
    for event in &judged.story {
        let mark = if event.fault.is_some() { '!' } else { ' ' };
        told += &format!("  {mark} {:>9.3} s  {}\n", event.ms as f64 / 1_000.0, event.text);
    }
    for step in &judged.view.steps {
        let (what, lines) = step.seen.told(render);
        told += &format!("  > {:>9.3} s  {what}: {}\n", step.ms as f64 / 1_000.0, lines.join(" | "));
    }
    told
}
