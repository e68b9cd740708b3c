//! Applies an accepted callback, follow-up, edit or deletion to the interaction and its messages.

use jiff::Timestamp;
use rusqlite::Connection;
use serde_json::Value;

use super::callback::Callback;
use crate::{
    Discord, Error, Snowflake,
    api_error::ApiError,
    model::{
        self,
        file::{self, NewFile},
        interaction::{self, Interaction, State},
        message::{self, NewMessage},
        seen::Seen,
        snowflake::iso,
    },
};

/// A transaction that changes one interaction.
pub(crate) struct ResponseTransaction<'a> {
    pub discord: &'a Discord,
    pub db: &'a Connection,
    pub interaction: Interaction,
    /// The files uploaded with the call.
    pub files: &'a [NewFile],
    pub now: Timestamp,
}

impl Discord {
    /// Applies the response. Returns the message that it created or updated.
    pub(crate) fn answer(
        &self,
        id: Snowflake,
        callback: Callback,
        files: &[NewFile],
    ) -> Result<(Interaction, Option<Value>), ApiError> {
        let done = self.inner.store.write(|db| {
            let interaction = interaction::load(db, id)?.ok_or(ApiError::UNKNOWN_INTERACTION)?;
            match interaction.state {
                State::Pending => {}
                State::Failed => return Err(ApiError::UNKNOWN_INTERACTION),
                _ => return Err(ApiError::ALREADY_ACKNOWLEDGED),
            }
            let mut transaction =
                ResponseTransaction { discord: self, db, interaction, files, now: self.inner.clock.now() };
            let message = transaction.take(callback).map_err(|error| error.under("data"))?;
            interaction::save(db, &transaction.interaction)?;
            Ok((transaction.interaction, message))
        })?;
        self.inner.live(id).changed.notify_waiters();
        Ok(done)
    }

    /// Fails the interaction, unless it was answered meanwhile by the callback route.
    pub(crate) fn give_up(&self, id: Snowflake, reason: String) -> Result<(), Error> {
        let failed = self.inner.store.write(|db| {
            let mut interaction = interaction::load(db, id)?.ok_or(Error::UnknownInteraction(id))?;
            if interaction.state != State::Pending {
                return Ok::<_, Error>(None);
            }
            interaction.fail(self.inner.clock.now(), reason.clone());
            interaction::save(db, &interaction)?;
            Ok(Some(interaction.name))
        })?;
        if let Some(name) = failed {
            self.remember_refusal(format!("no response to `{name}`: {reason}"));
        }
        self.inner.live(id).changed.notify_waiters();
        Ok(())
    }
}

