//! `/outside`: says how the bot reaches external services.

use discord::{CommandModel, CreateCommand};
use domain::Result;
use steward_engine::{Answer, Command, Context, Run};

/// Says how the bot reaches external services
#[derive(CommandModel, CreateCommand)]
#[command(name = "outside")]
pub struct Outside {}

impl Command for Outside {}

impl Run for Outside {
    async fn run(&self, cx: &Context) -> Result<Answer> {
        let is_one = std::ptr::eq(cx.http(), cx.http()) && std::ptr::eq(cx.weather(), cx.weather());
        Ok(format!("{}, one client of each: {is_one}", cx.cdn_base()).into())
    }
}
