//! The configuration of the bot, composed of that of its crates.

use discord::config::Application;
use domain::config::{ConfigError, Configuration, Variables};
use integrations::OpenMeteoConfig;

const JOBS_QUEUE_URL: &str = "JOBS_QUEUE_URL";

/// The configuration of every function that runs commands.
#[derive(Clone, Debug)]
pub struct Config {
    /// Region, credentials and table names.
    pub aws: aws::Config,
    /// The bot's application at Discord.
    pub discord: Application,
    /// The base URLs of Open-Meteo.
    pub open_meteo: OpenMeteoConfig,
    /// The URL of the queue of deferred jobs.
    pub jobs_queue_url: String,
    /// Whether rate limits apply. Only a load test on one machine turns them off, so there is no variable
    /// for it.
    pub limits: bool,
    /// The running version: Lambda's version number, or the crate's version outside Lambda.
    pub version: String,
}

impl Configuration for Config {
    fn variables() -> Vec<&'static str> {
        [
            aws::Config::variables(),
            Application::variables(),
            OpenMeteoConfig::variables(),
            vec![JOBS_QUEUE_URL],
        ]
        .concat()
    }

    fn from_variables(variables: &Variables<'_>) -> Result<Self, ConfigError> {
        let version = variables.optional("AWS_LAMBDA_FUNCTION_VERSION");
        Ok(Self {
            aws: aws::Config::from_variables(variables)?,
            discord: Application::from_variables(variables)?,
            open_meteo: OpenMeteoConfig::from_variables(variables)?,
            jobs_queue_url: variables.needed(JOBS_QUEUE_URL)?,
            limits: true,
            version: version.unwrap_or_else(|| crate::VERSION.to_owned()),
        })
    }
}
