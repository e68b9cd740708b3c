//! Numbers as they were written, and their conversion: exact fractions that are rounded once, at the end.

use super::Unit;

/// The maximum number of decimals of a result.
const MAX_DECIMALS: i32 = 9;

/// A number as it was written: a fraction and its precision.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) struct Number {
    pub(super) numerator: i128,
    /// Positive.
    pub(super) denominator: i128,
    /// The number of decimals.
    pub(super) places: i32,
    /// The number of significant digits, without trailing zeros of a whole number.
    pub(super) significant: i32,
}

/// A decimal number, `digits` / 10^`places`, without trailing zeros after the point.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub struct Decimal {
    /// All digits: 205 for 20.5.
    pub digits: i64,
    /// The number of decimals: 1 for 20.5.
    pub places: u32,
}

/// A value with its unit.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub struct Quantity {
    /// The value.
    pub value: Decimal,
    /// The unit.
    pub unit: Unit,
}

impl Quantity {
    /// "20 °C", "5 ft 11 in", "1,5 km", with the decimal separator of the language and U+2212 as the minus.
    #[must_use]
    pub fn text(self, decimal_sign: char) -> String {
        if self.unit == Unit::FootAndInch && self.value.places == 0 {
            let (feet, inches) = (self.value.digits / 12, self.value.digits % 12);
            return format!("{feet} ft {inches} in");
        }
        format!("{} {}", self.value.text(decimal_sign), self.unit.symbol())
    }
}

impl Decimal {
    /// "20.5", with the decimal separator of the language. From five digits on, groups are separated by
    /// narrow spaces, which no language uses as a decimal separator.
    #[must_use]
    pub fn text(self, decimal_sign: char) -> String {
        let sign = if self.digits < 0 { "−" } else { "" };
        let scale = 10_u64.pow(self.places);
        let (whole, part) = (self.digits.unsigned_abs() / scale, self.digits.unsigned_abs() % scale);
        let whole = if whole < 10_000 { whole.to_string() } else { grouped(&whole.to_string()) };
        match self.places {
            0 => format!("{sign}{whole}"),
            places => format!("{sign}{whole}{decimal_sign}{part:0width$}", width = places as usize),
        }
    }
}

impl Number {
    pub(super) const fn whole(value: i128) -> Self {
        Self { numerator: value, denominator: 1, places: 0, significant: 1 }
    }

    pub(super) fn negative(self) -> Self {
        Self { numerator: -self.numerator, ..self }
    }

    /// Adds a smaller unit: feet and inches become inches, pounds and ounces become ounces.
    pub(super) fn with_smaller(self, so_many: i128, smaller: Self) -> Self {
        Self {
            numerator: self.numerator * so_many * smaller.denominator + smaller.numerator * self.denominator,
            denominator: self.denominator * smaller.denominator,
            places: smaller.places,
            significant: self.significant + smaller.significant,
        }
    }

    pub(super) fn is_below(self, limit: i128) -> bool {
        self.numerator < limit * self.denominator
    }

    pub(super) fn is_above(self, limit: i128) -> bool {
        self.numerator > limit * self.denominator
    }

    /// In multiples of [`Unit::size`]'s base, rounded down.
    pub(super) fn size(self, unit: Unit) -> i128 {
        self.numerator.abs() * unit.size() / self.denominator
    }

    /// The value in another unit of the same kind, with about the same precision.
    pub(super) fn converted(self, from: Unit, to: Unit) -> Quantity {
        let (top, bottom) = match (from, to) {
            (Unit::Fahrenheit, Unit::Celsius) => {
                ((self.numerator - 32 * self.denominator) * 5, self.denominator * 9)
            }
            (Unit::Celsius, Unit::Fahrenheit) => {
                (self.numerator * 9 + 32 * 5 * self.denominator, self.denominator * 5)
            }
            _ => (self.numerator * from.size(), self.denominator * to.size()),
        };
        let places = match to {
            Unit::FootAndInch => 0,
            _ if to.is_temperature() => self.places,
            _ => self.places_in(from, to, magnitude(top.abs(), bottom)),
        };
        Quantity { value: rounded(top, bottom, places.clamp(-MAX_DECIMALS, MAX_DECIMALS)), unit: to }
    }

    /// The number of decimals in the new unit that matches the written precision. At least two significant
    /// digits (1 mile is not 2 km), and at most three or as many as were written (5,000 miles are not 8,047
    /// km).
    fn places_in(self, from: Unit, to: Unit, magnitude: i32) -> i32 {
        let worth = (self.places - magnitude_of_ratio(from, to)).max(0);
        let worth = if to.is_speed() { worth.min(self.places) } else { worth };
        worth.max(1 - magnitude).min(self.significant.max(3) - 1 - magnitude)
    }
}

fn grouped(digits: &str) -> String {
    let mut grouped = String::new();
    for (at, digit) in digits.chars().enumerate() {
        if at > 0 && (digits.len() - at).is_multiple_of(3) {
            grouped.push('\u{202f}');
        }
        grouped.push(digit);
    }
    grouped
}

fn magnitude_of_ratio(from: Unit, to: Unit) -> i32 {
    magnitude(from.size(), to.size())
}

/// The exponent of the largest power of ten not above `top / bottom`; 0 for zero.
fn magnitude(top: i128, bottom: i128) -> i32 {
    if top == 0 {
        return 0;
    }
    let (mut top, mut bottom, mut power) = (top, bottom, 0);
    while top >= bottom.saturating_mul(10) {
        bottom *= 10;
        power += 1;
    }
    while top < bottom && power > -2 * MAX_DECIMALS {
        top *= 10;
        power -= 1;
    }
    power
}

/// Rounds to `places` decimals, halves away from zero, without trailing zeros. Negative `places` round
/// before the point.
fn rounded(top: i128, bottom: i128, places: i32) -> Decimal {
    let scale = 10_i128.pow(places.unsigned_abs());
    let (top, bottom) = if places < 0 { (top, bottom * scale) } else { (top * scale, bottom) };
    let nearest = (top.abs() * 2 + bottom) / (bottom * 2) * top.signum();
    let nearest = if places < 0 { nearest * scale } else { nearest };
    let mut digits = i64::try_from(nearest).unwrap_or(i64::MAX);
    let mut places = places.max(0).unsigned_abs();
    while places > 0 && digits % 10 == 0 {
        digits /= 10;
        places -= 1;
    }
    Decimal { digits, places }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_magnitude_is_the_place_of_the_first_digit() {
        let found = [(1, 1), (9, 1), (10, 1), (999, 1), (1, 10), (1, 3), (2, 3), (0, 1)];
        let found = found.map(|(top, bottom)| magnitude(top, bottom));
        assert_eq!(found, [0, 0, 1, 2, -1, -1, -1, 0]);
        assert_eq!(magnitude(1, 10_i128.pow(20)), -2 * MAX_DECIMALS, "nothing smaller is written");
    }

    #[test]
    fn a_number_is_rounded_once_and_halves_away_from_zero() {
        let decimal = |digits, places| Decimal { digits, places };
        for (top, bottom, places, expected) in [
            (5, 2, 0, decimal(3, 0)),
            (-5, 2, 0, decimal(-3, 0)),
            (249, 100, 0, decimal(2, 0)),
            (1, 8, 2, decimal(13, 2)),
            (1, 2, 3, decimal(5, 1)),
            (1_250, 1, -2, decimal(1_300, 0)),
            (0, 1, 2, decimal(0, 0)),
        ] {
            assert_eq!(rounded(top, bottom, places), expected, "{top} / {bottom} to {places}");
        }
    }
}
