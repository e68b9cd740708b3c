//! The base URLs of Open-Meteo, and the key for it.

use domain::config::{ConfigError, Configuration, STAGE, Variables};

use crate::BaseUrl;

const FORECASTS_BASE: &str = "WEATHER_API_BASE";
const GEOCODING_BASE: &str = "WEATHER_GEOCODING_API_BASE";
const API_KEY: &str = "OPEN_METEO_API_KEY";

/// The public hosts, and those that accept a key and nothing else.
const HOSTS: [(&str, &str); 2] = [
    ("https://api.open-meteo.com", "https://customer-api.open-meteo.com"),
    ("https://geocoding-api.open-meteo.com", "https://customer-geocoding-api.open-meteo.com"),
];

/// The base URLs of its two services; the public ones are <https://api.open-meteo.com> and
/// <https://geocoding-api.open-meteo.com>. With a key, those of customers instead.
#[derive(Clone, Debug)]
pub struct OpenMeteoConfig {
    /// The forecast API.
    pub forecasts: BaseUrl,
    /// The geocoding API.
    pub geocoding: BaseUrl,
}

impl Configuration for OpenMeteoConfig {
    fn variables() -> Vec<&'static str> {
        vec![FORECASTS_BASE, GEOCODING_BASE, API_KEY, STAGE]
    }

    fn from_variables(variables: &Variables<'_>) -> Result<Self, ConfigError> {
        let key = variables.optional(API_KEY);
        let base = |name| base(variables, name, key.as_deref());
        Ok(Self { forecasts: base(FORECASTS_BASE)?, geocoding: base(GEOCODING_BASE)? })
    }
}

fn base(variables: &Variables<'_>, name: &'static str, key: Option<&str>) -> Result<BaseUrl, ConfigError> {
    let url = variables.url(name)?;
    let customers = HOSTS.iter().find(|(public, _)| *public == url).filter(|_| key.is_some());
    let base = customers.map_or(url.as_str(), |(_, customers)| customers).parse::<BaseUrl>();
    let base = base.map_err(|wrong| ConfigError::wrong(name, wrong.to_string()))?;
    Ok(match key {
        Some(key) => base.with_key(key),
        None => base,
    })
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

    fn config(forecasts: &str, key: &str) -> OpenMeteoConfig {
        let variable = |name: &str| {
            let value = match name {
                FORECASTS_BASE => forecasts,
                GEOCODING_BASE => "https://geocoding-api.open-meteo.com",
                STAGE => "local",
                _ => key,
            };
            Some(value.to_owned())
        };
        OpenMeteoConfig::from_variables(&Variables::new(&variable)).unwrap()
    }

    fn base(url: &str) -> BaseUrl {
        url.parse().unwrap()
    }

    #[test]
    fn a_key_takes_requests_to_the_hosts_of_customers() {
        let with_key = config("https://api.open-meteo.com/", "secret");
        assert_eq!(with_key.forecasts, base("https://customer-api.open-meteo.com").with_key("secret"));
        let geocoding = base("https://customer-geocoding-api.open-meteo.com").with_key("secret");
        assert_eq!(with_key.geocoding, geocoding);
        assert!(!format!("{with_key:?}").contains("secret"));
        let own = config("http://127.0.0.1:7700/weather", "secret").forecasts;
        assert_eq!(own, base("http://127.0.0.1:7700/weather").with_key("secret"), "another host stays");
        let free = config("https://api.open-meteo.com", "");
        assert_eq!(free.forecasts, base("https://api.open-meteo.com"));
        assert_eq!(free.geocoding, base("https://geocoding-api.open-meteo.com"));
    }
}
