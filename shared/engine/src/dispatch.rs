//! The functions that the registry's macro calls to get from a command's name to its code.
//!
//! Their futures are boxed, so that an interaction does not need as much stack as the largest command.

pub use discord::{Choices, CustomId, Reply};
use discord::{
    Envelope, ModalSubmission,
    options::{self, OptionsError},
};
pub use domain::Result;
use domain::{Fault, Refusal};
use futures_util::{
    FutureExt,
    future::{self, BoxFuture},
};

use crate::{
    Admitted, Answer, Choose, Complete, Context, Named, Press, Run, Submit, Work,
    another_version::another_version, component_state::Reader,
};

/// An interaction and its JSON.
#[derive(Clone, Copy)]
pub struct Input<'a> {
    /// The parsed envelope.
    pub envelope: &'a Envelope<'a>,
    /// The whole body.
    pub body: &'a str,
}

/// The future of a command's own code.
pub type Called<'a, T> = BoxFuture<'a, Result<T>>;

/// A command whose options have been parsed, so that the visibility of its reply is known. Its code starts
/// when `result` is polled.
pub struct Started<'a, T> {
    /// The context of the command.
    pub cx: Context,
    /// Its result.
    pub result: BoxFuture<'a, Result<T>>,
}

/// Parses a command out of an interaction; each kind of command has such a function.
pub type Parse<C> = fn(Input<'_>) -> Result<C, OptionsError>;

pub fn run<'a, C: Run + Named>(
    parse: Parse<C>,
    input: Input<'a>,
    admitted: Admitted,
) -> Result<Started<'a, Answer>> {
    let (command, cx) = begin(parse, input, admitted)?;
    let given = cx.clone();
    Ok(Started { cx, result: Box::pin(async move { command.run(&given).await }) })
}

/// For a command without [`Run`]. Its options are parsed all the same, because they decide who can see the
/// reply.
pub fn later<'a, C: Named>(
    parse: Parse<C>,
    input: Input<'a>,
    admitted: Admitted,
) -> Result<Started<'a, Answer>> {
    let (_, cx) = begin(parse, input, admitted)?;
    Ok(Started { cx, result: future::ready(Ok(Answer::Later)).boxed() })
}

/// Parses the command and creates its context.
fn begin<C: Named>(parse: Parse<C>, input: Input<'_>, admitted: Admitted) -> Result<(C, Context)> {
    let changed = || Refusal(words::errors::options_do_not_fit(admitted.caller.user_language(), C::NAME));
    let command = parse(input).map_err(|_| changed())?;
    let cx = admitted.context(command.reply());
    Ok((command, cx))
}

pub fn work<'a, C: Work>(
    parse: Parse<C>,
    input: Input<'a>,
    admitted: Admitted,
) -> Result<Started<'a, Reply>> {
    let command = parse(input).map_err(|OptionsError| another_version())?;
    let cx = admitted.context(command.reply());
    let given = cx.clone();
    Ok(Started { cx, result: Box::pin(async move { command.work(&given).await }) })
}

pub fn run_late<'a, C: Run>(
    parse: Parse<C>,
    input: Input<'a>,
    admitted: Admitted,
) -> Result<Started<'a, Reply>> {
    let command = parse(input).map_err(|OptionsError| another_version())?;
    let cx = admitted.context(command.reply());
    let given = cx.clone();
    Ok(Started { cx, result: Box::pin(async move { command.run(&given).await?.now(&given) }) })
}

pub fn complete<'a, C: Complete>(input: Input<'a>, cx: &'a Context) -> Called<'a, Choices> {
    Box::pin(async move {
        let focused = options::focused(input.body).map_err(|OptionsError| another_version())?;
        C::complete(&focused, cx).await
    })
}

pub fn press<'a, C: Press>(id: CustomId<'a>, _: Input<'a>, cx: &'a Context) -> Called<'a, Answer> {
    Box::pin(async move {
        let action = actions::<C>().read(id, cx).await.map_err(|unread| unread.now(cx))?;
        C::press(&action, cx).await
    })
}

pub fn press_work<'a, C: Press>(id: CustomId<'a>, _: Input<'a>, cx: &'a Context) -> Called<'a, Reply> {
    Box::pin(async move {
        let action = actions::<C>().read(id, cx).await.map_err(|unread| unread.deferred(cx))?;
        C::press_work(&action, cx).await
    })
}

pub fn choose<'a, C: Choose>(id: CustomId<'a>, input: Input<'a>, cx: &'a Context) -> Called<'a, Answer> {
    Box::pin(async move {
        let action = actions::<C>().read(id, cx).await.map_err(|unread| unread.now(cx))?;
        C::choose(&action, &input.envelope.chosen(), cx).await
    })
}

pub fn choose_work<'a, C: Choose>(id: CustomId<'a>, input: Input<'a>, cx: &'a Context) -> Called<'a, Reply> {
    Box::pin(async move {
        let action = actions::<C>().read(id, cx).await.map_err(|unread| unread.deferred(cx))?;
        C::choose(&action, &input.envelope.chosen(), cx).await?.now(cx)
    })
}

pub fn submit<'a, C: Submit>(id: CustomId<'a>, input: Input<'a>, cx: &'a Context) -> Called<'a, Answer> {
    Box::pin(async move {
        let submission = ModalSubmission::parse(input.body).map_err(|OptionsError| another_version())?;
        let state = states::<C>().read(id, cx).await.map_err(|unread| unread.now(cx))?;
        C::submit(&state, &submission, cx).await
    })
}

pub fn submit_work<'a, C: Submit>(id: CustomId<'a>, input: Input<'a>, cx: &'a Context) -> Called<'a, Reply> {
    Box::pin(async move {
        let submission = ModalSubmission::parse(input.body).map_err(|OptionsError| another_version())?;
        let state = states::<C>().read(id, cx).await.map_err(|unread| unread.deferred(cx))?;
        C::submit_work(&state, &submission, cx).await
    })
}

const fn actions<C: Press>() -> Reader<C::Action> {
    Reader { version: C::VERSION, previous: C::previous_action }
}

const fn states<C: Submit>() -> Reader<C::State> {
    Reader { version: C::MODAL_VERSION, previous: C::previous_state }
}

pub fn no_choices<'a>() -> Called<'a, Choices> {
    future::ready(Ok(Choices::new())).boxed()
}

pub fn unknown<'a, T: Send + 'a>() -> Called<'a, T> {
    future::ready(Err(unknown_command().into())).boxed()
}

pub fn unknown_command() -> Fault {
    another_version()
}
