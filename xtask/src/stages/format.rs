//! Checks the formatting of every Rust file that is tracked or would be added.

use super::{Outcome, Stage};
use crate::command::{output, program, run};
use crate::failure::{Failure, Result};
use crate::workspace::Workspace;

pub const STAGE: Stage = Stage { name: "format", what: "rustfmt on every .rs file", run: check };

/// Files for each call, so that the command line stays below the smallest limit: 32,767 characters on Windows.
const BATCH: usize = 200;

// Not `cargo fmt`, which misses modules that a macro declares.
fn check(workspace: &Workspace) -> Result<Outcome> {
    ensure_components(workspace)?;
    let files = sources(workspace)?;
    if files.is_empty() {
        return Err(Failure::new("git lists no .rs file: is this a clone?"));
    }
    println!("{} files", files.len());
    for batch in files.chunks(BATCH) {
        let mut rustfmt = program(workspace, "rustfmt", &["--check", "--edition", "2024"]);
        rustfmt.args(batch);
        run(rustfmt)?;
    }
    Ok(Outcome::Green)
}

/// Installs rustfmt and clippy by rustup, because a minimal toolchain has neither.
fn ensure_components(workspace: &Workspace) -> Result<()> {
    let is_there = |tool| output(program(workspace, tool, &["--version"])).is_ok();
    if is_there("rustfmt") && is_there("cargo-clippy") {
        return Ok(());
    }
    run(program(workspace, "rustup", &["component", "add", "rustfmt", "clippy"]))
}

/// All Rust files that are tracked, or untracked and not ignored.
pub fn sources(workspace: &Workspace) -> Result<Vec<String>> {
    let arguments = ["ls-files", "-z", "--cached", "--others", "--exclude-standard", "--", "*.rs"];
    let listed = output(program(workspace, "git", &arguments))?;
    let mut files = names(&listed);
    // Deleted, but still in the index.
    files.retain(|file| workspace.root().join(file).is_file());
    Ok(files)
}

fn names(listed: &[u8]) -> Vec<String> {
    let names = listed.split(|byte| *byte == 0).filter(|name| !name.is_empty());
    names.map(|name| String::from_utf8_lossy(name).into_owned()).collect()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_name_with_a_space_is_one_file() {
        assert_eq!(names(b"shared/a b.rs\0xtask/src/main.rs\0"), ["shared/a b.rs", "xtask/src/main.rs"]);
    }
}
