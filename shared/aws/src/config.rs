//! Region, credentials and endpoints, from the environment variables that Lambda sets.
//!
//! `aws-config` is not used: it would load the system's trust roots and search for credentials in places
//! that a function does not have, which triples the cold start.

use std::{fmt, time::Duration};

use aws_credential_types::{Credentials, provider::SharedCredentialsProvider};
use aws_sdk_dynamodb::config::SharedHttpClient;
use aws_smithy_async::rt::sleep::TokioSleep;
use aws_smithy_types::{
    retry::{ReconnectMode, RetryConfig},
    timeout::TimeoutConfig,
};
use aws_types::{SdkConfig, region::Region};
use domain::config::{ConfigError, Configuration, Variables};

use crate::tables::{self, EPHEMERAL, STATE};

/// The time limits of an operation.
#[derive(Clone, Copy)]
struct Limits {
    /// Of the whole operation including its retries.
    operation: Duration,
    /// Of one try, including the connection, so that a connection that died while the environment was frozen
    /// leaves time for another.
    attempt: Duration,
    tries: u32,
}

/// Far below the two seconds of an interaction.
const IN_INTERACTION: Limits =
    Limits { operation: Duration::from_millis(1_200), attempt: Duration::from_millis(550), tries: 2 };
/// The user has an answer already, which the function replaces later.
const IN_BACKGROUND: Limits =
    Limits { operation: Duration::from_secs(4), attempt: Duration::from_millis(1_500), tries: 3 };
/// The wait before the second try. The SDK's default is up to a second.
const INITIAL_BACKOFF: Duration = Duration::from_millis(25);

const STATE_TABLE: &str = "STATE_TABLE";
const EPHEMERAL_TABLE: &str = "EPHEMERAL_TABLE";

/// The configuration of all AWS clients.
#[derive(Clone)]
pub struct Config {
    pub(crate) region: String,
    access_key_id: String,
    secret_access_key: String,
    session_token: Option<String>,
    dynamodb_url: Option<String>,
    sqs_url: Option<String>,
    pub(crate) lambda_url: Option<String>,
    pub(crate) codedeploy_url: Option<String>,
    pub(crate) cloudwatch_url: Option<String>,
    state_table: String,
    ephemeral_table: String,
    limits: Limits,
}

/// Leaves out the secrets.
impl fmt::Debug for Config {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("Config").field("region", &self.region).finish_non_exhaustive()
    }
}

/// Reads `AWS_REGION` (or `AWS_DEFAULT_REGION`), the three credential variables,
/// `AWS_ENDPOINT_URL_DYNAMODB`, `_SQS`, `_LAMBDA`, `_CODEDEPLOY` and `_CLOUDWATCH` (or
/// `AWS_ENDPOINT_URL`), most of which Lambda sets; and the names of the tables.
impl Configuration for Config {
    fn variables() -> Vec<&'static str> {
        vec![STATE_TABLE, EPHEMERAL_TABLE]
    }

    fn from_variables(variables: &Variables<'_>) -> Result<Self, ConfigError> {
        variables.needed(STATE_TABLE)?;
        variables.needed(EPHEMERAL_TABLE)?;
        Self::for_a_tool(variables)
    }
}

impl Config {
    /// As [`Config::from_variables`], for operators' tools, which do not need the name of every table.
    /// DynamoDB rejects calls to a table without a name.
    ///
    /// # Errors
    /// As [`Config::from_variables`].
    pub fn for_a_tool(variables: &Variables<'_>) -> Result<Self, ConfigError> {
        let var = |name: &str| variables.optional(name);
        let needed = |name: &'static str| var(name).ok_or(ConfigError::MissingOutsideLambda(name));
        Ok(Self {
            region: needed("AWS_REGION").or_else(|missing| var("AWS_DEFAULT_REGION").ok_or(missing))?,
            access_key_id: needed("AWS_ACCESS_KEY_ID")?,
            secret_access_key: needed("AWS_SECRET_ACCESS_KEY")?,
            session_token: var("AWS_SESSION_TOKEN"),
            dynamodb_url: var("AWS_ENDPOINT_URL_DYNAMODB").or_else(|| var("AWS_ENDPOINT_URL")),
            sqs_url: var("AWS_ENDPOINT_URL_SQS").or_else(|| var("AWS_ENDPOINT_URL")),
            lambda_url: var("AWS_ENDPOINT_URL_LAMBDA").or_else(|| var("AWS_ENDPOINT_URL")),
            codedeploy_url: var("AWS_ENDPOINT_URL_CODEDEPLOY").or_else(|| var("AWS_ENDPOINT_URL")),
            cloudwatch_url: var("AWS_ENDPOINT_URL_CLOUDWATCH").or_else(|| var("AWS_ENDPOINT_URL")),
            state_table: var(STATE_TABLE).unwrap_or_default(),
            ephemeral_table: var(EPHEMERAL_TABLE).unwrap_or_default(),
            limits: IN_INTERACTION,
        })
    }

