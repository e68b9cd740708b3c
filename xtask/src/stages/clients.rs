//! A library that others wrote, in another language, as a client of the simulated Discord.
//!
//! `@discordjs/rest` comes from npm at the versions of local/tests/discordjs/package-lock.json, into
//! target/tools/discordjs, and the scripts beside it: Node looks for packages from where a script lies.

use std::fs;
use std::path::{Path, PathBuf};

use super::{Outcome, Stage, answers};
use crate::command::{cargo, output, program, run};
use crate::failure::{Failure, Result};
use crate::workspace::{self, Workspace};

pub const STAGE: Stage =
    Stage { name: "clients", what: "@discordjs/rest, unchanged, at the simulated Discord", run: check };

const SCRIPTS: &str = "local/tests/discordjs";
const LOCK: &str = "package-lock.json";

fn check(workspace: &Workspace) -> Result<Outcome> {
    let folder = match packages(workspace) {
        Ok(folder) => folder,
        // No Node here, or no network: whoever changes a command need not mind.
        Err(failure) if !workspace::in_ci() => return Ok(Outcome::Skipped(failure.to_string())),
        Err(failure) => return Err(failure),
    };
    // The same selection as in the stage `tests`: another one would build everything with other features.
    let selection = ["test", "--locked", "--quiet", "--workspace", "--exclude=tests", "--test", "discordjs"];
    let mut test = cargo(workspace, &selection);
    test.args(["--", "--ignored", "--nocapture"]);
    test.env("STEWARD_TEST_DISCORDJS", &folder).env(answers::VARIABLE, workspace.test_answers());
    run(test)?;
    Ok(Outcome::Green)
}

/// The folder with the packages, made anew when the lock has changed, and with today's scripts.
fn packages(workspace: &Workspace) -> Result<PathBuf> {
    output(program(workspace, "node", &["--version"]))?;
    let (scripts, folder) = (workspace.root().join(SCRIPTS), workspace.tools().join("discordjs"));
    let lock = fs::read_to_string(scripts.join(LOCK)).map_err(Failure::at(&scripts))?;
    let stamp = folder.join("installed.json");
    let is_current = fs::read_to_string(&stamp).is_ok_and(|installed| installed == lock);
    copy(&scripts, &folder)?;
    if !is_current {
        let mut install = program(workspace, npm(), &["ci", "--ignore-scripts", "--no-audit", "--no-fund"]);
        install.current_dir(&folder);
        run(install)?;
        fs::write(&stamp, &lock).map_err(Failure::at(&stamp))?;
    }
    Ok(folder)
}

/// What Node reads: scripts, manifest and lock.
fn copy(from: &Path, to: &Path) -> Result<()> {
    fs::create_dir_all(to).map_err(Failure::at(to))?;
    for entry in fs::read_dir(from).map_err(Failure::at(from))? {
        let path = entry.map_err(Failure::at(from))?.path();
        let Some(name) = path.file_name().filter(|_| is_nodes(&path)) else { continue };
        fs::copy(&path, to.join(name)).map_err(Failure::at(&path))?;
    }
    Ok(())
}

fn is_nodes(path: &Path) -> bool {
    path.extension().is_some_and(|extension| extension == "js" || extension == "json")
}

fn npm() -> &'static str {
    if cfg!(windows) { "npm.cmd" } else { "npm" }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn file(name: &str) -> String {
        let root = Workspace::here().expect("the workspace").root().join(SCRIPTS);
        fs::read_to_string(root.join(name)).expect(name)
    }

    #[test]
    fn the_lock_names_no_registry_and_every_package_has_a_hash() {
        let lock = file(LOCK);
        assert!(!lock.contains("\"resolved\""), "npm install --omit-lockfile-registry-resolved");
        let packages = lock.matches("\"node_modules/").count();
        assert!(packages > 1);
        assert_eq!(lock.matches("\"integrity\": \"sha512-").count(), packages);
    }

    #[test]
    fn the_manifest_wants_exact_versions() {
        let manifest = file("package.json");
        let dependencies = manifest.split("\"dependencies\"").nth(1).expect("dependencies");
        assert!(dependencies.contains("\"@discordjs/rest\": \"2.6."));
        assert!(!dependencies.contains(['^', '~', '*', '>']), "{dependencies}");
    }

    #[test]
    fn rust_stays_where_it_is() {
        assert!(is_nodes(Path::new("rest.test.js")) && is_nodes(Path::new(LOCK)));
        assert!(!is_nodes(Path::new("main.rs")));
    }
}
