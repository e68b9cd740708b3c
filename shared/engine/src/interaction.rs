//! Answers an interaction, or defers it to the jobs function before Discord's deadline.

mod hand_over;

use std::{panic::AssertUnwindSafe, sync::Arc, time::Duration};

use aws::telemetry;
use discord::{CustomId, Envelope, Kind, Reply, Response, custom_id::StoredState};
use domain::{
    Error, Fault, FaultKind, Language, Result, deadline,
    job::Act,
    measurement::{Outcome, Step},
    rate::InteractionKind,
};
use futures_util::{FutureExt, future::BoxFuture};
use jiff::Timestamp;

use crate::{
    Answer, Caller, Class, Context, Entry, Registry, Services, Visibility,
    another_version::another_version,
    calls::ImmediateCalls,
    component_state,
    dispatch::{Input, Started},
    fault_log,
    guard::{self, Refused},
    target::{self, Target},
};

/// The response to Discord, and what happened.
#[derive(Debug)]
pub struct Answered {
    /// The body of the HTTP response.
    pub body: String,
    /// The outcome for logs and counters.
    pub outcome: Outcome,
    /// The command's name; `None` if it is not one of ours.
    pub command: Option<&'static str>,
}

/// Answers one interaction. Always returns a response, and in time.
pub fn answer<'a, R: Registry>(
    services: &'a Arc<Services>,
    envelope: &'a Envelope<'a>,
    body: &'a str,
    received: Timestamp,
) -> impl Future<Output = Answered> + Send + 'a {
    answer_by(const { &ImmediateCalls::of::<R>() }, services, envelope, body, received)
}

async fn answer_by(
    calls: &'static ImmediateCalls,
    services: &Arc<Services>,
    envelope: &Envelope<'_>,
    body: &str,
    received: Timestamp,
) -> Answered {
    let request = InteractionRequest { calls, services, envelope, body, received };
    let (entry, (response, outcome)) = match envelope.kind {
        _ if deadline::is_too_late(envelope.id, received) => (request.entry(), request.too_late()),
        Kind::Command => request.command().await,
        Kind::Component | Kind::Modal => request.component().await,
        Kind::Autocomplete => request.autocomplete().await,
        Kind::Ping | Kind::Unknown => (None, request.unknown()),
    };
    let (body, outcome) = match response.into_json() {
        Ok(body) => (body, outcome),
        Err(over) => {
            let (error_message, outcome) = request.error_message(&Fault::new("reply", over.what));
            (error_message.into_json().unwrap_or_default(), outcome)
        }
    };
    Answered { body, outcome, command: entry.map(|entry| entry.name) }
}

type Finished = (Response, Outcome);

/// A command that was called, and where its reply goes.
struct Call<'a> {
    entry: &'static Entry,
    act: Act,
    target: Target,
    cx: &'a Context,
}

struct InteractionRequest<'a> {
    calls: &'static ImmediateCalls,
    services: &'a Arc<Services>,
    envelope: &'a Envelope<'a>,
    body: &'a str,
    received: Timestamp,
}

