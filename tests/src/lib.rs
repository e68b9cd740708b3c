//! A test kit: the whole stack in memory, and members who use it.
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
use steward::{ApiMode, FaultProxy, Options, Stack};

use commands::TestCommands;

/// The timeout of waits; a test that reaches it has failed.
const WAIT_TIMEOUT: Duration = Duration::from_secs(30);

/// The percentage of interactions followed by an endpoint check: high, so that the tests meet every kind of check.
const PROBE_PERCENT: u8 = 25;

/// Lines of messages of at least this length must not be in any log. Shorter ones are single words, which may occur
/// in logs by chance.
const MIN_FORBIDDEN_CHARACTERS: usize = 12;

/// A stack for one test. Dropping it checks refusals and stored items.
pub struct TestApp {
    /// The stack.
    pub stack: Arc<Stack>,
    /// Parts of refusals that must occur.
    expected: Mutex<Vec<String>>,
    /// Parts of refusals that may occur.
    allowed: Mutex<Vec<String>>,
}

impl TestApp {
    /// A stack with two environments of each function.
    pub async fn open() -> Self {
        Self::with_environments(2).await
    }

    /// A stack with this many environments of each function.
    pub async fn with_environments(environments: usize) -> Self {
        Self::settle(environments, true, None).await
    }

    /// As [`TestApp::with_environments`], but without the bot's rate limits.
    pub async fn without_limits(environments: usize) -> Self {
        Self::settle(environments, false, None).await
    }

    /// One environment of each function, with this proxy before DynamoDB and SQS.
    pub async fn with_fault_proxy(proxy: &FaultProxy) -> Self {
        Self::with_environments_behind(1, proxy).await
    }

    /// This many environments of each function, with this proxy before DynamoDB and SQS.
    pub async fn with_environments_behind(environments: usize, proxy: &FaultProxy) -> Self {
        Self::settle(environments, true, Some(proxy.clone())).await
    }

    async fn settle(environments: usize, limits: bool, fault_proxy: Option<FaultProxy>) -> Self {
        logs::record();
        let options = Options {
            port: 0,
            data: None,
            environments,
            weather: ApiMode::Simulated,
            public_keys: None,
            discord_api_base: None,
            limits,
            seed: 7,
            answers: answers(),
            fault_proxy,
            heartbeat: false,
            logs: steward::logs::Logs::default(),
        };
        let stack = Stack::start_with::<TestCommands>(options).await.expect("the stack starts");
        stack.discord.faults().change(|faults| faults.probe_percent = PROBE_PERCENT);
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

    /// A member of the English guild who speaks German.
    pub fn traveller(&self) -> Member<'_> {
        Member { app: self, name: "Zdenka Vlasak", channel: "general" }
    }

    /// The owner of the English guild.
    pub fn owner(&self) -> Member<'_> {
        Member { app: self, name: "Ottilie Quandt", channel: "general" }
    }

    /// A moderator of the English guild.
    pub fn moderator(&self) -> Member<'_> {
        Member { app: self, name: "Leocadia Brandt", channel: "general" }
    }

    /// A user with a user install, in a guild without the bot.
    pub fn outsider(&self) -> Member<'_> {
        Member { app: self, name: "Emeric Vanterpool", channel: "lobby" }
    }

    /// Expects a refusal that contains `part`: a REST call (`PATCH /api/v10/...: 400 {...}`) or a missing
    /// response (``no response to `ping`: ...``). Without it, the refusal fails the test.
    pub fn expects_refusal(&self, part: &str) {
        self.expected.lock().push(part.to_owned());
    }

    /// As [`TestApp::expects_refusal`], for a refusal that depends on timing and need not occur.
    pub fn allows_refusal(&self, part: &str) {
        self.allowed.lock().push(part.to_owned());
    }

    /// Advances the stack's clock at once. Interactions that are on their way grow older by it: a test waits for
    /// their first response before, or uses [`TestApp::pass_until`].
    pub fn pass(&self, seconds: u64) {
        self.stack.clock.advance(Duration::from_secs(seconds));
    }

    /// Advances the clock by seconds until `done`, at most 200 s. Small steps, because retries are seconds apart.
    /// Each step waits until no interaction is on its way: 50 ms of real time would make it a second older.
    ///
    /// # Panics
    /// If `done` never holds.
    pub async fn pass_until(&self, what: &str, done: impl Fn() -> bool) {
        for _ in 0..200 {
            if done() {
                return;
            }
            self.stack.advance(Duration::from_secs(1)).await.expect("the clock moves");
            tokio::time::sleep(Duration::from_millis(50)).await;
        }
        panic!("never: {what}");
    }

    /// The current state of a message that was seen.
    pub fn message(&self, seen: &View) -> Message {
        let id = seen.message().and_then(|message| message["id"].as_str()).expect("a message");
        let id = id.parse().expect("a snowflake");
        Message(self.stack.discord.message(id).expect("messages").expect("the message is there"))
    }

    /// The number of messages in a queue (visible, in flight and delayed).
    pub fn queued(&self, queue: &str) -> u64 {
        let queues = self.stack.queues.list().expect("queues");
        queues
            .iter()
            .filter(|depth| depth.name == queue)
            .map(|depth| depth.visible + depth.in_flight + depth.delayed)
            .sum()
    }
}

/// The folder in which the test run records Discord's REST responses, if set.
#[expect(clippy::disallowed_methods, reason = "a test has no main that reads variables")]
fn answers() -> Option<PathBuf> {
    std::env::var("STEWARD_TEST_ANSWERS").ok().map(PathBuf::from)
}

/// Checks at the end of every test that all refusals were expected, that all expected ones occurred, and that all
/// stored items are valid.
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

/// An interaction of a member.
#[derive(Clone, Copy)]
pub struct Interaction<'a> {
    app: &'a TestApp,
    /// Its id, which is also the reference in error messages and logs.
    pub id: InteractionId,
}

impl Interaction<'_> {
    /// Waits for the first step.
    pub async fn first(self) -> View {
        self.until(|view| !view.steps.is_empty()).await
    }

    /// Waits until the interaction is settled.
    pub async fn settled(self) -> View {
        self.until(|view| view.settled).await
    }

    /// What the member has seen so far.
    pub fn look(self) -> View {
        self.app.stack.discord.view(self.id).expect("a view")
    }

    /// How often the original response was edited.
    pub fn edits(self) -> u32 {
        self.app.stack.discord.edits(self.id).expect("edits")
    }

    async fn until(self, enough: impl Fn(&View) -> bool) -> View {
        let view = self.app.stack.discord.wait_for(self.id, WAIT_TIMEOUT, &enough).await.expect("a view");
        view.text().lines().filter(|line| line.len() >= MIN_FORBIDDEN_CHARACTERS).for_each(logs::forbid);
        assert!(enough(&view), "still waiting after {WAIT_TIMEOUT:?}: {:?}", view.steps);
        view
    }
}
