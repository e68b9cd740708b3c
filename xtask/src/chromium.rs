//! Finds Chromium: the variable CHROMIUM, an installed one, or else Debian's package.

use std::path::{Path, PathBuf};

use crate::command::{output, program, run};
use crate::failure::{Failure, Result};
use crate::workspace::Workspace;

/// The names of the binary on Debian and Fedora, Arch, and in Chrome's own packages.
const PROGRAM_NAMES: [&str; 4] = ["chromium", "chromium-browser", "google-chrome", "google-chrome-stable"];

/// Chromium, an emoji font, and a font similar to that of Discord's client.
const PACKAGES: [&str; 3] = ["chromium", "fonts-noto-color-emoji", "fonts-noto-core"];

const NOT_FOUND: &str = "Chromium is missing: install it, or set the variable CHROMIUM to its path \
    (on Debian: apt-get install chromium fonts-noto-color-emoji)";

pub fn find_or_install(workspace: &Workspace) -> Result<PathBuf> {
    if let Some(named) = std::env::var_os("CHROMIUM").map(PathBuf::from) {
        let missing = || Failure::new(format!("CHROMIUM is {}, which does not exist", named.display()));
        return named.is_file().then_some(named.clone()).ok_or_else(missing);
    }
    if let Some(found) = on_path() {
        return Ok(found);
    }
    if !Path::new("/etc/debian_version").is_file() || !is_root(workspace) {
        return Err(Failure::new(NOT_FOUND));
    }
    install(workspace)?;
    on_path().ok_or_else(|| Failure::new(NOT_FOUND))
}

fn on_path() -> Option<PathBuf> {
    let path = std::env::var_os("PATH")?;
    in_folders(std::env::split_paths(&path))
}

fn in_folders(folders: impl Iterator<Item = PathBuf>) -> Option<PathBuf> {
    folders.flat_map(|folder| PROGRAM_NAMES.map(|name| folder.join(name))).find(|place| place.is_file())
}

fn is_root(workspace: &Workspace) -> bool {
    output(program(workspace, "id", &["-u"])).is_ok_and(|id| id.trim_ascii() == b"0")
}

/// Updates the package lists first, because those of a fresh image are empty or outdated.
fn install(workspace: &Workspace) -> Result<()> {
    run(program(workspace, "apt-get", &["update", "--quiet"]))?;
    let mut install =
        program(workspace, "apt-get", &["install", "--yes", "--quiet", "--no-install-recommends"]);
    install.args(PACKAGES).env("DEBIAN_FRONTEND", "noninteractive");
    run(install)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_browser_is_found_by_any_of_its_names_and_a_folder_of_that_name_is_none() {
        let folder = std::env::temp_dir().join(format!("steward-browser-{}", std::process::id()));
        let (empty, full) = (folder.join("empty"), folder.join("full"));
        std::fs::create_dir_all(empty.join("chromium")).expect("a folder");
        std::fs::create_dir_all(&full).expect("a folder");
        std::fs::write(full.join("google-chrome"), "").expect("a file");
        let found = in_folders([empty.clone(), full.clone()].into_iter());
        let none = in_folders([empty].into_iter());
        std::fs::remove_dir_all(&folder).expect("gone");
        assert_eq!((found, none), (Some(full.join("google-chrome")), None));
    }
}
