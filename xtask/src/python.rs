//! Tools from Python packages: one virtual environment for each list of pins, under target/tools.

use std::fs;
use std::path::{Path, PathBuf};
use std::process::Command;

use crate::command::{output, path_with, program, run};
use crate::failure::{Failure, Result};
use crate::workspace::Workspace;

/// Checkers of the template and the dependencies, for every test run.
pub const CHECKERS: Pins =
    Pins { name: "checkers", file: "requirements.txt", pins: include_str!("../requirements.txt") };

/// cargo-lambda and SAM, for releases; separate, because they are ten times as large.
pub const RELEASE: Pins = Pins {
    name: "release",
    file: "requirements-release.txt",
    pins: include_str!("../requirements-release.txt"),
};

/// ministack, for `cargo xtask deploy-local`; separate, because it needs other versions of the AWS client than SAM.
pub const DEPLOY_LOCAL: Pins = Pins {
    name: "deploy-local",
    file: "requirements-deploy-local.txt",
    pins: include_str!("../requirements-deploy-local.txt"),
};

pub struct Pins {
    name: &'static str,
    file: &'static str,
    pins: &'static str,
}

pub struct Environment {
    bin: PathBuf,
}

impl Environment {
    /// The environment, recreated if the pins have changed or the last attempt failed.
    pub fn with(workspace: &Workspace, pins: &Pins) -> Result<Self> {
        let folder = workspace.tools().join(pins.name);
        let stamp = folder.join("installed.txt");
        let bin = folder.join(if cfg!(windows) { "Scripts" } else { "bin" });
        if is_current(&stamp, pins.pins) {
            return Ok(Self { bin });
        }
        if folder.exists() {
            fs::remove_dir_all(&folder).map_err(Failure::at(&folder))?;
        }
        make(workspace, &folder, &bin, pins)?;
        fs::write(&stamp, pins.pins).map_err(Failure::at(&stamp))?;
        Ok(Self { bin })
    }

    /// A command of the environment, with the others in `PATH`: cargo finds cargo-lambda, which finds zig.
    pub fn program(&self, workspace: &Workspace, name: &str, arguments: &[&str]) -> Result<Command> {
        let mut command = program(workspace, self.bin(name), arguments);
        command.env("PATH", self.path()?);
        Ok(command)
    }

    /// The path of one of its programs.
    pub fn bin(&self, name: &str) -> PathBuf {
        self.bin.join(name)
    }

    /// `PATH` with its programs first.
    pub fn path(&self) -> Result<std::ffi::OsString> {
        path_with(&self.bin)
    }
}

/// The name of the system's Python 3, if there is one.
pub fn interpreter(workspace: &Workspace) -> Option<&'static str> {
    ["python3", "python"].into_iter().find(|name| {
        let version = output(program(workspace, name, &["-c", "import sys; print(sys.version_info[0])"]));
        version.is_ok_and(|version| version.trim_ascii() == b"3")
    })
}

fn is_current(stamp: &Path, pins: &str) -> bool {
    fs::read_to_string(stamp).is_ok_and(|installed| installed == pins)
}

fn make(workspace: &Workspace, folder: &Path, bin: &Path, pins: &Pins) -> Result<()> {
    let python = interpreter(workspace).ok_or_else(|| Failure::new("python3 is missing"))?;
    println!("installing the packages of xtask/{} into target/tools/{}", pins.file, pins.name);
    let mut venv = program(workspace, python, &["-m", "venv"]);
    venv.arg(folder);
    run(venv)?;
    let mut pip = program(
        workspace,
        bin.join("python"),
        &["-m", "pip", "install", "--quiet", "--disable-pip-version-check"],
    );
    pip.arg("--requirement").arg(workspace.root().join("xtask").join(pins.file));
    run(pip)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn an_environment_without_a_stamp_is_not_current() {
        assert!(!is_current(Path::new("no-such-folder/installed.txt"), CHECKERS.pins));
    }

    #[test]
    fn every_tool_is_pinned_to_one_version() {
        let lines = [CHECKERS, RELEASE, DEPLOY_LOCAL].into_iter().flat_map(|list| list.pins.lines());
        for line in lines.filter(|line| !line.is_empty() && !line.starts_with('#')) {
            assert!(line.contains("=="), "{line}");
        }
    }
}
