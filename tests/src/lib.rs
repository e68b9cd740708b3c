//! For tests: the whole stack in memory, and members who use it.
//!
//! ```no_run
//! # async fn example() {
//! use tests::{TestApp, Look};
//!
//! let app = TestApp::open().await;
//! let seen = app.member().says("/weather place:Paris").await.settled().await;
//! assert!(seen.text().contains("Paris"));
//! # }
//! ```

pub mod commands;
pub mod defects;
mod items;
mod logs;
mod member;
mod seen;
mod tables;
pub mod tally;

pub use logs::{forbid, panics_here};
pub use member::Member;
pub use seen::{Look, Message};

use std::{path::PathBuf, sync::Arc, time::Duration};

use local_discord::{InteractionId, View};
use parking_lot::Mutex;
use steward::{Line, Options, Outside, Stack};

use commands::TestCommands;

/// Longer than anything here takes; a test that waits for so long has failed.
const PATIENCE: Duration = Duration::from_secs(30);

/// Discord checks the front door's signatures often, so that every kind of check comes in some test.
const PROBE_PERCENT: u8 = 25;

/// Lines of messages from this length on must not be in any log; shorter ones are single words.
const SHORTEST_LINE: usize = 12;

/// A stack of its own for each test, and the people in it.
pub struct TestApp {
    /// All of it.
    pub stack: Arc<Stack>,
    /// Parts of what Discord will have to refuse.
    expected: Mutex<Vec<String>>,
    /// Parts of what it may have to.
    allowed: Mutex<Vec<String>>,
}

impl TestApp {
    /// Two environments of each function.
    pub async fn open() -> Self {
        Self::with_environments(2).await
    }

    /// So many environments of each function.
    pub async fn with_environments(environments: usize) -> Self {
        Self::settle(environments, true, None).await
    }

    /// As [`TestApp::with_environments`], where one member may ask as often as a crowd.
    pub async fn without_limits(environments: usize) -> Self {
        Self::settle(environments, false, None).await
    }

    /// One environment of each function, with this line between them and DynamoDB and SQS.
    pub async fn on(line: &Line) -> Self {
        Self::settle(1, true, Some(line.clone())).await
    }

    async fn settle(environments: usize, limits: bool, line: Option<Line>) -> Self {
        logs::record();
        let options = Options {
            port: 0,
            data: None,
            environments,
            weather: Outside::Simulated,
            public_keys: None,
            discord_api_base: None,
            limits,
            seed: 7,
            answers: answers(),
            line,
            logs: steward::logs::Logs::default(),
        };
        let stack = Stack::start_with::<TestCommands>(options).await.expect("the stack starts");
        stack.discord.knobs().turn(|knobs| knobs.probe_percent = PROBE_PERCENT);
        for user in stack.discord.status().expect("a status").users {
            logs::forbid(&user.name);
        }
        Self { stack, expected: Mutex::default(), allowed: Mutex::default() }
    }

    /// A member of an English guild who speaks English.
    pub fn member(&self) -> Member<'_> {
        Member { app: self, name: "Bartholomew Finch", channel: "general" }
    }

    /// A member of a German guild who speaks German.
    pub fn german(&self) -> Member<'_> {
        Member { app: self, name: "Hannelore Kiesewetter", channel: "stammtisch" }
    }

    /// Somebody who speaks German, in the English guild.
    pub fn traveller(&self) -> Member<'_> {
        Member { app: self, name: "Zdenka Vlasak", channel: "general" }
    }

    /// Who owns the English guild.
    pub fn owner(&self) -> Member<'_> {
        Member { app: self, name: "Ottilie Quandt", channel: "general" }
    }

    /// A member who may moderate, in the English guild.
    pub fn moderator(&self) -> Member<'_> {
        Member { app: self, name: "Leocadia Brandt", channel: "general" }
    }

    /// Somebody who has installed the bot for himself, in a guild that has not.
    pub fn outsider(&self) -> Member<'_> {
        Member { app: self, name: "Emeric Vanterpool", channel: "lobby" }
    }

    /// Announces that Discord will have to refuse something whose sentence has `part` in it: a REST
    /// call (`PATCH /api/v10/...: 400 {...}`) or a missing response (``no response to `ping`: ...``).
    pub fn expects_refusal(&self, part: &str) {
        self.expected.lock().push(part.to_owned());
    }

    /// As [`TestApp::expects_refusal`], where it depends on what comes first whether it happens.
    pub fn allows_refusal(&self, part: &str) {
        self.allowed.lock().push(part.to_owned());
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

/// Where the test run collects Discord's answers, if it does.
#[expect(clippy::disallowed_methods, reason = "a test has no main that reads variables")]
fn answers() -> Option<PathBuf> {
    std::env::var("STEWARD_TEST_ANSWERS").ok().map(PathBuf::from)
}

/// The end of every test: what Discord had to refuse was announced, what was announced happened, and every
/// item is of a registered kind.
impl Drop for TestApp {
    fn drop(&mut self) {
        if std::thread::panicking() {
            return;
        }
        let refusals = self.stack.discord.refusals();
        let expected = self.expected.lock();
        let allowed = self.allowed.lock();
        let announced =
            |refusal: &&String| expected.iter().chain(allowed.iter()).any(|part| refusal.contains(part));
        let surprises: Vec<&String> = refusals.iter().filter(|refusal| !announced(refusal)).collect();
        assert!(surprises.is_empty(), "Discord had to refuse: {surprises:#?}");
        for part in expected.iter() {
            let happened = refusals.iter().any(|refusal| refusal.contains(part));
            assert!(happened, "Discord did not have to refuse: {part}");
        }
        let faulty = items::faulty(&self.stack);
        assert!(faulty.is_empty(), "items that must not be there: {faulty:#?}");
    }
}

/// One thing that a member did, and what came of it.
#[derive(Clone, Copy)]
pub struct Interaction<'a> {
    app: &'a TestApp,
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
        self.app.stack.discord.view(self.id).expect("a view")
    }

    /// How often its reply was edited.
    pub fn edits(self) -> u32 {
        self.app.stack.discord.edits(self.id).expect("edits")
    }

    async fn until(self, enough: impl Fn(&View) -> bool) -> View {
        let view = self.app.stack.discord.wait_for(self.id, PATIENCE, &enough).await.expect("a view");
        view.text().lines().filter(|line| line.len() >= SHORTEST_LINE).for_each(logs::forbid);
        assert!(enough(&view), "still waiting after {PATIENCE:?}: {:?}", view.steps);
        view
    }
}
