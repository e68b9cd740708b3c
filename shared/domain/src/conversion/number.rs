//! Parses numbers: "5", "1,234.5", "1.234,5", ".5", "1/2", "1 1/2", "1-1/2", "2½".

use super::{cursor::Cursor, quantity::Number};

/// Longer numbers are not measurements.
const MAX_DIGITS: usize = 12;
/// More groups of digits are an IP address or a version, for instance.
const MAX_DIGIT_GROUPS: usize = 5;
/// The denominators that are read as fractions; with others it is a date or a score.
const DENOMINATORS: [i128; 5] = [2, 3, 4, 8, 16];

/// The number that starts here. On success the cursor is after it; otherwise its position is unspecified.
pub(super) fn number(cursor: &mut Cursor<'_>) -> Option<Number> {
    if let Some(fraction) = vulgar(cursor) {
        return Some(fraction);
    }
    let whole = decimal(cursor)?;
    if whole.places > 0 {
        return Some(whole);
    }
    let mut ahead = *cursor;
    if ahead.eat('/') {
        // "24/7" is not a measurement, and neither is its 7.
        let fraction = over(whole, &mut ahead)?;
        *cursor = ahead;
        return Some(fraction);
    }
    // Also "1-1/2".
    let _ = ahead.eat('-') || ahead.eat_if(is_space);
    if let Some(part) = vulgar(&mut ahead).or_else(|| fraction(&mut ahead)) {
        *cursor = ahead;
        return Some(sum(whole, part));
    }
    Some(whole)
}

/// Whitespace within a line.
pub(super) fn is_space(char: char) -> bool {
    matches!(char, ' ' | '\u{a0}' | '\u{2009}' | '\u{202f}')
}

fn vulgar(cursor: &mut Cursor<'_>) -> Option<Number> {
    let (numerator, denominator) = match cursor.peek()? {
        '½' => (1, 2),
        '⅓' => (1, 3),
        '⅔' => (2, 3),
        '¼' => (1, 4),
        '¾' => (3, 4),
        '⅛' => (1, 8),
        _ => return None,
    };
    cursor.bump();
    Some(part(numerator, denominator))
}

fn part(numerator: i128, denominator: i128) -> Number {
    Number { numerator, denominator, places: 1, significant: 2 }
}

/// "1/2" after a whole number.
fn fraction(cursor: &mut Cursor<'_>) -> Option<Number> {
    let numerator = digits(cursor);
    let numerator = if numerator.len() <= 2 { numerator.parse().ok()? } else { return None };
    if !cursor.eat('/') {
        return None;
    }
    over(Number::whole(numerator), cursor)
}

fn over(numerator: Number, cursor: &mut Cursor<'_>) -> Option<Number> {
    let denominator = digits(cursor);
    let denominator = if denominator.len() <= 2 { denominator.parse().ok()? } else { return None };
    let is_proper = numerator.is_above(0) && numerator.is_below(denominator);
    (is_proper && DENOMINATORS.contains(&denominator)).then(|| part(numerator.numerator, denominator))
}

fn sum(whole: Number, part: Number) -> Number {
    Number { numerator: whole.numerator * part.denominator + part.numerator, ..part }
}

/// The digits that follow; may be empty.
fn digits<'a>(cursor: &mut Cursor<'a>) -> &'a str {
    let begin = *cursor;
    while cursor.eat_if(|char| char.is_ascii_digit()) {}
    begin.until(*cursor)
}

/// Grouped digits with the separators between them.
fn decimal(cursor: &mut Cursor<'_>) -> Option<Number> {
    let mut groups = vec![digits(cursor)];
    let mut signs = Vec::new();
    while let Some(sign) = cursor.peek().filter(|char| is_sign(*char)) {
        let mut ahead = *cursor;
        ahead.bump();
        let group = digits(&mut ahead);
        // "6' 2" and "5, 100" are not grouped digits.
        if group.is_empty() || !matches!(sign, '.' | ',') && group.len() != 3 {
            break;
        }
        if groups.len() == MAX_DIGIT_GROUPS {
            return None;
        }
        *cursor = ahead;
        groups.push(group);
        signs.push(sign);
    }
    assemble(&groups, &signs)
}

fn is_sign(char: char) -> bool {
    matches!(char, '.' | ',' | '\'' | '’' | '\u{a0}' | '\u{2009}' | '\u{202f}')
}

fn assemble(groups: &[&str], signs: &[char]) -> Option<Number> {
    let (last, before) = groups.split_last()?;
    let is_decimal = has_decimals(groups, signs)?;
    let (whole, decimals) = if is_decimal { (before.concat(), *last) } else { (groups.concat(), "") };
    let all = format!("{whole}{decimals}");
    // A number with leading zeros is a name.
    let is_name = whole.len() > 1 && whole.starts_with('0');
    if is_name || all.len() > MAX_DIGITS {
        return None;
    }
    let significant = all.trim_start_matches('0');
    let significant = if decimals.is_empty() { significant.trim_end_matches('0') } else { significant };
    Some(Number {
        numerator: all.parse().ok()?,
        denominator: 10_i128.pow(u32::try_from(decimals.len()).ok()?),
        places: i32::try_from(decimals.len()).ok()?,
        significant: i32::try_from(significant.len()).ok()?,
    })
}

/// Whether the last group is decimals. `None` if it is not a number, but a date, a version, ...
fn has_decimals(groups: &[&str], signs: &[char]) -> Option<bool> {
    let are_thousands = |groups: &[&str]| {
        let first = groups.first().is_some_and(|first| (1..=3).contains(&first.len()) && *first != "0");
        first && groups.iter().skip(1).all(|group| group.len() == 3)
    };
    let Some((last, before)) = signs.split_last() else { return Some(false) };
    let tail = groups.last()?;
    if before.is_empty() {
        // "1,234" is grouped and "1.234" has decimals, but "5.000" is how much of Europe groups thousands.
        let is_grouped = are_thousands(groups) && (*last != '.' || *tail == "000");
        return if is_grouped { Some(false) } else { matches!(last, '.' | ',').then_some(true) };
    }
    if before.iter().any(|sign| *sign != before[0]) {
        return None;
    }
    let grouped = if *last == before[0] { groups } else { &groups[..groups.len() - 1] };
    are_thousands(grouped)
        .then_some(*last != before[0])
        .filter(|decimal| !decimal || matches!(last, '.' | ','))
}
