//! Members, and what they do: each at their own pace, all at once, and sometimes before they have seen
//! what came of the last thing.

mod home;
mod owner;

use std::{
    sync::{
        Arc, Mutex, PoisonError,
        atomic::{AtomicUsize, Ordering},
    },
    time::Duration,
};

use local::discord::{InteractionId, Refused, Seen, Snowflake, View};

use crate::{
    acts::{Act, Effect, buttons},
    dice::Dice,
    world::World,
};

/// Name and channel. The first two own their guilds, and change the settings.
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
/// Several times what anybody needs: whoever is refused everything must not live for ever.
const MOST_TURNS: u64 = 500;

const PLACES: [&str; 12] = [
    "Paris",
    "Oslo",
    "Berlin",
    "Lima",
    "Cairo",
    "Delhi",
    "Tokyo",
    "Quito",
    "Nairobi",
    "Bergen",
    "Graz",
    "zzznowhere",
];

/// Lets everybody do things until there are so many interactions.
pub(crate) async fn live(world: &Arc<World>, most: usize) -> Vec<Act> {
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
        home: None,
        settings: None,
        card: None,
    });
    for living in people.map(|person| tokio::spawn(person.live())).collect::<Vec<_>>() {
        living.await.expect("a person lives");
    }
    acts.lock().unwrap_or_else(PoisonError::into_inner).clone()
}

/// Somebody, and the messages that they have before them.
struct Person {
    name: &'static str,
    channel: &'static str,
    is_owner: bool,
    dice: Dice,
    world: Arc<World>,
    acts: Arc<Mutex<Vec<Act>>>,
    /// How many interactions there were, autocompletes too: the simulated Discord remembers no more.
    done: Arc<AtomicUsize>,
    most: usize,
    home: Option<View>,
    settings: Option<View>,
    card: Option<View>,
}

impl Person {
    async fn live(mut self) {
        for turn in 0..MOST_TURNS {
            let dice = self.dice.of("turn", turn);
            // Now and then twice in a row, as a double click is.
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

    /// People come in waves: they see what others do.
    async fn wait_for_the_others(&self, dice: Dice) {
        const WAVE: u64 = 8_000;
        let now = self.world.clock.now().as_millisecond().unsigned_abs();
        let pause = WAVE - now % WAVE + dice.of("late", 0).below(200);
        tokio::time::sleep(Duration::from_millis(pause)).await;
    }

    fn is_over(&self) -> bool {
        self.done.load(Ordering::Relaxed) >= self.most
    }

    async fn act(&mut self, dice: Dice) {
        match dice.of("act", 0).below(100) {
            0..3 => drop(self.says(dice, "/ping", None).await),
            3..5 => drop(self.says(dice, "/help", None).await),
            5..13 => self.asks_for_weather(dice).await,
            13..17 => self.turns_the_card(dice).await,
            17..21 => self.types(dice).await,
            21..25 => self.looks_at_somebody(dice).await,
            25..28 => self.converts(dice).await,
            28..43 => drop(self.says(dice, "/rehearse tally:true", Some(Effect::Tally)).await),
            43..73 if self.is_owner => self.changes_settings(dice).await,
            43..60 => self.forgets(dice).await,
            _ => self.moves(dice).await,
        }
    }

    async fn asks_for_weather(&mut self, dice: Dice) {
        let line = format!("/weather place:{}", dice.of("place", 0).pick(&PLACES));
        if let Some(view) = self.says(dice, &line, None).await {
            self.card = Some(view);
        }
    }

    async fn turns_the_card(&mut self, dice: Dice) {
        let all = self.card.as_ref().map(buttons).unwrap_or_default();
        match (all.is_empty(), self.card.clone()) {
            (false, Some(card)) => {
                let button =
                    &all[usize::try_from(dice.of("button", 0).below(all.len() as u64)).unwrap_or_default()];
                self.presses(dice, &card, button, ("turns the card", false, None)).await;
            }
            _ => self.asks_for_weather(dice).await,
        }
    }

    async fn types(&self, dice: Dice) {
        self.done.fetch_add(1, Ordering::Relaxed);
        let part = &dice.of("place", 0).pick(&PLACES)[..3];
        let _ = self.world.discord.complete(self.name, self.channel, &format!("/weather place:{part}")).await;
    }

    async fn looks_at_somebody(&self, dice: Dice) {
        let whom = dice.of("whom", 0).pick(&PEOPLE).0;
        let used = self.world.discord.use_on_user(self.name, self.channel, "Weather at home", whom).await;
        self.did(dice, used, ("looks at somebody's weather".to_owned(), false, None)).await;
    }

    async fn converts(&self, dice: Dice) {
        let text =
            format!("It is {} miles to there, at {} °F.", dice.of("miles", 0).below(900), dice.below(100));
        let message = self.world.discord.chat(self.name, self.channel, &text).expect("it is taken");
        let used = self.world.discord.use_on_message(self.name, message, "Convert units").await;
        self.did(dice, used, ("converts units".to_owned(), true, None)).await;
    }

    async fn says(&self, dice: Dice, line: &str, effect: Option<Effect>) -> Option<View> {
        let said = self.world.discord.say(self.name, self.channel, line).await;
        let said = Ok(said.expect("who is in a channel may use its commands"));
        let is_private = !line.starts_with("/weather") && !line.starts_with("/rehearse");
        self.did(dice, said, (line.to_owned(), is_private, effect)).await
    }

    async fn presses(
        &self,
        dice: Dice,
        view: &View,
        button: &str,
        (what, is_private, effect): (&str, bool, Option<Effect>),
    ) -> Option<View> {
        let pressed = self.world.discord.press(self.name, message_id(view)?, button).await;
        self.did(dice, pressed, (what.to_owned(), is_private, effect)).await
    }

    /// Notes what was done, and looks what comes of it, if they are patient.
    async fn did(
        &self,
        dice: Dice,
        sent: Result<InteractionId, Refused>,
        (what, is_private, effect): (String, bool, Option<Effect>),
    ) -> Option<View> {
        self.did_choosing(dice, sent, (what, is_private, effect), Vec::new()).await
    }

    async fn did_choosing(
        &self,
        dice: Dice,
        sent: Result<InteractionId, Refused>,
        (what, is_private, effect): (String, bool, Option<Effect>),
        chosen: Vec<(usize, &'static str)>,
    ) -> Option<View> {
        let id = match sent {
            Ok(id) => id,
            // The message may be gone, or the button: then there is nothing to do.
            Err(Refused::ByClient(_)) => return None,
            Err(ours) => panic!("{} could not act: {ours}", self.name),
        };
        self.done.fetch_add(1, Ordering::Relaxed);
        let act = Act { id, who: self.name, what, is_private, effect, chosen };
        self.acts.lock().unwrap_or_else(PoisonError::into_inner).push(act);
        let patience = Duration::from_secs(if dice.of("patience", 0).strikes(1_200) { 0 } else { 20 });
        let seen = self.world.discord.wait_for(id, patience, |view| view.settled).await.ok()?;
        (!seen.failed() && (seen.message().is_some() || is_form(&seen))).then_some(seen)
    }
}

fn is_form(view: &View) -> bool {
    view.steps.iter().any(|step| matches!(step.seen, Seen::Modal { .. }))
}

fn message_id(view: &View) -> Option<Snowflake> {
    view.message()?["id"].as_str()?.parse().ok()
}
