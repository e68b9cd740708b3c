//! `/help`: the commands that the user may use here.

use discord::{CommandKind, CommandModel, CreateCommand, Embed, Reply, definition::Contexts};
use domain::Result;
use engine::{Answer, Class, Command, Context, Entry, Run};

use crate::COMMANDS;

/// Show the commands you can use here
#[derive(Debug, CommandModel, CreateCommand)]
#[command(name = "help")]
pub struct Help {}

impl Command for Help {
    const CLASS: Class = Class::Free;
}

impl Run for Help {
    async fn run(&self, cx: &Context) -> Result<Answer> {
        let is_here = |entry: &Entry| entry.contexts == Contexts::Everywhere || cx.caller.guild.is_some();
        let is_on = |entry: &Entry| entry.feature.is_none_or(|feature| cx.settings.is_on(feature));
        let usable = COMMANDS.iter().filter(|entry| is_here(entry) && is_on(entry));
        let usable = usable.filter(|entry| cx.caller.may(entry.member_permissions));
        let lines = usable.map(|entry| {
            let definition = (entry.definition)();
            let (name, language) = (definition.name_in(cx.language()), cx.language());
            match entry.kind {
                CommandKind::Slash => words::help::line(name, definition.description(language)),
                CommandKind::User => words::help::on_user(language, name),
                CommandKind::Message => words::help::on_message(language, name),
            }
        });
        let text = lines.collect::<Vec<_>>().join("\n");
        let embed = Embed { title: words::help::title(cx.language()), description: text, ..Embed::default() };
        Ok(Reply { embeds: vec![embed], ..Reply::default() }.into())
    }
}