    /// Local emulators, with credentials that are not checked, and the table names of the template.
    pub fn emulated(dynamodb_url: impl Into<String>, sqs_url: impl Into<String>) -> Self {
        Self {
            region: "us-east-1".to_owned(),
            access_key_id: "local".to_owned(),
            secret_access_key: "local".to_owned(),
            session_token: None,
            dynamodb_url: Some(dynamodb_url.into()),
            sqs_url: Some(sqs_url.into()),
            lambda_url: None,
            codedeploy_url: None,
            cloudwatch_url: None,
            state_table: STATE.name.to_owned(),
            ephemeral_table: EPHEMERAL.name.to_owned(),
            limits: IN_INTERACTION,
        }
    }

    /// With longer time limits, for functions whose user sees "thinking…" already.
    #[must_use]
    pub fn in_background(self) -> Self {
        Self { limits: IN_BACKGROUND, ..self }
    }

    /// The name of a table in this deployment.
    pub fn table(&self, name: tables::Name) -> &str {
        match name {
            tables::Name::State => &self.state_table,
            tables::Name::Ephemeral => &self.ephemeral_table,
        }
    }

    pub(crate) fn dynamodb(&self, http: SharedHttpClient) -> SdkConfig {
        self.sdk(self.dynamodb_url.as_deref(), http)
    }

    pub(crate) fn sqs(&self, http: SharedHttpClient) -> SdkConfig {
        self.sdk(self.sqs_url.as_deref(), http)
    }

    pub(crate) fn credentials(&self) -> Credentials {
        Credentials::new(
            &self.access_key_id,
            &self.secret_access_key,
            self.session_token.clone(),
            // Credentials need no expiry: Lambda replaces the environment to renew them.
            None,
            "environment",
        )
    }

    /// The base URL of a service that is called without an SDK crate, without a slash at its end.
    pub(crate) fn url(&self, service: &str, given: Option<&str>) -> String {
        let usual = || {
            let domain = if self.region.starts_with("cn-") { "amazonaws.com.cn" } else { "amazonaws.com" };
            format!("https://{service}.{}.{domain}", self.region)
        };
        given.map_or_else(usual, |url| url.trim_end_matches('/').to_owned())
    }

    fn sdk(&self, url: Option<&str>, http: SharedHttpClient) -> SdkConfig {
        let mut config = SdkConfig::builder()
            .behavior_version(aws_sdk_dynamodb::config::BehaviorVersion::latest())
            .region(Region::new(self.region.clone()))
            .credentials_provider(SharedCredentialsProvider::new(self.credentials()))
            .http_client(http)
            .sleep_impl(TokioSleep::new())
            .timeout_config(self.limits.timeouts())
            .retry_config(
                RetryConfig::standard()
                    .with_max_attempts(self.limits.tries)
                    .with_initial_backoff(INITIAL_BACKOFF)
                    // The client drops a connection that failed. The SDK would look for it by itself, in vain, and
                    // write an ERROR line of its own.
                    .with_reconnect_mode(ReconnectMode::ReuseAllConnections),
            );
        config.set_endpoint_url(url.map(str::to_owned));
        config.build()
    }
}

impl Limits {
    fn timeouts(self) -> TimeoutConfig {
        TimeoutConfig::builder()
            .operation_attempt_timeout(self.attempt)
            .operation_timeout(self.operation)
            .build()
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_missing_variable_is_named() {
        for missing in ["AWS_SECRET_ACCESS_KEY", "STATE_TABLE", "EPHEMERAL_TABLE"] {
            let vars = |name: &str| (name != missing).then(|| "x".to_owned());
            let refused = Config::from_variables(&Variables::new(&vars)).unwrap_err();
            assert!(refused.to_string().contains(missing));
        }
        assert!(Config::from_variables(&Variables::new(&|_| Some(String::new()))).is_err());
    }

    #[test]
    fn secrets_are_not_shown() {
        let value = |name: &str| Some(format!("value of {name}"));
        let config = Config::from_variables(&Variables::new(&value)).unwrap();
        assert_eq!(format!("{config:?}").matches("value of").count(), 1, "the region alone may be shown");
    }
}
