//! `cargo xtask examples`: applies each example of `xtask/examples` to a copy of the project, and tests it there.
//!
//! They verify how much a new command without stored state, one with stored state, and a new function have to change: new
//! files, and one line in each of two existing files.

use std::collections::BTreeSet;
use std::fs;
use std::path::{Path, PathBuf};

use crate::command::{cargo, output, program, run};
use crate::failure::{Failure, Result};
use crate::stages::tests::SNAPSHOTS_AS_THEY_ARE;
use crate::stages::{Outcome, Stage};
use crate::workspace::Workspace;

pub const HELP: &str = "\
Usage: cargo xtask examples [--update-docs]

Copies the project to target/examples, adds the commands `/roll` (xtask/examples/stateless_command) and `/note`
(xtask/examples/command) and the function `pulse` (xtask/examples/function) to the copy, prints the changes, and runs
their tests there. It fails if one of them needs more than one line in each of two existing files, not counting its block
of template.yaml and a `mod` line.

  --update-docs   Only write the files of the commands into docs/adding-a-command.md";

pub const STAGE: Stage = Stage {
    name: "examples",
    what: "two commands and a function, added to a copy",
    run: |workspace| apply(workspace).map(|()| Outcome::Green),
};

/// How many lines an example may add to existing files. A `mod` line of `domain` or `words` does not count, nor does the
/// function's block in the template.
const MAX_ADDED_LINES: usize = 2;

/// The text before the version of all packages in Cargo.toml.
const VERSION_PREFIX: &str = "[workspace.package]\nversion = \"";

/// The tests that cover all commands and functions, and those of the examples.
const TEST_FILTERS: [&str; 9] = [
    "abilities",
    "contracts",
    "dependencies",
    "items",
    "repeated",
    "roll::",
    "scenarios::note",
    "template",
    "it_is_deployed",
];

pub fn apply(workspace: &Workspace) -> Result<()> {
    let copy = Copy::of(workspace)?;
    let examples = workspace.root().join("xtask/examples");
    let mut expected = copy.sources.clone();
    for example in ["stateless_command", "command", "function"] {
        let example = Example::read(&examples.join(example))?;
        example.tell();
        expected.extend(copy.add(&example)?);
        let counted = example.lines.iter().filter(|line| !line.is_mod()).count();
        if counted > MAX_ADDED_LINES {
            return Err(Failure::new(format!("it changes {counted} lines of existing files")));
        }
    }
    copy.remove_all_but(&expected)?;
    let copied = Workspace::at(copy.root.clone());
    // Not --locked, because a function is a new package; and the project's target folder, to reuse its build.
    let mut tests = cargo(&copied, &["test", "--quiet", "--package", "tests", "--package", "steward-pulse"]);
    tests.args(["--test", "e2e", "--test", "invoked", "--"]).args(TEST_FILTERS);
    tests.env("CARGO_TARGET_DIR", workspace.target()).envs([SNAPSHOTS_AS_THEY_ARE]);
    run(tests)
}

/// An example: what it adds to the project.
struct Example {
    name: String,
    /// Its files, each with its path in the project.
    files: Vec<(PathBuf, PathBuf)>,
    lines: Vec<Line>,
    /// The text that it adds to template.yaml.
    template: Option<String>,
}

/// A line that it adds to an existing file.
struct Line {
    file: PathBuf,
    behind: String,
    line: String,
}

impl Line {
    /// Whether it declares a module; in `words`, that is the line in the list of files.
    fn is_mod(&self) -> bool {
        self.line.trim_start().starts_with("pub mod ") || self.file == Path::new("shared/words/src/lib.rs")
    }
}

impl Example {
    fn read(folder: &Path) -> Result<Self> {
        let mut files = Vec::new();
        collect(folder, folder, &mut files)?;
        let own = |name: &str| -> Result<Option<String>> {
            let path = folder.join(name);
            if !path.exists() {
                return Ok(None);
            }
            fs::read_to_string(&path).map(Some).map_err(Failure::at(&path))
        };
        let lines = own("lines.txt")?.unwrap_or_default();
        let lines = lines.lines().filter(|line| !line.starts_with('#'));
        Ok(Self {
            name: folder.file_name().unwrap_or_default().to_string_lossy().into_owned(),
            files: files.into_iter().filter(|(_, to)| to.components().count() > 1).collect(),
            lines: lines.map(line_of).collect::<Result<_>>()?,
            template: own("template.yaml")?,
        })
    }

