//! The traits of a command: its constants and its abilities.
//!
//! Each ability is a trait that the command's line in the registry also names. It is a compile error to
//! implement an ability without naming it ([`Can`]), or the reverse. A command has [`Run`], [`Work`] or
//! both. With `Run` it answers at once if it can; if `run` takes too long or returns [`Answer::Later`], the
//! jobs function calls `work`, or without one `run` again. With `Work` alone it is always deferred.

use std::future::Future;

use discord::{
    Choices, Modal, ModalSubmission, Permissions, Reply, TargetMessage, TargetUser, definition::Contexts,
    options::Focused,
};
pub use domain::job::Visibility;
use domain::{Fault, Refusal, Result, rate::Class, settings::Feature};
use serde::{Serialize, de::DeserializeOwned};

use crate::{Can, Context, ability, component_state::PreviousState};

/// A command. A slash command is a struct of its options, whose doc comments are the descriptions in
/// Discord; a context menu command holds its target ([`OnUser`], [`OnMessage`]).
pub trait Command: Send + Sync + 'static {
    /// The visibility of the reply. Discord has to know it before the reply exists, when the command is deferred.
    const REPLY: Visibility = Visibility::Ephemeral;
    /// The cost class, which selects the rate limits.
    const CLASS: Class = Class::Normal;
    /// The permissions that a member needs in the channel to use it.
    const MEMBER_PERMISSIONS: Permissions = Permissions::empty();
    /// The permissions that the bot needs in the channel.
    const BOT_PERMISSIONS: Permissions = Permissions::empty();
    /// Where it can be used: guilds, DMs or both.
    const CONTEXTS: Contexts = Contexts::Everywhere;
    /// The feature to which it belongs; a guild can turn that off.
    const FEATURE: Option<Feature> = None;
    /// Former names, the oldest first. Registration renames such a command, which keeps its id, instead of
    /// creating a new one; its buttons, queued jobs and feature flag keep working. No other command may have
    /// such a name.
    const PREVIOUS_NAMES: &'static [&'static str] = &[];

    /// The visibility of the reply to these options: [`Command::REPLY`], or more restrictive.
    fn reply(&self) -> Visibility {
        Self::REPLY
    }
}

/// A command in the context menu of a user.
pub trait OnUser: Command {
    /// The English menu item: at most 32 characters, no full stop.
    const NAME: &'static str;
    /// The command, used on this user.
    fn from_target(target: TargetUser) -> Self;
}

/// A command in the context menu of a message.
pub trait OnMessage: Command {
    /// The English menu item: at most 32 characters, no full stop.
    const NAME: &'static str;
    /// The command, used on this message.
    fn from_target(target: TargetMessage) -> Self;
}

/// The name of a command of any kind. The registry implements it.
pub trait Named: Command {
    /// The name, unique among all commands.
    const NAME: &'static str;
}

/// What a command returns.
#[derive(Clone, Debug, PartialEq)]
pub enum Answer {
    /// A reply, sent in the response.
    Now(Reply),
    /// A modal. A command that returns one must not change anything: if it is too late for the response,
    /// the jobs function cannot open the modal.
    Modal(Modal),
    /// Defer: the jobs function does the work and edits the reply.
    Later,
}

impl<R: Into<Reply>> From<R> for Answer {
    fn from(reply: R) -> Self {
        Self::Now(reply.into())
    }
}

impl Answer {
    /// The reply, where neither a modal nor another deferral is possible: in the jobs function.
    ///
    /// # Errors
    /// [`Fault`] for [`Answer::Later`]; a refusal for a modal, which came too late to be shown.
    pub fn now(self, cx: &Context) -> Result<Reply> {
        match self {
            Self::Now(reply) => Ok(reply),
            Self::Modal(_) => Err(Refusal(words::errors::modal_too_late(cx.user_language())).into()),
            Self::Later => Err(Fault::lasting("command", "returned Later twice").into()),
        }
    }
}

