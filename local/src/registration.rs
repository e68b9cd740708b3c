//! Tells the simulated Discord which commands there are, as an operator tells the real one.

use std::time::Duration;

use bot::commands::COMMANDS;
use bytes::Bytes;
use http::{Method, Request, header};

use crate::{Error, discord::Discord};

/// Registers every command, in place of those that were.
pub(crate) async fn register(discord: &Discord, api_base: &str) -> Result<(), Error> {
    let definitions: Vec<_> = COMMANDS.iter().map(|entry| (entry.definition)()).collect();
    let body = serde_json::to_vec(&definitions).map_err(|_| Error::Registration("definitions".to_owned()))?;
    let request = Request::builder()
        .method(Method::PUT)
        .uri(format!("{api_base}/api/v10/applications/{}/commands", discord.application_id()))
        .header(header::AUTHORIZATION, format!("Bot {}", discord.bot_token()))
        .header(header::CONTENT_TYPE, "application/json")
        .header(header::USER_AGENT, "DiscordBot (https://steward.invalid, local)")
        .body(Bytes::from(body))
        .map_err(|error| Error::Registration(error.to_string()))?;
    let answer = outbound::Client::new().send(request, Duration::from_secs(5)).await;
    let answer = answer.map_err(|error| Error::Registration(error.to_string()))?;
    if answer.status().is_success() {
        return Ok(());
    }
    Err(Error::Registration(String::from_utf8_lossy(answer.body()).into_owned()))
}
