//! Environment variables, read once and refused with a clear message when they are wrong.
//!
//! Each struct of configuration stands in the crate that uses it. A test compares the variables of every
//! function with template.yaml, both ways.

use std::fmt;

/// What is read from environment variables.
pub trait Configuration: Sized {
    /// The variables that it reads, as template.yaml sets them; what Lambda itself sets is not among them.
    fn variables() -> Vec<&'static str>;

    /// Reads it.
    ///
    /// # Errors
    /// [`ConfigError`] names the first variable that is missing or wrong.
    fn from_variables(variables: &Variables<'_>) -> Result<Self, ConfigError>;
}

/// The environment, or what a test puts in its place. An empty variable is as good as none.
#[derive(Clone, Copy)]
pub struct Variables<'a>(&'a dyn Fn(&str) -> Option<String>);

impl fmt::Debug for Variables<'_> {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("Variables")
    }
}

impl<'a> Variables<'a> {
    /// Those that `read` knows.
    pub fn new(read: &'a dyn Fn(&str) -> Option<String>) -> Self {
        Self(read)
    }

    /// One that may be missing.
    pub fn optional(&self, name: &str) -> Option<String> {
        (self.0)(name).filter(|value| !value.is_empty())
    }

    /// One that must be there.
    ///
    /// # Errors
    /// [`ConfigError::Missing`].
    pub fn needed(&self, name: &'static str) -> Result<String, ConfigError> {
        self.optional(name).ok_or(ConfigError::Missing(name))
    }

    /// An address, without a slash at its end.
    ///
    /// # Errors
    /// [`ConfigError`] if it is missing, or begins with neither https:// nor http://.
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
    /// Not set, or empty.
    #[error("{0} is not set")]
    Missing(&'static str),
    /// Not set, or empty, and not ours to set.
    #[error("{0} is not set; Lambda sets it, and outside Lambda you have to")]
    MissingOutsideLambda(&'static str),
    /// Set to something that cannot be used.
    #[error("{name} is wrong: {why}")]
    Wrong {
        /// The variable.
        name: &'static str,
        /// What it should be.
        why: String,
    },
}

impl ConfigError {
    /// A variable that is set to something that cannot be used; `why` says what it should be.
    pub fn wrong(name: &'static str, why: impl Into<String>) -> Self {
        Self::Wrong { name, why: why.into() }
    }
}
