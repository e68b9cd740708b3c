//! Whether what looks like a unit is meant as one, judged by what stands around it.

use super::{Unit, cursor::Cursor, number::is_space, quantity::Number, spelling::Spelled};

/// What stands around a number and its unit.
pub(super) struct Context<'a> {
    /// The last words before the number on its line, the nearest last.
    pub(super) before: [&'a str; 3],
    /// The number; the larger of a range.
    pub(super) number: Number,
    /// How the unit follows the number.
    pub(super) joint: Joint,
    /// Behind the unit.
    pub(super) end: Cursor<'a>,
}

/// What stands between a number and its unit.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Joint {
    /// "5km"
    None,
    /// "5 km"
    Space,
    /// "5-mile"
    Hyphen,
}

/// Behind "10 in" these make it ten inches.
const BEHIND_INCHES: [&str; 16] = [
    "x", "by", "tall", "wide", "long", "high", "deep", "thick", "across", "diameter", "screen", "monitor",
    "tv", "of", "and", "or",
];
/// Behind "100m" these make it a length; most others, a million of them.
const BEHIND_METRES: [&str; 32] = [
    "tall",
    "wide",
    "long",
    "high",
    "deep",
    "away",
    "above",
    "below",
    "from",
    "to",
    "of",
    "and",
    "or",
    "x",
    "by",
    "dash",
    "sprint",
    "race",
    "swim",
    "run",
    "butterfly",
    "freestyle",
    "hurdles",
    "lang",
    "hoch",
    "breit",
    "tief",
    "weit",
    "entfernt",
    "und",
    "oder",
    "bis",
];
/// Before "10m" these make it minutes.
const BEFORE_MINUTES: [&str; 14] = [
    "in", "for", "brb", "last", "past", "every", "after", "wait", "timeout", "mute", "muted", "slowmode",
    "back", "cooldown",
];
/// Behind "5 m" these make it a million.
const MILLIONS: [&str; 20] = [
    "people",
    "users",
    "views",
    "subscribers",
    "subs",
    "followers",
    "members",
    "players",
    "downloads",
    "dollars",
    "dollar",
    "euro",
    "euros",
    "eur",
    "usd",
    "coins",
    "gold",
    "xp",
    "years",
    "records",
];
/// Around degrees these make it an angle.
const ANGLES: [&str; 26] = [
    "turn",
    "turns",
    "turned",
    "rotate",
    "rotated",
    "rotation",
    "spin",
    "spun",
    "tilt",
    "tilted",
    "angle",
    "angles",
    "latitude",
    "longitude",
    "north",
    "south",
    "east",
    "west",
    "separation",
    "freedom",
    "field",
    "drehen",
    "drehung",
    "gedreht",
    "winkel",
    "wende",
];

impl Context<'_> {
    /// Whether it is meant.
    pub(super) fn is_meant(&self, spelled: Spelled) -> bool {
        self.ends_well()
            && match spelled {
                Spelled::Degrees => !self.is_angle(),
                Spelled::Doubtful(unit) => self.is_no_other(unit),
                Spelled::Unit(unit) => self.is_no_other_word(unit),
            }
    }

    /// The unit is a word of its own: no "5km²", "5m€", "ft-lb", "g/l", "5 m's", "5m.example".
    pub(super) fn ends_well(&self) -> bool {
        let Some(next) = self.end.peek() else { return true };
        let then = self.end.peek_second();
        let then_letter = then.is_some_and(char::is_alphabetic);
        let then_word = then.is_some_and(char::is_alphanumeric);
        match next {
            '.' | '_' | '@' | '/' | '&' => !then_word,
            '\'' | '’' => !then_letter,
            '-' => !then_letter || self.joint == Joint::Hyphen,
            '^' | '²' | '³' | '$' | '€' | '£' | '%' | '°' => false,
            _ => !next.is_alphanumeric(),
        }
    }

    fn is_no_other(&self, unit: Unit) -> bool {
        if self.joint == Joint::Hyphen {
            // Nobody writes "5-m", but "B-2-F".
            return false;
        }
        let next = self.next_word();
        match unit {
            Unit::Inch => next.is_empty() && !self.then_number() || is_one_of(next, &BEHIND_INCHES),
            Unit::Metre if is_one_of(next, &MILLIONS) => false,
            Unit::Metre if self.joint == Joint::None => {
                let is_time = is_one_of(self.before[2], &BEFORE_MINUTES);
                is_one_of(next, &BEHIND_METRES) || next.is_empty() && !is_time
            }
            // "5g" is a network.
            Unit::Gram => self.joint == Joint::Space || self.number.is_above(5),
            _ => true,
        }
    }

    fn is_no_other_word(&self, unit: Unit) -> bool {
        let next = self.next_word();
        match unit {
            // "feat. somebody", and the foot-pound.
            Unit::Foot => {
                let is_guest = self.end.rest().starts_with(". ");
                let is_torque = is_one_of(next, &["lb", "lbs", "pound", "pounds"]);
                !(is_guest && self.end.before() == Some('t')) && !is_torque
            }
            Unit::Pound => !next.eq_ignore_ascii_case("sterling"),
            // "the 2022 cup"
            Unit::Cup => matches!(self.end.before(), Some('s' | 'S')) || !self.number.is_above(1),
            // "30 miles per gallon" is neither.
            Unit::Mile | Unit::Kilometre => {
                let is_rate = |what: &str| self.end.rest().starts_with(what);
                ![" per gallon", " to the gallon", " per liter", " per litre", " pro Liter"]
                    .into_iter()
                    .any(is_rate)
            }
            _ => true,
        }
    }

    fn is_angle(&self) -> bool {
        let next = self.next_word();
        let mut after = self.end;
        after.eat_if(is_space);
        let is_of = is_one_of(after.word(), &["of"]);
        after.eat_if(is_space);
        let next = if is_of { after.word() } else { next };
        is_one_of(next, &ANGLES) || self.before.iter().any(|word| is_one_of(word, &ANGLES))
    }

    /// The word behind the unit and a space; empty if there is none.
    fn next_word(&self) -> &str {
        let mut ahead = self.end;
        if ahead.eat_if(is_space) { ahead.word() } else { "" }
    }

    fn then_number(&self) -> bool {
        let mut ahead = self.end;
        ahead.eat_if(is_space)
            && ahead.peek().is_some_and(|char| !matches!(char, '.' | ',' | ')' | '(' | '-' | '–'))
    }
}

fn is_one_of(word: &str, words: &[&str]) -> bool {
    words.iter().any(|one| one.eq_ignore_ascii_case(word))
}