impl ResponseTransaction<'_> {
    fn take(&mut self, callback: Callback) -> Result<Option<Value>, ApiError> {
        self.interaction.state = State::Answered;
        match callback {
            Callback::Message(body) => self.reply(&body).map(Some),
            Callback::Thinking { private } => self.think(private).map(Some),
            Callback::UpdateLater => {
                self.interaction.state = State::DeferredUpdate;
                self.interaction.deferred = true;
                self.interaction.original = self.interaction.source;
                Ok(None)
            }
            Callback::Update(body) => self.update(&body).map(Some),
            Callback::Choices(choices) => {
                self.interaction.see(self.now, Seen::Choices { choices });
                Ok(None)
            }
            Callback::Modal(modal) => {
                self.interaction.see(self.now, Seen::Modal { modal });
                Ok(None)
            }
        }
    }

    fn reply(&mut self, body: &Value) -> Result<Value, ApiError> {
        let (id, message) = self.create_message(Some(body), self.interaction.source, false)?;
        self.interaction.original = Some(id);
        let private = message::is_private(&message);
        self.interaction.see(self.now, Seen::Message { private, message: message.clone() });
        Ok(message)
    }

    fn think(&mut self, private: bool) -> Result<Value, ApiError> {
        let (id, message) = self.create_message(None, self.interaction.source, private)?;
        let private = message::is_private(&message);
        self.interaction.original = Some(id);
        self.interaction.state = State::Deferred;
        self.interaction.deferred = true;
        self.interaction.see(self.now, Seen::Thinking { private });
        Ok(message)
    }

    fn update(&mut self, body: &Value) -> Result<Value, ApiError> {
        let source = self.interaction.source.ok_or(ApiError::UNKNOWN_MESSAGE)?;
        self.interaction.original = Some(source);
        let message = self.change(source, body)?;
        self.interaction.see(self.now, Seen::Updated { message: message.clone() });
        Ok(message)
    }

    /// `POST /webhooks/{app}/{token}`. The first one after type 5 edits the loading message, as Discord does.
    pub(crate) fn follow_up(&mut self, body: &Value) -> Result<Value, ApiError> {
        if let (State::Deferred, Some(original)) = (self.interaction.state, self.interaction.original) {
            self.interaction.state = State::Answered;
            let message = self.change(original, body)?;
            self.interaction.see(self.now, Seen::Edited { message: message.clone() });
            return Ok(message);
        }
        self.interaction.state = State::Answered;
        let (id, message) = self.create_message(Some(body), self.interaction.original, false)?;
        if message::is_empty(&message) {
            return Err(ApiError::EMPTY_MESSAGE);
        }
        self.interaction.follow_ups.push(id);
        let private = message::is_private(&message);
        self.interaction.see(self.now, Seen::FollowUp { private, message: message.clone() });
        Ok(message)
    }

    /// `PATCH .../messages/{@original|id}`.
    pub(crate) fn edit(&mut self, id: Snowflake, body: &Value) -> Result<Value, ApiError> {
        let message = self.change(id, body)?;
        if self.interaction.original == Some(id) {
            self.interaction.edits += 1;
            self.interaction.state = State::Answered;
        }
        self.interaction.see(self.now, Seen::Edited { message: message.clone() });
        Ok(message)
    }

    /// `DELETE .../messages/{@original|id}`.
    pub(crate) fn delete(&mut self, id: Snowflake) -> Result<(), ApiError> {
        if !message::delete(self.db, id)? {
            return Err(ApiError::UNKNOWN_MESSAGE);
        }
        if self.interaction.original == Some(id) {
            self.interaction.original = None;
        }
        // After deleting the loading message, the user still expects a response: a follow-up.
        let is_promise = self.interaction.state == State::Deferred && self.interaction.original.is_none();
        if !is_promise {
            self.interaction.state = State::Answered;
        }
        self.interaction.see(self.now, Seen::Deleted { message_id: id });
        Ok(())
    }

    fn change(&self, id: Snowflake, body: &Value) -> Result<Value, ApiError> {
        let mut message = message::load(self.db, id)?.ok_or(ApiError::UNKNOWN_MESSAGE)?;
        message::edit(&mut message, body, &iso(self.now), &model::users(self.db)?)?;
        if message::is_empty(&message) {
            return Err(ApiError::EMPTY_MESSAGE);
        }
        message::save(self.db, id, self.interaction.channel, &message)?;
        file::settle(self.db, id, &message["attachments"], self.files)?;
        Ok(message)
    }

    /// Creates and stores a message; without a body, a loading one.
    fn create_message(
        &self,
        body: Option<&Value>,
        replies_to: Option<Snowflake>,
        private: bool,
    ) -> Result<(Snowflake, Value), ApiError> {
        let users = model::users(self.db)?;
        let user = users.iter().find(|user| user.id == self.interaction.user);
        let inner = &self.discord.inner;
        let new_message = NewMessage {
            id: inner.ids.next(self.now),
            at: &iso(self.now),
            application: inner.application.id,
            interaction: &self.interaction,
            user: user.ok_or(Error::Damaged("an interaction of nobody"))?,
            replies_to,
        };
        let mut message = match body {
            Some(body) => message::new(&new_message, body, &users)?,
            None => message::loading(&new_message, private),
        };
        if self.interaction.only_private {
            message::make_private(&mut message);
        }
        message::save(self.db, new_message.id, self.interaction.channel, &message)?;
        file::settle(self.db, new_message.id, &message["attachments"], self.files)?;
        Ok((new_message.id, message))
    }
}
