//! Finds numbers with their units in ordinary text, in one pass.

use std::ops::Range;

use super::{
    Unit,
    context::{Context, Joint},
    cursor::Cursor,
    number::{is_space, number},
    prose::not_prose,
    quantity::Number,
    spelling::{Spelled, spelled},
};

/// A quantity as it stands in the text.
pub(super) struct Found {
    /// Where.
    pub(super) at: Range<usize>,
    /// How much, or the beginning of a range.
    pub(super) least: Number,
    /// The end of a range.
    pub(super) most: Option<Number>,
    /// Of what; `None`: degrees of some kind. Feet and inches are in inches, pounds and ounces in ounces.
    pub(super) unit: Option<Unit>,
}

struct Reader<'a> {
    cursor: Cursor<'a>,
    /// The last words on this line, the nearest last.
    words: [&'a str; 3],
    /// Whether a quotation is open, of straight and of curly marks.
    quoting: [bool; 2],
    /// Behind the last quantity.
    behind: usize,
}

/// All quantities in a text, in their order.
pub(super) fn quantities(text: &str) -> Vec<Found> {
    let mut reader = Reader { cursor: Cursor::new(text), words: [""; 3], quoting: [false; 2], behind: 0 };
    let mut skip = not_prose(text).into_iter().peekable();
    let mut found = Vec::new();
    while let Some(char) = reader.cursor.peek() {
        while skip.next_if(|range| range.end <= reader.cursor.at()).is_some() {}
        match skip.peek() {
            Some(range) if range.contains(&reader.cursor.at()) => reader.cursor.move_to(range.end),
            _ => found.extend(reader.step(char)),
        }
    }
    found
}

impl<'a> Reader<'a> {
    /// Goes on by a quantity, a word or a character.
    fn step(&mut self, char: char) -> Option<Found> {
        let begins = char.is_numeric() || char == '.' && self.is_decimal_point();
        if begins {
            let found = self.may_begin().then(|| self.quantity()).flatten();
            match &found {
                Some(found) => {
                    self.cursor.move_to(found.at.end);
                    self.behind = found.at.end;
                }
                None => drop(self.token()),
            }
            return found;
        }
        if char.is_alphabetic() {
            let word = self.token();
            self.words = [self.words[1], self.words[2], word];
            return None;
        }
        match char {
            '\n' => (self.words, self.quoting) = ([""; 3], [false; 2]),
            '"' => self.quoting[0] = !self.quoting[0],
            '“' | '„' => self.quoting[1] = !self.quoting[1],
            '”' => self.quoting[1] = false,
            _ => {}
        }
        self.cursor.bump();
        None
    }

    fn is_decimal_point(&self) -> bool {
        let is_inside = self.cursor.before().is_some_and(|before| before.is_alphanumeric() || before == '.');
        !is_inside && self.cursor.peek_second().is_some_and(|next| next.is_ascii_digit())
    }

    /// Whether a number may begin here: not within a word, a price, an id or a power.
    fn may_begin(&self) -> bool {
        let no_number = |char: char| char.is_alphanumeric() || "$€£¥#@^\\&%".contains(char);
        self.behind == self.cursor.at() || !self.cursor.before().is_some_and(no_number)
    }

