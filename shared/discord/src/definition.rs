//! The definition of a command, as it is registered at Discord.

use std::collections::HashMap;

use domain::Language;
use serde::Serialize;
use serde_json::value::RawValue;
use twilight_interactions::command::CreateCommand;
use twilight_model::{
    application::{
        command::{Command, CommandOption, CommandType},
        interaction::InteractionContextType,
    },
    id::Id,
    oauth::ApplicationIntegrationType,
};

use crate::{CommandKind, Permissions};

/// The definition of one command.
#[derive(Clone, Debug, PartialEq, Serialize)]
#[serde(transparent)]
pub struct Definition(Command);

/// Where a command can be used.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Contexts {
    /// In guilds and DMs, and wherever a user who installed the bot for themselves uses it.
    Everywhere,
    /// Only in guilds that have installed the bot.
    Guilds,
}

/// What the options of a command do not say about it.
#[derive(Clone, Copy, Debug)]
pub struct Metadata {
    /// The permissions that a member needs.
    pub member_permissions: Permissions,
    /// Where it can be used.
    pub contexts: Contexts,
    /// Returns the translation for a path: the name of the command, followed by those of the subcommand and
    /// option (`weather place`). For options and slash commands it is the description, for a context menu
    /// command the name.
    pub translate: Translate,
}

/// See [`Metadata::translate`].
pub type Translate = fn(Language, path: &str) -> Option<&'static str>;

impl Definition {
    /// The definition of a slash command, in all languages.
    pub fn of<C: CreateCommand>(metadata: Metadata) -> Self {
        let mut command: Command = C::create_command().into();
        command.description_localizations = translations(&command.name, metadata.translate);
        for option in &mut command.options {
            localise(option, &command.name, metadata.translate);
        }
        Self::on(command, metadata)
    }

    /// The definition of a context menu command.
    pub fn menu(kind: CommandKind, name: &str, metadata: Metadata) -> Self {
        #[expect(deprecated, reason = "the field must be given all the same")]
        let command = Command {
            application_id: None,
            contexts: None,
            default_member_permissions: None,
            description: String::new(),
            description_localizations: None,
            dm_permission: None,
            guild_id: None,
            id: None,
            integration_types: None,
            kind: match kind {
                CommandKind::Slash => CommandType::ChatInput,
                CommandKind::User => CommandType::User,
                CommandKind::Message => CommandType::Message,
            },
            name: name.to_owned(),
            name_localizations: translations(name, metadata.translate),
            nsfw: None,
            options: Vec::new(),
            version: Id::new(1),
        };
        Self::on(command, metadata)
    }

    fn on(mut command: Command, metadata: Metadata) -> Self {
        use InteractionContextType::{BotDm, Guild, PrivateChannel};
        let (contexts, integrations) = match metadata.contexts {
            Contexts::Everywhere => (
                vec![Guild, BotDm, PrivateChannel],
                vec![ApplicationIntegrationType::GuildInstall, ApplicationIntegrationType::UserInstall],
            ),
            Contexts::Guilds => (vec![Guild], vec![ApplicationIntegrationType::GuildInstall]),
        };
        command.contexts = Some(contexts);
        command.integration_types = Some(integrations);
        command.default_member_permissions =
            (!metadata.member_permissions.is_empty()).then_some(metadata.member_permissions);
        Self(command)
    }

    /// The command's name.
    pub fn name(&self) -> &str {
        &self.0.name
    }

    /// Whether it is a slash command, which has a description.
    pub fn is_slash(&self) -> bool {
        self.0.kind == CommandType::ChatInput
    }

    /// The name in this language.
    pub fn name_in(&self, language: Language) -> &str {
        let translated = self.0.name_localizations.as_ref().and_then(|all| all.get(locale(language)));
        translated.unwrap_or(&self.0.name)
    }

    /// The description in this language.
    pub fn description(&self, language: Language) -> &str {
        let translated = self.0.description_localizations.as_ref().and_then(|all| all.get(locale(language)));
        translated.unwrap_or(&self.0.description)
    }

    /// Every path that needs a translation.
    pub fn paths(&self) -> Vec<String> {
        let mut paths = vec![self.0.name.clone()];
        for option in &self.0.options {
            collect(option, &self.0.name, &mut paths);
        }
        paths
    }

    /// The JSON for the registration of all commands.
    ///
    /// # Errors
    /// In practice none: a definition is plain data.
    pub fn to_json(&self) -> serde_json::Result<Box<RawValue>> {
        serde_json::value::to_raw_value(&self.0)
    }
}

fn localise(option: &mut CommandOption, parent: &str, translate: Translate) {
    let path = format!("{parent} {}", option.name);
    option.description_localizations = translations(&path, translate);
    for inner in option.options.iter_mut().flatten() {
        localise(inner, &path, translate);
    }
}

fn collect(option: &CommandOption, parent: &str, paths: &mut Vec<String>) {
    let path = format!("{parent} {}", option.name);
    for inner in option.options.iter().flatten() {
        collect(inner, &path, paths);
    }
    paths.push(path);
}

/// The translations into all languages but English, which the definition itself contains.
fn translations(path: &str, translate: Translate) -> Option<HashMap<String, String>> {
    let others = Language::ALL.into_iter().filter(|language| *language != Language::English);
    let all: HashMap<_, _> = others
        .filter_map(|language| Some((locale(language).to_owned(), translate(language, path)?.to_owned())))
        .collect();
    (!all.is_empty()).then_some(all)
}

/// Discord's locale for a language. Source: Discord's API reference, "Locales".
const fn locale(language: Language) -> &'static str {
    match language {
        Language::English => "en-US",
        Language::German => "de",
    }
}
