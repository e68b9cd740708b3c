//! The front door: an interaction is answered here, or handed to the queue before Discord gives up.

use std::{panic::AssertUnwindSafe, sync::Arc, time::Duration};

use aws::NotSent;
use discord::{CustomId, Envelope, Kind, Reply, Response};
use domain::{
    Error, Fault, InteractionId, Job, Language, Result, deadline,
    job::{self, Act},
};
use futures_util::{FutureExt, future::BoxFuture};
use jiff::Timestamp;
use serde_json::value::RawValue;

use crate::{
    Answer, Asked, Bot, Class, Context, OnPress, Visibility,
    commands::{self, Entry},
    dispatch::Input,
    words,
};

/// The queue is given this long even if the command has used up its time.
const SEND_AT_LEAST: Duration = Duration::from_millis(400);

/// What goes back to Discord, and how it came about.
#[derive(Debug)]
pub struct Answered {
    /// The body of the HTTP response.
    pub body: String,
    /// `answered`, `deferred`, `refused`, `failed`, `unknown`; of autocomplete `offered`, `late`.
    pub outcome: &'static str,
    /// The command, if it is one of ours.
    pub command: Option<&'static str>,
}

/// Answers one interaction. It always has an answer, and in time.
pub async fn answer(bot: &Arc<Bot>, envelope: &Envelope<'_>, body: &str, received: Timestamp) -> Answered {
    let visit = Visit { bot, envelope, body, received };
    let (entry, (response, outcome)) = match envelope.kind {
        Kind::Command => visit.command().await,
        Kind::Component => visit.component().await,
        Kind::Autocomplete => visit.autocomplete().await,
        Kind::Modal | Kind::Ping | Kind::Unknown => (None, visit.unknown()),
    };
    let (body, outcome) = match response.into_json() {
        Ok(body) => (body, outcome),
        Err(over) => {
            let (apology, outcome) = visit.apology(&Fault::new("reply", over.what));
            (apology.into_json().unwrap_or_default(), outcome)
        }
    };
    Answered { body, outcome, command: entry.map(|entry| entry.name) }
}

/// An answer and how it is counted.
type Settled = (Response, &'static str);

/// One interaction at the door.
struct Visit<'a> {
    bot: &'a Arc<Bot>,
    envelope: &'a Envelope<'a>,
    body: &'a str,
    received: Timestamp,
}

