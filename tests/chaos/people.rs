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
    acts::Done,
    dice::Dice,
    scenarios::{self, Act, Person as By, Step, Values},
    world::World,
};

/// Name and channel. The first two are owners of their guilds, and change settings.
const PEOPLE: [(&str, &str); 10] = [
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
const OWNERS: usize = 2;
/// The share of actions that change something, in ten-thousandths. Fixed, so that it does not drop when commands
/// without effects are added.
const CHANGES: u64 = 7_000;
/// The limit of turns, several times what is needed: a member whose actions are all refused must stop too.
const MOST_TURNS: u64 = 500;

/// Runs all members until there are `most` interactions.
pub(crate) async fn live(world: &Arc<World>, most: usize) -> Vec<Done> {
    let (acts, done) = (Arc::default(), Arc::default());
    let people = PEOPLE.into_iter().enumerate().map(|(number, (name, channel))| Person {
        name,
        channel,
        is_owner: number < OWNERS,
        dice: world.fate.dice.of("person", number as u64),
        world: Arc::clone(world),
        acts: Arc::clone(&acts),
        done: Arc::clone(&done),
        most,
        seen: HashMap::new(),
    });
    for living in people.map(|person| tokio::spawn(person.live())).collect::<Vec<_>>() {
        living.await.expect("a person lives");
    }
    acts.lock().unwrap_or_else(PoisonError::into_inner).clone()
}

/// A member, and the messages that they see.
struct Person {
    name: &'static str,
    channel: &'static str,
    is_owner: bool,
    dice: Dice,
    world: Arc<World>,
    acts: Arc<Mutex<Vec<Done>>>,
    /// The number of interactions so far, including autocompletes. It is limited, because the simulated Discord deletes
    /// old ones.
    done: Arc<AtomicUsize>,
    most: usize,
    /// The last message of each command.
    seen: HashMap<&'static str, View>,
}

impl Person {
    async fn live(mut self) {
        for turn in 0..MOST_TURNS {
            let dice = self.dice.of("turn", turn);
            // Sometimes almost at once, like a double click.
            let pause = if dice.of("hurry", 0).strikes(1_500) {
                150
            } else {
                1_000 + dice.of("pause", 0).below(12_000)
            };
            tokio::time::sleep(Duration::from_millis(pause)).await;
            if dice.of("wave", 0).strikes(6_000) {
                self.wait_for_the_others(dice).await;
            }
            if self.is_over() {
                return;
            }
            self.act(dice).await;
        }
        panic!("{} has had {MOST_TURNS} turns, and there is no end", self.name);
    }

    /// Waits for the next common moment, so that members act in waves.
    async fn wait_for_the_others(&self, dice: Dice) {
        const WAVE: u64 = 8_000;
        let now = self.world.clock.now().as_millisecond().unsigned_abs();
        let pause = WAVE - now % WAVE + dice.of("late", 0).below(200);
        tokio::time::sleep(Duration::from_millis(pause)).await;
    }

    fn is_over(&self) -> bool {
        self.done.load(Ordering::Relaxed) >= self.most
    }

    /// Performs a random action, weighted by `often`, among those that change something or among the others.
    async fn act(&mut self, dice: Dice) {
        let changes = dice.of("change", 0).strikes(CHANGES);
        let may = |act: &Act| act.by != By::Owner || self.is_owner;
        let possible = || scenarios::acts().filter(|(_, act)| act.effect.is_some() == changes && may(act));
        let mut thrown = dice.of("act", 0).below(possible().map(|(_, act)| act.often).sum());
        let thrown = possible().find(|(_, act)| match thrown.checked_sub(act.often) {
            None => true,
            Some(rest) => {
                thrown = rest;
                false
            }
        });
        if let Some((of, act)) = thrown {
            self.plays(of.command, act, dice).await;
        }
    }

    /// Performs an action; if the component or modal that it needs is not visible, first the action that shows it.
    async fn plays(&mut self, command: &'static str, act: &'static Act, dice: Dice) -> Option<View> {
        let before = match self.seen.get(command).filter(|seen| act.does.target(seen).is_some()) {
            _ if !act.does.needs_something() => None,
            Some(seen) => Some(seen.clone()),
            None => Some(Box::pin(self.plays(command, act.after?, dice.of("before", 0))).await?),
        };
        if self.is_over() {
            return None;
        }
        let seen = self.does(act, before.as_ref(), dice).await?;
        if seen.message().is_some() {
            self.seen.insert(command, seen.clone());
        }
        Some(seen)
    }

    /// Performs and records an action, and waits for its result if the member is patient.
    async fn does(&self, act: &'static Act, before: Option<&View>, dice: Dice) -> Option<View> {
        let values = Values::of(act, |blank| dice.of(blank.name, 0).pick(blank.values));
        let id = match self.sends(act, before, &values).await? {
            Ok(id) => id,
            // The message or the button may be gone meanwhile.
            Err(Refused::ByClient(_)) => return None,
            Err(ours) => panic!("{} could not act: {ours}", self.name),
        };
        self.done.fetch_add(1, Ordering::Relaxed);
        let done = Done {
            id,
            who: self.name,
            what: format!("{}{}", act.name, values.told()),
            is_private: !act.is_public,
            effect: act.effect,
            chosen: act.shows.iter().filter_map(|(menu, blank)| Some((*menu, values.get(blank)?))).collect(),
        };
        self.acts.lock().unwrap_or_else(PoisonError::into_inner).push(done);
        let patience = Duration::from_secs(if dice.of("patience", 0).strikes(1_200) { 0 } else { 20 });
        let seen = self.world.discord.wait_for(id, patience, |view| view.settled).await.ok()?;
        (!seen.failed() && (seen.message().is_some() || is_form(&seen))).then_some(seen)
    }

    /// Sends the interaction; `None` if the action needs a component that is not visible.
    async fn sends(
        &self,
        act: &Act,
        before: Option<&View>,
        values: &Values<'_>,
    ) -> Option<Result<InteractionId, Refused>> {
        let (discord, name, channel) = (&self.world.discord, self.name, self.channel);
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

fn is_form(view: &View) -> bool {
    view.steps.iter().any(|step| matches!(step.seen, Seen::Modal { .. }))
}

fn message_id(view: &View) -> Option<Snowflake> {
    view.message()?["id"].as_str()?.parse().ok()
}
