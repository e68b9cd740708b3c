//! Checks that modules of a crate do not import from each other in a cycle.
//!
//! A file imports from another if it names something that the other defines: in a `use`, an expression, a type, a
//! pattern, an attribute or the tokens of a macro. A name that a module only re-exports (`pub use clock::Clock`) counts
//! as an import of the module that it is re-exported from. `use crate::keys` alone imports nothing yet; `keys::user()`
//! then does.
//!
//! A parent and its own descendants form no cycle: a child may use what its parent defines, and the parent declares
//! and re-exports its children. What only tests compile (`cfg(test)`, test and bench targets) is left out.
//!
//! This reads paths and resolves no types. It does not see calls of methods, names that come by `use super::*`, names
//! that a macro puts together, and paths in strings (`#[serde(with = "...")]`).

mod content;
mod graph;
mod imports;
mod modules;
mod sources;

use std::collections::BTreeSet;

use self::graph::Cycle;
use self::imports::Imports;
use self::modules::Crate;
use self::sources::Sources;
use super::{Outcome, Stage, format};
use crate::failure::{Failure, Result};
use crate::packages::{Package, packages};
use crate::workspace::Workspace;

pub const STAGE: Stage = Stage { name: "cycles", what: "no cyclic imports between modules", run: check };

/// The manifests of both workspaces; the fuzzer has its own.
const MANIFESTS: [&str; 2] = ["Cargo.toml", "fuzz/Cargo.toml"];

fn check(workspace: &Workspace) -> Result<Outcome> {
    let sources = Sources::read(workspace, format::sources(workspace)?)?;
    let (mut files, mut imports, mut failures) = (0, 0, 0);
    for manifest in MANIFESTS {
        for package in packages(workspace, manifest)? {
            let report = Report::of(&sources, &package)?;
            files += report.files;
            imports += report.imports;
            for set in &report.sets {
                println!("{set}");
            }
            failures += report.sets.len();
        }
    }
    if imports == 0 {
        return Err(Failure::new(format!("no import was found in {files} files: the search is broken")));
    }
    println!("{files} files, {imports} imports between two of them");
    match failures {
        0 => Ok(Outcome::Green),
        1 => Err(Failure::new("there are files that import from each other in a cycle")),
        sets => {
            Err(Failure::new(format!("there are {sets} sets of files that import from each other in cycles")))
        }
    }
}

/// The result for all crates of a package.
#[derive(Default)]
struct Report {
    files: usize,
    /// The number of imports between files, without those between a module and its descendants.
    imports: usize,
    /// A description of each set of files that import each other.
    sets: Vec<String>,
}

impl Report {
    fn of(sources: &Sources, package: &Package) -> Result<Self> {
        let mut report = Self::default();
        let roots: BTreeSet<String> = package.targets.iter().map(|it| it.file.clone()).collect();
        let has_library = package.targets.iter().any(|it| it.kind == "lib");
        for target in package.targets.iter().filter(|it| !["test", "bench"].contains(&it.kind.as_str())) {
            // A file that no `mod` declares belongs to the library, if there is one.
            let with_unnamed = target.kind == "lib" || target.kind == "bin" && !has_library;
            let read = Crate::read(sources, &target.file, with_unnamed, &roots)?;
            let imports = read.imports();
            report.files += read.modules.iter().enumerate().filter(|(at, it)| it.whole == *at).count();
            report.imports += imports.len();
            let sets = graph::cycles(&imports);
            report.sets.extend(sets.iter().map(|set| shown(&package.name, &read, &imports, set)));
        }
        Ok(report)
    }
}

/// Describes a set of files that import each other: its cycles, one import a line.
fn shown(package: &str, read: &Crate, imports: &Imports, cycles: &[Cycle]) -> String {
    let files: BTreeSet<usize> = cycles.iter().flatten().copied().collect();
    let mut text = format!("{package}: {} files import from each other in a cycle", files.len());
    for cycle in cycles {
        text.push('\n');
        for (at, from) in cycle.iter().enumerate() {
            let to = cycle[(at + 1) % cycle.len()];
            let names: Vec<String> =
                imports[&(*from, to)].iter().map(|(name, line)| format!("{name} (line {line})")).collect();
            let (from, to) = (&read.modules[*from].file, &read.modules[to].file);
            text.push_str(&format!("  {from} imports from {to}: {}\n", names.join(", ")));
        }
    }
    text
}

#[cfg(test)]
mod tests;
