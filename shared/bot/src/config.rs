//! The variables that the functions read, refused with a clear message when they are wrong.

use std::time::Duration;

use discord::{Verifier, development_key};
use domain::{
    ApplicationId,
    config::{BadConfig, Configuration, Variables},
};

/// What every function needs.
#[derive(Clone, Debug)]
pub struct Config {
    /// Where AWS is, who we are there, and what the tables are called.
    pub aws: aws::Config,
    /// The application that is the bot.
    pub application: ApplicationId,
    /// Where jobs go.
    pub jobs_queue_url: String,
    /// Where Discord keeps files.
    pub discord_cdn_base: String,
    /// Open-Meteo's forecasts.
    pub weather_api_base: String,
    /// Open-Meteo's search for places.
    pub weather_geocoding_api_base: String,
    /// Whether there are rate limits. Only a stack that is to be loaded from one machine has none, so no
    /// variable turns them off.
    pub limits: bool,
    /// Which version runs: Lambda's own number of it, or else the code's.
    pub version: String,
}

/// What the front door needs.
#[derive(Clone, Debug)]
pub struct InteractionsConfig {
    /// What every function needs.
    pub common: Config,
    /// Knows Discord's signature.
    pub verifier: Verifier,
}

/// What the jobs function needs.
#[derive(Clone, Debug)]
pub struct JobsConfig {
    /// What every function needs.
    pub common: Config,
    /// Discord's API.
    pub discord_api_base: String,
    /// Where watches wait.
    pub timers_queue_url: String,
}

/// The variables of every function, as template.yaml sets them. `LOG_LEVEL` is read before all others,
/// so that what is wrong with them can be logged.
pub const COMMON_VARIABLES: &[&str] = &[
    "STAGE",
    "STATE_TABLE",
    "EPHEMERAL_TABLE",
    "DISCORD_APPLICATION_ID",
    "DISCORD_CDN_BASE",
    "JOBS_QUEUE_URL",
    "LOG_LEVEL",
    "WEATHER_API_BASE",
    "WEATHER_GEOCODING_API_BASE",
];
/// Those of the front door beside them.
pub const INTERACTIONS_VARIABLES: &[&str] = &["DISCORD_PUBLIC_KEY", "MAX_SIGNATURE_AGE_SECONDS"];
/// Those of the jobs function beside them.
pub const JOBS_VARIABLES: &[&str] = &["DISCORD_API_BASE", "TIMERS_QUEUE_URL"];

/// How old a signature may be unless `MAX_SIGNATURE_AGE_SECONDS` says otherwise.
const MAX_SIGNATURE_AGE: Duration = Duration::from_secs(300);

const PUBLIC_KEY: &str = "DISCORD_PUBLIC_KEY";
const APPLICATION_ID: &str = "DISCORD_APPLICATION_ID";

impl Configuration for Config {
    fn variables() -> Vec<&'static str> {
        COMMON_VARIABLES.to_vec()
    }

    fn from_variables(variables: &Variables<'_>) -> Result<Self, BadConfig> {
        let application = variables.needed(APPLICATION_ID)?;
        Ok(Self {
            aws: aws::Config::from_variables(variables)?,
            application: application
                .parse()
                .map_err(|_| BadConfig::wrong(APPLICATION_ID, "it must be the application's id, a number"))?,
            jobs_queue_url: variables.needed("JOBS_QUEUE_URL")?,
            discord_cdn_base: variables.url("DISCORD_CDN_BASE")?,
            weather_api_base: variables.url("WEATHER_API_BASE")?,
            weather_geocoding_api_base: variables.url("WEATHER_GEOCODING_API_BASE")?,
            limits: true,
            version: variables
                .optional("AWS_LAMBDA_FUNCTION_VERSION")
                .unwrap_or_else(|| crate::VERSION.to_owned()),
        })
    }
}

impl Configuration for InteractionsConfig {
    fn variables() -> Vec<&'static str> {
        [COMMON_VARIABLES, INTERACTIONS_VARIABLES].concat()
    }

    fn from_variables(variables: &Variables<'_>) -> Result<Self, BadConfig> {
        let verifier = Verifier::new(&public_keys(variables)?, max_signature_age(variables)?)
            .map_err(|bad| BadConfig::wrong(PUBLIC_KEY, bad.to_string()))?;
        Ok(Self { common: Config::from_variables(variables)?, verifier })
    }
}

impl Configuration for JobsConfig {
    fn variables() -> Vec<&'static str> {
        [COMMON_VARIABLES, JOBS_VARIABLES].concat()
    }

    fn from_variables(variables: &Variables<'_>) -> Result<Self, BadConfig> {
        Ok(Self {
            common: Config::from_variables(variables)?,
            discord_api_base: variables.url("DISCORD_API_BASE")?,
            timers_queue_url: variables.needed("TIMERS_QUEUE_URL")?,
        })
    }
}

