//! Parses the options of a command into the command's own type.

use std::{borrow::Cow, collections::HashMap, fmt};

use serde::Deserialize;
use twilight_interactions::command::{CommandInputData, CommandModel};
use twilight_model::{
    application::interaction::{
        InteractionChannel, InteractionDataResolved, InteractionMember,
        application_command::{CommandDataOption, CommandOptionValue},
    },
    channel::Attachment,
    guild::Role,
    id::{
        Id,
        marker::{AttachmentMarker, ChannelMarker, RoleMarker, UserMarker},
    },
    user::User,
};

use crate::data;
pub use crate::data::OptionsError;

/// The option that the user is typing (autocomplete).
#[derive(Clone, PartialEq, Eq)]
pub struct Focused {
    /// The option's name.
    pub name: String,
    /// The text so far.
    pub text: String,
}

/// Leaves out the text, which is the user's.
impl fmt::Debug for Focused {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("Focused").field("name", &self.name).finish_non_exhaustive()
    }
}

#[derive(Deserialize)]
struct Data {
    #[serde(default)]
    options: Vec<CommandDataOption>,
    resolved: Option<Resolved>,
}

/// The resolved data, without messages, which no option can refer to: parsing them would add a megabyte of
/// code.
#[derive(Deserialize)]
struct Resolved {
    #[serde(default)]
    attachments: HashMap<Id<AttachmentMarker>, Attachment>,
    #[serde(default)]
    channels: HashMap<Id<ChannelMarker>, InteractionChannel>,
    #[serde(default)]
    members: HashMap<Id<UserMarker>, InteractionMember>,
    #[serde(default)]
    roles: HashMap<Id<RoleMarker>, Role>,
    #[serde(default)]
    users: HashMap<Id<UserMarker>, User>,
}

impl From<Resolved> for InteractionDataResolved {
    fn from(resolved: Resolved) -> Self {
        Self {
            attachments: resolved.attachments,
            channels: resolved.channels,
            members: resolved.members,
            messages: HashMap::new(),
            roles: resolved.roles,
            users: resolved.users,
        }
    }
}

/// The options of a command that was used without any.
///
/// # Errors
/// [`OptionsError`] if the command has required options.
pub fn none<C: CommandModel>() -> Result<C, OptionsError> {
    C::from_interaction(CommandInputData { options: Vec::new(), resolved: None }).map_err(|_| OptionsError)
}

/// Parses the options from the body of an interaction.
///
/// # Errors
/// [`OptionsError`] if they do not match the command.
pub fn parse<C: CommandModel>(body: &str) -> Result<C, OptionsError> {
    let data: Data = data::parse(body)?;
    let resolved = data.resolved.map(|resolved| Cow::Owned(resolved.into()));
    C::from_interaction(CommandInputData { options: data.options, resolved }).map_err(|_| OptionsError)
}

/// Finds the option that the user is typing.
///
/// # Errors
/// [`OptionsError`] if there is none.
pub fn focused(body: &str) -> Result<Focused, OptionsError> {
    let data: Data = data::parse(body)?;
    find_focused(&data.options).ok_or(OptionsError)
}

fn find_focused(options: &[CommandDataOption]) -> Option<Focused> {
    options.iter().find_map(|option| match &option.value {
        CommandOptionValue::Focused(text, _) => {
            Some(Focused { name: option.name.clone(), text: text.clone() })
        }
        CommandOptionValue::SubCommand(inner) | CommandOptionValue::SubCommandGroup(inner) => {
            find_focused(inner)
        }
        _ => None,
    })
}

#[cfg(test)]
mod tests {
    use super::*;

    #[derive(Debug, PartialEq, CommandModel)]
    struct Add {
        zone: String,
        times: Option<i64>,
    }

    fn body(options: &str) -> String {
        format!(r#"{{"data":{{"id":"1","type":1,"name":"add","options":{options}}}}}"#)
    }

    #[test]
    fn options_become_the_commands_own_type() {
        let body = body(r#"[{"name":"zone","type":3,"value":"eu"},{"name":"times","type":4,"value":3}]"#);
        assert_eq!(parse::<Add>(&body), Ok(Add { zone: "eu".into(), times: Some(3) }));
    }

    #[test]
    fn options_of_another_version_do_not_fit() {
        for options in [
            "[]",
            r#"[{"name":"zone","type":4,"value":1}]"#,
            r#"[{"name":"zone","type":3,"value":"eu"},{"name":"new","type":3,"value":"x"}]"#,
            &"[".repeat(200_000),
        ] {
            assert_eq!(parse::<Add>(&body(options)), Err(OptionsError));
        }
        assert_eq!(none::<Add>(), Err(OptionsError));
    }

    #[derive(Debug, PartialEq, CommandModel)]
    struct Bounded {
        #[command(min_length = 2, max_length = 3)]
        name: String,
        #[command(min_value = 1, max_value = 5)]
        times: Option<i64>,
        side: Option<Side>,
    }

    #[derive(Debug, PartialEq, crate::CommandOption)]
    enum Side {
        #[option(name = "Left", value = "left")]
        Left,
    }

    #[test]
    fn a_value_beyond_what_was_declared_does_not_fit_whoever_let_it_through() {
        let given = |name: &str, times: i64, side: &str| {
            let options = serde_json::json!([
                { "name": "name", "type": 3, "value": name },
                { "name": "times", "type": 4, "value": times },
                { "name": "side", "type": 3, "value": side },
            ]);
            parse::<Bounded>(&body(&options.to_string()))
        };
        let fits = Bounded { name: "äöü".into(), times: Some(5), side: Some(Side::Left) };
        assert_eq!(given("äöü", 5, "left"), Ok(fits));
        for (name, times, side) in
            [("ä", 5, "left"), ("äöüß", 5, "left"), ("äö", 0, "left"), ("äö", 6, "left"), ("äö", 5, "right")]
        {
            assert_eq!(given(name, times, side), Err(OptionsError), "{name} {times} {side}");
        }
    }

    #[test]
    fn the_focused_option_is_found_under_subcommands() {
        let inner =
            r#"[{"name":"x","type":1,"options":[{"name":"zone","type":3,"value":"eu","focused":true}]}]"#;
        assert_eq!(focused(&body(inner)), Ok(Focused { name: "zone".into(), text: "eu".into() }));
        assert_eq!(focused(&body("[]")), Err(OptionsError));
        assert_eq!(format!("{:?}", focused(&body(inner)).unwrap()), r#"Focused { name: "zone", .. }"#);
    }
}
