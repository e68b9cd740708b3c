//! The base URLs of Open-Meteo.

use domain::config::{ConfigError, Configuration, STAGE, Variables};

use crate::BaseUrl;

const FORECASTS_BASE: &str = "WEATHER_API_BASE";
const GEOCODING_BASE: &str = "WEATHER_GEOCODING_API_BASE";

/// The base URLs of its two services; the public ones are <https://api.open-meteo.com> and
/// <https://geocoding-api.open-meteo.com>.
#[derive(Clone, Debug)]
pub struct OpenMeteoConfig {
    /// The forecast API.
    pub forecasts: BaseUrl,
    /// The geocoding API.
    pub geocoding: BaseUrl,
}

impl Configuration for OpenMeteoConfig {
    fn variables() -> Vec<&'static str> {
        vec![FORECASTS_BASE, GEOCODING_BASE, STAGE]
    }

    fn from_variables(variables: &Variables<'_>) -> Result<Self, ConfigError> {
        Ok(Self { forecasts: base(variables, FORECASTS_BASE)?, geocoding: base(variables, GEOCODING_BASE)? })
    }
}

fn base(variables: &Variables<'_>, name: &'static str) -> Result<BaseUrl, ConfigError> {
    variables
        .url(name)?
        .parse()
        .map_err(|wrong: crate::BaseUrlError| ConfigError::wrong(name, wrong.to_string()))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn an_address_that_is_none_is_refused_by_its_name() {
        let refused = |wrong: &str| {
            let variable = |name: &str| {
                let right = if name == STAGE { "prod" } else { "https://api.open-meteo.com" };
                Some(if name == GEOCODING_BASE { wrong } else { right }.to_owned())
            };
            OpenMeteoConfig::from_variables(&Variables::new(&variable)).unwrap_err().to_string()
        };
        assert!(
            refused("api.open-meteo.com").contains("WEATHER_GEOCODING_API_BASE is invalid: it must begin")
        );
        assert!(refused("http://api.open-meteo.com").contains("only if STAGE is local"));
        assert!(refused("https://api.open-meteo.com?key=1").contains("without a query"));
    }
}
