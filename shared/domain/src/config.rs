//! Environment variables, read once at start and rejected with a clear message if they are wrong.
//!
//! Each configuration struct lives in the crate that uses it. A test compares the variables of every
//! function with template.yaml, in both directions.

use std::fmt;

/// The variable that says where a function runs: `local`, or the stage of its stack.
pub const STAGE: &str = "STAGE";
const LOCAL: &str = "local";

/// A configuration struct that is read from environment variables.
pub trait Configuration: Sized {
    /// The variables that it reads from template.yaml, without those that Lambda itself sets.
    fn variables() -> Vec<&'static str>;

    /// Reads the struct.
    ///
    /// # Errors
    /// [`ConfigError`] names the first variable that is missing or wrong.
    fn from_variables(variables: &Variables<'_>) -> Result<Self, ConfigError>;
}

/// The environment, or a test's replacement for it. An empty variable counts as unset.
#[derive(Clone, Copy)]
pub struct Variables<'a>(&'a dyn Fn(&str) -> Option<String>);

impl fmt::Debug for Variables<'_> {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("Variables")
    }
}

impl<'a> Variables<'a> {
    /// Variables that `read` looks up.
    pub fn new(read: &'a dyn Fn(&str) -> Option<String>) -> Self {
        Self(read)
    }

    /// The value of a variable that may be unset.
    pub fn optional(&self, name: &str) -> Option<String> {
        (self.0)(name).filter(|value| !value.is_empty())
    }

    /// The value of a required variable.
    ///
    /// # Errors
    /// [`ConfigError::Missing`].
    pub fn needed(&self, name: &'static str) -> Result<String, ConfigError> {
        self.optional(name).ok_or(ConfigError::Missing(name))
    }

    /// Whether the function runs on a developer's machine ([`STAGE`]).
    pub fn is_local(&self) -> bool {
        self.optional(STAGE).as_deref() == Some(LOCAL)
    }

    /// A required URL, without a trailing slash.
    ///
    /// # Errors
    /// [`ConfigError`] if it is unset, or does not start with https://. A local stage accepts http:// too;
    /// elsewhere tokens would travel in clear text.
    pub fn url(&self, name: &'static str) -> Result<String, ConfigError> {
        let url = self.needed(name)?;
        if url.starts_with("https://") || (url.starts_with("http://") && self.is_local()) {
            return Ok(url.trim_end_matches('/').to_owned());
        }
        Err(ConfigError::wrong(
            name,
            "it must begin with https:// (http:// is allowed only if STAGE is local)",
        ))
    }
}

/// A variable is missing or wrong.
#[derive(Clone, Debug, PartialEq, Eq, thiserror::Error)]
pub enum ConfigError {
    /// Unset or empty.
    #[error("{0} is not set")]
    Missing(&'static str),
    /// Unset or empty, and set by Lambda rather than by template.yaml.
    #[error("{0} is not set: Lambda sets it, and outside Lambda you must set it")]
    MissingOutsideLambda(&'static str),
    /// Set to an unusable value.
    #[error("{name} is invalid: {why}")]
    Wrong {
        /// The variable.
        name: &'static str,
        /// What it should be.
        why: String,
    },
}

impl ConfigError {
    /// The error for an unusable value; `why` says what it should be.
    pub fn wrong(name: &'static str, why: impl Into<String>) -> Self {
        Self::Wrong { name, why: why.into() }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn at(stage: &'static str) -> impl Fn(&str) -> Option<String> {
        move |name: &str| {
            let values = [
                ("EMPTY", ""),
                ("TABLE", "state"),
                ("API", "https://api.example.org/v1/"),
                ("LOCAL", "http://127.0.0.1:8000"),
                ("FILE", "file:///etc/passwd"),
                (STAGE, stage),
            ];
            values.iter().find(|(known, _)| *known == name).map(|(_, value)| (*value).to_owned())
        }
    }

    #[test]
    fn an_empty_variable_is_as_good_as_none() {
        let read = at("prod");
        let variables = Variables::new(&read);
        assert_eq!(variables.optional("TABLE").as_deref(), Some("state"));
        assert_eq!(variables.needed("TABLE").as_deref(), Ok("state"));
        for name in ["EMPTY", "UNSET"] {
            assert_eq!(variables.optional(name), None);
            assert_eq!(variables.needed(name), Err(ConfigError::Missing(name)));
            assert_eq!(variables.url(name), Err(ConfigError::Missing(name)));
        }
    }

    #[test]
    fn a_url_is_encrypted_unless_the_stage_is_local_and_has_no_slash_at_its_end() {
        for stage in ["local", "dev", "staging", "prod", "Local", ""] {
            let read = at(stage);
            let variables = Variables::new(&read);
            assert_eq!(variables.url("API").as_deref(), Ok("https://api.example.org/v1"), "{stage}");
            let here = variables.url("LOCAL");
            if stage == "local" {
                assert_eq!(here.as_deref(), Ok("http://127.0.0.1:8000"));
            } else {
                let refused = "LOCAL is invalid: it must begin with https:// (http:// is allowed only if STAGE is local)";
                assert_eq!(here.unwrap_err().to_string(), refused, "{stage}");
            }
            for name in ["TABLE", "FILE"] {
                assert!(variables.url(name).unwrap_err().to_string().contains("must begin with https://"));
            }
        }
    }
}
