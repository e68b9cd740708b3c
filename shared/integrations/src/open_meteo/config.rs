//! The base URLs of Open-Meteo.

use domain::config::{ConfigError, Configuration, Variables};

use crate::Base;

const FORECASTS: &str = "WEATHER_API_BASE";
const GEOCODING: &str = "WEATHER_GEOCODING_API_BASE";

/// The base URLs of its two services; the public ones are <https://api.open-meteo.com> and
/// <https://geocoding-api.open-meteo.com>.
#[derive(Clone, Debug)]
pub struct OpenMeteoConfig {
    /// The forecast API.
    pub forecasts: Base,
    /// The geocoding API.
    pub geocoding: Base,
}

impl Configuration for OpenMeteoConfig {
    fn variables() -> Vec<&'static str> {
        vec![FORECASTS, GEOCODING]
    }

    fn from_variables(variables: &Variables<'_>) -> Result<Self, ConfigError> {
        Ok(Self { forecasts: base(variables, FORECASTS)?, geocoding: base(variables, GEOCODING)? })
    }
}

fn base(variables: &Variables<'_>, name: &'static str) -> Result<Base, ConfigError> {
    variables.url(name)?.parse().map_err(|wrong: crate::NotABase| ConfigError::wrong(name, wrong.to_string()))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn an_address_that_is_none_is_refused_by_its_name() {
        let refused = |wrong: &str| {
            let variable = |name: &str| {
                Some(if name == GEOCODING { wrong } else { "https://api.open-meteo.com" }.to_owned())
            };
            OpenMeteoConfig::from_variables(&Variables::new(&variable)).unwrap_err().to_string()
        };
        assert!(
            refused("api.open-meteo.com").contains("WEATHER_GEOCODING_API_BASE is invalid: it must begin")
        );
        assert!(refused("https://api.open-meteo.com?key=1").contains("without a query"));
    }
}
