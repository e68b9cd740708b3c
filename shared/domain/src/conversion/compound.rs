//! Quantities of two units: heights in feet and inches, weights in pounds and ounces.

use super::{
    Unit,
    context::{Context, Joint},
    cursor::Cursor,
    number::{is_space, number},
    quantity::Number,
    reader::{Found, Reader},
    spelling::{Spelled, spelled},
};

/// Words after "6 ft 2" that leave it a height. Before any other word the 2 is read as a count of that
/// word.
const BEHIND_HEIGHTS: [&str; 7] = ["tall", "and", "or", "und", "oder", "groß", "high"];

impl<'a> Reader<'a> {
    /// `6'2"`, `6' 2` and `5ft11`. A foot mark alone is read as an apostrophe.
    pub(super) fn height(&self, feet: Number, behind: Cursor<'a>) -> Option<Found> {
        let mut end = behind;
        if end.eat_if(|char| matches!(char, '\'' | '’' | '′')) {
            return self.smaller(feet, Unit::Foot, end);
        }
        end.eat_if(is_space);
        let is_foot = spelled(&mut end) == Some(Spelled::Unit(Unit::Foot));
        let then_digit = end.peek().is_some_and(|char| char.is_ascii_digit());
        (is_foot && then_digit).then(|| self.smaller(feet, Unit::Foot, end)).flatten()
    }

    /// "5 ft 11 in", "5 ft. 11 in.", "7 lbs, 8 oz".
    pub(super) fn compound(&self, first: Number, unit: Unit, end: Cursor<'a>) -> Option<Found> {
        matches!(unit, Unit::Foot | Unit::Pound).then(|| self.smaller(first, unit, end)).flatten()
    }

    fn smaller(&self, first: Number, unit: Unit, behind: Cursor<'a>) -> Option<Found> {
        let (smaller, so_many) = if unit == Unit::Foot { (Unit::Inch, 12) } else { (Unit::Ounce, 16) };
        let mut end = behind;
        let is_parted = end.eat_if(|char| matches!(char, '.' | ','));
        let is_spaced = end.eat_if(is_space);
        let second = end.peek()?.is_ascii_digit().then(|| number(&mut end)).flatten()?;
        let is_whole = first.denominator == 1 && first.is_above(-1) && first.is_below(1_000);
        if !is_whole || !second.is_below(so_many) {
            return None;
        }
        let named = self.named(end, smaller);
        let context = |end| Context { before: self.words, number: second, joint: Joint::None, end };
        let is_bare = || {
            let next = context(end).next_word().to_lowercase();
            let is_height = !is_spaced || next.is_empty() || BEHIND_HEIGHTS.contains(&next.as_str());
            unit == Unit::Foot && !is_parted && second.denominator == 1 && is_height
        };
        let end = named.or_else(|| is_bare().then_some(end))?;
        let least = first.with_smaller(so_many, second);
        let found = Found { at: self.cursor.at()..end.at(), least, most: None, unit: Some(smaller) };
        context(end).ends_well(Spelled::Unit(smaller)).then_some(found)
    }

    /// The position after the name or mark of the smaller unit, if it follows.
    fn named(&self, end: Cursor<'a>, smaller: Unit) -> Option<Cursor<'a>> {
        let mut marked = end;
        if smaller == Unit::Inch && self.is_inch_mark(&mut marked) {
            return Some(marked);
        }
        let mut spaced = end;
        spaced.eat_if(is_space);
        let unit = spelled(&mut spaced)?;
        [Spelled::Unit(smaller), Spelled::Doubtful(smaller)].contains(&unit).then_some(spaced)
    }

    /// Whether an inch mark follows that does not close a quotation.
    pub(super) fn is_inch_mark(&self, end: &mut Cursor<'a>) -> bool {
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
}
