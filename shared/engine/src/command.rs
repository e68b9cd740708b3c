//! What a command is: what it was given, a few constants, and what it can do.
//!
//! Each ability is a trait of its own, named again in the command's line of the registry: what is
//! implemented and not named there does not compile ([`Can`]), nor what is named and not implemented. A command
//! has [`Run`], [`Work`] or both: only `Run` is instant, only `Work` is always deferred, and with
//! both it answers at once when it can.

use std::future::Future;

use discord::{
    Choices, Filled, Form, Permissions, Reply, TargetMessage, TargetUser, definition::Contexts,
    options::Focused,
};
pub use domain::job::Visibility;
use domain::{Fault, Refusal, Result, rate::Class, settings::Feature};
use serde::{Serialize, de::DeserializeOwned};

use crate::{Can, Context, ability};

/// A command. If it is typed, a struct of its options, with Discord's description of them as doc
/// comments; in a context menu, of what it was used on ([`OnUser`], [`OnMessage`]).
pub trait Command: Send + Sync + 'static {
    /// Who sees the reply. It must be known before there is one.
    const REPLY: Visibility = Visibility::Private;
    /// Which limits hold for it.
    const CLASS: Class = Class::Normal;
    /// What a member must be allowed to do here to use it.
    const MEMBER_PERMISSIONS: Permissions = Permissions::empty();
    /// What the bot must be allowed to do here for it.
    const BOT_PERMISSIONS: Permissions = Permissions::empty();
    /// Where it can be used.
    const CONTEXTS: Contexts = Contexts::Everywhere;
    /// What a guild can turn off, it with it.
    const FEATURE: Option<Feature> = None;
    /// Names that it had. Discord then keeps its id, where it would make a new command otherwise.
    const PREVIOUS_NAMES: &'static [&'static str] = &[];

    /// Who sees the reply to what was asked: [`Command::REPLY`], or fewer.
    fn reply(&self) -> Visibility {
        Self::REPLY
    }
}

/// A command in the context menu of a person.
pub trait OnUser: Command {
    /// What the menu says in English; at most 32 characters, no full stop.
    const NAME: &'static str;
    /// The command, used on somebody.
    fn of(target: TargetUser) -> Self;
}

/// A command in the context menu of a message.
pub trait OnMessage: Command {
    /// What the menu says in English; at most 32 characters, no full stop.
    const NAME: &'static str;
    /// The command, used on a message.
    fn of(target: TargetMessage) -> Self;
}

/// The name of a command, whatever its kind. The registry says it.
pub trait Named: Command {
    /// Its name.
    const NAME: &'static str;
}

/// What a command answers.
#[derive(Clone, Debug, PartialEq)]
pub enum Answer {
    /// This, at once.
    Now(Reply),
    /// Opens a form. A command that answers with one must not change anything: a form cannot be opened later, by the
    /// jobs function.
    Form(Form),
    /// It takes longer: the jobs function will do the work and edit the reply.
    Later,
}

impl<R: Into<Reply>> From<R> for Answer {
    fn from(reply: R) -> Self {
        Self::Now(reply.into())
    }
}

impl Answer {
    /// The reply of something that must not say "later" again.
    ///
    /// # Errors
    /// [`Fault`] if it does; a refusal if it is a form, which has come too late to be shown.
    pub fn now(self, cx: &Context) -> Result<Reply> {
        match self {
            Self::Now(reply) => Ok(reply),
            Self::Form(_) => Err(Refusal(words::errors::form_too_late(cx.user_language())).into()),
            Self::Later => Err(Fault::lasting("command", "said later in its long half").into()),
        }
    }
}

/// Answers at once, in the interactions function.
///
/// No author has to think about Discord's three seconds: a `run` that is late is dropped and done
/// again in the jobs function, by [`Work::work`] or, without one, by `run` itself. So whatever it
/// changes is keyed by the interaction's id.
pub trait Run: Command + Can<ability::Run> {
    /// Answers, or says [`Answer::Later`].
    fn run(&self, cx: &Context) -> impl Future<Output = Result<Answer>> + Send;
}

/// Takes its time, in the jobs function.
pub trait Work: Command + Can<ability::Work> {
    /// Gives the reply. It may be called again after a fault or a crash.
    fn work(&self, cx: &Context) -> impl Future<Output = Result<Reply>> + Send;
}

/// Helps to type an option.
pub trait Complete: Command + Can<ability::Complete> {
    /// What to offer. Nothing is offered if this is late or fails.
    fn complete(focused: &Focused, cx: &Context) -> impl Future<Output = Result<Choices>> + Send;
}

/// What using a component, or sending a form, does to the message that it is on.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum UpdateMode {
    /// Nothing: the answer is a new message, for these to see.
    Reply(Visibility),
    /// The answer takes its place.
    Update,
}

/// Who may use a component.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum AllowedUser {
    /// Only the one for whom it was made.
    Invoker,
    /// Every member who sees it.
    Anyone,
}

/// Has buttons, or with [`Choose`] menus.
pub trait Press: Named + Can<ability::Press> {
    /// What pressing can mean; it is stored in the button itself. What it names (a user, a guild) gives
    /// no right to anything: who presses, and where, is in the context.
    type Action: Serialize + DeserializeOwned + Send + Sync + 'static;
    /// The version of `Action`. Raise it when the enum changes: older buttons then say so politely.
    const VERSION: u8 = 1;
    /// What becomes of the message.
    const ON_PRESS: UpdateMode = UpdateMode::Update;
    /// Who may press.
    const PRESSED_BY: AllowedUser = AllowedUser::Invoker;

    /// Answers at once, or says [`Answer::Later`].
    fn press(action: &Self::Action, cx: &Context) -> impl Future<Output = Result<Answer>> + Send;

    /// The same in the jobs function, without a deadline.
    fn press_work(action: &Self::Action, cx: &Context) -> impl Future<Output = Result<Reply>> + Send {
        async { Self::press(action, cx).await?.now(cx) }
    }
}

/// Has menus. They mean an action as buttons do, and bring what was chosen.
pub trait Choose: Press + Can<ability::Choose> {
    /// Answers at once, or says [`Answer::Later`]; it is then called again without a deadline.
    fn choose(
        action: &Self::Action,
        chosen: &[String],
        cx: &Context,
    ) -> impl Future<Output = Result<Answer>> + Send;
}

/// Has forms.
pub trait Submit: Named + Can<ability::Submit> {
    /// What sending a form can mean, as [`Press::Action`].
    type State: Serialize + DeserializeOwned + Send + Sync + 'static;
    /// The version of `State` and of the questions.
    const FORM_VERSION: u8 = 1;
    /// What becomes of the message that the form was opened from, if it was.
    const ON_SUBMIT: UpdateMode = UpdateMode::Update;

    /// Answers at once, or says [`Answer::Later`].
    fn submit(
        state: &Self::State,
        filled: &Filled,
        cx: &Context,
    ) -> impl Future<Output = Result<Answer>> + Send;

    /// The same in the jobs function, without a deadline.
    fn submit_work(
        state: &Self::State,
        filled: &Filled,
        cx: &Context,
    ) -> impl Future<Output = Result<Reply>> + Send {
        async { Self::submit(state, filled, cx).await?.now(cx) }
    }
}
