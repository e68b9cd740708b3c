//! Members who act concurrently, each at their own pace, and sometimes before they have seen the last result. Their
//! actions are those of the commands' scenarios.

use std::{
    collections::HashMap,
    sync::{
        Arc, Mutex, PoisonError,
        atomic::{AtomicUsize, Ordering},
    },
    time::Duration,
};

use local_discord::{InteractionId, Refused, Seen, Snowflake, View};

use crate::{
    performed::Performed,
    rng::Rng,
    scenarios::{self, Act, Person, Step, Values},
    simulation::Simulation,
};

/// Name and channel. The first two are owners of their guilds, and change settings.
const MEMBERS: [(&str, &str); 10] = [
    ("Ottilie Quandt", "general"),
    ("Hannelore Kiesewetter", "stammtisch"),
    ("Bartholomew Finch", "general"),
    ("Zdenka Vlasak", "wetter"),
    ("Leocadia Brandt", "weather"),
    ("Emeric Vanterpool", "lobby"),
    ("Ottilie Quandt", "stammtisch"),
    ("Zdenka Vlasak", "general"),
    ("Leocadia Brandt", "staff"),
    ("Emeric Vanterpool", "dm"),
];
const OWNER_COUNT: usize = 2;
/// The share of actions that change something, in ten-thousandths. Fixed, so that it does not drop when commands
/// without effects are added.
const CHANGE_PER_TEN_THOUSAND: u64 = 7_000;
/// The limit of turns, several times what is needed: a member whose actions are all refused must stop too.
const MAX_TURNS: u64 = 500;

/// Runs all members until there are `max_interactions` interactions.
pub(crate) async fn run(simulation: &Arc<Simulation>, max_interactions: usize) -> Vec<Performed> {
    let (performed, done) = (Arc::default(), Arc::default());
    let members = MEMBERS.into_iter().enumerate().map(|(number, (name, channel))| Member {
        name,
        channel,
        is_owner: number < OWNER_COUNT,
        rng: simulation.plan.rng.derive("person", number as u64),
        simulation: Arc::clone(simulation),
        performed: Arc::clone(&performed),
        done: Arc::clone(&done),
        max_interactions,
        seen: HashMap::new(),
    });
    for running in members.map(|member| tokio::spawn(member.run())).collect::<Vec<_>>() {
        running.await.expect("a member panicked");
    }
    performed.lock().unwrap_or_else(PoisonError::into_inner).clone()
}

/// A member, and the messages that they see.
struct Member {
    name: &'static str,
    channel: &'static str,
    is_owner: bool,
    rng: Rng,
    simulation: Arc<Simulation>,
    performed: Arc<Mutex<Vec<Performed>>>,
    /// The number of interactions so far, including autocompletes. It is limited, because the simulated Discord deletes
    /// old ones.
    done: Arc<AtomicUsize>,
    max_interactions: usize,
    /// The last message of each command.
    seen: HashMap<&'static str, View>,
}

impl Member {
    async fn run(mut self) {
        for turn in 0..MAX_TURNS {
            let rng = self.rng.derive("turn", turn);
            // Sometimes almost at once, like a double click.
            let pause = if rng.derive("hurry", 0).happens(1_500) {
                150
            } else {
                1_000 + rng.derive("pause", 0).below(12_000)
            };
            tokio::time::sleep(Duration::from_millis(pause)).await;
            if rng.derive("wave", 0).happens(6_000) {
                self.wait_for_the_others(rng).await;
            }
            if self.is_over() {
                return;
            }
            self.act(rng).await;
        }
        panic!("{} has had {MAX_TURNS} turns, and there is no end", self.name);
    }

    /// Waits for the next common moment, so that members act in waves.
    async fn wait_for_the_others(&self, rng: Rng) {
        const WAVE_MS: u64 = 8_000;
        let now = self.simulation.clock.now().as_millisecond().unsigned_abs();
        let pause = WAVE_MS - now % WAVE_MS + rng.derive("late", 0).below(200);
        tokio::time::sleep(Duration::from_millis(pause)).await;
    }

    fn is_over(&self) -> bool {
        self.done.load(Ordering::Relaxed) >= self.max_interactions
    }

    /// Performs a random action, weighted by `often`, among those that change something or among the others.
    async fn act(&mut self, rng: Rng) {
        let changes = rng.derive("change", 0).happens(CHANGE_PER_TEN_THOUSAND);
        let is_allowed = |act: &Act| act.by != Person::Owner || self.is_owner;
        let possible =
            || scenarios::acts().filter(|(_, act)| act.effect.is_some() == changes && is_allowed(act));
        let mut weight = rng.derive("act", 0).below(possible().map(|(_, act)| act.often).sum());
        let chosen_act = possible().find(|(_, act)| match weight.checked_sub(act.often) {
            None => true,
            Some(rest) => {
                weight = rest;
                false
            }
        });
        if let Some((of, act)) = chosen_act {
            self.perform(of.command, act, rng).await;
        }
    }