/// Answers in the interactions function.
///
/// Discord's three seconds need no attention: a `run` that is late is dropped, and the jobs function
/// repeats the work by [`Work::work`] or, without one, by `run` itself. A dropped `run` may already have
/// had its effect, so key every effect by the interaction's id.
pub trait Run: Command + Can<ability::Run> {
    /// Returns a reply or modal, or [`Answer::Later`].
    fn run(&self, cx: &Context) -> impl Future<Output = Result<Answer>> + Send;
}

/// Does deferred work in the jobs function.
pub trait Work: Command + Can<ability::Work> {
    /// Returns the reply. It may be called again after a fault or a crash.
    fn work(&self, cx: &Context) -> impl Future<Output = Result<Reply>> + Send;
}

/// Has options with autocomplete.
pub trait Complete: Command + Can<ability::Complete> {
    /// The choices to offer. None are shown if this is late or fails.
    fn complete(focused: &Focused, cx: &Context) -> impl Future<Output = Result<Choices>> + Send;
}

/// What the answer to a component or a modal does to the message that it is on.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum UpdateMode {
    /// The message stays; the answer is a new message with this visibility.
    Reply(Visibility),
    /// The answer replaces the message.
    Update,
}

/// Who may use a component.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum AllowedUser {
    /// Only the user whose command created it.
    Invoker,
    /// Every member who can see it.
    Anyone,
}

/// Has buttons or, with [`Choose`], select menus.
pub trait Press: Named + Can<ability::Press> {
    /// The possible actions, stored in the button's custom id. An id in it (a user, a guild) grants
    /// nothing: check rights against the context, which says who clicked and where.
    type Action: Serialize + DeserializeOwned + Send + Sync + 'static;
    /// The version of `Action`. Raise it when the enum changes. Buttons of the previous version are under
    /// messages for a long time, so read them too ([`Press::previous_action`]); older ones are rejected.
    const VERSION: u8 = 1;
    /// What the answer does to the message.
    const ON_PRESS: UpdateMode = UpdateMode::Update;
    /// Who may click.
    const PRESSED_BY: AllowedUser = AllowedUser::Invoker;

    /// The action of a button or select menu of version `VERSION - 1`, read by the type that it had:
    /// `state.read::<ActionOfVersion1>()`. Without it, such a component is rejected.
    fn previous_action(_: PreviousState<'_>) -> Option<Self::Action> {
        None
    }

    /// Returns an answer, or [`Answer::Later`].
    fn press(action: &Self::Action, cx: &Context) -> impl Future<Output = Result<Answer>> + Send;

    /// The same in the jobs function, without a deadline.
    fn press_work(action: &Self::Action, cx: &Context) -> impl Future<Output = Result<Reply>> + Send {
        async { Self::press(action, cx).await?.now(cx) }
    }
}

/// Has select menus. They carry an action, as buttons do, and also the chosen values.
pub trait Choose: Press + Can<ability::Choose> {
    /// Returns an answer, or [`Answer::Later`]; it is then called again, without a deadline.
    fn choose(
        action: &Self::Action,
        chosen: &[String],
        cx: &Context,
    ) -> impl Future<Output = Result<Answer>> + Send;
}

/// Has modals.
pub trait Submit: Named + Can<ability::Submit> {
    /// The state that a modal carries, as [`Press::Action`].
    type State: Serialize + DeserializeOwned + Send + Sync + 'static;
    /// The version of `State` and of the modal's fields. Raise it when they change.
    const MODAL_VERSION: u8 = 1;
    /// What the answer does to the message from which the modal was opened, if there is one.
    const ON_SUBMIT: UpdateMode = UpdateMode::Update;

    /// As [`Press::previous_action`], for a modal of version `MODAL_VERSION - 1`. Its fields are those of that
    /// version.
    fn previous_state(_: PreviousState<'_>) -> Option<Self::State> {
        None
    }

    /// Returns an answer, or [`Answer::Later`].
    fn submit(
        state: &Self::State,
        submission: &ModalSubmission,
        cx: &Context,
    ) -> impl Future<Output = Result<Answer>> + Send;

    /// The same in the jobs function, without a deadline.
    fn submit_work(
        state: &Self::State,
        submission: &ModalSubmission,
        cx: &Context,
    ) -> impl Future<Output = Result<Reply>> + Send {
        async { Self::submit(state, submission, cx).await?.now(cx) }
    }
}
