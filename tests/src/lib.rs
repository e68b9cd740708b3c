//! The test kit: the whole stack in memory, and members who use it.
//!
//! ```no_run
//! # async fn example() {
//! use tests::{House, Look};
//!
//! let house = House::open().await;
//! let seen = house.member().says("/weather place:Paris").await.settled().await;
//! assert!(seen.text().contains("Paris"));
//! # }
//! ```

mod logs;

pub use logs::forbid;

use std::{sync::Arc, time::Duration};

use local::{
    Options, Outside, Stack,
    discord::{InteractionId, Seen, Snowflake, View, render},
};
use serde_json::Value;

/// Longer than anything here takes; a test that waits for so long has failed.
const PATIENCE: Duration = Duration::from_secs(30);

/// Lines of messages from this length on must not be in any log; shorter ones are single words.
const SHORTEST_LINE: usize = 12;

/// A stack of its own for each test, and the people in it.
pub struct House {
    /// All of it.
    pub stack: Arc<Stack>,
}

impl House {
    /// Two environments of each function.
    pub async fn open() -> Self {
        Self::with_environments(2).await
    }

    /// So many environments of each function.
    pub async fn with_environments(environments: usize) -> Self {
        logs::record();
        let options = Options {
            port: 0,
            data: None,
            environments,
            weather: Outside::Simulated,
            public_keys: None,
            seed: 7,
        };
        let stack = Stack::start(options).await.expect("the stack starts");
        for user in stack.discord.status().expect("a status").users {
            logs::forbid(&user.name);
        }
        Self { stack }
    }

    /// A member of an English guild who speaks English.
    pub fn member(&self) -> Member<'_> {
        Member { house: self, name: "Bartholomew Finch", channel: "general" }
    }

    /// A member of a German guild who speaks German.
    pub fn german(&self) -> Member<'_> {
        Member { house: self, name: "Hannelore Kiesewetter", channel: "stammtisch" }
    }

    /// Somebody who speaks German, in the English guild.
    pub fn traveller(&self) -> Member<'_> {
        Member { house: self, name: "Zdenka Vlasak", channel: "general" }
    }

    /// Lets time pass in the whole stack.
    pub fn pass(&self, seconds: u64) {
        self.stack.clock.advance(Duration::from_secs(seconds));
    }

    /// Lets time pass, a second at a time, until `done`: retries are seconds apart.
    ///
    /// # Panics
    /// If it never is.
    pub async fn pass_until(&self, what: &str, done: impl Fn() -> bool) {
        for _ in 0..200 {
            if done() {
                return;
            }
            self.pass(1);
            tokio::time::sleep(Duration::from_millis(50)).await;
        }
        panic!("never: {what}");
    }

    /// The message that was seen, as it is now.
    pub fn message(&self, seen: &View) -> Message {
        let id = seen.message().and_then(|message| message["id"].as_str()).expect("a message");
        let id = id.parse().expect("a snowflake");
        Message(self.stack.discord.message(id).expect("messages").expect("the message is there"))
    }

    /// How many messages of a queue are anywhere (visible, in flight, delayed).
    pub fn queued(&self, queue: &str) -> u64 {
        let queues = self.stack.queues.list().expect("queues");
        queues
            .iter()
            .filter(|depth| depth.name == queue)
            .map(|depth| depth.visible + depth.in_flight + depth.delayed)
            .sum()
    }
}

/// Somebody in a channel.
#[derive(Clone, Copy)]
pub struct Member<'a> {
    house: &'a House,
    name: &'a str,
    channel: &'a str,
}

impl<'a> Member<'a> {
    /// The same person, elsewhere.
    pub fn in_channel(self, channel: &'a str) -> Self {
        Self { channel, ..self }
    }

