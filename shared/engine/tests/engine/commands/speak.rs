//! `/speak`: sets the guild's language.

use discord::{CommandModel, CommandOption, CreateCommand, CreateOption};
use domain::{Fault, Result, Settings, settings::Edit};
use steward_engine::{Answer, Command, Context, Run};

/// Sets the language
#[derive(CommandModel, CreateCommand)]
#[command(name = "speak")]
pub struct Speak {
    /// Which
    language: Language,
}

#[derive(CommandOption, CreateOption)]
pub enum Language {
    #[option(name = "German", value = "german")]
    German,
    #[option(name = "English", value = "english")]
    English,
}

impl Command for Speak {}

impl Run for Speak {
    async fn run(&self, cx: &Context) -> Result<Answer> {
        let language = match self.language {
            Language::German => domain::Language::German,
            Language::English => domain::Language::English,
        };
        let guild = cx.caller.guild.ok_or_else(|| Fault::lasting("speak", "no guild"))?;
        let edit = Edit::All(Settings { language: Some(language), ..Settings::default() });
        let (user, interaction) = (cx.caller.user()?, cx.caller.interaction);
        let changed = cx.store::<Settings>().change(guild, user, interaction, &edit, cx.now()).await?;
        let after = changed.ok_or_else(|| Fault::new("speak", "overtaken"))?.after;
        cx.remember_settings(guild, after.settings);
        Ok("from now on".to_owned().into())
    }
}
