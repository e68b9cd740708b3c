//! `GET /local/variables`: the environment variables with which a function outside this process uses the stack.
//!
//! `cargo lambda watch --env-file` reads them, so that the deployed binaries run against the stack's tables,
//! queues and simulated Discord.

use aws::tables::{EPHEMERAL, STATE};
use discord::development_key;
use local_discord::Discord;

use crate::{
    ApiMode, Options,
    logs::NAMESPACE,
    settings::{JOBS, JOBS_DEAD, TIMERS},
};

/// Where the stack's parts listen.
pub(crate) struct Endpoints<'a> {
    pub(crate) url: &'a str,
    pub(crate) dynamodb: &'a str,
    pub(crate) sqs: &'a str,
}

impl Endpoints<'_> {
    /// The queue's URL, with a placeholder for the account id.
    pub(crate) fn queue_url(&self, queue: &str) -> String {
        format!("{}/000000000000/{queue}", self.sqs)
    }
}

/// Every variable of the functions.
pub(crate) fn all(
    options: &Options,
    discord: &Discord,
    endpoints: &Endpoints<'_>,
) -> Vec<(&'static str, String)> {
    let keys = format!("{},{}", discord.public_key(), development_key::PUBLIC_KEY);
    let stand_in = format!("{}/open-meteo", endpoints.url);
    let (forecasts, geocoding) = match options.weather {
        ApiMode::Simulated => (stand_in.clone(), stand_in),
        ApiMode::Live => {
            ("https://api.open-meteo.com".to_owned(), "https://geocoding-api.open-meteo.com".to_owned())
        }
    };
    let own = || endpoints.url.to_owned();
    vec![
        ("STAGE", "local".to_owned()),
        ("LOG_LEVEL", "info".to_owned()),
        ("METRICS_NAMESPACE", NAMESPACE.to_owned()),
        ("DISCORD_PUBLIC_KEY", keys),
        // 0 accepts any age: the sample events have a fixed timestamp in the past.
        ("MAX_SIGNATURE_AGE_SECONDS", "0".to_owned()),
        ("DISCORD_APPLICATION_ID", discord.application_id().to_string()),
        ("DISCORD_API_BASE", options.discord_api_base.clone().unwrap_or_else(own)),
        ("STATE_TABLE", STATE.name.to_owned()),
        ("EPHEMERAL_TABLE", EPHEMERAL.name.to_owned()),
        ("DISCORD_CDN_BASE", own()),
        ("JOBS_QUEUE_URL", endpoints.queue_url(JOBS)),
        ("TIMERS_QUEUE_URL", endpoints.queue_url(TIMERS)),
        ("DEAD_LETTERS_QUEUE_URL", endpoints.queue_url(JOBS_DEAD)),
        ("WEATHER_API_BASE", forecasts),
        ("WEATHER_GEOCODING_API_BASE", geocoding),
        ("OPEN_METEO_API_KEY", String::new()),
        ("PROBED_FUNCTION", "interactions".to_owned()),
        ("PROBE_TARGET", "arn:aws:lambda:us-east-1:000000000000:function:interactions:live".to_owned()),
        ("INTERACTIONS_URL", format!("{}/interactions", endpoints.url)),
        ("AWS_REGION", "us-east-1".to_owned()),
        ("AWS_ACCESS_KEY_ID", "local".to_owned()),
        ("AWS_SECRET_ACCESS_KEY", "local".to_owned()),
        ("AWS_ENDPOINT_URL_DYNAMODB", endpoints.dynamodb.to_owned()),
        ("AWS_ENDPOINT_URL_SQS", endpoints.sqs.to_owned()),
        ("AWS_ENDPOINT_URL_LAMBDA", format!("{}/lambda", endpoints.url)),
        ("AWS_ENDPOINT_URL_CODEDEPLOY", format!("{}/codedeploy", endpoints.url)),
        ("AWS_ENDPOINT_URL_CLOUDWATCH", format!("{}/cloudwatch", endpoints.url)),
    ]
}

/// One line each: NAME=value.
pub(crate) fn lines(variables: &[(&'static str, String)]) -> String {
    variables.iter().map(|(name, value)| format!("{name}={value}\n")).collect()
}
