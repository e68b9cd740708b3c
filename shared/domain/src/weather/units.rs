//! Measured values in tenths, and their conversion to the units that are shown.

use serde::{Deserialize, Serialize};

/// The system of units in replies.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq, Hash, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Units {
    /// Degrees Celsius and kilometres per hour.
    #[default]
    Metric,
    /// Degrees Fahrenheit and miles per hour.
    Imperial,
}

/// The error for a value that weather on Earth cannot have.
#[derive(Debug, Clone, Copy, PartialEq, Eq, thiserror::Error)]
#[error("not a valid measurement")]
pub struct MeasurementError;

/// An air temperature in tenths of a degree Celsius, within ±150 degrees (felt temperatures exceed measured ones).
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize)]
#[serde(try_from = "i32", into = "i32")]
pub struct Temperature(i32);

/// A wind speed in tenths of a kilometre per hour, at most 1,000 km/h.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize)]
#[serde(try_from = "i32", into = "i32")]
pub struct Speed(i32);

/// A percentage, 0 to 100.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize)]
#[serde(try_from = "i32", into = "i32")]
pub struct Percent(u8);

impl Temperature {
    /// From degrees Celsius, rounded to the nearest tenth.
    ///
    /// # Errors
    /// [`MeasurementError`] beyond ±150 degrees or not a number.
    pub fn from_celsius(degrees: f64) -> Result<Self, MeasurementError> {
        tenths(degrees)?.try_into()
    }

    /// Tenths of a degree Celsius.
    #[must_use]
    pub fn tenths(self) -> i32 {
        self.0
    }

    /// Whole degrees Celsius or Fahrenheit, halves away from zero. Rounded once, from the tenths.
    #[must_use]
    pub fn degrees(self, units: Units) -> i32 {
        match units {
            Units::Metric => rounded(self.0.into(), 10),
            // t/10 * 9/5 + 32 = (9t + 1600) / 50
            Units::Imperial => rounded(9 * i64::from(self.0) + 1_600, 50),
        }
    }
}

impl Speed {
    /// From kilometres per hour, rounded to the nearest tenth.
    ///
    /// # Errors
    /// [`MeasurementError`] if negative, above 1,000 or not a number.
    pub fn from_kilometres_per_hour(speed: f64) -> Result<Self, MeasurementError> {
        tenths(speed)?.try_into()
    }

    /// Tenths of a kilometre per hour.
    #[must_use]
    pub fn tenths(self) -> i32 {
        self.0
    }

    /// Whole kilometres or miles per hour, halves up. Rounded once, from the tenths.
    #[must_use]
    pub fn per_hour(self, units: Units) -> i32 {
        match units {
            Units::Metric => rounded(self.0.into(), 10),
            // A mile is 1.609344 km exactly (international mile, 1959).
            Units::Imperial => rounded(i64::from(self.0) * 100_000, 1_609_344),
        }
    }
}

impl Percent {
    /// The number, 0 to 100.
    #[must_use]
    pub fn get(self) -> u8 {
        self.0
    }
}

impl TryFrom<i32> for Temperature {
    type Error = MeasurementError;

    fn try_from(tenths: i32) -> Result<Self, MeasurementError> {
        within(-1_500, tenths, 1_500).map(Self)
    }
}

impl TryFrom<i32> for Speed {
    type Error = MeasurementError;

    fn try_from(tenths: i32) -> Result<Self, MeasurementError> {
        within(0, tenths, 10_000).map(Self)
    }
}

impl TryFrom<i32> for Percent {
    type Error = MeasurementError;

    fn try_from(percent: i32) -> Result<Self, MeasurementError> {
        let percent = within(0, percent, 100)?;
        u8::try_from(percent).map(Self).map_err(|_| MeasurementError)
    }
}

impl From<Temperature> for i32 {
    fn from(temperature: Temperature) -> Self {
        temperature.0
    }
}

impl From<Speed> for i32 {
    fn from(speed: Speed) -> Self {
        speed.0
    }
}

impl From<Percent> for i32 {
    fn from(percent: Percent) -> Self {
        percent.0.into()
    }
}

fn within(least: i32, value: i32, most: i32) -> Result<i32, MeasurementError> {
    if (least..=most).contains(&value) { Ok(value) } else { Err(MeasurementError) }
}

/// `as` saturates, which the range check then refuses; NaN would become 0.
fn tenths(value: f64) -> Result<i32, MeasurementError> {
    if value.is_nan() {
        return Err(MeasurementError);
    }
    Ok((value * 10.0).round() as i32)
}

/// `numerator / denominator` to the nearest whole, halves away from zero. Exact: no floats.
fn rounded(numerator: i64, denominator: i64) -> i32 {
    let half = denominator / 2 * numerator.signum();
    i32::try_from((numerator + half) / denominator).unwrap_or(i32::MAX)
}

#[cfg(test)]
mod tests {
    use super::*;
    use proptest::prelude::*;

    fn degrees(celsius: f64, units: Units) -> i32 {
        Temperature::from_celsius(celsius).unwrap().degrees(units)
    }

    #[test]
    fn well_known_temperatures_convert() {
        for (celsius, fahrenheit) in
            [(0.0, 32), (100.0, 212), (-40.0, -40), (37.0, 99), (-17.8, 0), (21.4, 71)]
        {
            assert_eq!(degrees(celsius, Units::Imperial), fahrenheit, "{celsius} °C");
        }
        assert_eq!(
            (degrees(-0.4, Units::Metric), degrees(-0.5, Units::Metric), degrees(0.5, Units::Metric)),
            (0, -1, 1)
        );
    }

    #[test]
    fn well_known_speeds_convert() {
        for (metric, imperial) in [(0.0, 0), (1.6, 1), (100.0, 62), (120.7, 75)] {
            let speed = Speed::from_kilometres_per_hour(metric).unwrap();
            assert_eq!(speed.per_hour(Units::Imperial), imperial, "{metric} km/h");
        }
    }

    #[test]
    fn no_weather_is_nan_or_beyond_the_possible() {
        for odd in [f64::NAN, f64::INFINITY, 150.1, -1e300] {
            assert_eq!(Temperature::from_celsius(odd), Err(MeasurementError));
        }
        assert_eq!(Speed::from_kilometres_per_hour(-0.1), Err(MeasurementError));
        assert_eq!(Percent::try_from(101), Err(MeasurementError));
        assert_eq!(
            [0, 37, 100].map(|percent| Percent::try_from(percent).map(Percent::get)),
            [Ok(0), Ok(37), Ok(100)]
        );
    }

    proptest! {
        #[test]
        fn conversion_is_off_by_at_most_half_a_unit(tenths in -1_500_i32..=1_500) {
            let temperature = Temperature::try_from(tenths).unwrap();
            prop_assert_eq!(temperature.tenths(), tenths);
            let celsius = f64::from(tenths) / 10.0;
            let exact = celsius * 1.8 + 32.0;
            prop_assert!((f64::from(temperature.degrees(Units::Imperial)) - exact).abs() <= 0.5 + 1e-9);
            prop_assert!((f64::from(temperature.degrees(Units::Metric)) - celsius).abs() <= 0.5 + 1e-9);
        }

        #[test]
        fn speeds_are_off_by_at_most_half_a_mile(tenths in 0_i32..=10_000) {
            let speed = Speed::try_from(tenths).unwrap();
            prop_assert_eq!(speed.tenths(), tenths);
            let exact = f64::from(tenths) / 16.09344;
            prop_assert!((f64::from(speed.per_hour(Units::Imperial)) - exact).abs() <= 0.5 + 1e-9);
        }
    }
}
