//! Quantities in ordinary text, and what they are in the units of the other half of the world.
//!
//! Finds what people write (English and German), and rather misses one than converts what was never
//! meant: "3 in a row", "5m people", "the top 10", code, addresses and mentions stay what they are.

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

/// The most quantities of one text.
pub const MOST: usize = 25;

/// A quantity that somebody wrote, and what it is elsewhere.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Converted {
    /// As it was written: "68 °F", "5-10 miles". Digits, signs and names of units; no mention, no mark.
    pub from: String,
    /// Which unit was understood: of "68 degrees", one of two.
    pub read_as: Unit,
    /// What it is.
    pub to: Quantity,
    /// The end of a range, in the same unit.
    pub up_to: Option<Quantity>,
}

impl Converted {
    /// "20 °C", "8–16 km", with the decimal sign of a language.
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

/// The quantities of a text that are not in these units, in their order, each once, at most [`MOST`].
///
/// Degrees without a letter are of the scale that the rest of the text names, or else of the one
/// that has to be converted, if they can be a temperature at all. A bare "Grad" is Celsius.
#[must_use]
pub fn convert(text: &str, to: Units) -> Vec<Converted> {
    let found = quantities(text);
    let degrees = degrees(&found, to);
    let mut all: Vec<Converted> = Vec::new();
    for found in &found {
        let unit = found.unit.or_else(|| degrees.filter(|unit| is_weather(found, *unit)));
        let Some(unit) = unit.filter(|unit| unit.system() != to) else { continue };
        let Some(from) = text.get(found.at.clone()) else { continue };
        if all.len() < MOST && all.iter().all(|known| known.from != from) {
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
        // Both ends of a range are as exact as the finer of them.
        let places = number.places.max(least.places).max(larger.places);
        Number { places, ..number }.converted(unit, target)
    };
    Converted { from: from.to_owned(), read_as: unit, to: to(least), up_to: most.map(to) }
}

/// Which degrees are meant where no letter says so.
fn degrees(found: &[Found], to: Units) -> Option<Unit> {
    let named = |unit| found.iter().any(|found| found.unit == Some(unit));
    match (named(Unit::Celsius), named(Unit::Fahrenheit)) {
        (true, false) => Some(Unit::Celsius),
        (false, true) => Some(Unit::Fahrenheit),
        _ if to == Units::Metric => Some(Unit::Fahrenheit),
        _ => Some(Unit::Celsius),
    }
}

/// From the coldest winter to the hottest oven, but no half or full turn.
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
