//! Numbers as they were written, and what they are in another unit: exact until they are rounded once.

use super::Unit;

/// The most decimals that a result has.
const FINEST: i32 = 9;

/// A number as it was written: a fraction, and how exactly somebody meant it.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) struct Number {
    pub(super) numerator: i128,
    /// Positive.
    pub(super) denominator: i128,
    /// Decimals.
    pub(super) places: i32,
    /// Significant digits; the zeros at the end of a whole number are none.
    pub(super) significant: i32,
}

/// A decimal number: `digits` with the point before the last `places` of them. No zero ends its decimals.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub struct Decimal {
    /// All digits: 205 of 20.5.
    pub digits: i64,
    /// How many of them are decimals: 1 of 20.5.
    pub places: u32,
}

/// So much of a unit.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub struct Quantity {
    /// How much.
    pub value: Decimal,
    /// Of what.
    pub unit: Unit,
}

impl Quantity {
    /// "20 °C", "5 ft 11 in", "1,5 km" with the decimal sign of a language. The minus is a minus sign.
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
    /// "20.5", with the decimal sign of a language. Five digits and more are grouped by narrow spaces,
    /// which no language takes for a decimal sign.
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

    /// Feet and inches in inches, pounds and ounces in ounces.
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

    /// In sizes, as [`Unit::size`] counts, rounded down.
    pub(super) fn size(self, unit: Unit) -> i128 {
        self.numerator.abs() * unit.size() / self.denominator
    }

    /// In another unit of the same kind, about as exact as it was.
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
        Quantity { value: rounded(top, bottom, places.clamp(-FINEST, FINEST)), unit: to }
    }

    /// As many decimals as the written ones are worth in the new unit, but two significant digits
    /// (1 mile is not 2 km), and three or as many as were written (5,000 miles are not 8,047 km).
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

/// The power of ten just below `top / bottom`; 0 for zero.
fn magnitude(top: i128, bottom: i128) -> i32 {
    if top == 0 {
        return 0;
    }
    let (mut top, mut bottom, mut power) = (top, bottom, 0);
    while top >= bottom.saturating_mul(10) {
        bottom *= 10;
        power += 1;
    }
    while top < bottom && power > -2 * FINEST {
        top *= 10;
        power -= 1;
    }
    power
}

/// To so many decimals, halves away from zero, and without zeros at their end. Negative `places`
/// are zeros before the point.
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