impl InteractionRequest<'_> {
    async fn command(&self) -> (Option<&'static Entry>, Finished) {
        let Some(entry) = self.used() else {
            return (None, self.unknown());
        };
        let target = target::reply_target(entry, Act::Command, self.envelope);
        let admitted = match guard::enter(
            self.services,
            entry,
            InteractionKind::Command,
            self.caller(),
            target.visibility(),
        )
        .await
        {
            Ok(admitted) => admitted,
            Err(refused) => return (Some(entry), rejected(refused)),
        };
        self.step(Step::Routed);
        let Started { cx, result } = match (self.calls.run)(entry.name, self.input(), admitted) {
            Ok(started) => started,
            Err(Error::Refused(refusal)) => {
                return (Some(entry), (ephemeral_response(refusal.0), Outcome::Refused));
            }
            Err(Error::Failed(fault)) => return (Some(entry), self.error_message(&fault)),
        };
        let run = self.in_time(entry, result).await;
        let target = target.with_visibility(cx.reply());
        (Some(entry), self.finish(&Call { entry, act: Act::Command, target, cx: &cx }, run).await)
    }

    /// Answers a button, a select menu or a modal.
    async fn component(&self) -> (Option<&'static Entry>, Finished) {
        let act = if self.envelope.kind == Kind::Modal { Act::Modal } else { Act::Component };
        let id = self.envelope.custom_id().and_then(CustomId::parse);
        let made = id.and_then(|id| {
            let entry = (self.calls.find)(id.command)?;
            let uses = if act == Act::Modal { entry.submit } else { entry.press };
            Some((id, entry, uses?))
        });
        let Some((id, entry, uses)) = made else {
            return (None, self.unknown());
        };
        let target = target::reply_target(entry, act, self.envelope);
        let caller = self.caller();
        let entered = match guard::owner_refusal(uses, id.owner, &caller) {
            Some(refused) => Err(refused),
            None => {
                guard::enter(self.services, entry, InteractionKind::Component, caller, target.visibility())
                    .await
            }
        };
        let cx = match entered {
            Ok(admitted) => admitted.context(target.visibility()),
            Err(refused) => return (Some(entry), rejected(refused)),
        };
        self.step(Step::Routed);
        let called = match act {
            Act::Modal => (self.calls.submit)(id, self.input(), &cx),
            _ if self.envelope.is_button() => (self.calls.press)(id, self.input(), &cx),
            _ => (self.calls.choose)(id, self.input(), &cx),
        };
        let called = self.in_time(entry, called).await;
        (Some(entry), self.finish(&Call { entry, act, target, cx: &cx }, called).await)
    }

    /// Answers autocomplete. Returns no choices rather than late or wrong ones.
    async fn autocomplete(&self) -> (Option<&'static Entry>, Finished) {
        let Some(entry) = self.used() else {
            return (None, (Response::Choices(Vec::new()), Outcome::Unknown));
        };
        let cx = match guard::enter(
            self.services,
            entry,
            InteractionKind::Autocomplete,
            self.caller(),
            Visibility::Ephemeral,
        )
        .await
        {
            Ok(admitted) => admitted.context(Visibility::Ephemeral),
            Err(refused) => return (Some(entry), (Response::Choices(Vec::new()), refused.outcome)),
        };
        self.step(Step::Routed);
        let complete = (self.calls.complete)(entry.name, self.input(), &cx);
        let finished = match self.in_time(entry, complete).await {
            Some(Ok(choices)) => (Response::Choices(choices), Outcome::Offered),
            Some(Err(Error::Failed(fault))) => {
                self.log(&fault);
                (Response::Choices(Vec::new()), Outcome::Failed)
            }
            Some(Err(Error::Refused(_))) => (Response::Choices(Vec::new()), Outcome::Refused),
            None => (Response::Choices(Vec::new()), Outcome::Late),
        };
        (Some(entry), finished)
    }

    /// Turns the result of a command's code (`None` if it took too long) into a response.
    async fn finish(&self, call: &Call<'_>, ended: Option<Result<Answer>>) -> Finished {
        match ended {
            Some(Ok(Answer::Now(reply))) => {
                match self.store_states(&reply.stored_states(), self.left()).await {
                    Ok(()) => (message_response(reply, call.target), Outcome::Answered),
                    // The jobs function repeats the command, which recognises its own effects, and tries to
                    // store the state again.
                    Err(fault) => {
                        self.log(&fault);
                        self.hand_over(call).await
                    }
                }
            }
            // Discord does not accept a modal as the response to a modal.
            Some(Ok(Answer::Modal(_))) if call.act == Act::Modal => {
                self.error_message(&Fault::new("command", "form"))
            }
            Some(Ok(Answer::Modal(modal))) => {
                match self.store_states(modal.stored_state().as_slice(), self.left_to_send()).await {
                    Ok(()) => (Response::Modal(modal), Outcome::Answered),
                    Err(fault) => self.error_message(&fault),
                }
            }
            Some(Ok(Answer::Later)) | None => self.hand_over(call).await,
            Some(Err(Error::Refused(refusal))) => (ephemeral_response(refusal.0), Outcome::Refused),
            // The jobs function has more time, and waits for what is unavailable. A `Free` command waits for
            // nothing, so it would fail there as well. What this version cannot read was not sent by Discord.
            Some(Err(Error::Failed(fault)))
                if fault.kind != FaultKind::Lasting
                    && call.entry.class != Class::Free
                    && fault != another_version() =>
            {
                self.log(&fault);
                self.hand_over(call).await
            }
            Some(Err(Error::Failed(fault))) => self.error_message(&fault),
        }
    }

    /// What cannot be stored within `time_limit` is a fault.
    async fn store_states(&self, stored_states: &[&StoredState], time_limit: Duration) -> Result<(), Fault> {
        if stored_states.is_empty() {
            return Ok(());
        }
        let stored = component_state::store(self.services, stored_states).boxed();
        let stored = tokio::time::timeout(time_limit, stored).await;
        stored.unwrap_or_else(|_| Err(Fault::timeout("kept")))
    }

    /// The used command, if it is one of ours and of the same kind.
    fn used(&self) -> Option<&'static Entry> {
        let (kind, name) = self.envelope.command()?;
        (self.calls.find)(name).filter(|entry| entry.kind == kind)
    }

    /// Runs a command's code; `None` if it takes too long. A panic becomes a fault.
    async fn in_time<T>(&self, entry: &Entry, run: BoxFuture<'_, Result<T>>) -> Option<Result<T>> {
        let guarded = AssertUnwindSafe(run).catch_unwind();
        // A `Free` command waits for nothing, so it gets no timer.
        let ended = if entry.class == Class::Free {
            guarded.await
        } else {
            tokio::time::timeout(self.left(), guarded).await.ok()?
        };
        Some(ended.unwrap_or_else(|_| Err(Fault::lasting("command", "panic").into())))
    }

    fn left(&self) -> Duration {
        deadline::left(self.services.now(), deadline::hand_over_at(self.envelope.id, self.received))
    }

    fn left_to_send(&self) -> Duration {
        deadline::send_timeout(self.envelope.id, self.received, self.services.now())
    }

    fn error_message(&self, fault: &Fault) -> Finished {
        self.log(fault);
        (ephemeral_response(words::errors::failed(self.language(), self.envelope.id)), Outcome::Failed)
    }

    fn unknown(&self) -> Finished {
        (ephemeral_response(words::errors::unknown(self.language())), Outcome::Unknown)
    }

    /// The command that a command, autocomplete, component or modal is of, if it is one of ours.
    fn entry(&self) -> Option<&'static Entry> {
        let made_by = || (self.calls.find)(self.envelope.custom_id().and_then(CustomId::parse)?.command);
        self.used().or_else(made_by)
    }

    /// Discord has told the user that the bot did not respond, and discards this response. It is seen only if
    /// our clock is wrong.
    fn too_late(&self) -> Finished {
        let response = match self.envelope.kind {
            Kind::Autocomplete => Response::Choices(Vec::new()),
            _ => ephemeral_response(words::errors::too_late(self.language())),
        };
        (response, Outcome::Late)
    }

    fn step(&self, step: Step) {
        telemetry::step(step, self.envelope.id, None);
    }

    fn log(&self, fault: &Fault) {
        fault_log::log(self.envelope.id, fault);
    }

    fn language(&self) -> Language {
        self.envelope.user_language()
    }

    fn caller(&self) -> Caller {
        Caller::new(self.envelope, self.received, self.services)
    }

    fn input(&self) -> Input<'_> {
        Input { envelope: self.envelope, body: self.body }
    }
}

/// The response that shows a reply at its target.
fn message_response(reply: Reply, target: Target) -> Response {
    match target {
        Target::InPlace(_) => Response::Update(reply),
        Target::New(seen) => Response::Message { reply, ephemeral: seen == Visibility::Ephemeral },
    }
}

fn rejected(Refused { text, outcome }: Refused) -> Finished {
    (ephemeral_response(text), outcome)
}

fn ephemeral_response(text: String) -> Response {
    Response::Message { reply: Reply::from(text), ephemeral: true }
}
