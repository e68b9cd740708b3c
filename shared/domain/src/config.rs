//! Environment variables, read once at start and rejected with a clear message if they are wrong.
//!
//! Each configuration struct lives in the crate that uses it. A test compares the variables of every
//! function with template.yaml, in both directions.

use std::fmt;

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

    /// A required URL, without a trailing slash.
    ///
    /// # Errors
    /// [`ConfigError`] if it is unset, or starts with neither https:// nor http://.
    pub fn url(&self, name: &'static str) -> Result<String, ConfigError> {
        let url = self.needed(name)?;
        if url.starts_with("https://") || url.starts_with("http://") {
            return Ok(url.trim_end_matches('/').to_owned());
        }
        Err(ConfigError::wrong(name, "it must begin with https:// or http://"))
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

    fn read(name: &str) -> Option<String> {
        let values = [
            ("EMPTY", ""),
            ("TABLE", "state"),
            ("API", "https://api.example.org/v1/"),
            ("LOCAL", "http://127.0.0.1:8000"),
            ("FILE", "file:///etc/passwd"),
        ];
        values.iter().find(|(known, _)| *known == name).map(|(_, value)| (*value).to_owned())
    }

    #[test]
    fn an_empty_variable_is_as_good_as_none() {
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
    fn a_url_is_of_the_web_and_has_no_slash_at_its_end() {
        let variables = Variables::new(&read);
        assert_eq!(variables.url("API").as_deref(), Ok("https://api.example.org/v1"));
        assert_eq!(variables.url("LOCAL").as_deref(), Ok("http://127.0.0.1:8000"));
        for name in ["TABLE", "FILE"] {
            let refused = variables.url(name).unwrap_err().to_string();
            assert_eq!(refused, format!("{name} is invalid: it must begin with https:// or http://"));
        }
    }
}
