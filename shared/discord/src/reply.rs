//! The message that a command replies with.

use crate::{
    component::{self, Button},
    container::Container,
    custom_id::StoredState,
    embed::{self, Embed},
    limits::{self, OverLimit, unique, within},
    wire::{self, COMPONENTS_V2, EPHEMERAL},
};

/// A message of the bot. It never pings anyone, whatever its text contains.
#[derive(Clone, Debug, Default, PartialEq)]
pub struct Reply {
    /// Plain text, in Discord's markdown.
    pub text: String,
    /// Embeds below the text.
    pub embeds: Vec<Embed>,
    /// Buttons at the bottom, five to a row.
    pub buttons: Vec<Button>,
    /// A Components V2 container. If there is one, text, embeds and buttons are not sent.
    pub container: Option<Container>,
}

impl From<String> for Reply {
    fn from(text: String) -> Self {
        Self { text, ..Self::default() }
    }
}

impl From<Container> for Reply {
    fn from(container: Container) -> Self {
        Self { container: Some(container), ..Self::default() }
    }
}

impl Reply {
    /// The states that do not fit into the custom ids of its components; store them before the reply is
    /// sent.
    pub fn stored_states(&self) -> Vec<&StoredState> {
        let ids = self.buttons.iter().map(|button| &button.id);
        ids.chain(self.container.iter().flat_map(Container::ids))
            .filter_map(|id| id.stored_state.as_ref())
            .collect()
    }

    /// The JSON of a new message.
    ///
    /// # Errors
    /// [`OverLimit`] names what is too long or too many.
    pub(crate) fn message(self, ephemeral: bool) -> Result<wire::Message, OverLimit> {
        let mut message = self.update()?;
        message.content = message.content.filter(|text| text.as_ref().is_some_and(|text| !text.is_empty()));
        message.embeds = message.embeds.filter(|embeds| !embeds.is_empty());
        message.components = message.components.filter(|components| !components.is_empty());
        message.flags |= if ephemeral { EPHEMERAL } else { 0 };
        Ok(message)
    }

    /// The JSON of an edit. It contains every field, because Discord keeps those that are missing.
    ///
    /// # Errors
    /// As [`Reply::message`].
    pub(crate) fn update(self) -> Result<wire::Message, OverLimit> {
        self.check()?;
        let allowed_mentions = wire::Mentions::default();
        Ok(match self.container {
            Some(container) => wire::Message {
                allowed_mentions,
                // A message can only become a Components V2 message if its text and embeds are removed.
                content: Some(None),
                embeds: Some(Vec::new()),
                components: Some(vec![container.render()]),
                flags: COMPONENTS_V2,
            },
            None => wire::Message {
                allowed_mentions,
                content: Some(Some(self.text)),
                embeds: Some(self.embeds.into_iter().map(Embed::render).collect()),
                components: Some(component::rows(self.buttons)),
                flags: 0,
            },
        })
    }

    fn check(&self) -> Result<(), OverLimit> {
        if let Some(container) = &self.container {
            within("beside a panel", self.text.len() + self.embeds.len() + self.buttons.len(), 0)?;
            return container.check();
        }
        if self.text.trim().is_empty() && self.embeds.is_empty() && self.buttons.is_empty() {
            return Err(OverLimit { what: "empty reply" });
        }
        within("text", self.text.chars().count(), limits::MAX_CONTENT_LENGTH)?;
        unique("custom id", self.buttons.iter().map(|button| button.id.text.as_str()))?;
        within("buttons", self.buttons.len(), limits::MAX_BUTTONS)?;
        embed::check(&self.embeds)?;
        self.buttons.iter().try_for_each(Button::check)
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::{ContainerItem, Select, SelectOption, custom_id};

    fn button(label: &str, state: u8) -> Button {
        Button::new(label, custom_id::create("x", 1, None, &state).unwrap())
    }

    fn refused(reply: Reply) -> &'static str {
        reply.message(false).err().unwrap().what
    }

    #[test]
    fn what_discord_would_not_show_is_an_error_here() {
        assert_eq!(refused(Reply::default()), "empty reply");
        let buttons = vec![button("a", 1), button("b", 1)];
        assert_eq!(refused(Reply { buttons, ..Reply::default() }), "custom id");
        let buttons = vec![button("", 1)];
        assert_eq!(refused(Reply { buttons, ..Reply::default() }), "label");
        let container = |items| Reply::from(Container { color: None, items });
        assert_eq!(refused(container(vec![ContainerItem::TextDisplay(String::new())])), "panel text");
        assert_eq!(refused(container(vec![ContainerItem::Buttons(Vec::new())])), "buttons in a row");
        let id = || custom_id::create("x", 1, None, &0_u8).unwrap();
        assert_eq!(
            refused(container(vec![ContainerItem::Select(Select::any("x", Vec::new(), id()))])),
            "choices"
        );
        let twice = SelectOption { label: "a".into(), value: "a".into(), ..SelectOption::default() };
        let select = Select::one("x", vec![twice.clone(), twice], id());
        assert_eq!(refused(container(vec![ContainerItem::Select(select)])), "options");
        let text = Reply { text: "beside".into(), ..container(vec![ContainerItem::Separator]) };
        assert_eq!(refused(text), "beside a panel");
    }

    #[test]
    fn a_container_removes_text_and_embeds_when_it_replaces_a_message() {
        let container =
            || Reply::from(Container { color: None, items: vec![ContainerItem::TextDisplay("hi".into())] });
        let json = |message: wire::Message| serde_json::to_string(&message).unwrap();
        let update = json(container().update().unwrap());
        assert!(update.contains(r#""content":null,"embeds":[]"#), "{update}");
        let message = json(container().message(true).unwrap());
        assert!(!message.contains("content\":null") && !message.contains("embeds"), "{message}");
        assert!(message.contains(r#""flags":32832"#), "{message}");
    }
}
