//! Finds the parts of a message that are not prose: code, URLs, and Discord's markup (mentions, emojis,
//! timestamps).

use std::{collections::HashMap, ops::Range};

use super::cursor::Cursor;

/// In characters: a slash command mention with its subcommands and its id is the longest.
const MAX_MARKUP_LENGTH: usize = 150;
/// In bytes: how far back a URL's scheme is searched for.
const MAX_SCHEME_LENGTH: usize = 12;

/// The parts that are not prose, in ascending order.
pub(super) fn not_prose(text: &str) -> Vec<Range<usize>> {
    let closings = closings(text);
    let mut ranges: Vec<Range<usize>> = Vec::new();
    let mut cursor = Cursor::new(text);
    while let Some(char) = cursor.peek() {
        let begin = cursor.at();
        let found = match char {
            '`' => closings.get(&begin).map(|end| begin..*end),
            '<' => mark(cursor.rest()).map(|length| begin..begin + length),
            ':' if cursor.rest().starts_with("://") => Some(scheme_begin(text, begin)..address_end(cursor)),
            'w' if cursor.rest().starts_with("www.") => Some(begin..address_end(cursor)),
            _ => None,
        };
        match found {
            Some(range) => {
                cursor.move_to(range.end);
                ranges.push(range);
            }
            None => cursor.bump(),
        }
    }
    ranges
}

/// Where each code span ends: for the start of a run of backticks, the end of the next run of the same
/// length.
fn closings(text: &str) -> HashMap<usize, usize> {
    let mut runs: Vec<Range<usize>> = Vec::new();
    for (at, _) in text.match_indices('`') {
        match runs.last_mut() {
            Some(run) if run.end == at => run.end += 1,
            _ => runs.push(at..at + 1),
        }
    }
    let mut next_of_length = HashMap::new();
    let mut closings = HashMap::new();
    for run in runs.into_iter().rev() {
        if let Some(end) = next_of_length.insert(run.len(), run.end) {
            closings.insert(run.start, end);
        }
    }
    closings
}

/// The length of `<@123>`, `<:name:123>`, `<t:123:R>`, `</weather:123>`, ...
fn mark(rest: &str) -> Option<usize> {
    let inner = rest.strip_prefix('<')?;
    let is_mark = ["@", "#", ":", "a:", "t:", "/", "id:"].iter().any(|begin| inner.starts_with(begin));
    let end = rest
        .char_indices()
        .take(MAX_MARKUP_LENGTH)
        .skip(1)
        .find(|(_, char)| matches!(char, '<' | '>' | '\n'));
    end.filter(|(_, char)| is_mark && *char == '>').map(|(at, _)| at + 1)
}

fn scheme_begin(text: &str, colon: usize) -> usize {
    let letters = text.get(..colon).unwrap_or_default().bytes().rev().take(MAX_SCHEME_LENGTH);
    colon - letters.take_while(u8::is_ascii_alphabetic).count()
}

fn address_end(cursor: Cursor<'_>) -> usize {
    let length = cursor.rest().find(|char: char| char.is_whitespace() || char == '>');
    cursor.at() + length.unwrap_or(cursor.rest().len())
}
