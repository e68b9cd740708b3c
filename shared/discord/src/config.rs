//! The environment variables for the bot's application and Discord's URLs.

use std::time::Duration;

use domain::{
    ApplicationId,
    config::{ConfigError, Configuration, STAGE, Variables},
};

use crate::{Verifier, development_key};

const APPLICATION_ID: &str = "DISCORD_APPLICATION_ID";
const CDN_BASE: &str = "DISCORD_CDN_BASE";
const API_BASE: &str = "DISCORD_API_BASE";
const PUBLIC_KEY: &str = "DISCORD_PUBLIC_KEY";
const SIGNATURE_AGE: &str = "MAX_SIGNATURE_AGE_SECONDS";

/// The maximum age of a signature, unless `MAX_SIGNATURE_AGE_SECONDS` is set.
const MAX_SIGNATURE_AGE: Duration = Duration::from_secs(300);
/// The largest value of `MAX_SIGNATURE_AGE_SECONDS`. Within this time a captured request can be replayed.
const LIMIT_SECONDS: u64 = 600;

/// The bot's application.
#[derive(Clone, Debug)]
pub struct Application {
    /// The application id.
    pub id: ApplicationId,
    /// The base URL of Discord's CDN. Attachments are downloaded only from there.
    pub cdn_base: String,
}

impl Configuration for Application {
    fn variables() -> Vec<&'static str> {
        vec![APPLICATION_ID, CDN_BASE, STAGE]
    }

    fn from_variables(variables: &Variables<'_>) -> Result<Self, ConfigError> {
        let id = variables.needed(APPLICATION_ID)?;
        let wrong = |_| ConfigError::wrong(APPLICATION_ID, "it must be the application's id, a number");
        Ok(Self { id: id.parse().map_err(wrong)?, cdn_base: variables.url(CDN_BASE)? })
    }
}

/// The base URL of Discord's REST API.
#[derive(Clone, Debug)]
pub struct ApiBase(pub String);

impl Configuration for ApiBase {
    fn variables() -> Vec<&'static str> {
        vec![API_BASE, STAGE]
    }

    fn from_variables(variables: &Variables<'_>) -> Result<Self, ConfigError> {
        variables.url(API_BASE).map(Self)
    }
}

impl Configuration for Verifier {
    fn variables() -> Vec<&'static str> {
        vec![PUBLIC_KEY, SIGNATURE_AGE, STAGE]
    }

    fn from_variables(variables: &Variables<'_>) -> Result<Self, ConfigError> {
        Self::new(&public_keys(variables)?, max_signature_age(variables)?)
            .map_err(|bad| ConfigError::wrong(PUBLIC_KEY, bad.to_string()))
    }
}

/// Everyone can sign with the development key, so only a local stage accepts it.
fn public_keys(variables: &Variables<'_>) -> Result<String, ConfigError> {
    let keys = variables.needed(PUBLIC_KEY)?;
    if development_key::is_among(&keys) && !variables.is_local() {
        let why = "the development key, which anybody can sign with, is allowed only if STAGE is local";
        return Err(ConfigError::wrong(PUBLIC_KEY, why));
    }
    Ok(keys)
}

/// Without a maximum age old requests can be replayed, so only a local stage may turn it off.
fn max_signature_age(variables: &Variables<'_>) -> Result<Duration, ConfigError> {
    let Some(text) = variables.optional(SIGNATURE_AGE) else {
        return Ok(MAX_SIGNATURE_AGE);
    };
    let wrong = |why: &str| ConfigError::wrong(SIGNATURE_AGE, why);
    let seconds: u64 = text.parse().map_err(|_| wrong("it must be a number of seconds"))?;
    if seconds == 0 && !variables.is_local() {
        return Err(wrong("0 (no limit) is allowed only if STAGE is local"));
    }
    if seconds > LIMIT_SECONDS {
        return Err(wrong("it must be at most 600"));
    }
    Ok(Duration::from_secs(seconds))
}

#[cfg(test)]
mod tests {
    use std::{cell::RefCell, collections::BTreeSet};

    use super::*;

    const KEY: &str = "3b6a27bcceb6a42d62a3a8d02a6f0d73653215771de243a63ac048a18b59da29";

    fn read<C: Configuration>(changes: &[(&str, &str)]) -> Result<C, String> {
        let variable = |name: &str| {
            if let Some((_, value)) = changes.iter().find(|(changed, _)| *changed == name) {
                return Some((*value).to_owned());
            }
            Some(match name {
                PUBLIC_KEY => KEY.to_owned(),
                APPLICATION_ID => "5".to_owned(),
                SIGNATURE_AGE => "300".to_owned(),
                STAGE => "prod".to_owned(),
                _ => "https://example.com/".to_owned(),
            })
        };
        C::from_variables(&Variables::new(&variable)).map_err(|bad| bad.to_string())
    }