    /// Prints the changes, similar to `git diff --stat`.
    fn tell(&self) {
        println!("\n{}:", self.name);
        for (from, to) in &self.files {
            let lines = fs::read_to_string(from).map_or(0, |text| text.lines().count());
            println!("  {:<48}| {lines:>3} + (new)", to.display());
        }
        for Line { file, .. } in &self.lines {
            println!("  {:<48}|   1 +", file.display());
        }
        if let Some(block) = &self.template {
            println!("  {:<48}| {:>3} +", "template.yaml", block.lines().count());
        }
    }
}

fn line_of(text: &str) -> Result<Line> {
    let parts: Vec<&str> = text.split('\t').collect();
    let [file, behind, line] = parts[..] else {
        return Err(Failure::new(format!("not a file, an existing line and an added line: {text}")));
    };
    Ok(Line { file: file.into(), behind: behind.to_owned(), line: line.to_owned() })
}

fn collect(folder: &Path, root: &Path, found: &mut Vec<(PathBuf, PathBuf)>) -> Result<()> {
    for entry in fs::read_dir(folder).map_err(Failure::at(folder))? {
        let path = entry.map_err(Failure::at(folder))?.path();
        if path.is_dir() {
            collect(&path, root, found)?;
        } else if let Ok(within) = path.strip_prefix(root) {
            found.push((path.clone(), within.to_owned()));
        }
    }
    found.sort();
    Ok(())
}

/// A copy of the project, including uncommitted changes.
struct Copy {
    root: PathBuf,
    /// The paths of its files.
    sources: BTreeSet<PathBuf>,
}

impl Copy {
    fn of(workspace: &Workspace) -> Result<Self> {
        let root = workspace.root().join("target/examples");
        let list = ["ls-files", "-z", "--cached", "--others", "--exclude-standard"];
        let listed = output(program(workspace, "git", &list))?;
        let listed = String::from_utf8_lossy(&listed).into_owned();
        let mut sources = BTreeSet::new();
        for source in listed.split('\0').filter(|source| !source.is_empty()) {
            // Files deleted without a commit are listed too.
            if let Ok(content) = fs::read(workspace.root().join(source)) {
                write(&root.join(source), &content)?;
                sources.insert(PathBuf::from(source));
            }
        }
        let copy = Self { root, sources };
        // Another version, so that cargo does not confuse the copy's packages with the project's in the shared
        // target folder.
        copy.insert(Path::new("Cargo.toml"), VERSION_PREFIX, &format!("{VERSION_PREFIX}0.0.0-example.of."))?;
        Ok(copy)
    }

    /// Adds an example's files and lines. Returns the new files.
    fn add(&self, example: &Example) -> Result<Vec<PathBuf>> {
        for (from, to) in &example.files {
            if self.sources.contains(to) {
                return Err(Failure::new(format!("{} already exists", to.display())));
            }
            write(&self.root.join(to), &fs::read(from).map_err(Failure::at(from))?)?;
        }
        for Line { file, behind, line } in &example.lines {
            self.insert(file, &format!("{behind}\n"), &format!("{behind}\n{line}\n"))?;
        }
        if let Some(block) = &example.template {
            self.insert(Path::new("template.yaml"), "\nOutputs:\n", &format!("\n{block}Outputs:\n"))?;
        }
        Ok(example.files.iter().map(|(_, to)| to.clone()).collect())
    }

    fn insert(&self, file: &Path, old: &str, new: &str) -> Result<()> {
        let path = self.root.join(file);
        let text = fs::read_to_string(&path).map_err(Failure::at(&path))?;
        if text.matches(old).count() != 1 {
            return Err(Failure::new(format!("{} does not have one line `{}`", file.display(), old.trim())));
        }
        write(&path, text.replace(old, new).as_bytes())
    }

    /// Removes files of an earlier run that are no longer expected.
    fn remove_all_but(&self, expected: &BTreeSet<PathBuf>) -> Result<()> {
        let mut found = Vec::new();
        collect(&self.root, &self.root, &mut found)?;
        for (path, within) in found {
            if !expected.contains(&within) && within != Path::new("Cargo.lock") {
                fs::remove_file(&path).map_err(Failure::at(&path))?;
            }
        }
        Ok(())
    }
}

/// Writes a file only if it differs, because a newer modification time makes cargo rebuild.
fn write(path: &Path, content: &[u8]) -> Result<()> {
    if fs::read(path).is_ok_and(|there| there == content) {
        return Ok(());
    }
    if let Some(folder) = path.parent() {
        fs::create_dir_all(folder).map_err(Failure::at(folder))?;
    }
    fs::write(path, content).map_err(Failure::at(path))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_mod_line_does_not_count_and_others_do() {
        let line = |line: &str| line_of(&format!("a.rs\tpub mod a;\t{line}")).expect("three parts").is_mod();
        assert!(line("pub mod note;") && !line("            note: domain::note::Note;"));
        assert!(line_of("a.rs\tonly two").is_err());
    }
}
