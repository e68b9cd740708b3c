//! Finds quantities in ordinary text (English and German) and converts them to the other system of units.
//!
//! A missed quantity is better than a wrong one: "3 in a row", "5m people", "the top 10", code, URLs and
//! mentions are ignored.

mod compound;
mod context;
mod cursor;
mod number;
mod prose;
mod quantity;
mod reader;
mod spelling;
mod unit;

use crate::weather::Units;
use quantity::Number;
use reader::{Found, quantities};

pub use quantity::{Decimal, Quantity};
pub use unit::Unit;

/// The maximum number of quantities of one text.
pub const MAX_CONVERSIONS: usize = 25;

/// A quantity in a text, and its conversion.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Converted {
    /// The quantity as it was written: "68 °F", "5-10 miles". It only contains digits, signs and names of
    /// units, so it is safe to repeat.
    pub from: String,
    /// The unit that was understood; "68 degrees" is ambiguous.
    pub read_as: Unit,
    /// The converted quantity.
    pub to: Quantity,
    /// The converted end of a range, in the same unit; `None` if it is not a range.
    pub up_to: Option<Quantity>,
}

impl Converted {
    /// "20 °C" or "8–16 km", with the decimal separator of the language.
    #[must_use]
    pub fn text(&self, decimal_sign: char) -> String {
        match self.up_to {
            None => self.to.text(decimal_sign),
            Some(most) if most.unit == Unit::FootAndInch => {
                format!("{} – {}", self.to.text(decimal_sign), most.text(decimal_sign))
            }
            Some(most) => format!("{}–{}", self.to.value.text(decimal_sign), most.text(decimal_sign)),
        }
    }
}

/// The quantities of a text that are not in the units `to`: in order, without duplicates, at most [`MAX_CONVERSIONS`].
///
/// Degrees without a letter are read in the scale that the rest of the text uses. If it uses none, they are
/// read in the scale that needs conversion, provided that they can be a temperature. A bare "Grad" is
/// Celsius.
#[must_use]
pub fn convert(text: &str, to: Units) -> Vec<Converted> {
    let found = quantities(text);
    let degrees = degrees(&found, to);
    let mut all: Vec<Converted> = Vec::new();
    for found in &found {
        let unit = found.unit.or_else(|| degrees.filter(|unit| is_weather(found, *unit)));
        let Some(unit) = unit.filter(|unit| unit.system() != to) else { continue };
        let Some(from) = text.get(found.at.clone()) else { continue };
        if all.len() < MAX_CONVERSIONS && all.iter().all(|known| known.from != from) {
            all.push(converted(found, from, unit));
        }
    }
    all
}

fn converted(found: &Found, from: &str, unit: Unit) -> Converted {
    let Found { least, most, .. } = *found;
    let larger = most.unwrap_or(least);
    let target = unit.counterpart(larger.size(unit), larger.places > 0 || least.places > 0);
    let to = |number: Number| {
        // Both ends of a range get the precision of the finer one.
        let places = number.places.max(least.places).max(larger.places);
        Number { places, ..number }.converted(unit, target)
    };
    Converted { from: from.to_owned(), read_as: unit, to: to(least), up_to: most.map(to) }
}

/// The scale of degrees that have no letter; `None` if it is unclear.
fn degrees(found: &[Found], to: Units) -> Option<Unit> {
    let named = |unit| found.iter().any(|found| found.unit == Some(unit));
    match (named(Unit::Celsius), named(Unit::Fahrenheit)) {
        (true, false) => Some(Unit::Celsius),
        (false, true) => Some(Unit::Fahrenheit),
        _ if to == Units::Metric => Some(Unit::Fahrenheit),
        _ => Some(Unit::Celsius),
    }
}

/// Whether degrees can be a temperature, from the coldest winter to the hottest oven. 180 and 360 are more
/// likely angles.
fn is_weather(found: &Found, unit: Unit) -> bool {
    let is_possible = |number: Number| match unit {
        Unit::Fahrenheit => {
            number.is_above(-80) && number.is_below(551) && !is_turn(number, &[180, 270, 360])
        }
        _ => number.is_above(-80) && number.is_below(301) && !is_turn(number, &[90, 270]),
    };
    is_possible(found.least) && found.most.is_none_or(is_possible)
}

fn is_turn(number: Number, turns: &[i128]) -> bool {
    turns.iter().any(|turn| number.numerator == turn * number.denominator)
}

#[cfg(test)]
mod tests;