    #[test]
    fn a_wrong_variable_is_named_and_explained() {
        let refused = |changes: &[(&str, &str)]| read::<Application>(changes).unwrap_err();
        assert_eq!(refused(&[(CDN_BASE, "")]), "DISCORD_CDN_BASE is not set");
        assert_eq!(
            refused(&[(APPLICATION_ID, "me")]),
            "DISCORD_APPLICATION_ID is invalid: it must be the application's id, a number"
        );
        assert!(refused(&[(CDN_BASE, "cdn.discordapp.com")]).contains("https://"));
        let refused = |changes: &[(&str, &str)]| read::<Verifier>(changes).unwrap_err();
        assert!(refused(&[(PUBLIC_KEY, "abc")]).contains("64 hexadecimal digits"));
        assert!(refused(&[(SIGNATURE_AGE, "soon")]).contains("number of seconds"));
    }

    /// The variables that are read when every optional check is needed.
    fn looked_up<C: Configuration>() -> BTreeSet<String> {
        let names = RefCell::new(BTreeSet::new());
        let variable = |name: &str| {
            names.borrow_mut().insert(name.to_owned());
            Some(match name {
                PUBLIC_KEY => development_key::PUBLIC_KEY.to_owned(),
                APPLICATION_ID => "5".to_owned(),
                SIGNATURE_AGE => "0".to_owned(),
                STAGE => "local".to_owned(),
                _ => "http://example.com/".to_owned(),
            })
        };
        assert!(C::from_variables(&Variables::new(&variable)).is_ok());
        names.into_inner()
    }

    #[test]
    fn the_variables_that_are_read_are_the_declared_ones() {
        let declared = |names: Vec<&str>| names.into_iter().map(str::to_owned).collect::<BTreeSet<_>>();
        assert_eq!(looked_up::<Application>(), declared(Application::variables()));
        assert_eq!(looked_up::<ApiBase>(), declared(ApiBase::variables()));
        assert_eq!(looked_up::<Verifier>(), declared(Verifier::variables()));
    }

    #[test]
    fn a_signature_is_accepted_for_ten_minutes_at_most() {
        assert!(read::<Verifier>(&[(SIGNATURE_AGE, "600")]).is_ok());
        for stage in ["prod", "local"] {
            let refused = read::<Verifier>(&[(SIGNATURE_AGE, "601"), (STAGE, stage)]).unwrap_err();
            assert_eq!(refused, "MAX_SIGNATURE_AGE_SECONDS is invalid: it must be at most 600");
        }
    }

    #[test]
    fn tokens_and_files_travel_encrypted_unless_the_stage_is_local() {
        let http = "http://127.0.0.1:7700";
        for stage in ["prod", "staging", "dev"] {
            let refused = read::<ApiBase>(&[(API_BASE, http), (STAGE, stage)]).unwrap_err();
            assert!(
                refused.starts_with("DISCORD_API_BASE is invalid: it must begin with https://"),
                "{refused}"
            );
            let refused = read::<Application>(&[(CDN_BASE, http), (STAGE, stage)]).unwrap_err();
            assert!(
                refused.starts_with("DISCORD_CDN_BASE is invalid: it must begin with https://"),
                "{refused}"
            );
        }
        assert_eq!(read::<ApiBase>(&[(API_BASE, http), (STAGE, "local")]).unwrap().0, http);
        assert_eq!(read::<Application>(&[(CDN_BASE, http), (STAGE, "local")]).unwrap().cdn_base, http);
    }

    #[test]
    fn only_a_local_stage_may_take_old_signatures() {
        assert!(read::<Verifier>(&[(SIGNATURE_AGE, "0")]).unwrap_err().contains(STAGE));
        assert!(read::<Verifier>(&[(SIGNATURE_AGE, "0"), (STAGE, "local")]).is_ok());
    }

    #[test]
    fn only_a_local_stage_may_take_the_development_key() {
        const KEYS: &str = "3b6a27bcceb6a42d62a3a8d02a6f0d73653215771de243a63ac048a18b59da29,\
                            41C8203F64632116EE3E1A6CC6C9ADC124E9F09383224C4203C60A64B1FF53FB";
        assert!(development_key::is_among(KEYS));
        assert!(read::<Verifier>(&[(PUBLIC_KEY, KEYS)]).unwrap_err().contains("only if STAGE is local"));
        assert!(read::<Verifier>(&[(PUBLIC_KEY, KEYS), (STAGE, "local")]).is_ok());
    }

    #[test]
    fn a_trailing_slash_does_no_harm() {
        assert_eq!(read::<ApiBase>(&[]).unwrap().0, "https://example.com");
    }
}
