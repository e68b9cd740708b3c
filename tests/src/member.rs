//! Members and their actions.

use local_discord::{Discord, InteractionId, Refused, Seen, Snowflake, View};
use serde_json::Value;

use crate::{Interaction, TestApp, logs};

/// A member in a channel.
#[derive(Clone, Copy)]
pub struct Member<'a> {
    pub(crate) app: &'a TestApp,
    pub(crate) name: &'a str,
    pub(crate) channel: &'a str,
}

impl<'a> Member<'a> {
    /// The same member in another channel.
    pub fn in_channel(self, channel: &'a str) -> Self {
        Self { channel, ..self }
    }

    /// Types a command and sends it.
    pub async fn says(self, line: &str) -> Interaction<'a> {
        logs::forbid_options(line);
        let id =
            self.app.stack.discord.say(self.name, self.channel, line).await.expect("the client sends it");
        Interaction { app: self.app, id }
    }

    /// Types an unfinished command, and returns the names of the autocomplete choices.
    pub async fn completes(self, line: &str) -> Vec<String> {
        logs::forbid_options(line);
        let offered = self.app.stack.discord.complete(self.name, self.channel, line).await.expect("choices");
        offered.into_iter().map(|(name, _)| name).collect()
    }

    /// Presses the button with this label or custom id.
    pub async fn presses(self, seen: &View, label: &str) -> Interaction<'a> {
        let is_it = |it: &Value| it["label"] == label || it["custom_id"] == label;
        let button = component(seen, "button", label, is_it);
        self.acts(self.discord().press(self.name, message_id(seen), &button).await)
    }

    /// Chooses values in the select with this placeholder or custom id.
    pub async fn chooses(self, seen: &View, select: &str, values: &[&str]) -> Interaction<'a> {
        let is_it = |it: &Value| it["placeholder"] == select || it["custom_id"] == select;
        let select = component(seen, "select", select, is_it);
        self.acts(self.discord().choose(self.name, message_id(seen), &select, values).await)
    }

    /// Submits the modal, with values by custom id.
    pub async fn submits(self, seen: &View, filled: &[(&str, &[&str])]) -> Interaction<'a> {
        let written = filled.iter().filter(|(name, _)| is_written(seen, name));
        written.flat_map(|(_, values)| *values).for_each(|value| logs::forbid(value));
        self.acts(self.discord().submit(self.name, seen.id, filled).await)
    }

    /// Uses a user command on a member.
    pub async fn uses_on(self, target: &str, command: &str) -> Interaction<'a> {
        self.acts(self.discord().use_on_user(self.name, self.channel, command, target).await)
    }

    /// Uses a message command on the message that was seen.
    pub async fn uses_on_message(self, seen: &View, command: &str) -> Interaction<'a> {
        self.acts(self.discord().use_on_message(self.name, message_id(seen), command).await)
    }

    /// Writes an ordinary message.
    pub fn writes(self, text: &str) -> Snowflake {
        logs::forbid(text);
        self.discord().chat(self.name, self.channel, text).expect("the client sends it")
    }

    /// Uses a message command on an ordinary message.
    pub async fn uses_on_written(self, message: Snowflake, command: &str) -> Interaction<'a> {
        self.acts(self.discord().use_on_message(self.name, message, command).await)
    }

    /// Uploads a file, to which options and modals then refer by its filename.
    pub fn uploads(self, filename: &str, content: &[u8]) -> Self {
        self.discord().upload(self.name, filename, content.to_vec()).expect("the client takes the file");
        self
    }

    /// Why the client does not send this line.
    pub async fn cannot_say(self, line: &str) -> String {
        let refused = self.discord().say(self.name, self.channel, line).await;
        refused.expect_err("the client does not send it").to_string()
    }

    fn discord(self) -> &'a Discord {
        &self.app.stack.discord
    }

    fn acts(self, sent: Result<InteractionId, Refused>) -> Interaction<'a> {
        Interaction { app: self.app, id: sent.expect("the client sends it") }
    }
}

/// Whether this field of the modal is a text input: its values are the member's own text and must not be logged.
fn is_written(seen: &View, name: &str) -> bool {
    /// Source: Discord, "Component Types".
    const TEXT_INPUT: u64 = 4;
    let form = seen.steps.iter().find_map(|step| match &step.seen {
        Seen::Modal { modal } => Some(modal),
        _ => None,
    });
    let is_it = |input: &Value| input["custom_id"] == name && input["type"] == TEXT_INPUT;
    let parts = form.and_then(|form| form["components"].as_array()).into_iter().flatten();
    parts.into_iter().any(|part| {
        is_it(&part["component"]) || part["components"].as_array().is_some_and(|row| row.iter().any(is_it))
    })
}

fn message_id(seen: &View) -> Snowflake {
    let message = seen.message().expect("a message");
    message["id"].as_str().expect("an id").parse().expect("a snowflake")
}

/// The custom id of a component at any depth.
fn component(seen: &View, what: &str, name: &str, is_it: impl Fn(&Value) -> bool) -> String {
    let found = find(&seen.message().expect("a message")["components"], &is_it);
    found.unwrap_or_else(|| panic!("no {what} {name}"))
}

fn find(components: &Value, is_it: &impl Fn(&Value) -> bool) -> Option<String> {
    components.as_array()?.iter().find_map(|component| {
        let own = [component, &component["accessory"]].into_iter().find(|it| is_it(it));
        let own = own.and_then(|it| it["custom_id"].as_str()).map(str::to_owned);
        own.or_else(|| find(&component["components"], is_it))
    })
}