    /// Types a command and sends it.
    pub async fn says(self, line: &str) -> Interaction<'a> {
        logs::forbid_options(line);
        let id =
            self.house.stack.discord.say(self.name, self.channel, line).await.expect("the client sends it");
        Interaction { house: self.house, id }
    }

    /// Types a command as far as this, and reads what is offered.
    pub async fn completes(self, line: &str) -> Vec<String> {
        logs::forbid_options(line);
        let offered =
            self.house.stack.discord.complete(self.name, self.channel, line).await.expect("choices");
        offered.into_iter().map(|(name, _)| name).collect()
    }

    /// Presses the button with this label on what was seen.
    pub async fn presses(self, seen: &View, label: &str) -> Interaction<'a> {
        let message = seen.message().expect("a message");
        let id: Snowflake = message["id"].as_str().expect("an id").parse().expect("a snowflake");
        let button = button(message, label).unwrap_or_else(|| panic!("no button {label}"));
        let id = self.house.stack.discord.press(self.name, id, &button).await.expect("the client sends it");
        Interaction { house: self.house, id }
    }
}

fn button(message: &Value, label: &str) -> Option<String> {
    let rows = message["components"].as_array()?;
    let mut buttons = rows.iter().filter_map(|row| row["components"].as_array()).flatten();
    let button = buttons.find(|button| button["label"] == label)?;
    button["custom_id"].as_str().map(str::to_owned)
}

/// One thing that a member did, and what came of it.
#[derive(Clone, Copy)]
pub struct Interaction<'a> {
    house: &'a House,
    /// Its id, the reference in words and logs.
    pub id: InteractionId,
}

impl Interaction<'_> {
    /// What is seen first.
    pub async fn first(self) -> View {
        self.until(|view| !view.steps.is_empty()).await
    }

    /// What is seen when nothing more is promised.
    pub async fn settled(self) -> View {
        self.until(|view| view.settled).await
    }

    /// What is seen now.
    pub fn look(self) -> View {
        self.house.stack.discord.view(self.id).expect("a view")
    }

    /// How often its reply was edited.
    pub fn edits(self) -> u32 {
        self.house.stack.discord.edits(self.id).expect("edits")
    }

    async fn until(self, enough: impl Fn(&View) -> bool) -> View {
        let view = self.house.stack.discord.wait_for(self.id, PATIENCE, &enough).await.expect("a view");
        view.text().lines().filter(|line| line.len() >= SHORTEST_LINE).for_each(logs::forbid);
        assert!(enough(&view), "still waiting after {PATIENCE:?}: {:?}", view.steps);
        view
    }
}

/// A message in a channel.
pub struct Message(Value);

impl Message {
    /// As plain text, one line each.
    pub fn text(&self) -> String {
        render(&self.0).join("\n")
    }
}

/// What is seen, for assertions.
pub trait Look {
    /// The last message as plain text, one line each.
    fn text(&self) -> String;
    /// What happened, in order: `thinking`, `message`, `edited`, ...; `!` for what only the user sees.
    fn story(&self) -> Vec<&'static str>;
}

impl Look for View {
    fn text(&self) -> String {
        self.message().map(|message| render(message).join("\n")).unwrap_or_default()
    }

    fn story(&self) -> Vec<&'static str> {
        self.steps.iter().map(|step| word(&step.seen)).collect()
    }
}

fn word(seen: &Seen) -> &'static str {
    match seen {
        Seen::Thinking { private: true } => "thinking!",
        Seen::Thinking { private: false } => "thinking",
        Seen::Message { private: true, .. } => "message!",
        Seen::Message { private: false, .. } => "message",
        Seen::Updated { .. } => "updated",
        Seen::Edited { .. } => "edited",
        Seen::FollowUp { private: true, .. } => "follow-up!",
        Seen::FollowUp { private: false, .. } => "follow-up",
        Seen::Deleted { .. } => "deleted",
        Seen::Choices { .. } => "choices",
        Seen::Modal { .. } => "modal",
        Seen::DidNotRespond { .. } => "did not respond",
    }
}
