//! How units are spelled in English and German.

use super::{Unit, cursor::Cursor, number::is_space};

/// What follows a number.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Spelled {
    /// A unit.
    Unit(Unit),
    /// "degrees", of either scale if `None`. German "Grad" is Celsius.
    Degrees(Option<Unit>),
    /// One or two letters that are often not a unit.
    Doubtful(Unit),
}

use Spelled::Doubtful;
use Unit::*;

/// Case-sensitive: "M" is a million, "G" a mobile network, "IN" a word.
const ABBREVIATIONS: &[(&str, Spelled)] = &[
    ("C", Doubtful(Celsius)),
    ("F", Doubtful(Fahrenheit)),
    ("m", Doubtful(Metre)),
    ("in", Doubtful(Inch)),
    ("g", Doubtful(Gram)),
    ("l", Spelled::Unit(Litre)),
    ("L", Spelled::Unit(Litre)),
    ("mm", Spelled::Unit(Millimetre)),
    ("ml", Spelled::Unit(Millilitre)),
    ("mL", Spelled::Unit(Millilitre)),
];

/// Case-insensitive.
const WORDS: &[(Unit, &[&str])] = &[
    (Celsius, &["celsius", "centigrade"]),
    (Fahrenheit, &["fahrenheit"]),
    (Millimetre, &["millimetre", "millimetres", "millimeter", "millimeters", "millimetern"]),
    (
        Centimetre,
        &["cm", "centimetre", "centimetres", "centimeter", "centimeters", "zentimeter", "zentimetern"],
    ),
    (Metre, &["metre", "metres", "meter", "meters", "metern"]),
    (Kilometre, &["km", "kms", "kilometre", "kilometres", "kilometer", "kilometers", "kilometern"]),
    (Inch, &["inch", "inches", "zoll"]),
    (Foot, &["ft", "foot", "feet", "fuß", "fuss"]),
    (Yard, &["yd", "yds", "yard", "yards"]),
    (Mile, &["mi", "mile", "miles", "meile", "meilen"]),
    (KilometrePerHour, &["kmh", "kph", "kmph", "stundenkilometer", "stundenkilometern"]),
    (MilePerHour, &["mph"]),
    (Gram, &["gr", "gram", "grams", "gramme", "grammes", "gramm"]),
    (Kilogram, &["kg", "kgs", "kilo", "kilos", "kilogram", "kilograms", "kilogramme", "kilogramm"]),
    (Ounce, &["oz", "ounce", "ounces", "unze", "unzen"]),
    (Pound, &["lb", "lbs", "pound", "pounds", "pfund"]),
    (Millilitre, &["millilitre", "millilitres", "milliliter", "milliliters"]),
    (Centilitre, &["cl", "centilitre", "centilitres", "centiliter", "centiliters", "zentiliter"]),
    (Decilitre, &["dl", "decilitre", "decilitres", "deciliter", "deciliters", "deziliter"]),
    (Litre, &["litre", "litres", "liter", "liters", "litern"]),
    (FluidOunce, &["floz"]),
    (Cup, &["cup", "cups"]),
    (Gallon, &["gal", "gals", "gallon", "gallons", "gallone", "gallonen"]),
];

const DEGREES: [&str; 4] = ["deg", "degree", "degrees", "grad"];
const HOURS: [&str; 3] = ["h", "hr", "hour"];

/// The unit that starts here, after a number and an optional space.
pub(super) fn spelled(cursor: &mut Cursor<'_>) -> Option<Spelled> {
    let sign = cursor.peek()?;
    match sign {
        '°' | 'º' => {
            cursor.bump();
            return Some(scale(cursor).map_or(Spelled::Degrees(None), Spelled::Unit));
        }
        '℃' | '℉' => {
            cursor.bump();
            return Some(Spelled::Unit(if sign == '℃' { Celsius } else { Fahrenheit }));
        }
        _ => {}
    }
    let word = cursor.word();
    if DEGREES.iter().any(|degrees| word.eq_ignore_ascii_case(degrees)) {
        let meant = word.eq_ignore_ascii_case("grad").then_some(Celsius);
        return Some(scale(cursor).map_or(Spelled::Degrees(meant), Spelled::Unit));
    }
    if word == "degC" || word == "degF" {
        return Some(Spelled::Unit(if word == "degC" { Celsius } else { Fahrenheit }));
    }
    match of(word) {
        Some(Spelled::Unit(Kilometre)) => {
            Some(Spelled::Unit(per_hour(cursor, KilometrePerHour).unwrap_or(Kilometre)))
        }
        Some(Spelled::Unit(Mile)) => Some(Spelled::Unit(per_hour(cursor, MilePerHour).unwrap_or(Mile))),
        Some(Doubtful(Metre)) if then(cursor, "/s") => Some(Spelled::Unit(MetrePerSecond)),
        Some(unit) => Some(unit),
        None if matches!(word, "fl" | "fluid") => fluid(cursor),
        None => None,
    }
}

fn of(word: &str) -> Option<Spelled> {
    let exactly = ABBREVIATIONS.iter().find(|(spelling, _)| *spelling == word).map(|(_, spelled)| *spelled);
    exactly.or_else(|| {
        let word = word.to_lowercase();
        let found = WORDS.iter().find(|(_, spellings)| spellings.contains(&word.as_str()));
        found.map(|(unit, _)| Spelled::Unit(*unit))
    })
}

/// "C", " Celsius", ... after degrees.
fn scale(cursor: &mut Cursor<'_>) -> Option<Unit> {
    let mut ahead = *cursor;
    ahead.eat_if(is_space);
    let unit = match ahead.word() {
        "C" | "c" => Celsius,
        "F" | "f" => Fahrenheit,
        word => match of(word)? {
            Spelled::Unit(unit) if unit.is_temperature() => unit,
            _ => return None,
        },
    };
    *cursor = ahead;
    Some(unit)
}

/// "/h", " per hour", " pro Stunde" after a length.
fn per_hour(cursor: &mut Cursor<'_>, speed: Unit) -> Option<Unit> {
    let mut ahead = *cursor;
    let hour = if ahead.eat('/') {
        ahead.word()
    } else {
        ahead.eat_if(is_space);
        let per = ahead.word();
        ahead.eat_if(is_space);
        let hour = ahead.word();
        let is_speed = matches!((per, hour), ("per" | "an", "hour") | ("pro" | "die", "Stunde"));
        if is_speed { "hour" } else { "" }
    };
    HOURS.contains(&hour).then(|| {
        *cursor = ahead;
        speed
    })
}

/// " oz", ". oz", " ounces" after "fl" or "fluid".
fn fluid(cursor: &mut Cursor<'_>) -> Option<Spelled> {
    cursor.eat('.');
    cursor.eat_if(is_space);
    (of(cursor.word())? == Spelled::Unit(Ounce)).then_some(Spelled::Unit(FluidOunce))
}

fn then(cursor: &mut Cursor<'_>, sign: &str) -> bool {
    let follows = cursor.rest().starts_with(sign);
    if follows {
        sign.chars().for_each(|_| cursor.bump());
    }
    follows
}
