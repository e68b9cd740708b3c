//! Cargo subcommands from crates.io, installed on demand under target/tools.

use std::process::Command;

use crate::command::{cargo, path_with, run};
use crate::failure::Result;
use crate::workspace::Workspace;

pub struct Tool {
    /// The package, such as `cargo-fuzz`.
    pub name: &'static str,
    /// The pinned version.
    pub version: &'static str,
}

impl Tool {
    /// A cargo command that finds the tool, which is installed at the first use.
    pub fn cargo(&self, workspace: &Workspace, arguments: &[&str]) -> Result<Command> {
        let folder = workspace.tools().join(format!("{}-{}", self.name, self.version));
        let bin = folder.join("bin");
        if !bin.join(self.name).with_extension(std::env::consts::EXE_EXTENSION).is_file() {
            let install = ["install", self.name, "--locked", "--version", self.version, "--root"];
            let mut install = cargo(workspace, &install);
            install.arg(&folder);
            run(install)?;
        }
        let mut command = cargo(workspace, arguments);
        command.env("PATH", path_with(&bin)?);
        Ok(command)
    }
}
