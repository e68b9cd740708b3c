//! Acts of users: typing a command, completing an option, pressing a button.

mod answer;
mod data;
mod line;
mod offer;
mod option;
mod payload;
mod scene;

use base64::{Engine, engine::general_purpose::STANDARD_NO_PAD};
use serde_json::{Value, json};

use self::{line::Line, scene::Scene};
use super::{
    Discord, Error, InteractionId, Refused, Snowflake,
    interaction::{self, Interaction, Kind, State},
    message,
    view::Seen,
};

const CHAT_INPUT: u64 = 1;

impl Discord {
    /// Types a line such as `/weather place:New York units:c` and sends it. `user` and `channel`
    /// are names or ids; the channel `dm` is the user's direct messages with the application.
    ///
    /// # Errors
    /// When the user's client would not send it, with a sentence that says why.
    pub async fn say(&self, user: &str, channel: &str, line: &str) -> Result<InteractionId, Refused> {
        let (interaction, body) = self.prepare_command(user, channel, line, Kind::Command)?;
        Ok(self.send(&interaction, body))
    }

    /// Asks for the choices of the last option of the line, as typing it does. Gives name and
    /// value of each, the name in the user's language.
    ///
    /// # Errors
    /// When the client would not ask, or the application gave no proper choices.
    pub async fn complete(
        &self,
        user: &str,
        channel: &str,
        line: &str,
    ) -> Result<Vec<(String, Value)>, Refused> {
        let (interaction, body) = self.prepare_command(user, channel, line, Kind::Autocomplete)?;
        let (id, user) = (interaction.id, interaction.user);
        self.exchange(id, body).await;
        let locale = self.inner.store.read(|db| scene::locale_of(db, user))?;
        let Some(step) = self.view(id)?.steps.pop() else {
            return Ok(Vec::new());
        };
        match step.seen {
            Seen::Choices { choices } => Ok(choices.iter().map(|choice| shown(choice, &locale)).collect()),
            Seen::DidNotRespond { reason } => Err(Refused::NoChoices(reason)),
            _ => Ok(Vec::new()),
        }
    }

    /// Presses a button that the message carries.
    ///
    /// # Errors
    /// When the user cannot see the message or it carries no such button to press.
    pub async fn press(
        &self,
        user: &str,
        message_id: Snowflake,
        custom_id: &str,
    ) -> Result<InteractionId, Refused> {
        let (interaction, body) = self.inner.store.write(|db| {
            let message = message::load(db, message_id)?
                .ok_or_else(|| Refused::because(format!("there is no message {message_id}")))?;
            let channel = message["channel_id"].as_str().unwrap_or("");
            let scene = Scene::find(self, db, user, channel)?;
            let button = data::button(&message, custom_id, &scene)?;
            let interaction = self.begin(
                &scene,
                Kind::Component,
                custom_id.into(),
                Some(message_id),
                offer::of_message(&message, &scene),
            );
            interaction::save(db, &interaction)?;
            let mut body = payload::envelope(self, &scene, &interaction);
            body["data"] = button;
            body["message"] = message;
            Ok::<_, Refused>((interaction, body))
        })?;
        Ok(self.send(&interaction, body))
    }

    fn prepare_command(
        &self,
        user: &str,
        channel: &str,
        line: &str,
        kind: Kind,
    ) -> Result<(Interaction, Value), Refused> {
        self.inner.store.write(|db| {
            let scene = Scene::find(self, db, user, channel)?;
            let commands = offer::in_order(scene.commands(db, CHAT_INPUT)?, &scene);
            let (command, rest) = Line::command(line, &commands, &scene.user.locale)?;
            let owners = offer::check(command, &scene)?;
            let line = Line::read(command, rest, &scene.user.locale)?;
            let data = match kind {
                Kind::Autocomplete => data::focused(&line)?,
                _ => data::command(&line, &scene)?,
            };
            let interaction = self.begin(&scene, kind, line.full_name(), None, owners);
            interaction::save(db, &interaction)?;
            let mut body = payload::envelope(self, &scene, &interaction);
            body["data"] = data;
            Ok((interaction, body))
        })
    }

    fn begin(
        &self,
        scene: &Scene,
        kind: Kind,
        name: String,
        source: Option<Snowflake>,
        owners: Value,
    ) -> Interaction {
        let acted_at = self.inner.clock.now();
        let id = self.inner.mint.next(acted_at);
        Interaction {
            id,
            token: self.new_token(id),
            kind,
            name,
            user: scene.user.id,
            channel: scene.channel.id,
            owners,
            acted_at,
            state: State::Pending,
            deferred: false,
            original: None,
            source,
            follow_ups: Vec::new(),
            edits: 0,
            steps: Vec::new(),
        }
    }

    /// The form of a real token: base64 of `interaction:`, the id and a secret. The secret is a
    /// signature, so nobody without the key can guess it and no chance has to be stored.
    pub(super) fn new_token(&self, id: Snowflake) -> String {
        let secret = self.inner.key.sign([b"token of interaction ", id.to_string().as_bytes()]);
        STANDARD_NO_PAD.encode(format!("interaction:{id}:{secret}"))
    }

    /// Lets the exchange go on while the user watches.
    fn send(&self, interaction: &Interaction, body: Value) -> InteractionId {
        let (discord, id) = (self.clone(), interaction.id);
        tokio::spawn(async move { discord.exchange(id, body).await });
        id
    }

    /// Posts the interaction and takes the answer or its absence.
    async fn exchange(&self, id: Snowflake, body: Value) {
        let deadline = tokio::time::Instant::now() + super::limits::RESPONSE;
        let answer = self.deliver(body.to_string().into_bytes()).await;
        let taken = match answer {
            Ok(answer) => self.judge(id, &answer, deadline).await,
            Err(error) => Err(error),
        };
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
