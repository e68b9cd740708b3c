//! A command as Discord is told about it.

use std::collections::HashMap;

use domain::Language;
use serde::Serialize;
use serde_json::value::RawValue;
use twilight_interactions::command::CreateCommand;
use twilight_model::application::command::{Command, CommandOption};

use crate::Permissions;

/// One command's definition, ready to be registered.
#[derive(Clone, Debug, PartialEq, Serialize)]
#[serde(transparent)]
pub struct Definition(Command);

/// Gives the translation of a description, found by its path: the command's name, followed by the
/// names of subcommand and option (`weather place`).
pub type Translate = fn(Language, path: &str) -> Option<&'static str>;

impl Definition {
    /// The definition of `C`, in all languages.
    pub fn of<C: CreateCommand>(requires: Permissions, translate: Translate) -> Self {
        let mut command: Command = C::create_command().into();
        command.default_member_permissions = (!requires.is_empty()).then_some(requires);
        command.description_localizations = translations(&command.name, translate);
        for option in &mut command.options {
            localise(option, &command.name, translate);
        }
        Self(command)
    }

    /// The command's name.
    pub fn name(&self) -> &str {
        &self.0.name
    }

    /// What it is for, in this language.
    pub fn description(&self, language: Language) -> &str {
        let translated = self.0.description_localizations.as_ref().and_then(|all| all.get(locale(language)));
        translated.unwrap_or(&self.0.description)
    }

    /// Every path whose description should exist in every language.
    pub fn paths(&self) -> Vec<String> {
        let mut paths = vec![self.0.name.clone()];
        for option in &self.0.options {
            collect(option, &self.0.name, &mut paths);
        }
        paths
    }

    /// As JSON, for the registration of all commands at once.
    ///
    /// # Errors
    /// None that could be met: a definition is plain data.
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

/// English is what the definition itself says.
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