    /// Goes behind everything that is one token with what stands here: "v1.5", "2024-05-10", "5x10".
    fn token(&mut self) -> &'a str {
        let begin = self.cursor;
        loop {
            if self.cursor.eat_if(|char| char.is_alphanumeric() || char == '_') {
                continue;
            }
            let joins = |char: char| ".:/@\\-&=?#'’+,".contains(char);
            let is_joined = self.cursor.peek().is_some_and(joins)
                && self.cursor.peek_second().is_some_and(char::is_alphanumeric);
            // A word and a comma are two; digits and a comma are not.
            let is_comma =
                self.cursor.peek() == Some(',') && !self.cursor.before().is_some_and(char::is_numeric);
            let is_label =
                self.cursor.peek() == Some(':') && !self.cursor.before().is_some_and(char::is_numeric);
            if !is_joined || is_comma || is_label {
                break;
            }
            self.cursor.bump();
        }
        if self.cursor.at() == begin.at() {
            self.cursor.bump();
        }
        begin.until(self.cursor)
    }

    fn quantity(&self) -> Option<Found> {
        let mut cursor = self.cursor;
        let first = number(&mut cursor)?;
        let (mut begin, is_negative) = self.sign();
        let first = if is_negative { first.negative() } else { first };
        if let Some(found) = self.height(first, cursor) {
            return Some(found);
        }
        let (least, most, (spelled, end)) = match self.unit(first, cursor) {
            Some(unit) => (first, None, unit),
            None => {
                let second = range(&mut cursor)?;
                (first, Some(second), self.unit(second, cursor)?)
            }
        };
        let unit = match spelled {
            Spelled::Unit(unit) | Spelled::Doubtful(unit) => Some(unit),
            Spelled::Degrees => None,
        };
        let is_temperature = unit.is_none_or(Unit::is_temperature);
        let [mut least, mut most] = [Some(least), most];
        if !is_temperature {
            // What looks like a minus is a dash.
            begin = self.cursor.at();
            least = least.map(|least| if is_negative { least.negative() } else { least });
            let rises = least.zip(most).is_none_or(|(least, most)| is_less(least, most));
            if !rises {
                return None;
            }
        }
        if let (Some(first), None, Some(unit)) = (least, most, unit)
            && let Some(found) = self.compound(first, unit, end)
        {
            return Some(found);
        }
        most = most.filter(|most| least != Some(*most));
        Some(Found { at: begin..end.at(), least: least?, most, unit })
    }

    /// Where the number with its sign begins, and whether that is a minus: "-5", "minus 5".
    fn sign(&self) -> (usize, bool) {
        let at = self.cursor.at();
        let free =
            |char: Option<char>| !char.is_some_and(|char| char.is_alphanumeric() || ".-–−".contains(char));
        match self.cursor.before() {
            Some(sign @ ('-' | '−')) if free(self.cursor.second_before()) => (at - sign.len_utf8(), true),
            Some(space) if is_space(space) && self.words[2].eq_ignore_ascii_case("minus") => {
                let begin = at - space.len_utf8() - "minus".len();
                (begin, true)
            }
            _ => (at, false),
        }
    }

    /// The unit of this number, and where it ends.
    fn unit(&self, number: Number, behind: Cursor<'a>) -> Option<(Spelled, Cursor<'a>)> {
        let mut end = behind;
        let joint = match end.peek()? {
            '-' if end.peek_second().is_some_and(char::is_alphabetic) => Joint::Hyphen,
            space if is_space(space) => Joint::Space,
            _ => Joint::None,
        };
        if joint == Joint::None && self.is_inch_mark(&mut end) {
            let context = Context { before: self.words, number, joint, end };
            return context.ends_well().then_some((Spelled::Unit(Unit::Inch), end));
        }
        if joint != Joint::None {
            end.bump();
        }
        let spelled = spelled(&mut end)?;
        let context = Context { before: self.words, number, joint, end };
        context.is_meant(spelled).then_some((spelled, end))
    }

    /// A mark of inches that does not end a quotation.
    fn is_inch_mark(&self, end: &mut Cursor<'a>) -> bool {
        let is_mark = match end.peek() {
            Some('″') => true,
            Some('"') => !self.quoting[0],
            Some('”') => !self.quoting[1],
            _ => false,
        };
        if is_mark {
            end.bump();
            return true;
        }
        let two = ["''", "’’", "′′"].into_iter().any(|marks| end.rest().starts_with(marks));
        if two {
            end.bump();
            end.bump();
        }
        two
    }

    /// `6'2"`, `6' 2` and `5ft11`. A mark of feet alone is an apostrophe.
    fn height(&self, feet: Number, behind: Cursor<'a>) -> Option<Found> {
        let mut end = behind;
        if end.eat_if(|char| matches!(char, '\'' | '’' | '′')) {
            return self.smaller(feet, Unit::Foot, end);
        }
        end.eat_if(is_space);
        let is_foot = spelled(&mut end) == Some(Spelled::Unit(Unit::Foot));
        let then_digit = end.peek().is_some_and(|char| char.is_ascii_digit());
        (is_foot && then_digit).then(|| self.smaller(feet, Unit::Foot, end)).flatten()
    }

    /// "5 ft 11 in", "7 lbs 8 oz".
    fn compound(&self, first: Number, unit: Unit, end: Cursor<'a>) -> Option<Found> {
        matches!(unit, Unit::Foot | Unit::Pound).then(|| self.smaller(first, unit, end)).flatten()
    }

    fn smaller(&self, first: Number, unit: Unit, mut end: Cursor<'a>) -> Option<Found> {
        let (smaller, so_many) = if unit == Unit::Foot { (Unit::Inch, 12) } else { (Unit::Ounce, 16) };
        end.eat_if(is_space);
        let second = end.peek()?.is_ascii_digit().then(|| number(&mut end)).flatten()?;
        let is_whole = first.denominator == 1 && first.is_above(-1) && first.is_below(1_000);
        if !is_whole || !second.is_below(so_many) {
            return None;
        }
        let mut marked = end;
        let mut spaced = end;
        spaced.eat_if(is_space);
        let named = spelled(&mut spaced);
        let end = if unit == Unit::Foot && self.is_inch_mark(&mut marked) {
            marked
        } else if matches!(named, Some(Spelled::Unit(unit) | Spelled::Doubtful(unit)) if unit == smaller) {
            spaced
        } else if unit == Unit::Foot && named.is_none() && second.denominator == 1 {
            end
        } else {
            return None;
        };
        let context = Context { before: self.words, number: second, joint: Joint::None, end };
        let total = first.with_smaller(so_many, second);
        context.ends_well().then(|| Found {
            at: self.cursor.at()..end.at(),
            least: total,
            most: None,
            unit: Some(smaller),
        })
    }
}

/// "-10", " to 10", " bis -5": the end of a range.
fn range(cursor: &mut Cursor<'_>) -> Option<Number> {
    let is_spaced = cursor.eat_if(is_space);
    let is_dash = cursor.eat_if(|char| matches!(char, '-' | '–' | '—' | '−' | '~'));
    if !is_dash && !(is_spaced && matches!(cursor.word(), "to" | "bis" | "till" | "until")) {
        return None;
    }
    cursor.eat_if(is_space);
    let is_negative = cursor.eat_if(|char| matches!(char, '-' | '−'));
    let most = cursor.peek()?.is_numeric().then(|| number(cursor)).flatten()?;
    Some(if is_negative { most.negative() } else { most })
}

fn is_less(one: Number, other: Number) -> bool {
    one.numerator * other.denominator < other.numerator * one.denominator
}
