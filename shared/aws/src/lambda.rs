//! Invokes functions, and reads how an alias divides its traffic.

use std::{collections::BTreeMap, time::Duration};

use bytes::Bytes;
use domain::{Fault, config::ConfigError};
use http::Request;
use jiff::Timestamp;
use serde::Deserialize;

use crate::signed::Service;

/// The time limit of a call that reads something.
const READ_TIMEOUT: Duration = Duration::from_secs(3);
/// The header of a response to an invocation that failed in the function.
const FUNCTION_ERROR: &str = "x-amz-function-error";

/// Lambda's API.
#[derive(Clone, Debug)]
pub struct Lambda {
    pub(crate) service: Service,
}

/// A version or an alias of a function.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct QualifiedFunction {
    /// The function's name.
    pub name: String,
    /// The number of the version, or the name of the alias.
    pub qualifier: String,
}

impl QualifiedFunction {
    /// The version or alias with this ARN: `arn:aws:lambda:REGION:ACCOUNT:function:NAME:QUALIFIER`.
    ///
    /// # Errors
    /// [`ConfigError`] of `variable` if it is not the ARN of a version or an alias.
    pub fn from_arn(variable: &'static str, arn: &str) -> Result<Self, ConfigError> {
        let parts: Vec<_> = arn.split(':').collect();
        let is_plain = |part: &str| {
            !part.is_empty()
                && part.bytes().all(|byte| byte.is_ascii_alphanumeric() || b"-_$".contains(&byte))
        };
        match parts[..] {
            ["arn", _, "lambda", _, _, "function", name, qualifier]
                if is_plain(name) && is_plain(qualifier) =>
            {
                Ok(Self { name: name.to_owned(), qualifier: qualifier.to_owned() })
            }
            _ => Err(ConfigError::wrong(variable, "it must be the ARN of a version or an alias")),
        }
    }

    /// Another version of the same function.
    #[must_use]
    pub fn version(&self, version: &str) -> Self {
        Self { name: self.name.clone(), qualifier: version.to_owned() }
    }
}

/// The response to GetAlias, as far as it is read.
#[derive(Deserialize)]
#[serde(rename_all = "PascalCase")]
struct Alias {
    #[serde(default)]
    routing_config: Option<RoutingConfig>,
}

#[derive(Deserialize)]
#[serde(rename_all = "PascalCase")]
struct RoutingConfig {
    #[serde(default)]
    additional_version_weights: BTreeMap<String, f64>,
}

impl Lambda {
    /// Invokes a function and returns its response.
    ///
    /// # Errors
    /// [`Fault`] if Lambda refuses or does not answer within this time, or if the function failed: it did not
    /// start, timed out, ended, or returned an error.
    pub async fn invoke(
        &self,
        function: &QualifiedFunction,
        event: Bytes,
        now: Timestamp,
        within: Duration,
    ) -> Result<Bytes, Fault> {
        let QualifiedFunction { name, qualifier } = function;
        let path = format!("/2015-03-31/functions/{name}/invocations?Qualifier={qualifier}");
        let request =
            Request::builder().method("POST").header(http::header::CONTENT_TYPE, "application/json");
        let response = self.service.send(request, &path, event, now, within).await?;
        if response.headers().contains_key(FUNCTION_ERROR) {
            return Err(Fault::new(self.service.name, error_type(response.body())));
        }
        Ok(response.into_body())
    }

    /// The versions to which an alias sends a part of its traffic, beside its main version. There is one while a
    /// canary deployment runs.
    ///
    /// # Errors
    /// [`Fault`] if Lambda does not answer, or refuses.
    pub async fn canaries(
        &self,
        alias: &QualifiedFunction,
        now: Timestamp,
    ) -> Result<Vec<QualifiedFunction>, Fault> {
        let path = format!("/2015-03-31/functions/{}/aliases/{}", alias.name, alias.qualifier);
        let response = self.service.send(Request::builder(), &path, Bytes::new(), now, READ_TIMEOUT).await?;
        let read: Alias = serde_json::from_slice(response.body())
            .map_err(|_| Fault::new(self.service.name, "unreadable answer"))?;
        let weights = read.routing_config.map(|routing| routing.additional_version_weights);
        Ok(weights.unwrap_or_default().keys().map(|version| alias.version(version)).collect())
    }
}

/// The type of a function's error, such as `Runtime.ExitError`. The message beside it may quote the event.
fn error_type(response: &[u8]) -> String {
    #[derive(Deserialize)]
    struct Error {
        #[serde(rename = "errorType")]
        kind: String,
    }
    let read: Result<Error, _> = serde_json::from_slice(response);
    let is_name = |kind: &str| kind.bytes().all(|byte| byte.is_ascii_alphanumeric() || b"._".contains(&byte));
    read.map(|error| error.kind).ok().filter(|kind| is_name(kind)).unwrap_or_else(|| "failed".to_owned())
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn only_the_arn_of_a_version_or_an_alias_can_be_invoked() {
        let read = |arn: &str| QualifiedFunction::from_arn("TARGET", arn);
        let function =
            read("arn:aws:lambda:eu-central-1:123456789012:function:steward-dev-Jobs-1x:7").unwrap();
        assert_eq!((&*function.name, &*function.qualifier), ("steward-dev-Jobs-1x", "7"));
        assert_eq!(function.version("8").qualifier, "8");
        for wrong in [
            "",
            "arn:aws:lambda:eu-central-1:123456789012:function:steward-dev-Jobs-1x",
            "arn:aws:sqs:eu-central-1:123456789012:function:jobs:live",
            "arn:aws:lambda:eu-central-1:123456789012:function:jobs/../x:live",
            "arn:aws:lambda:eu-central-1:123456789012:function::live",
        ] {
            assert!(read(wrong).unwrap_err().to_string().contains("TARGET"), "{wrong}");
        }
    }

    #[test]
    fn of_a_functions_error_only_the_type_is_told() {
        let error = br#"{"errorType":"Runtime.ExitError","errorMessage":"what somebody wrote"}"#;
        assert_eq!(error_type(error), "Runtime.ExitError");
        assert_eq!(error_type(br#"{"errorType":"what somebody wrote"}"#), "failed");
        assert_eq!(error_type(b"null"), "failed");
    }
}
