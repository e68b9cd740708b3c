//! The WMO weather codes that Open-Meteo returns.

use serde::{Deserialize, Serialize};

/// The WMO weather codes (table 4677, the 28 of them that <https://open-meteo.com/en/docs> lists).
/// Stored as the code.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, Serialize, Deserialize)]
#[serde(try_from = "u8", into = "u8")]
#[repr(u8)]
#[expect(missing_docs, reason = "the names are WMO's own words")]
pub enum Sky {
    Clear = 0,
    MainlyClear = 1,
    PartlyCloudy = 2,
    Overcast = 3,
    Fog = 45,
    RimeFog = 48,
    LightDrizzle = 51,
    Drizzle = 53,
    DenseDrizzle = 55,
    LightFreezingDrizzle = 56,
    FreezingDrizzle = 57,
    LightRain = 61,
    Rain = 63,
    HeavyRain = 65,
    LightFreezingRain = 66,
    FreezingRain = 67,
    LightSnow = 71,
    Snow = 73,
    HeavySnow = 75,
    SnowGrains = 77,
    LightShowers = 80,
    Showers = 81,
    ViolentShowers = 82,
    SnowShowers = 85,
    HeavySnowShowers = 86,
    Thunderstorm = 95,
    ThunderstormWithHail = 96,
    ThunderstormWithHeavyHail = 99,
}

/// A group of weather codes that share an icon and a description.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
pub enum SkyGroup {
    /// Codes 0 and 1.
    Clear,
    /// Code 2: sun and clouds.
    PartlyCloudy,
    /// Code 3.
    Overcast,
    /// Codes 45 and 48.
    Fog,
    /// Codes 51 to 55.
    Drizzle,
    /// Codes 61 to 65.
    Rain,
    /// Codes 56, 57, 66 and 67: freezing drizzle and rain.
    Ice,
    /// Codes 71 to 77, 85 and 86.
    Snow,
    /// Codes 80 to 82.
    Showers,
    /// Codes 95 to 99.
    Thunderstorm,
}

/// The error for a number that is not a documented weather code.
#[derive(Debug, Clone, Copy, PartialEq, Eq, thiserror::Error)]
#[error("not a weather code")]
pub struct WeatherCodeError;

impl Sky {
    /// Every code, in ascending order.
    pub const ALL: [Self; 28] = [
        Self::Clear,
        Self::MainlyClear,
        Self::PartlyCloudy,
        Self::Overcast,
        Self::Fog,
        Self::RimeFog,
        Self::LightDrizzle,
        Self::Drizzle,
        Self::DenseDrizzle,
        Self::LightFreezingDrizzle,
        Self::FreezingDrizzle,
        Self::LightRain,
        Self::Rain,
        Self::HeavyRain,
        Self::LightFreezingRain,
        Self::FreezingRain,
        Self::LightSnow,
        Self::Snow,
        Self::HeavySnow,
        Self::SnowGrains,
        Self::LightShowers,
        Self::Showers,
        Self::ViolentShowers,
        Self::SnowShowers,
        Self::HeavySnowShowers,
        Self::Thunderstorm,
        Self::ThunderstormWithHail,
        Self::ThunderstormWithHeavyHail,
    ];

    /// The WMO code, 0 to 99.
    #[must_use]
    pub fn code(self) -> u8 {
        self as u8
    }

    /// The group of this code.
    #[must_use]
    pub fn group(self) -> SkyGroup {
        match self {
            Self::Clear | Self::MainlyClear => SkyGroup::Clear,
            Self::PartlyCloudy => SkyGroup::PartlyCloudy,
            Self::Overcast => SkyGroup::Overcast,
            Self::Fog | Self::RimeFog => SkyGroup::Fog,
            Self::LightDrizzle | Self::Drizzle | Self::DenseDrizzle => SkyGroup::Drizzle,
            Self::LightRain | Self::Rain | Self::HeavyRain => SkyGroup::Rain,
            Self::LightFreezingDrizzle
            | Self::FreezingDrizzle
            | Self::LightFreezingRain
            | Self::FreezingRain => SkyGroup::Ice,
            Self::LightSnow
            | Self::Snow
            | Self::HeavySnow
            | Self::SnowGrains
            | Self::SnowShowers
            | Self::HeavySnowShowers => SkyGroup::Snow,
            Self::LightShowers | Self::Showers | Self::ViolentShowers => SkyGroup::Showers,
            Self::Thunderstorm | Self::ThunderstormWithHail | Self::ThunderstormWithHeavyHail => {
                SkyGroup::Thunderstorm
            }
        }
    }
}

impl TryFrom<u8> for Sky {
    type Error = WeatherCodeError;

    fn try_from(code: u8) -> Result<Self, WeatherCodeError> {
        Self::ALL.into_iter().find(|sky| sky.code() == code).ok_or(WeatherCodeError)
    }
}

impl From<Sky> for u8 {
    fn from(sky: Sky) -> Self {
        sky.code()
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn every_code_is_read_back_and_no_other_number_is_one() {
        let known = (0..=u8::MAX).filter_map(|code| Sky::try_from(code).ok()).collect::<Vec<_>>();
        assert_eq!(known, Sky::ALL);
        assert_eq!(serde_json::to_string(&Sky::Rain).unwrap(), "63");
        assert!(serde_json::from_str::<Sky>("4").is_err());
    }

    #[test]
    fn freezing_rain_is_ice_and_snow_showers_are_snow() {
        assert_eq!(Sky::LightFreezingRain.group(), SkyGroup::Ice);
        assert_eq!(Sky::SnowShowers.group(), SkyGroup::Snow);
    }
}
