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

/// A quantity found in the text.
pub(super) struct Found {
    /// Its range in the text, in bytes.
    pub(super) at: Range<usize>,
    /// The value, or the start of a range.
    pub(super) least: Number,
    /// The end of a range.
    pub(super) most: Option<Number>,
    /// Its unit; `None` for degrees without a scale. Feet and inches are in inches, pounds and ounces in
    /// ounces.
    pub(super) unit: Option<Unit>,
}

pub(super) struct Reader<'a> {
    pub(super) cursor: Cursor<'a>,
    /// The last words on this line, nearest last.
    pub(super) words: [&'a str; 3],
    /// Whether a quotation is open, with straight and with curly quotes.
    pub(super) quoting: [bool; 2],
    /// The position after the last quantity.
    behind: usize,
}

/// All quantities of a text, in order.
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
    /// Advances by a quantity, a word or a character.
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

    /// Whether a number may start here: not within a word, a price, an id or a power.
    fn may_begin(&self) -> bool {
        let no_number = |char: char| char.is_alphanumeric() || "$€£¥#@^\\&%".contains(char);
        self.behind == self.cursor.at() || !self.cursor.before().is_some_and(no_number)
    }

    /// Skips everything that belongs to one token here: "v1.5", "2024-05-10", "5x10".
    fn token(&mut self) -> &'a str {
        let begin = self.cursor;
        loop {
            if self.cursor.eat_if(|char| char.is_alphanumeric() || char == '_') {
                continue;
            }
            let joins = |char: char| ".:/@\\-&=?#'’+,".contains(char);
            let is_joined = self.cursor.peek().is_some_and(joins)
                && self.cursor.peek_second().is_some_and(char::is_alphanumeric);
            // A comma after letters ends the token; between digits it does not.
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
        if let Some(found) = self.height(first, cursor) {
            return Some(found);
        }
        if let Some((spelled, end)) = self.unit(first, cursor) {
            let compound = unit_of(spelled).and_then(|unit| self.compound(first, unit, end));
            return compound.or_else(|| self.found(first, None, spelled, end));
        }
        let second = self.range(&mut cursor)?;
        let (spelled, end) = self.unit(second, cursor)?;
        self.found(first, Some(second), spelled, end)
    }

    fn found(
        &self,
        first: Number,
        second: Option<Number>,
        spelled: Spelled,
        end: Cursor<'a>,
    ) -> Option<Found> {
        let unit = unit_of(spelled);
        let (begin, is_negative) = self.sign();
        if unit.is_none_or(Unit::is_temperature) {
            let least = if is_negative { first.negative() } else { first };
            return Some(Found { at: begin..end.at(), least, most: second, unit });
        }
        // A range must rise; otherwise what looks like a minus is a dash.
        let rises = second.is_none_or(|second| is_less(first, second));
        rises.then(|| Found { at: self.cursor.at()..end.at(), least: first, most: second, unit })
    }

    /// Where the number with its sign starts, and whether the sign is a minus: "-5", "minus 5".
    fn sign(&self) -> (usize, bool) {
        let at = self.cursor.at();
        let free =
            |char: Option<char>| !char.is_some_and(|char| char.is_alphanumeric() || ".-–−".contains(char));
        match self.cursor.before() {
            Some(sign @ ('-' | '−')) if free(self.cursor.second_before()) => (at - sign.len_utf8(), true),
            Some(space) if is_space(space) && self.words[2].eq_ignore_ascii_case("minus") => {
                let begin = at.checked_sub(space.len_utf8() + "minus".len());
                let spelt = begin.and_then(|begin| self.cursor.text().get(begin..begin + "minus".len()));
                match (begin, spelt) {
                    (Some(begin), Some(word)) if word.eq_ignore_ascii_case("minus") => (begin, true),
                    // Other text is in between, so the number has no sign.
                    _ => (at, false),
                }
            }
            _ => (at, false),
        }
    }

    /// The unit of this number, and the position after it.
    fn unit(&self, number: Number, behind: Cursor<'a>) -> Option<(Spelled, Cursor<'a>)> {
        let mut end = behind;
        let joint = match end.peek()? {
            '-' if end.peek_second().is_some_and(char::is_alphabetic) => Joint::Hyphen,
            space if is_space(space) => Joint::Space,
            _ => Joint::None,
        };
        if joint == Joint::None && self.is_inch_mark(&mut end) {
            let inch = Spelled::Unit(Unit::Inch);
            let context = Context { before: self.words, number, joint, end };
            return context.ends_well(inch).then_some((inch, end));
        }
        if joint != Joint::None {
            end.bump();
        }
        let spelled = spelled(&mut end)?;
        let context = Context { before: self.words, number, joint, end };
        context.is_meant(spelled).then_some((spelled, end))
    }

    /// The end of a range: "-10", " to 10", " bis -5".
    fn range(&self, cursor: &mut Cursor<'_>) -> Option<Number> {
        let is_spaced = cursor.eat_if(is_space);
        let is_dash = cursor.eat_if(|char| matches!(char, '-' | '–' | '—' | '−' | '~'));
        if !(is_dash || is_spaced && self.is_until(cursor.word())) {
            return None;
        }
        cursor.eat_if(is_space);
        let is_negative = cursor.eat_if(|char| matches!(char, '-' | '−'));
        let most = cursor.peek()?.is_numeric().then(|| number(cursor)).flatten()?;
        Some(if is_negative { most.negative() } else { most })
    }

    fn is_until(&self, word: &str) -> bool {
        let is_between = || matches!(self.words[2].to_lowercase().as_str(), "between" | "zwischen");
        matches!(word, "to" | "bis" | "till" | "until") || matches!(word, "and" | "und") && is_between()
    }
}

fn unit_of(spelled: Spelled) -> Option<Unit> {
    match spelled {
        Spelled::Unit(unit) | Spelled::Doubtful(unit) => Some(unit),
        Spelled::Degrees(unit) => unit,
    }
}

fn is_less(one: Number, other: Number) -> bool {
    one.numerator * other.denominator < other.numerator * one.denominator
}
