//! What a command is: its options, a few constants, and what it can do.
//!
//! Each ability is a trait of its own, named again in the command's line of the registry. A command
//! has [`Run`], [`Work`] or both: only `Run` is instant, only `Work` is always deferred, and with
//! both it answers at once when it can.

use std::future::Future;

use discord::{Choices, CommandModel, CreateCommand, Permissions, Reply, options::Focused};
use domain::{Fault, Result};
use serde::{Serialize, de::DeserializeOwned};

use crate::{Context, JobContext};

/// A slash command: a struct of its options, with Discord's description of them as doc comments.
pub trait Command: CommandModel + CreateCommand + Send + Sync + 'static {
    /// Who sees the reply. It must be known before there is one.
    const REPLY: Visibility = Visibility::Private;
    /// Which limits hold for it.
    const CLASS: Class = Class::Normal;
    /// What a member must be allowed to do here to use it.
    const REQUIRES: Permissions = Permissions::empty();
    /// Names that it had. Discord then keeps its id, where it would make a new command otherwise.
    const FORMERLY: &'static [&'static str] = &[];
}

/// Who sees a reply.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Visibility {
    /// The user alone; in the user's language.
    Private,
    /// Everybody in the channel; in the guild's language.
    Public,
}

/// How much a command costs.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Class {
    /// Computed from the interaction alone: needs no client and is never deferred.
    Free,
    /// Reads or writes a little.
    Normal,
}

/// What a command answers.
#[derive(Clone, Debug, PartialEq)]
pub enum Answer {
    /// This, at once.
    Now(Reply),
    /// It takes longer: the jobs function will do the work and edit the reply.
    Later,
}

impl From<Reply> for Answer {
    fn from(reply: Reply) -> Self {
        Self::Now(reply)
    }
}

impl From<String> for Answer {
    fn from(text: String) -> Self {
        Self::Now(text.into())
    }
}

impl Answer {
    /// The reply of something that must not say "later" again.
    ///
    /// # Errors
    /// [`Fault`] if it does.
    pub fn now(self) -> Result<Reply, Fault> {
        match self {
            Self::Now(reply) => Ok(reply),
            Self::Later => Err(Fault::new("command", "said later in its long half")),
        }
    }
}

/// Answers at once, at the front door.
///
/// No author has to think about Discord's three seconds: a `run` that is late is dropped and done
/// again in the jobs function, by [`Work::work`] or, without one, by `run` itself. So whatever it
/// changes is keyed by the interaction's id.
pub trait Run: Command {
    /// Answers, or says [`Answer::Later`].
    fn run(&self, cx: &Context) -> impl Future<Output = Result<Answer>> + Send;
}

/// Takes its time, in the jobs function.
pub trait Work: Command {
    /// Gives the reply. It may be called again after a fault or a crash.
    fn work(&self, cx: &JobContext) -> impl Future<Output = Result<Reply>> + Send;
}

/// Helps to type an option.
pub trait Complete: Command {
    /// What to offer. Nothing is offered if this is late or fails.
    fn complete(focused: &Focused, cx: &Context) -> impl Future<Output = Result<Choices>> + Send;
}

/// What a pressed button does to the message it is on.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum OnPress {
    /// Nothing: the answer is a new message.
    Reply,
    /// The answer takes its place.
    Update,
}

/// Has buttons.
pub trait Press: Command {
    /// What pressing can mean; it is stored in the button itself.
    type Action: Serialize + DeserializeOwned + Send + Sync + 'static;
    /// The version of `Action`. Raise it when the enum changes: older buttons then say so politely.
    const VERSION: u8 = 1;
    /// What becomes of the message.
    const ON_PRESS: OnPress = OnPress::Update;

    /// Answers at once, or says [`Answer::Later`].
    fn press(action: &Self::Action, cx: &Context) -> impl Future<Output = Result<Answer>> + Send;

    /// The long half.
    fn press_work(action: &Self::Action, cx: &JobContext) -> impl Future<Output = Result<Reply>> + Send {
        async { Ok(Self::press(action, cx).await?.now()?) }
    }
}
