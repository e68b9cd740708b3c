//! Decides from the surrounding text whether something that looks like a unit is one.

use super::{Unit, cursor::Cursor, number::is_space, quantity::Number, spelling::Spelled};

/// The surroundings of a number and its unit.
pub(super) struct Context<'a> {
    /// The last words before the number on its line, nearest last.
    pub(super) before: [&'a str; 3],
    /// The number; in a range, the larger one.
    pub(super) number: Number,
    /// What separates the number from its unit.
    pub(super) joint: Joint,
    /// The position after the unit.
    pub(super) end: Cursor<'a>,
}

/// What separates a number from its unit.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Joint {
    /// "5km"
    None,
    /// "5 km"
    Space,
    /// "5-mile"
    Hyphen,
}

/// Words after "10 in" that make it ten inches.
const BEHIND_INCHES: &str = "x by tall wide long high deep thick across diameter screen monitor tv of and or";
/// Words after "100m" that make it a length. Before most others it is a million.
const BEHIND_METRES: &str = "tall wide long high deep away above below from to of and or x by dash sprint race swim run \
    butterfly freestyle hurdles lang hoch breit tief weit entfernt und oder bis groß gross vom von zum";
/// Words before "10m" that make it minutes.
const BEFORE_MINUTES: &str =
    "in for brb last past every after wait timeout mute muted slowmode back cooldown";
/// Words after "5 m" that make it a million.
const MILLIONS: &str = "people users views subscribers subs followers members players downloads dollars dollar euro euros \
    eur usd coins gold xp years records";
/// Words after "5 C" that leave it a temperature. Before most others it is a name.
const BEHIND_TEMPERATURES: &str = "outside inside today tomorrow tonight now and or to in at is with for here there weather heute \
    morgen draußen und oder bis bei im ist";
/// Words before "5 C" that make it a name.
const BEFORE_LABELS: &str = "room raum zimmer gate seat platz row apt block version class grade";
/// Words after degrees that make them a difference.
const DIFFERENCES: &str =
    "warmer cooler colder hotter higher lower more less wärmer kälter heißer kühler mehr weniger";
/// Words around degrees that make them an angle.
const ANGLES: &str = "turn turns turned rotate rotated rotation spin spun tilt tilted angle angles latitude longitude \
    north south east west separation freedom field drehen drehung gedreht winkel wende";

impl Context<'_> {
    /// Whether the unit is meant as a unit.
    pub(super) fn is_meant(&self, spelled: Spelled) -> bool {
        self.ends_well(spelled)
            && match spelled {
                Spelled::Degrees(_) => !self.is_angle() && !self.is_difference(),
                Spelled::Doubtful(unit) => self.is_no_other(unit),
                Spelled::Unit(unit) => self.is_no_other_word(unit),
            }
    }

    /// Whether the unit is a separate word: not "5km²", "5m€", "ft-lb", "g/l", "5 m's", "5m.example".
    pub(super) fn ends_well(&self, spelled: Spelled) -> bool {
        let Some(next) = self.end.peek() else { return true };
        let then = self.end.peek_second();
        let then_letter = then.is_some_and(char::is_alphabetic);
        let then_word = then.is_some_and(char::is_alphanumeric);
        match next {
            '/' if then.is_some_and(char::is_numeric) => self.may_stand_beside_another(spelled),
            // The next sentence, without a space before it.
            '.' if then.is_some_and(char::is_uppercase) => true,
            '.' | '_' | '@' | '/' | '&' => !then_word,
            '\'' | '’' => !then_letter,
            '-' => !then_letter || self.joint == Joint::Hyphen,
            '^' | '²' | '³' | '$' | '€' | '£' | '%' | '°' => false,
            _ => !next.is_alphanumeric(),
        }
    }

    /// Whether a slash may follow: "20C/68F" and "180 cm/5'11" are two quantities, "8 l/100 km" is a rate.
    fn may_stand_beside_another(&self, spelled: Spelled) -> bool {
        match spelled {
            Spelled::Unit(unit) | Spelled::Doubtful(unit) => {
                unit.is_temperature()
                    || matches!(unit, Unit::Centimetre | Unit::Kilogram | Unit::Pound | Unit::Inch)
            }
            Spelled::Degrees(_) => true,
        }
    }

    fn is_no_other(&self, unit: Unit) -> bool {
        if self.joint == Joint::Hyphen {
            // People do not write "5-m"; "B-2-F" is a name.
            return false;
        }
        let next = self.next_word();
        match unit {
            Unit::Inch => self.ends_phrase() || is_one_of(next, BEHIND_INCHES),
            Unit::Celsius | Unit::Fahrenheit if self.joint == Joint::None => !self.is_difference(),
            Unit::Celsius | Unit::Fahrenheit => {
                let is_label = is_one_of(self.before[2], BEFORE_LABELS);
                !is_label && !self.then_number() && (next.is_empty() || is_one_of(next, BEHIND_TEMPERATURES))
            }
            Unit::Metre if is_one_of(next, MILLIONS) => false,
            Unit::Metre if self.joint == Joint::None => {
                let is_time = is_one_of(self.before[2], BEFORE_MINUTES);
                is_one_of(next, BEHIND_METRES) || next.is_empty() && !is_time
            }
            // "5g" is a mobile network.
            Unit::Gram => self.joint == Joint::Space || self.number.is_above(5),
            _ => true,
        }
    }

    fn is_no_other_word(&self, unit: Unit) -> bool {
        let next = self.next_word();
        match unit {
            // "feat. <artist>", and the foot-pound.
            Unit::Foot => {
                let mut after = self.end;
                let is_stopped = after.eat('.') && after.eat_if(is_space);
                let is_guest = is_stopped && after.peek().is_some_and(char::is_alphabetic);
                !is_guest && !is_one_of(next, "lb lbs pound pounds")
            }
            Unit::Celsius | Unit::Fahrenheit => !self.is_difference(),
            Unit::Pound => !next.eq_ignore_ascii_case("sterling"),
            // "the 2022 cup"
            Unit::Cup => matches!(self.end.before(), Some('s' | 'S')) || !self.number.is_above(1),
            // "30 miles per gallon" is neither a distance nor a speed.
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
        let is_of = is_one_of(after.word(), "of");
        after.eat_if(is_space);
        let next = if is_of { after.word() } else { next };
        let is_full = self.number == Number { significant: self.number.significant, ..Number::whole(360) };
        is_full || is_one_of(next, ANGLES) || self.before.iter().any(|word| is_one_of(word, ANGLES))
    }

    /// "10 degrees warmer" is a difference, not a temperature.
    fn is_difference(&self) -> bool {
        is_one_of(self.next_word(), DIFFERENCES) || is_one_of(self.before[2], "by")
    }

    /// The word after the unit and a space; empty if there is none.
    pub(super) fn next_word(&self) -> &str {
        let mut ahead = self.end;
        if ahead.eat_if(is_space) { ahead.word() } else { "" }
    }

    /// Whether neither a word nor a number follows.
    fn ends_phrase(&self) -> bool {
        let mut ahead = self.end;
        !ahead.eat_if(is_space)
            || ahead.peek().is_none_or(|char| matches!(char, '.' | ',' | '(' | ')' | '-' | '–'))
    }

    fn then_number(&self) -> bool {
        let mut ahead = self.end;
        ahead.eat_if(is_space) && ahead.peek().is_some_and(char::is_numeric)
    }
}

fn is_one_of(word: &str, words: &str) -> bool {
    words.split(' ').any(|one| one.eq_ignore_ascii_case(word))
}