    /// Performs an action; if the component or modal that it needs is not visible, first the action that shows it.
    async fn perform(&mut self, command: &'static str, act: &'static Act, rng: Rng) -> Option<View> {
        let before = match self.seen.get(command).filter(|seen| act.does.target(seen).is_some()) {
            _ if !act.does.needs_something() => None,
            Some(seen) => Some(seen.clone()),
            None => Some(Box::pin(self.perform(command, act.after?, rng.derive("before", 0))).await?),
        };
        if self.is_over() {
            return None;
        }
        let seen = self.perform_now(act, before.as_ref(), rng).await?;
        if seen.message().is_some() {
            self.seen.insert(command, seen.clone());
        }
        Some(seen)
    }

    /// Performs and records an action, and waits for its result, unless the member is in a hurry.
    async fn perform_now(&self, act: &'static Act, before: Option<&View>, rng: Rng) -> Option<View> {
        let values = Values::of(act, |blank| rng.derive(blank.name, 0).pick(blank.values));
        let id = match self.send(act, before, &values).await? {
            Ok(id) => id,
            // The message or the button may be gone meanwhile.
            Err(Refused::ByClient(_)) => return None,
            Err(ours) => panic!("{} could not act: {ours}", self.name),
        };
        self.done.fetch_add(1, Ordering::Relaxed);
        let done = Performed {
            id,
            who: self.name,
            what: format!("{}{}", act.name, values.told()),
            is_private: !act.is_public,
            effect: act.effect,
            chosen: act.shows.iter().filter_map(|(menu, blank)| Some((*menu, values.get(blank)?))).collect(),
        };
        self.performed.lock().unwrap_or_else(PoisonError::into_inner).push(done);
        let wait = Duration::from_secs(if rng.derive("patience", 0).happens(1_200) { 0 } else { 20 });
        let seen = self.simulation.discord.wait_for(id, wait, |view| view.settled).await.ok()?;
        (!seen.failed() && (seen.message().is_some() || shows_modal(&seen))).then_some(seen)
    }

    /// Sends the interaction; `None` if the action needs a component that is not visible.
    async fn send(
        &self,
        act: &Act,
        before: Option<&View>,
        values: &Values<'_>,
    ) -> Option<Result<InteractionId, Refused>> {
        let (discord, name, channel) = (&self.simulation.discord, self.name, self.channel);
        if let Some((file, content)) = act.uploads {
            discord.upload(name, file, values.fill(content).into_bytes()).expect("it is taken");
        }
        let target = || before.and_then(|seen| act.does.target(seen));
        let all = |texts: &[&str]| texts.iter().map(|text| values.fill(text)).collect::<Vec<String>>();
        Some(match act.does {
            Step::Say(line) => discord.say(name, channel, &values.fill(line)).await,
            Step::Type(line) => {
                self.done.fetch_add(1, Ordering::Relaxed);
                let _ = discord.complete(name, channel, &values.fill(line)).await;
                return None;
            }
            Step::Press(_) => discord.press(name, message_id(before?)?, &target()?).await,
            Step::Choose(_, chosen) => {
                let chosen = all(chosen);
                let chosen: Vec<&str> = chosen.iter().map(String::as_str).collect();
                discord.choose(name, message_id(before?)?, &target()?, &chosen).await
            }
            Step::Submit(fields) => {
                target()?;
                let filled: Vec<Vec<String>> = fields.iter().map(|(_, put)| all(put)).collect();
                let filled: Vec<Vec<&str>> =
                    filled.iter().map(|put| put.iter().map(String::as_str).collect()).collect();
                let filled: Vec<(&str, &[&str])> =
                    fields.iter().zip(&filled).map(|((field, _), put)| (*field, put.as_slice())).collect();
                discord.submit(name, before?.id, &filled).await
            }
            Step::UseOn(whom, command) => {
                discord.use_on_user(name, channel, command, &values.fill(whom)).await
            }
            Step::UseOnText(text, command) => {
                let message = discord.chat(name, channel, &values.fill(text)).expect("it is taken");
                discord.use_on_message(name, message, command).await
            }
        })
    }
}

fn shows_modal(view: &View) -> bool {
    view.steps.iter().any(|step| matches!(step.seen, Seen::Modal { .. }))
}

fn message_id(view: &View) -> Option<Snowflake> {
    view.message()?["id"].as_str()?.parse().ok()
}