impl Visit<'_> {
    async fn command(&self) -> (Option<&'static Entry>, Settled) {
        let Some(entry) = self.envelope.command().and_then(commands::find) else {
            return (None, self.unknown());
        };
        let cx = self.context(entry.reply);
        if let Some(refused) = self.guard(entry, &cx) {
            return (Some(entry), refused);
        }
        let run = commands::run(entry.name, self.input(), &cx);
        let settled = match self.in_time(entry, run).await {
            Some(Ok(Answer::Now(reply))) => {
                (Response::Message { reply, private: entry.reply == Visibility::Private }, "answered")
            }
            Some(Ok(Answer::Later)) | None => self.hand_over(entry, Act::Command).await,
            Some(Err(error)) => self.no(error),
        };
        (Some(entry), settled)
    }

    async fn component(&self) -> (Option<&'static Entry>, Settled) {
        let pressed = self.envelope.custom_id().and_then(CustomId::parse);
        let pressed = pressed.and_then(|id| commands::find(id.command).map(|entry| (id, entry)));
        let Some((id, entry)) = pressed.filter(|(_, entry)| entry.on_press.is_some()) else {
            return (None, self.unknown());
        };
        let cx = self.context(entry.reply);
        if let Some(refused) = self.guard(entry, &cx) {
            return (Some(entry), refused);
        }
        let settled = match self.in_time(entry, commands::press(id, &cx)).await {
            Some(Ok(Answer::Now(reply))) if entry.on_press == Some(OnPress::Update) => {
                (Response::Update(reply), "answered")
            }
            Some(Ok(Answer::Now(reply))) => {
                (Response::Message { reply, private: entry.reply == Visibility::Private }, "answered")
            }
            Some(Ok(Answer::Later)) | None => self.hand_over(entry, Act::Component).await,
            Some(Err(error)) => self.no(error),
        };
        (Some(entry), settled)
    }

    /// Offers nothing rather than something late or wrong.
    async fn autocomplete(&self) -> (Option<&'static Entry>, Settled) {
        let Some(entry) = self.envelope.command().and_then(commands::find) else {
            return (None, (Response::Choices(Vec::new()), "unknown"));
        };
        let cx = self.context(Visibility::Private);
        if !cx.asked.may(entry.requires) {
            return (Some(entry), (Response::Choices(Vec::new()), "refused"));
        }
        let complete = commands::complete(entry.name, self.input(), &cx);
        let settled = match self.in_time(entry, complete).await {
            Some(Ok(choices)) => (Response::Choices(choices), "offered"),
            Some(Err(Error::Failed(fault))) => {
                self.log(&fault);
                (Response::Choices(Vec::new()), "failed")
            }
            Some(Err(Error::Refused(_))) | None => (Response::Choices(Vec::new()), "late"),
        };
        (Some(entry), settled)
    }

    fn guard(&self, entry: &Entry, cx: &Context) -> Option<Settled> {
        let refusal = || words::front_door::not_allowed(cx.user_language(), entry.name);
        (!cx.asked.may(entry.requires)).then(|| (private(refusal()), "refused"))
    }

    /// Runs a command's own code; `None` if it is late. A panic is a fault like another.
    async fn in_time<T>(&self, entry: &Entry, run: BoxFuture<'_, Result<T>>) -> Option<Result<T>> {
        let guarded = AssertUnwindSafe(run).catch_unwind();
        let ended = if entry.class == Class::Free {
            guarded.await
        } else {
            tokio::time::timeout(self.left(), guarded).await.ok()?
        };
        Some(ended.unwrap_or_else(|_| Err(Fault::new("command", "panic").into())))
    }

    fn left(&self) -> Duration {
        deadline::left(self.bot.now(), deadline::hand_over_at(self.envelope.id, self.received))
    }

    /// At least enough for a queue that is known already.
    fn left_to_send(&self) -> Duration {
        let left = deadline::left(self.bot.now(), deadline::send_until(self.envelope.id, self.received));
        left.max(SEND_AT_LEAST)
    }

    /// Defers to the jobs function. Discord is told so only when the queue has taken the job.
    async fn hand_over(&self, entry: &Entry, act: Act) -> Settled {
        let sent = match self.job(entry, act) {
            Ok(job) => self.bot.jobs().send(&job, self.left_to_send()).await,
            Err(fault) => Err(NotSent::Refused(fault)),
        };
        let private = entry.reply == Visibility::Private;
        match sent {
            Ok(()) if act == Act::Component && entry.on_press == Some(OnPress::Update) => {
                (Response::Working, "deferred")
            }
            Ok(()) => (Response::Thinking { private }, "deferred"),
            Err(NotSent::Refused(fault)) => self.apology(&fault),
            Err(NotSent::Unknown(fault)) => {
                // If the job exists after all, it will edit this message.
                self.log(&fault);
                let language = self.context(entry.reply).say();
                let text = words::front_door::perhaps_later(language, self.envelope.id);
                (Response::Message { reply: text.into(), private }, "failed")
            }
        }
    }

    fn job(&self, entry: &Entry, act: Act) -> Result<Job, Fault> {
        let asked = Asked::of(self.envelope, self.received, self.bot);
        Ok(Job {
            v: job::VERSION,
            interaction: asked.interaction,
            application: asked.application,
            token: self.envelope.token.clone(),
            guild: asked.guild,
            act,
            command: entry.name.to_owned(),
            language: self.context(entry.reply).say(),
            body: RawValue::from_string(self.body.to_owned()).map_err(|_| Fault::new("job", "not JSON"))?,
        })
    }

    fn no(&self, error: Error) -> Settled {
        match error {
            Error::Refused(refusal) => (private(refusal.0), "refused"),
            Error::Failed(fault) => self.apology(&fault),
        }
    }

    fn apology(&self, fault: &Fault) -> Settled {
        self.log(fault);
        (private(words::front_door::failed(self.language(), self.envelope.id)), "failed")
    }

    fn unknown(&self) -> Settled {
        (private(words::front_door::unknown(self.language())), "unknown")
    }

    fn log(&self, fault: &Fault) {
        log(self.envelope.id, fault);
    }

    fn language(&self) -> Language {
        self.envelope.user_language()
    }

    fn context(&self, reply: Visibility) -> Context {
        Context::new(self.bot, Asked::of(self.envelope, self.received, self.bot), reply)
    }

    fn input(&self) -> Input<'_> {
        Input { envelope: self.envelope, body: self.body }
    }
}

/// A fault is logged once, where it ends.
pub(crate) fn log(interaction: InteractionId, fault: &Fault) {
    tracing::error!(target: "bot", %interaction, place = fault.place, code = fault.code, "fault");
}

fn private(text: String) -> Response {
    Response::Message { reply: Reply::from(text), private: true }
}
