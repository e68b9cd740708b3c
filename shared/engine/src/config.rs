//! What the bot needs to know from outside, put together of what its crates need.

use discord::config::Application;
use domain::config::{ConfigError, Configuration, Variables};
use integrations::OpenMeteoConfig;

const JOBS_QUEUE_URL: &str = "JOBS_QUEUE_URL";

/// What every function needs that runs commands.
#[derive(Clone, Debug)]
pub struct Config {
    /// Where AWS is, who we are there, and what the tables are called.
    pub aws: aws::Config,
    /// The application that is the bot.
    pub discord: Application,
    /// Where the weather comes from.
    pub open_meteo: OpenMeteoConfig,
    /// Where jobs go.
    pub jobs_queue_url: String,
    /// Whether there are rate limits. Only a stack that is to be loaded from one machine has none, so no
    /// variable turns them off.
    pub limits: bool,
    /// Which version runs: Lambda's own number of it, or else the code's.
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
