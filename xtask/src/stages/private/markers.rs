//! The texts that no log line may contain, in all encodings in which they could occur.

use std::collections::{BTreeMap, BTreeSet};
use std::fmt;

use crate::failure::{Failure, Result};

/// The beginning of every interaction token: base64 of `interaction:`.
const TOKEN_PREFIX: &str = "aW50ZXJhY3Rpb246";

/// Shorter markers would be found by chance: `Ada` is in `Adaptive`.
const MIN_MARKER_CHARACTERS: usize = 4;

#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Kind {
    Token,
    /// A marker, by its line in markers.txt.
    Marker(usize),
}

pub struct Hit {
    pub at: usize,
    pub kind: Kind,
}

pub struct Markers {
    given: Vec<(Kind, String)>,
    /// Forms by their first two bytes, so that each line is read once for all markers.
    forms: BTreeMap<[u8; 2], Vec<(Vec<u8>, Kind)>>,
    starts: Vec<bool>,
}

impl Markers {
    /// Parses one marker a line; empty lines are ignored.
    pub fn parse(text: &str) -> Result<Self> {
        let lines = text.lines().enumerate().filter(|(_, line)| !line.trim().is_empty());
        let mut given: Vec<(Kind, String)> =
            lines.map(|(at, line)| (Kind::Marker(at + 1), line.to_owned())).collect();
        if given.is_empty() {
            return Err(Failure::new("markers.txt is empty: the tests must list what they used"));
        }
        if let Some((kind, _)) = given.iter().find(|(_, marker)| marker.len() < MIN_MARKER_CHARACTERS) {
            return Err(Failure::new(format!(
                "{kind} is under {MIN_MARKER_CHARACTERS} characters, and would be found by chance"
            )));
        }
        given.push((Kind::Token, TOKEN_PREFIX.to_owned()));
        Ok(Self::of(given))
    }

    fn of(given: Vec<(Kind, String)>) -> Self {
        let mut forms: BTreeMap<_, Vec<_>> = BTreeMap::new();
        let mut starts = vec![false; 1 << 16];
        for (kind, marker) in &given {
            for form in forms_of(marker) {
                let start = [form[0], form[1]];
                starts[usize::from(u16::from_be_bytes(start))] = true;
                forms.entry(start).or_default().push((form, *kind));
            }
        }
        Self { given, forms, starts }
    }

    pub fn count(&self) -> usize {
        self.given.len()
    }

    pub fn first_in(&self, line: &[u8]) -> Option<Hit> {
        let pairs = line
            .windows(2)
            .enumerate()
            .filter(|(_, pair)| self.starts[usize::from(pair[0]) << 8 | usize::from(pair[1])]);
        let mut hits = pairs.filter_map(|(at, pair)| {
            let forms = self.forms.get(pair)?;
            let (_, kind) = forms.iter().find(|(form, _)| line[at..].starts_with(form))?;
            Some(Hit { at, kind: *kind })
        });
        hits.next()
    }

    /// Two log lines that the search must find: one with a token and one with a marker.
    pub fn canaries(&self) -> [String; 2] {
        let line = |secret: &str| {
            format!(r#"{{"fields":{{"message":"canary","value":"{secret}"}},"target":"xtask"}}"#)
        };
        [line(&format!("{TOKEN_PREFIX}Y2FuYXJ5")), line(&in_json(&self.given[0].1))]
    }
}

impl fmt::Display for Kind {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::Token => f.write_str("an interaction token"),
            Self::Marker(line) => write!(f, "the marker in line {line} of markers.txt"),
        }
    }
}

/// All encodings of a marker: plain or JSON-escaped; each of those as it is, as `{:?}` of text and of bytes, or
/// percent-encoded; all of these plain or in a JSON log line. Also as a list of numbers, and in base64 at all three
/// offsets.
fn forms_of(marker: &str) -> BTreeSet<Vec<u8>> {
    let contents = [marker.to_owned(), in_json(marker)];
    let shown = contents
        .iter()
        .flat_map(|text| [text.clone(), debug_of_text(text), debug_of_bytes(text), in_url(text)]);
    let shown: Vec<String> = shown.collect();
    let in_lines = shown.iter().map(|text| in_json(text));
    let numbers = contents.iter().map(|text| numbers(text));
    let encoded =
        contents.iter().flat_map(|text| (0..3).filter_map(|offset| base64_at(text.as_bytes(), offset)));
    shown.iter().cloned().chain(in_lines).chain(numbers).chain(encoded).map(String::into_bytes).collect()
}

/// Escapes text for a JSON string.
pub fn in_json(text: &str) -> String {
    let escaped = text.chars().map(|c| match c {
        '"' => "\\\"".to_owned(),
        '\\' => "\\\\".to_owned(),
        '\t' => "\\t".to_owned(),
        c if c < ' ' => format!("\\u{:04x}", u32::from(c)),
        c => c.to_string(),
    });
    escaped.collect()
}

fn debug_of_text(text: &str) -> String {
    let debug = format!("{text:?}");
    debug[1..debug.len() - 1].to_owned()
}

fn debug_of_bytes(text: &str) -> String {
    text.bytes().flat_map(std::ascii::escape_default).map(char::from).collect()
}

fn in_url(text: &str) -> String {
    let percent = |byte: u8| match byte {
        byte if byte.is_ascii_alphanumeric() || b"-_.~".contains(&byte) => char::from(byte).to_string(),
        byte => format!("%{byte:02X}"),
    };
    text.bytes().map(percent).collect()
}

fn numbers(text: &str) -> String {
    text.bytes().map(|byte| byte.to_string()).collect::<Vec<_>>().join(", ")
}

/// The base64 of a marker that begins `offset` bytes into a group of three, without the characters that it shares
/// with neighbouring bytes. `None` if it would be too short.
fn base64_at(marker: &[u8], offset: usize) -> Option<String> {
    const ALPHABET: &[u8; 64] = b"ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789+/";
    let whole = marker.get((3 - offset) % 3..)?;
    let letters = whole.chunks_exact(3).flat_map(|group| {
        let bits = u32::from_be_bytes([0, group[0], group[1], group[2]]);
        [18, 12, 6, 0].map(|shift| char::from(ALPHABET[(bits >> shift & 63) as usize]))
    });
    let letters: String = letters.collect();
    (letters.len() >= 8).then_some(letters)
}
