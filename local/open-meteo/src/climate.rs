//! A plausible, deterministic weather for every place and hour.

use std::f64::consts::TAU;

/// The WMO codes up to each wetness, for rain and for snow.
const STEPS: [(f64, u8, u8); 8] = [
    (0.25, 0, 0),
    (0.35, 1, 1),
    (0.48, 2, 2),
    (0.62, 3, 3),
    (0.65, 45, 45),
    (0.70, 51, 71),
    (0.85, 61, 73),
    (0.93, 80, 85),
];

/// The climate of a place.
pub(super) struct Climate {
    latitude: f64,
    longitude: f64,
    seed: u64,
}

/// The weather in one hour, in Open-Meteo's units.
#[derive(Debug, Clone, Copy)]
pub(super) struct Weather {
    /// Degrees Celsius, to the tenth.
    pub(super) temperature: f64,
    /// Degrees Celsius, to the tenth.
    pub(super) feels_like: f64,
    /// Percent.
    pub(super) humidity: i64,
    /// Percent.
    pub(super) rain_chance: i64,
    /// Kilometres per hour, to the tenth.
    pub(super) wind: f64,
    /// WMO code.
    pub(super) code: u8,
    /// Whether the sun is up.
    pub(super) is_day: bool,
}

impl Climate {
    /// The climate at these coordinates. Coordinates that agree to the hundredth are the same place.
    pub(super) fn at(latitude: f64, longitude: f64) -> Self {
        let seed = hash(format!("{latitude:.2} {longitude:.2}").as_bytes());
        Self { latitude, longitude, seed }
    }

    /// The weather in the `hour`th hour since 1970 (UTC).
    pub(super) fn hour(&self, hour: i64) -> Weather {
        let wetness = self.smooth(1, hour, 9);
        let wind = tenth(3.0 + 30.0 * self.smooth(2, hour, 15).powi(2));
        let temperature = tenth(self.temperature(hour) - 3.0 * wetness);
        Weather {
            temperature,
            feels_like: tenth(temperature - wind / 12.0),
            humidity: (40.0 + 55.0 * wetness) as i64,
            rain_chance: ((wetness - 0.3).max(0.0) / 0.7 * 100.0) as i64,
            wind,
            code: code(wetness, temperature),
            is_day: self.sun(hour) > 0.0,
        }
    }

    /// Mean by latitude, plus season, time of day and random variation.
    fn temperature(&self, hour: i64) -> f64 {
        let mean = 26.0 - 0.0055 * self.latitude.powi(2);
        let season = 0.15 * self.latitude * (TAU * (day_of_year(hour) - 200.0) / 365.25).cos();
        let day = 4.0 * (TAU * (self.solar_hour(hour) - 15.0) / 24.0).cos();
        mean + season + day + 8.0 * (self.smooth(3, hour, 60) - 0.5)
    }

    /// The sine of the sun's elevation: positive by day.
    fn sun(&self, hour: i64) -> f64 {
        let tilt = 23.44_f64.to_radians() * (TAU * (day_of_year(hour) - 172.0) / 365.25).cos();
        let turn = TAU * (self.solar_hour(hour) - 12.0) / 24.0;
        let latitude = self.latitude.to_radians();
        latitude.sin() * tilt.sin() + latitude.cos() * tilt.cos() * turn.cos()
    }

    fn solar_hour(&self, hour: i64) -> f64 {
        (hour.rem_euclid(24) as f64 + self.longitude / 15.0).rem_euclid(24.0)
    }

    /// Random values in 0..1, one every `period` hours, with linear interpolation between them.
    fn smooth(&self, quality: u64, hour: i64, period: i64) -> f64 {
        let (step, part) = (hour.div_euclid(period), hour.rem_euclid(period) as f64 / period as f64);
        let draw = |step| noise(self.seed ^ quality, step);
        draw(step) * (1.0 - part) + draw(step + 1) * part
    }
}

/// The FNV-1a hash, which unlike the standard library's is the same on every machine.
pub(super) fn hash(bytes: &[u8]) -> u64 {
    bytes
        .iter()
        .fold(0xcbf2_9ce4_8422_2325, |hash, byte| (hash ^ u64::from(*byte)).wrapping_mul(0x0100_0000_01b3))
}

/// The `n`th draw of `seed`, in 0..1 (splitmix64).
pub(super) fn noise(seed: u64, n: i64) -> f64 {
    let mut z = seed.wrapping_add(0x9e37_79b9_7f4a_7c15_u64.wrapping_mul(n as u64 | 1 << 63));
    z = (z ^ (z >> 30)).wrapping_mul(0xbf58_476d_1ce4_e5b9);
    z = (z ^ (z >> 27)).wrapping_mul(0x94d0_49bb_1331_11eb);
    ((z ^ (z >> 31)) >> 11) as f64 / (1_u64 << 53) as f64
}

fn day_of_year(hour: i64) -> f64 {
    (hour as f64 / 24.0).rem_euclid(365.25)
}

fn tenth(value: f64) -> f64 {
    (value * 10.0).round() / 10.0
}

/// The WMO code, from a clear sky to a thunderstorm; below 0.5 °C it is snow.
fn code(wetness: f64, temperature: f64) -> u8 {
    let step = STEPS.iter().find(|(below, ..)| wetness < *below);
    match step {
        Some((_, _, snow)) if temperature < 0.5 => *snow,
        Some((_, rain, _)) => *rain,
        None if temperature < 0.5 => 75,
        None if temperature > 15.0 => 95,
        None => 65,
    }
}
