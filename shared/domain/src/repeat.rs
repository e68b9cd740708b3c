//! Text from users and maps, cleaned before a reply repeats it: one line, no mentions, no links, no
//! markdown.
//!
//! Replies never ping anyone, because they are sent without allowed mentions. This filter also keeps them
//! from looking like a ping, from carrying an invite, and from changing the direction or format of the text
//! around them.

#[cfg(test)]
mod tests;

use std::fmt;

use serde::{Deserialize, Serialize};

/// A word that contains one of these is left out.
const FORBIDDEN_PARTS: &[&str] =
    &["@everyone", "@here", "<@", "<#", "</", "<id:", "://", "](", "discord.gg/", "/invite/"];

/// The most combining marks on one letter. Two are in real use; more are "zalgo" text.
const MAX_COMBINING_MARKS: usize = 3;

const ELLIPSIS: char = '…';

/// Cleaned text of a user or a map. The bot's sentences accept no other kind of foreign text.
///
/// Reading a stored name cleans it again, so that today's filter also applies to what an earlier version
/// stored.
#[derive(Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(from = "String")]
pub struct Name(String);

impl Name {
    /// The maximum length in characters.
    pub const MAX_LENGTH: usize = 100;

    /// Cleans a text. Empty if nothing of it can be repeated.
    #[must_use]
    pub fn of(text: &str) -> Self {
        let seen = seen(text);
        let words: Vec<&str> = seen.split_whitespace().filter(|word| !reaches_somebody(word)).collect();
        let name = words.join(" ");
        let most = Self::MAX_LENGTH - 1;
        let end = name.char_indices().nth(most).filter(|_| name.chars().nth(most + 1).is_some());
        Self(end.map_or_else(|| name.clone(), |(end, _)| cut(&name, end)))
    }

    /// The name, cut with an ellipsis to at most this many bytes of UTF-8.
    #[must_use]
    pub fn within(&self, bytes: usize) -> Self {
        if self.0.len() <= bytes {
            return self.clone();
        }
        Self(cut(&self.0, bytes.saturating_sub(ELLIPSIS.len_utf8())))
    }

    /// Whether nothing of the text could be repeated.
    #[must_use]
    pub fn is_empty(&self) -> bool {
        self.0.is_empty()
    }

    /// The cleaned text.
    #[must_use]
    pub fn as_str(&self) -> &str {
        &self.0
    }
}

impl From<String> for Name {
    fn from(text: String) -> Self {
        Self::of(&text)
    }
}

impl fmt::Display for Name {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(&self.0)
    }
}

/// Shows the text. A type that must not log it leaves the field out of its own `Debug`.
impl fmt::Debug for Name {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        self.0.fmt(f)
    }
}

fn reaches_somebody(word: &str) -> bool {
    let word: String = word.to_lowercase().chars().filter(|char| !is_joint(*char)).collect();
    FORBIDDEN_PARTS.iter().any(|part| word.contains(part))
}

/// Without invisible characters, markdown, and more than [`MAX_COMBINING_MARKS`] marks on a letter. Control characters
/// become spaces.
fn seen(text: &str) -> String {
    let mut marks = 0;
    let shown = text.chars().filter(|char| !is_unseen(*char) && !is_markdown(*char));
    let bounded = shown.filter(|char| {
        marks = if is_mark(*char) { marks + 1 } else { 0 };
        marks <= MAX_COMBINING_MARKS
    });
    bounded.map(|char| if char.is_control() { ' ' } else { char }).collect()
}

/// The beginning of `name`, at most `end` bytes, plus an ellipsis. Never separates a letter from its marks.
fn cut(name: &str, end: usize) -> String {
    let mut end = name.floor_char_boundary(end);
    while goes_on(name, end) {
        end = name.floor_char_boundary(end - 1);
    }
    format!("{}{ELLIPSIS}", name[..end].trim_end())
}

fn goes_on(name: &str, end: usize) -> bool {
    let (before, after) = name.split_at(end);
    !before.is_empty()
        && (before.ends_with(is_joint) || after.starts_with(is_joint) || after.starts_with(is_mark))
}

/// Characters that format the text around them: bold, code, spoiler.
fn is_markdown(char: char) -> bool {
    matches!(char, '*' | '_' | '~' | '`' | '|' | '\\')
}

/// Joiners, variation selectors and skin tones: needed in some scripts and emoji, invisible on their own.
fn is_joint(char: char) -> bool {
    matches!(char, '\u{200c}' | '\u{200d}' | '\u{fe00}'..='\u{fe0f}' | '\u{1f3fb}'..='\u{1f3ff}')
}

/// Unicode's blocks of combining marks.
fn is_mark(char: char) -> bool {
    matches!(char,
        '\u{300}'..='\u{36f}' | '\u{483}'..='\u{489}' | '\u{1ab0}'..='\u{1aff}' | '\u{1dc0}'..='\u{1dff}'
        | '\u{20d0}'..='\u{20ff}' | '\u{fe20}'..='\u{fe2f}')
}

/// Invisible characters that change or hide in the text around them: directional controls, joiners that no
/// script needs, fillers, tags.
fn is_unseen(char: char) -> bool {
    matches!(char,
        '\u{ad}' | '\u{34f}' | '\u{61c}' | '\u{115f}' | '\u{1160}' | '\u{17b4}' | '\u{17b5}' | '\u{180b}'..='\u{180f}'
        | '\u{200b}' | '\u{200e}' | '\u{200f}' | '\u{202a}'..='\u{202e}' | '\u{2060}'..='\u{206f}' | '\u{2800}'
        | '\u{3164}' | '\u{feff}' | '\u{ffa0}' | '\u{fff9}'..='\u{fffb}' | '\u{e0000}'..='\u{e007f}')
}
