//! `/staff`: for members who may manage the guild, where the bot may manage messages; costs much.

use discord::{CommandModel, CreateCommand, Permissions, definition::Contexts};
use domain::Result;
use steward_engine::{AllowedUser, Answer, Class, Command, Context, Press, Run};

/// Is for a few
#[derive(CommandModel, CreateCommand)]
#[command(name = "staff")]
pub struct Staff {}

impl Command for Staff {
    const CLASS: Class = Class::Heavy;
    const MEMBER_PERMISSIONS: Permissions = Permissions::MANAGE_GUILD;
    const BOT_PERMISSIONS: Permissions = Permissions::MANAGE_MESSAGES;
    const CONTEXTS: Contexts = Contexts::Guilds;
}

impl Run for Staff {
    async fn run(&self, _: &Context) -> Result<Answer> {
        Ok("let in".to_owned().into())
    }
}

impl Press for Staff {
    type Action = ();
    const PRESSED_BY: AllowedUser = AllowedUser::Anyone;

    async fn press((): &(), _: &Context) -> Result<Answer> {
        Ok("let in".to_owned().into())
    }
}
