//! Commands picked from the client's palette instead of typed as a line, and which ones it offers.

use rusqlite::Connection;
use serde_json::Value;

use super::{CHAT_INPUT, availability, command_line::CommandLine, context::Context};
use crate::{
    Discord, InteractionId, Refused,
    model::interaction::{Interaction, Kind},
};

/// A picked command with the values of its options.
#[derive(Clone, Copy, Debug)]
pub struct Typed<'a> {
    /// The command's id.
    pub command: &'a str,
    /// Names of group and subcommand, outermost first.
    pub path: &'a [String],
    /// Name and text of each option, in the order typed.
    pub values: &'a [(String, String)],
}

impl Discord {
    /// Uses a command that was picked from the palette.
    ///
    /// # Errors
    /// When the user's client would not send it, with a sentence that says why.
    pub async fn use_typed(
        &self,
        user: &str,
        channel: &str,
        typed: Typed<'_>,
    ) -> Result<InteractionId, Refused> {
        let delivery = self.inner.in_flight.begin().await;
        let (interaction, body) = self.prepare_typed(user, channel, typed, Kind::Command)?;
        Ok(self.send(delivery, &interaction, body))
    }

    /// Autocomplete choices of the last option.
    ///
    /// # Errors
    /// As [`Discord::complete`].
    pub async fn complete_typed(
        &self,
        user: &str,
        channel: &str,
        typed: Typed<'_>,
    ) -> Result<Vec<(String, Value)>, Refused> {
        let delivery = self.inner.in_flight.begin().await;
        let (interaction, body) = self.prepare_typed(user, channel, typed, Kind::Autocomplete)?;
        self.choices(delivery, interaction, body).await
    }

    /// The commands of this type (1 slash, 2 user, 3 message) that the user's client offers in the channel.
    ///
    /// # Errors
    /// When the user does not see the channel.
    pub fn offered(&self, user: &str, channel: &str, kind: u64) -> Result<Vec<Value>, Refused> {
        self.inner.store.read(|db| {
            let context = Context::find(self, db, user, channel)?;
            let mut commands = context.commands(db, kind)?;
            commands.retain(|command| availability::check(command, &context).is_ok());
            Ok(commands)
        })
    }

    fn prepare_typed(
        &self,
        user: &str,
        channel: &str,
        typed: Typed<'_>,
        kind: Kind,
    ) -> Result<(Interaction, Value), Refused> {
        self.inner.store.write(|db| {
            let context = Context::find(self, db, user, channel)?;
            let command = picked(db, &context, typed.command)?;
            let owners = availability::check(&command, &context)?;
            let line = filled(&command, typed)?;
            self.record_line(db, context, (&line, kind), owners)
        })
    }
}

fn picked(db: &Connection, context: &Context, id: &str) -> Result<Value, Refused> {
    let command = context.commands(db, CHAT_INPUT)?.into_iter().find(|command| command["id"] == id);
    command.ok_or_else(|| Refused::because("this command no longer exists"))
}

fn filled<'a>(command: &'a Value, typed: Typed<'_>) -> Result<CommandLine<'a>, Refused> {
    let mut line = CommandLine { command, path: Vec::new(), values: Vec::new() };
    for name in typed.path {
        line.path.push(named(&line, name)?);
    }
    for (name, text) in typed.values {
        line.values.push((named(&line, name)?, text.clone()));
    }
    Ok(line)
}

fn named<'a>(line: &CommandLine<'a>, name: &str) -> Result<&'a Value, Refused> {
    let found = line.options().iter().find(|option| option["name"] == name);
    found.ok_or_else(|| Refused::because(format!("`/{}` has no `{name}`", line.full_name())))
}
