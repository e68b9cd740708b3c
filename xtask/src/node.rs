//! Node scripts with their npm packages: one folder for each lock file, under target/tools.

use std::fs;
use std::path::{Path, PathBuf};

use crate::command::{output, program, run};
use crate::failure::{Failure, Result};
use crate::workspace::Workspace;

const LOCK_FILE: &str = "package-lock.json";
/// The minimum major version of Node, required by playwright-core.
const MIN_NODE_VERSION: u32 = 20;
/// The file types that Node needs: scripts, manifest and lock.
const FILE_EXTENSIONS: [&str; 3] = ["js", "mjs", "json"];

pub struct Scripts {
    /// The folder under target/tools.
    pub name: &'static str,
    /// The folder in the repository, with manifest and lock.
    pub folder: &'static str,
}

impl Scripts {
    /// Returns a folder with the packages, reinstalled if the lock has changed, and with copies of the scripts,
    /// because Node resolves packages from a script's own folder.
    pub fn install(&self, workspace: &Workspace) -> Result<PathBuf> {
        check_version(&String::from_utf8_lossy(&output(program(workspace, "node", &["--version"]))?))?;
        let (scripts, folder) = (workspace.root().join(self.folder), workspace.tools().join(self.name));
        let lock = fs::read_to_string(scripts.join(LOCK_FILE)).map_err(Failure::at(&scripts))?;
        let stamp = folder.join("installed.json");
        let is_current = fs::read_to_string(&stamp).is_ok_and(|installed| installed == lock);
        copy(&scripts, &folder)?;
        if !is_current {
            let mut install =
                program(workspace, npm(), &["ci", "--ignore-scripts", "--no-audit", "--no-fund"]);
            install.current_dir(&folder);
            run(install)?;
            fs::write(&stamp, &lock).map_err(Failure::at(&stamp))?;
        }
        Ok(folder)
    }

    /// The sorted names of files with this ending.
    pub fn named(&self, workspace: &Workspace, ending: &str) -> Result<Vec<String>> {
        let files = files(&workspace.root().join(self.folder))?;
        let names = files.iter().filter_map(|path| path.file_name()?.to_str().map(str::to_owned));
        let mut names: Vec<String> = names.filter(|name| name.ends_with(ending)).collect();
        names.sort();
        Ok(names)
    }
}

/// Checks the output of `node --version`, such as `v20.1.0`.
fn check_version(version: &str) -> Result<()> {
    let version = version.trim();
    let major = version.trim_start_matches('v').split('.').next().and_then(|major| major.parse::<u32>().ok());
    if major.is_some_and(|major| major >= MIN_NODE_VERSION) {
        return Ok(());
    }
    Err(Failure::new(format!(
        "Node {MIN_NODE_VERSION} or newer is required, and `node --version` prints {version}"
    )))
}

fn copy(from: &Path, to: &Path) -> Result<()> {
    fs::create_dir_all(to).map_err(Failure::at(to))?;
    for path in files(from)? {
        let Some(name) = path.file_name().filter(|_| is_nodes(&path)) else { continue };
        fs::copy(&path, to.join(name)).map_err(Failure::at(&path))?;
    }
    Ok(())
}

fn files(folder: &Path) -> Result<Vec<PathBuf>> {
    let entries = fs::read_dir(folder).map_err(Failure::at(folder))?;
    entries.map(|entry| Ok(entry.map_err(Failure::at(folder))?.path())).collect()
}

fn is_nodes(path: &Path) -> bool {
    path.extension().is_some_and(|extension| FILE_EXTENSIONS.iter().any(|kind| extension == *kind))
}

fn npm() -> &'static str {
    if cfg!(windows) { "npm.cmd" } else { "npm" }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::browser::SCENARIOS;
    use crate::stages::clients::DISCORDJS;

    fn files() -> impl Iterator<Item = (String, String)> {
        let root = Workspace::here().expect("the workspace").root().to_owned();
        let file = move |scripts: &Scripts, name: &str| {
            fs::read_to_string(root.join(scripts.folder).join(name)).expect(name)
        };
        [DISCORDJS, SCENARIOS].into_iter().map(move |it| (file(&it, "package.json"), file(&it, LOCK_FILE)))
    }

    #[test]
    fn a_lock_names_no_registry_and_every_package_has_a_hash() {
        for (_, lock) in files() {
            assert!(!lock.contains("\"resolved\""), "npm install --omit-lockfile-registry-resolved");
            let packages = lock.matches("\"node_modules/").count();
            assert!(packages > 1);
            assert_eq!(lock.matches("\"integrity\": \"sha512-").count(), packages);
        }
    }

    #[test]
    fn a_manifest_wants_exact_versions() {
        for (manifest, _) in files() {
            let dependencies = manifest.split("\"dependencies\"").nth(1).expect("dependencies");
            assert!(dependencies.contains("\": \""), "{dependencies}");
            assert!(!dependencies.contains(['^', '~', '*', '>']), "{dependencies}");
        }
    }

    #[test]
    fn an_old_node_is_refused_with_both_versions() {
        assert!(
            ["v20.0.0\n", "v20.20.2\n", "v100.1.0\n"].iter().all(|version| check_version(version).is_ok())
        );
        let refusal = check_version("v18.19.0\n").expect_err("too old").to_string();
        assert_eq!(refusal, "Node 20 or newer is required, and `node --version` prints v18.19.0");
        assert!(check_version("nonsense").is_err());
    }

    #[test]
    fn rust_stays_where_it_is() {
        let goes = ["rest.test.js", "app.mjs", LOCK_FILE];
        assert!(goes.iter().all(|name| is_nodes(Path::new(name))));
        assert!(!is_nodes(Path::new("main.rs")));
    }
}
