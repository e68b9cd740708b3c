//! The units, their exact sizes, and their counterparts in the other system.

use crate::weather::Units;

/// A unit of measurement.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
#[allow(missing_docs, reason = "each is what its name says")]
pub enum Unit {
    Celsius,
    Fahrenheit,
    Millimetre,
    Centimetre,
    Metre,
    Kilometre,
    Inch,
    Foot,
    /// Feet and inches, as in "5 ft 11 in"; the value counts inches.
    FootAndInch,
    Yard,
    Mile,
    KilometrePerHour,
    MetrePerSecond,
    MilePerHour,
    Gram,
    Kilogram,
    Ounce,
    Pound,
    Millilitre,
    Centilitre,
    Decilitre,
    Litre,
    /// US fluid ounce. All volumes here are US units: the imperial pint and gallon are a fifth larger.
    FluidOunce,
    Cup,
    Gallon,
}

use Unit::*;

impl Unit {
    /// The unit's symbol.
    #[must_use]
    pub const fn symbol(self) -> &'static str {
        match self {
            Celsius => "°C",
            Fahrenheit => "°F",
            Millimetre => "mm",
            Centimetre => "cm",
            Metre => "m",
            Kilometre => "km",
            Inch | FootAndInch => "in",
            Foot => "ft",
            Yard => "yd",
            Mile => "mi",
            KilometrePerHour => "km/h",
            MetrePerSecond => "m/s",
            MilePerHour => "mph",
            Gram => "g",
            Kilogram => "kg",
            Ounce => "oz",
            Pound => "lb",
            Millilitre => "ml",
            Centilitre => "cl",
            Decilitre => "dl",
            Litre => "l",
            FluidOunce => "fl oz",
            Cup => "cups",
            Gallon => "gal",
        }
    }

    /// The system that uses it.
    #[must_use]
    pub const fn system(self) -> Units {
        match self {
            Fahrenheit | Inch | Foot | FootAndInch | Yard | Mile | MilePerHour => Units::Imperial,
            Ounce | Pound | FluidOunce | Cup | Gallon => Units::Imperial,
            _ => Units::Metric,
        }
    }

    pub(super) const fn is_temperature(self) -> bool {
        matches!(self, Celsius | Fahrenheit)
    }

    pub(super) const fn is_speed(self) -> bool {
        matches!(self, KilometrePerHour | MetrePerSecond | MilePerHour)
    }

    /// The size in a base unit that all units of the same kind share, as a whole number. Exact: the yard
    /// and the pound are defined in metres and kilograms (1959), the gallon in inches.
    pub(super) const fn size(self) -> i128 {
        match self {
            // Temperatures also have an offset; their conversion is written out.
            Celsius | Fahrenheit => 1,
            // Tenths of a millimetre.
            Millimetre => 10,
            Centimetre => 100,
            Metre => 10_000,
            Kilometre => 10_000_000,
            Inch | FootAndInch => 254,
            Foot => 3_048,
            Yard => 9_144,
            Mile => 16_093_440,
            // Millimetres per hour.
            KilometrePerHour => 1_000_000,
            MetrePerSecond => 3_600_000,
            MilePerHour => 1_609_344,
            // Sixteenths of 10 µg.
            Gram => 1_600_000,
            Kilogram => 1_600_000_000,
            Ounce => 45_359_237,
            Pound => 725_747_792,
            // 10⁻¹⁰ ml.
            Millilitre => 10_000_000_000,
            Centilitre => 100_000_000_000,
            Decilitre => 1_000_000_000_000,
            Litre => 10_000_000_000_000,
            FluidOunce => 295_735_295_625,
            Cup => 2_365_882_365_000,
            Gallon => 37_854_117_840_000,
        }
    }

    /// The unit of the other system for a quantity of this size (in [`Unit::size`]'s base). `exact`: it was
    /// written more precisely than in whole units.
    pub(super) fn counterpart(self, size: i128, exact: bool) -> Self {
        // Heights of people: 180 cm or 1.80 m, but not 2 m.
        let is_height = self == Centimetre || exact && self == Metre;
        let is_height = is_height && (Metre.size()..3 * Metre.size()).contains(&size);
        match self {
            Fahrenheit => Celsius,
            Celsius => Fahrenheit,
            Millimetre => Inch,
            Centimetre | Metre if is_height => FootAndInch,
            Centimetre => Inch,
            Metre => Foot,
            Kilometre => Mile,
            Inch | FootAndInch if size < 10 * Metre.size() => Centimetre,
            Foot if size < Metre.size() => Centimetre,
            Inch | FootAndInch | Foot | Yard => Metre,
            Mile => Kilometre,
            KilometrePerHour | MetrePerSecond => MilePerHour,
            MilePerHour => KilometrePerHour,
            Gram if size < Kilogram.size() => Ounce,
            Gram | Kilogram => Pound,
            Ounce if size < Kilogram.size() => Gram,
            Ounce | Pound => Kilogram,
            Millilitre | Centilitre | Decilitre | Litre if size < Gallon.size() => FluidOunce,
            Millilitre | Centilitre | Decilitre | Litre => Gallon,
            FluidOunce | Cup if size < Litre.size() => Millilitre,
            FluidOunce | Cup | Gallon => Litre,
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_quantity_becomes_the_larger_unit_from_a_round_size_on() {
        for (unit, from, below, there) in [
            (Inch, 10 * Metre.size(), Centimetre, Metre),
            (FootAndInch, 10 * Metre.size(), Centimetre, Metre),
            (Foot, Metre.size(), Centimetre, Metre),
            (Gram, Kilogram.size(), Ounce, Pound),
            (Ounce, Kilogram.size(), Gram, Kilogram),
            (Litre, Gallon.size(), FluidOunce, Gallon),
            (Cup, Litre.size(), Millilitre, Litre),
            (Centimetre, Metre.size(), Inch, FootAndInch),
            (Centimetre, 3 * Metre.size(), FootAndInch, Inch),
        ] {
            let found = [from - 1, from].map(|size| unit.counterpart(size, false));
            assert_eq!(found, [below, there], "{unit:?}");
        }
    }
}
