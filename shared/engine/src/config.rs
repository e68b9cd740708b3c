//! The configuration of the bot, composed of that of its crates.

use discord::config::Application;
use domain::config::{ConfigError, Configuration, Variables};
use integrations::OpenMeteoConfig;

const JOBS_QUEUE_URL: &str = "JOBS_QUEUE_URL";
const TIMERS_QUEUE_URL: &str = "TIMERS_QUEUE_URL";

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
    /// The URL of the queue of watchdog messages.
    pub timers_queue_url: String,
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
            vec![JOBS_QUEUE_URL, TIMERS_QUEUE_URL],
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
            timers_queue_url: variables.needed(TIMERS_QUEUE_URL)?,
            limits: true,
            version: version.unwrap_or_else(|| crate::VERSION.to_owned()),
        })
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    /// What Lambda sets, which no template declares.
    const OF_LAMBDA: [&str; 4] =
        ["AWS_REGION", "AWS_ACCESS_KEY_ID", "AWS_SECRET_ACCESS_KEY", "AWS_LAMBDA_FUNCTION_VERSION"];

    fn value(name: &str) -> Option<String> {
        let declared = Config::variables().contains(&name);
        let value = match name {
            "DISCORD_APPLICATION_ID" => "5".to_owned(),
            "STAGE" => "local".to_owned(),
            _ if name.contains("URL") || name.contains("BASE") => format!("http://127.0.0.1:1/{name}"),
            _ => format!("the {name}"),
        };
        (declared || OF_LAMBDA.contains(&name)).then_some(value)
    }

    #[test]
    fn the_declared_variables_are_enough() {
        let config = Config::from_variables(&Variables::new(&value)).unwrap();
        assert!(config.jobs_queue_url.ends_with(JOBS_QUEUE_URL));
        assert_eq!((config.limits, config.version.as_str()), (true, "the AWS_LAMBDA_FUNCTION_VERSION"));
    }

    #[test]
    fn a_variable_without_which_the_bot_cannot_run_is_named_if_it_is_missing() {
        for needed in [JOBS_QUEUE_URL, TIMERS_QUEUE_URL, "DISCORD_APPLICATION_ID", "STATE_TABLE"] {
            assert!(Config::variables().contains(&needed), "{needed}");
            let lacking = |name: &str| value(name).filter(|_| name != needed);
            let refused = Config::from_variables(&Variables::new(&lacking)).unwrap_err();
            assert!(refused.to_string().contains(needed), "{refused}");
        }
    }

    #[test]
    fn outside_lambda_the_version_is_that_of_the_crate() {
        let outside = |name: &str| value(name).filter(|_| name != "AWS_LAMBDA_FUNCTION_VERSION");
        assert_eq!(Config::from_variables(&Variables::new(&outside)).unwrap().version, crate::VERSION);
    }
}
