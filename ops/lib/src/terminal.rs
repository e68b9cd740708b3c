//! Output to the terminal, and the current time.

use std::io::Write;

use jiff::Timestamp;

/// The current time.
#[expect(clippy::disallowed_methods, reason = "a command line is where the time comes from")]
pub fn now() -> Timestamp {
    Timestamp::now()
}

/// Formats rows as aligned columns; the last column is not padded. The first row is the heading.
pub fn table(rows: &[Vec<String>]) -> String {
    let width = |column: usize| {
        rows.iter()
            .filter_map(|row| row.get(column))
            .map(|cell| cell.chars().count())
            .max()
            .unwrap_or_default()
    };
    let widths: Vec<usize> = (0..rows.first().map_or(0, Vec::len)).map(width).collect();
    let line = |row: &Vec<String>| {
        let cells: Vec<_> = row.iter().zip(&widths).map(|(cell, width)| format!("{cell:<width$}")).collect();
        format!("{}\n", cells.join("  ").trim_end())
    };
    rows.iter().map(line).collect()
}

/// Prints to standard output. Errors, such as a closed pipe, are ignored.
pub fn print(text: &str) {
    let _ = std::io::stdout().write_all(text.as_bytes());
}
