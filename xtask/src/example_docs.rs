//! Keeps the example in docs/adding-a-command.md equal to the one that `cargo xtask examples` builds; a test compares
//! them.

use std::fs;
use std::path::{Path, PathBuf};

use crate::failure::{Failure, Result};
use crate::workspace::Workspace;

const DOCUMENT: &str = "docs/adding-a-command.md";
const EXAMPLE: &str = "xtask/examples/command";
const LINES: &str = "lines.txt";
const BEGIN: &str = "<!-- `cargo xtask examples --update-docs` writes this part -->\n";
const END: &str = "<!-- end of this part -->\n";

/// Writes the example's files into the document.
pub fn update(workspace: &Workspace) -> Result<()> {
    let path = workspace.root().join(DOCUMENT);
    let document = fs::read_to_string(&path).map_err(Failure::at(&path))?;
    let updated = with_example(&document, &shown(workspace)?)?;
    fs::write(&path, updated).map_err(Failure::at(&path))
}

fn with_example(document: &str, example: &str) -> Result<String> {
    let parts = document.split_once(BEGIN).and_then(|(before, rest)| Some((before, rest.split_once(END)?.1)));
    let (before, after) = parts.ok_or_else(|| Failure::new(format!("{DOCUMENT} has lost its markers")))?;
    Ok(format!("{before}{BEGIN}{example}{END}{after}"))
}

/// The example's files, and the lines that it adds to others, as Markdown.
fn shown(workspace: &Workspace) -> Result<String> {
    let folder = workspace.root().join(EXAMPLE);
    let mut files = Vec::new();
    collect(&folder, &mut files)?;
    files.sort();
    let mut text = String::from("\n");
    for path in files {
        let name = path.strip_prefix(&folder).unwrap_or(&path).display().to_string();
        let content = fs::read_to_string(&path).map_err(Failure::at(&path))?;
        if name == LINES {
            continue;
        }
        let language = path.extension().unwrap_or_default().display().to_string();
        let language = language.replace("rs", "rust").replace("txt", "text");
        text.push_str(&format!("`{name}`:\n\n```{language}\n{}\n```\n\n", content.trim_end()));
    }
    let lines = folder.join(LINES);
    let content = fs::read_to_string(&lines).map_err(Failure::at(&lines))?;
    let added = content.lines().filter(|line| !line.starts_with('#')).filter_map(added);
    added.for_each(|(file, after, line)| {
        text.push_str(&format!("In `{file}`, after `{after}`:\n\n```rust\n{line}\n```\n\n"));
    });
    Ok(text)
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
    fn the_document_shows_the_example_that_is_built_and_tested() {
        let workspace = Workspace::here().expect("the workspace");
        let document = fs::read_to_string(workspace.root().join(DOCUMENT)).expect(DOCUMENT);
        let shown = shown(&workspace).expect("the example");
        assert!(shown.contains("registry.rs"), "{shown}");
        let current = with_example(&document, &shown).expect("its markers");
        assert!(document == current, "{DOCUMENT} is out of date: cargo xtask examples --update-docs");
    }
}
