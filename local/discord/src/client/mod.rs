//! What members do in Discord's client (commands, autocomplete, components, modals), and what they see.

mod availability;
mod chat;
mod command_line;
mod component;
mod context;
mod data;
mod menu;
mod modal;
mod option;
mod overwrite;
mod payload;
mod purchase;
pub(crate) mod render;
mod resolved;
mod select;
mod typed;
pub(crate) mod upload;
pub(crate) mod view;
pub(crate) mod visibility;

use base64::{Engine, engine::general_purpose::STANDARD_NO_PAD};
use rusqlite::Connection;
use serde_json::{Value, json};

use self::{command_line::CommandLine, context::Context};
use crate::{
    Discord, Error, InteractionId, Refused, Snowflake,
    delivery::in_flight::Delivery,
    model::{
        interaction::{self, Interaction, Kind, State},
        seen::Seen,
    },
};

pub use typed::Typed;

const CHAT_INPUT: u64 = 1;

/// The context, the interaction, its `data`, and the message of the component or modal.
type Act = (Context, Interaction, Value, Option<Value>);

impl Discord {
    /// Types a line such as `/weather place:New York units:c` and sends it. `user` and `channel`
    /// are names or ids; the channel `dm` is the user's direct messages with the application.
    ///
    /// # Errors
    /// When the user's client would not send it, with a sentence that says why.
    pub async fn say(&self, user: &str, channel: &str, line: &str) -> Result<InteractionId, Refused> {
        let delivery = self.inner.in_flight.begin().await;
        let (interaction, body) = self.prepare_command(user, channel, line, Kind::Command)?;
        Ok(self.send(delivery, &interaction, body))
    }

    /// Requests autocomplete choices for the last option of the line, as typing does. Returns the name, in
    /// the user's language, and the value of each.
    ///
    /// # Errors
    /// If the client would not send the request, or the application did not respond with valid choices.
    pub async fn complete(
        &self,
        user: &str,
        channel: &str,
        line: &str,
    ) -> Result<Vec<(String, Value)>, Refused> {
        let delivery = self.inner.in_flight.begin().await;
        let (interaction, body) = self.prepare_command(user, channel, line, Kind::Autocomplete)?;
        self.choices(delivery, interaction, body).await
    }

    /// Delivers an autocomplete interaction, and returns the choices.
    async fn choices(
        &self,
        delivery: Delivery,
        interaction: Interaction,
        body: Value,
    ) -> Result<Vec<(String, Value)>, Refused> {
        let (id, user) = (interaction.id, interaction.user);
        self.exchange(delivery, id, body).await;
        let locale = self.inner.store.read(|db| context::locale_of(db, user))?;
        let Some(step) = self.view(id)?.steps.pop() else {
            return Ok(Vec::new());
        };
        match step.seen {
            Seen::Choices { choices } => Ok(choices.iter().map(|choice| shown(choice, &locale)).collect()),
            Seen::DidNotRespond { reason } => Err(Refused::NoChoices(reason)),
            _ => Ok(Vec::new()),
        }
    }

    /// Stores the interaction that `act` builds, and sends it.
    async fn act(
        &self,
        act: impl FnOnce(&Connection) -> Result<Act, Refused>,
    ) -> Result<InteractionId, Refused> {
        let delivery = self.inner.in_flight.begin().await;
        let (interaction, body) = self.inner.store.write(|db| {
            let act = act(db)?;
            self.record(db, act)
        })?;
        Ok(self.send(delivery, &interaction, body))
    }

    fn record(&self, db: &Connection, act: Act) -> Result<(Interaction, Value), Refused> {
        let (context, interaction, data, message) = act;
        interaction::save(db, &interaction)?;
        self.trim_interactions(db, interaction.acted_at)?;
        let mut body = payload::envelope(self, &context, &interaction);
        let guild = context.guild.as_ref().map(|inside| inside.guild.id);
        body["entitlements"] = self.entitlements_of(db, context.user.id, guild)?.into();
        body["data"] = data;
        if let Some(message) = message {
            body["message"] = message;
        }
        Ok((interaction, body))
    }

