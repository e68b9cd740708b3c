//! `GET /local/variables`: what a function outside this process needs to work with the running stack.
//!
//! `cargo lambda watch --env-file` reads it, so the binaries that are deployed meet the tables, the queue
//! and the Discord of the stack.

use aws::tables::Name;
use bot::config::Config;
use discord::development_key;

use crate::discord::Discord;

/// Where the stack's parts listen.
pub(crate) struct Endpoints<'a> {
    pub(crate) url: &'a str,
    pub(crate) dynamodb: &'a str,
    pub(crate) sqs: &'a str,
    /// The address of the queue of timers.
    pub(crate) timers: &'a str,
}

/// One line each: NAME=value.
pub(crate) fn lines(common: &Config, discord: &Discord, endpoints: &Endpoints<'_>) -> String {
    let keys = format!("{},{}", discord.public_key(), development_key::PUBLIC_KEY);
    let application = common.application.to_string();
    let variables = [
        ("STAGE", "local"),
        ("LOG_LEVEL", "info"),
        ("DISCORD_PUBLIC_KEY", &keys),
        // The sample events were signed long ago.
        ("MAX_SIGNATURE_AGE_SECONDS", "0"),
        ("DISCORD_APPLICATION_ID", &application),
        ("DISCORD_API_BASE", endpoints.url),
        ("STATE_TABLE", common.aws.table(Name::State)),
        ("EPHEMERAL_TABLE", common.aws.table(Name::Ephemeral)),
        ("DISCORD_CDN_BASE", &common.discord_cdn_base),
        ("JOBS_QUEUE_URL", &common.jobs_queue_url),
        ("TIMERS_QUEUE_URL", endpoints.timers),
        ("WEATHER_API_BASE", &common.weather_api_base),
        ("WEATHER_GEOCODING_API_BASE", &common.weather_geocoding_api_base),
        ("AWS_REGION", "us-east-1"),
        ("AWS_ACCESS_KEY_ID", "local"),
        ("AWS_SECRET_ACCESS_KEY", "local"),
        ("AWS_ENDPOINT_URL_DYNAMODB", endpoints.dynamodb),
        ("AWS_ENDPOINT_URL_SQS", endpoints.sqs),
    ];
    variables.iter().map(|(name, value)| format!("{name}={value}\n")).collect()
}
