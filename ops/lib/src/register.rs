//! `register`: registers the bot's commands with Discord.

use std::{fmt, process::ExitCode, str::FromStr};

use clap::Args;
use domain::{ApplicationId, GuildId};
use http::Uri;

use crate::{
    registration::{Client, Overwrites, Plan, Scope, Wanted, report, wanted},
    terminal::print,
};

/// The exit code of `--check` if something differs.
const DRIFT_EXIT_CODE: u8 = 2;

/// The arguments of `register`.
#[derive(Debug, Args)]
pub struct Register {
    /// Register for this guild only, in addition to global commands. They appear there at once.
    #[arg(long, value_name = "ID")]
    guild: Option<GuildId>,
    /// Print what would change, and change nothing.
    #[arg(long, conflicts_with = "check")]
    plan: bool,
    /// As --plan, but exit with 2 if anything would change.
    #[arg(long)]
    check: bool,
    /// The application's id.
    #[arg(long, env = "DISCORD_APPLICATION_ID", value_name = "ID")]
    application: Option<ApplicationId>,
    /// The bot's token. Prefer the variable, because other users of the machine may see arguments.
    #[arg(long, env = "DISCORD_BOT_TOKEN", hide_env_values = true, value_name = "TOKEN")]
    token: Option<Token>,
    /// The base URL of Discord's API.
    #[arg(long, default_value = "https://discord.com", value_name = "URL", value_parser = api_base)]
    api_base: String,
}

/// The bot's token; its `Debug` shows nothing.
#[derive(Clone)]
struct Token(String);

impl fmt::Debug for Token {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("Token(…)")
    }
}

impl FromStr for Token {
    type Err = &'static str;

    fn from_str(text: &str) -> Result<Self, Self::Err> {
        let token = text.trim();
        let token = token.strip_prefix("Bot ").unwrap_or(token);
        if token.is_empty() { Err("it is empty") } else { Ok(Self(token.to_owned())) }
    }
}

/// Requires https, because the token is sent there; http is allowed only for this machine.
fn api_base(text: &str) -> Result<String, String> {
    let url: Uri = text.parse().map_err(|_| "it must be a URL".to_owned())?;
    let is_here = url.host().is_some_and(|host| ["127.0.0.1", "localhost"].contains(&host));
    match url.scheme_str() {
        Some("https") => Ok(text.to_owned()),
        Some("http") if is_here => Ok(text.to_owned()),
        _ => Err("it must begin with https:// unless it is on this machine".to_owned()),
    }
}

/// Registers the commands, or prints the plan. The exit code is 2 if `--check` finds a difference.
///
/// # Errors
/// A sentence for the terminal.
pub async fn run(register: &Register) -> Result<ExitCode, String> {
    let wanted = wanted::<commands::Commands>().map_err(|error| error.to_string())?;
    let scope = register.guild.map_or(Scope::Global, Scope::Guild);
    let application =
        register.application.ok_or("the application id is missing: set DISCORD_APPLICATION_ID")?.to_string();
    let token = register.token.as_ref();
    let Token(token) = token.ok_or(
        "the bot token is missing: set DISCORD_BOT_TOKEN (it is on the Bot page of the developer portal)",
    )?;
    let client = Client::new(&register.api_base, &application, token, scope);
    let registered = client.fetch().await.map_err(|refused| refused.to_string())?;
    let plan = Plan::between(&registered, &wanted, scope);
    let lost = lost(&client, &plan).await?;
    print(&format!("{} of application {application}\n\n{}", title(scope), report(&plan, &lost)));
    if register.plan || register.check || plan.is_empty() {
        let drifted = register.check && !plan.is_empty();
        return Ok(if drifted { ExitCode::from(DRIFT_EXIT_CODE) } else { ExitCode::SUCCESS });
    }
    apply(&client, &plan, &wanted, scope).await?;
    Ok(ExitCode::SUCCESS)
}

fn title(scope: Scope) -> String {
    match scope {
        Scope::Global => "Commands".to_owned(),
        Scope::Guild(guild) => format!("Commands in guild {guild}"),
    }
}

/// The permissions that the plan would lose. Read only if it would lose some, because that takes a request for each
/// guild.
async fn lost(client: &Client, plan: &Plan) -> Result<Overwrites, String> {
    let ids: Vec<&str> = plan.losing_permissions().into_iter().map(|(id, _)| id).collect();
    if ids.is_empty() {
        return Ok(Overwrites::default());
    }
    client.overwrites(&ids).await.map_err(|refused| refused.to_string())
}

async fn apply(client: &Client, plan: &Plan, wanted: &[Wanted], scope: Scope) -> Result<(), String> {
    let registered = client.overwrite(plan.body()).await.map_err(|refused| refused.to_string())?;
    print(&format!("Registered: {} commands.\n", registered.len()));
    let rest = Plan::between(&registered, wanted, scope);
    if !rest.is_empty() {
        let rest = report(&rest, &Overwrites::default());
        return Err(format!("Discord accepted the commands, but stored them differently:\n\n{rest}"));
    }
    Ok(())
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_token_goes_over_tls_or_stays_here() {
        assert!(api_base("https://discord.com").is_ok() && api_base("http://127.0.0.1:7700").is_ok());
        for refused in
            ["http://discord.com", "http://127.0.0.1.example.com", "discord.com", "ftp://localhost"]
        {
            assert!(api_base(refused).is_err(), "{refused}");
        }
    }

    #[test]
    fn a_token_is_not_shown() {
        let token: Token = " Bot secret\n".parse().unwrap();
        assert_eq!(token.0, "secret");
        assert!(!format!("{token:?}").contains("secret"));
        assert!("".parse::<Token>().is_err());
    }
}
