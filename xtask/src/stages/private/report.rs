//! Describes a finding without showing the forbidden text.

use std::fmt;
use std::path::Path;

use super::markers::{Kind, Markers};

pub struct Finding {
    file: String,
    pub line: usize,
    pub kind: Kind,
    target: String,
    message: String,
}

impl Finding {
    pub fn new(file: &Path, line: usize, kind: Kind, text: &[u8], markers: &Markers) -> Self {
        Self {
            file: file.file_name().unwrap_or_default().display().to_string(),
            line,
            kind,
            target: field(text, "target", markers),
            message: field(text, "message", markers),
        }
    }
}

impl fmt::Display for Finding {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let Self { file, line, kind, target, message } = self;
        write!(f, "{file}:{line} holds {kind}; target {target:?}, message {message:?}")
    }
}

/// The value of a field of a JSON line, cut before any forbidden text and after 80 characters.
fn field(line: &[u8], name: &str, markers: &Markers) -> String {
    const MAX_FIELD_CHARACTERS: usize = 80;
    let value = value_of(line, name).unwrap_or_default();
    let end = markers.first_in(value).map_or(value.len(), |hit| hit.at);
    let shown: String = String::from_utf8_lossy(&value[..end]).chars().take(MAX_FIELD_CHARACTERS).collect();
    if shown.len() < value.len() { shown + "..." } else { shown }
}

/// The value of a string field, still escaped.
fn value_of<'line>(line: &'line [u8], name: &str) -> Option<&'line [u8]> {
    let key = format!("\"{name}\":\"");
    let start = line.windows(key.len()).position(|window| window == key.as_bytes())? + key.len();
    let value = &line[start..];
    let mut escaped = false;
    let end = value.iter().position(|byte| {
        let ends = *byte == b'"' && !escaped;
        escaped = *byte == b'\\' && !escaped;
        ends
    });
    Some(&value[..end.unwrap_or(value.len())])
}