    fn prepare_command(
        &self,
        user: &str,
        channel: &str,
        line: &str,
        kind: Kind,
    ) -> Result<(Interaction, Value), Refused> {
        self.inner.store.write(|db| {
            let context = Context::find(self, db, user, channel)?;
            let commands = availability::in_order(context.commands(db, CHAT_INPUT)?, &context);
            let (command, rest) = CommandLine::command(line, &commands, &context.user.locale)?;
            let owners = availability::check(command, &context)?;
            let line = CommandLine::read(command, rest, &context.user.locale)?;
            self.record_line(db, context, (&line, kind), owners)
        })
    }

    fn record_line(
        &self,
        db: &Connection,
        context: Context,
        (line, kind): (&CommandLine<'_>, Kind),
        owners: Value,
    ) -> Result<(Interaction, Value), Refused> {
        let data = match kind {
            Kind::Autocomplete => data::focused(line)?,
            _ => data::command(line, &context)?,
        };
        let interaction = self.begin(&context, kind, line.full_name(), owners);
        self.record(db, (context, interaction, data, None))
    }

    fn begin(&self, context: &Context, kind: Kind, name: String, owners: Value) -> Interaction {
        let acted_at = self.inner.clock.now();
        let id = self.inner.ids.next(acted_at);
        Interaction {
            id,
            token: self.new_token(id),
            kind,
            name,
            user: context.user.id,
            channel: context.channel.id,
            only_private: context.hides_external_apps() && interaction::only_of_user(&owners),
            owners,
            metadata: serde_json::Map::new(),
            acted_at,
            state: State::Pending,
            deferred: false,
            original: None,
            source: None,
            follow_ups: Vec::new(),
            submission: None,
            edits: 0,
            steps: Vec::new(),
        }
    }

    /// In the format of a real token: base64 of `interaction:`, the id and a secret. The secret is a signature
    /// of the id: it cannot be guessed without the key, and needs no random numbers, so runs are repeatable.
    pub(crate) fn new_token(&self, id: Snowflake) -> String {
        let secret = self.inner.key.sign([b"token of interaction ", id.to_string().as_bytes()]);
        STANDARD_NO_PAD.encode(format!("interaction:{id}:{secret}"))
    }

    /// Delivers the interaction in a task of its own.
    fn send(&self, delivery: Delivery, interaction: &Interaction, body: Value) -> InteractionId {
        let (discord, id) = (self.clone(), interaction.id);
        tokio::spawn(async move { discord.exchange(delivery, id, body).await });
        id
    }

    /// Posts the interaction, and handles the response or its absence.
    async fn exchange(&self, delivery: Delivery, id: Snowflake, body: Value) {
        let deadline = tokio::time::Instant::now() + crate::limits::RESPONSE_TIMEOUT;
        let (began, body) = (self.inner.clock.exact(), body.to_string().into_bytes());
        let answer = self.deliver_within(&delivery, body.clone()).await;
        let response = match &answer {
            Ok(answer) => (Some(answer.status.as_u16()), &answer.body[..]),
            Err(_) => (None, &[][..]),
        };
        self.note_delivery(id, began, &body, response);
        let taken = match answer {
            Ok(answer) => self.judge(id, &answer, deadline).await,
            Err(error) => Err(error),
        };
        self.check_now_and_then();
        let Err(error) = taken else { return };
        let reason = match error {
            Error::NoResponse(reason) => reason,
            other => other.to_string(),
        };
        if let Err(error) = self.give_up(id, reason) {
            tracing::error!(%error, interaction = %id, "could not record a failed interaction");
        }
    }
}

fn shown(choice: &Value, locale: &str) -> (String, Value) {
    let localized = choice["name_localizations"][locale].as_str();
    let name = localized.or(choice["name"].as_str()).unwrap_or("");
    (name.into(), json!(choice["value"]))
}
