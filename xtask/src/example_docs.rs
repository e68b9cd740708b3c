//! Keeps the examples in docs/adding-a-command.md equal to those that `cargo xtask examples` builds; a test compares
//! them.

use std::fs;
use std::path::{Path, PathBuf};

use crate::failure::{Failure, Result};
use crate::workspace::Workspace;

const DOCUMENT: &str = "docs/adding-a-command.md";
const EXAMPLES: &str = "xtask/examples";
const LINES: &str = "lines.txt";
/// The path in `xtask/examples`, a file or the folder of an example, and ` -->` follow.
const BEGIN: &str = "<!-- `cargo xtask examples --update-docs` writes this part: ";
const END: &str = "<!-- end of this part -->\n";

/// Writes the examples' files into the document.
pub fn update(workspace: &Workspace) -> Result<()> {
    let path = workspace.root().join(DOCUMENT);
    let document = fs::read_to_string(&path).map_err(Failure::at(&path))?;
    let updated = with_examples(&document, &workspace.root().join(EXAMPLES))?;
    fs::write(&path, updated).map_err(Failure::at(&path))
}

/// The document with the current text between each pair of markers.
fn with_examples(document: &str, examples: &Path) -> Result<String> {
    let mut updated = String::new();
    let mut rest = document;
    while let Some((before, part)) = rest.split_once(BEGIN) {
        let parts = part.split_once(" -->\n").and_then(|(path, old)| Some((path, old.split_once(END)?.1)));
        let (path, after) =
            parts.ok_or_else(|| Failure::new(format!("{DOCUMENT} has an incomplete marker")))?;
        updated.push_str(&format!("{before}{BEGIN}{path} -->\n\n{}{END}", shown(&examples.join(path))?));
        rest = after;
    }
    Ok(updated + rest)
}

/// A file, or all files of an example and the lines that it adds to others, as Markdown.
fn shown(path: &Path) -> Result<String> {
    if path.ends_with(LINES) {
        return added_lines(path);
    }
    if path.is_file() {
        return file(path);
    }
    let mut files = Vec::new();
    collect(path, &mut files)?;
    files.sort();
    let mut text = String::new();
    for found in files.iter().filter(|found| !found.ends_with(LINES)) {
        let name = found.strip_prefix(path).unwrap_or(found).display();
        text.push_str(&format!("`{name}`:\n\n{}", file(found)?));
    }
    Ok(text + &added_lines(&path.join(LINES))?)
}

fn file(path: &Path) -> Result<String> {
    let content = fs::read_to_string(path).map_err(Failure::at(path))?;
    let language = path.extension().unwrap_or_default().display().to_string();
    let language = language.replace("rs", "rust").replace("txt", "text");
    Ok(format!("```{language}\n{}\n```\n\n", content.trim_end()))
}

fn added_lines(path: &Path) -> Result<String> {
    let content = fs::read_to_string(path).map_err(Failure::at(path))?;
    let added = content.lines().filter(|line| !line.starts_with('#')).filter_map(added);
    let shown = |(file, after, line)| format!("In `{file}`, after `{after}`:\n\n```rust\n{line}\n```\n\n");
    Ok(added.map(shown).collect())
}

/// Parses an added line: the file, the line after which it is inserted, and the line.
fn added(line: &str) -> Option<(&str, &str, &str)> {
    let mut parts = line.split('\t').map(str::trim);
    Some((parts.next()?, parts.next()?, parts.next()?))
}

fn collect(folder: &Path, found: &mut Vec<PathBuf>) -> Result<()> {
    for entry in fs::read_dir(folder).map_err(Failure::at(folder))? {
        let path = entry.map_err(Failure::at(folder))?.path();
        if path.is_dir() {
            collect(&path, found)?;
        } else {
            found.push(path);
        }
    }
    Ok(())
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_document_shows_the_examples_that_are_built_and_tested() {
        let workspace = Workspace::here().expect("the workspace");
        let document = fs::read_to_string(workspace.root().join(DOCUMENT)).expect(DOCUMENT);
        let examples = workspace.root().join(EXAMPLES);
        let current = with_examples(&document, &examples).expect("its markers");
        for shown in ["slash roll::Roll", "pub struct Roll", "slash note::Note", "pub struct Note"] {
            assert!(current.contains(shown), "{shown} is missing");
        }
        assert!(document == current, "{DOCUMENT} is out of date: cargo xtask examples --update-docs");
    }

    #[test]
    fn a_marker_without_its_end_is_refused() {
        let document = format!("{BEGIN}command -->\n");
        assert!(with_examples(&document, Path::new(EXAMPLES)).is_err());
    }
}