/// With the development key anybody could sign, so only a local stage may take it.
fn public_keys(variables: &Variables<'_>) -> Result<String, BadConfig> {
    let keys = variables.needed(PUBLIC_KEY)?;
    if development_key::is_among(&keys) && variables.needed("STAGE")? != "local" {
        let why = "the development key, which anybody can sign with, is allowed only if STAGE is local";
        return Err(BadConfig::wrong(PUBLIC_KEY, why));
    }
    Ok(keys)
}

/// Without an age anybody could send an old request again, so only a local stage may turn it off.
fn max_signature_age(variables: &Variables<'_>) -> Result<Duration, BadConfig> {
    const NAME: &str = "MAX_SIGNATURE_AGE_SECONDS";
    let Some(text) = variables.optional(NAME) else {
        return Ok(MAX_SIGNATURE_AGE);
    };
    let seconds = text.parse().map_err(|_| BadConfig::wrong(NAME, "it must be a number of seconds"))?;
    if seconds == 0 && variables.needed("STAGE")? != "local" {
        return Err(BadConfig::wrong(NAME, "0 (no limit) is allowed only if STAGE is local"));
    }
    Ok(Duration::from_secs(seconds))
}

#[cfg(test)]
mod tests {
    use super::*;

    const KEY: &str = "3b6a27bcceb6a42d62a3a8d02a6f0d73653215771de243a63ac048a18b59da29";

    fn vars(changes: &'static [(&str, &str)]) -> impl Fn(&str) -> Option<String> {
        move |name: &str| {
            if let Some((_, value)) = changes.iter().find(|(changed, _)| *changed == name) {
                return Some((*value).to_owned());
            }
            let value = match name {
                "DISCORD_PUBLIC_KEY" => KEY,
                "DISCORD_APPLICATION_ID" => "5",
                "MAX_SIGNATURE_AGE_SECONDS" => "300",
                "STAGE" => "prod",
                _ if name.ends_with("_BASE") => "https://example.com/",
                _ => "x",
            };
            Some(value.to_owned())
        }
    }

    fn refused(changes: &'static [(&str, &str)]) -> String {
        InteractionsConfig::from_variables(&Variables::new(&vars(changes))).unwrap_err().to_string()
    }

    #[test]
    fn a_wrong_variable_is_named_and_explained() {
        assert_eq!(refused(&[("JOBS_QUEUE_URL", "")]), "JOBS_QUEUE_URL is not set");
        assert_eq!(
            refused(&[("DISCORD_APPLICATION_ID", "me")]),
            "DISCORD_APPLICATION_ID is wrong: it must be the application's id, a number"
        );
        assert!(refused(&[("DISCORD_PUBLIC_KEY", "abc")]).contains("64 hexadecimal digits"));
        assert!(refused(&[("WEATHER_API_BASE", "api.open-meteo.com")]).contains("https://"));
        assert!(refused(&[("MAX_SIGNATURE_AGE_SECONDS", "soon")]).contains("number of seconds"));
        assert!(refused(&[("AWS_REGION", ""), ("AWS_DEFAULT_REGION", "")]).contains("AWS_REGION"));
    }

    #[test]
    fn only_a_local_stage_may_take_old_signatures() {
        assert!(refused(&[("MAX_SIGNATURE_AGE_SECONDS", "0")]).contains("STAGE"));
        let local = vars(&[("MAX_SIGNATURE_AGE_SECONDS", "0"), ("STAGE", "local")]);
        assert!(InteractionsConfig::from_variables(&Variables::new(&local)).is_ok());
    }

    #[test]
    fn only_a_local_stage_may_take_the_development_key() {
        const KEYS: &str = "3b6a27bcceb6a42d62a3a8d02a6f0d73653215771de243a63ac048a18b59da29,\
                            41C8203F64632116EE3E1A6CC6C9ADC124E9F09383224C4203C60A64B1FF53FB";
        assert!(discord::development_key::is_among(KEYS));
        assert!(refused(&[("DISCORD_PUBLIC_KEY", KEYS)]).contains("only if STAGE is local"));
        let local = vars(&[("DISCORD_PUBLIC_KEY", KEYS), ("STAGE", "local")]);
        assert!(InteractionsConfig::from_variables(&Variables::new(&local)).is_ok());
    }

    #[test]
    fn a_trailing_slash_does_no_harm() {
        let config = JobsConfig::from_variables(&Variables::new(&vars(&[]))).unwrap();
        assert_eq!(config.discord_api_base, "https://example.com");
    }
}
