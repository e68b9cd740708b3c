//! The paths of the workspace, and whether this runs in CI.

use std::fs;
use std::path::{Path, PathBuf};

use crate::failure::{Failure, Result};

pub struct Workspace {
    root: PathBuf,
}

impl Workspace {
    pub fn here() -> Result<Self> {
        let root =
            Path::new(env!("CARGO_MANIFEST_DIR")).parent().filter(|root| root.join("Cargo.toml").is_file());
        let root = root.ok_or_else(|| {
            Failure::new("the workspace was moved after xtask was built: run `cargo clean`")
        })?;
        Ok(Self { root: root.to_owned() })
    }

    /// The workspace in this folder.
    pub fn at(root: PathBuf) -> Self {
        Self { root }
    }

    pub fn root(&self) -> &Path {
        &self.root
    }

    /// The names of all functions' binaries: the folders of functions/, sorted.
    pub fn functions(&self) -> Result<Vec<String>> {
        let folder = self.root.join("functions");
        let entries = fs::read_dir(&folder).map_err(Failure::at(&folder))?;
        let mut names: Vec<String> =
            entries.filter_map(|entry| entry.ok()?.file_name().into_string().ok()).collect();
        names.sort();
        Ok(names)
    }

    /// The folder into which test processes write log lines, at trace level.
    pub fn test_logs(&self) -> PathBuf {
        self.root.join("target/test-logs")
    }

    /// The folder into which test processes record the simulated Discord's responses.
    pub fn test_answers(&self) -> PathBuf {
        self.root.join("target/test-answers")
    }

    /// The folder of installed tools: packages of Python and Node, and cargo subcommands.
    pub fn tools(&self) -> PathBuf {
        self.root.join("target/tools")
    }

    /// Cargo's target folder; like cargo, it follows `CARGO_TARGET_DIR`.
    pub fn target(&self) -> PathBuf {
        self.root.join(std::env::var_os("CARGO_TARGET_DIR").unwrap_or_else(|| "target".into()))
    }

    /// The folder into which cargo-lambda writes `<bin>/bootstrap`.
    pub fn lambda(&self) -> PathBuf {
        self.target().join("lambda")
    }
}

/// Whether this runs in CI, where a missing tool is an error, because a skipped check would go unnoticed.
pub fn in_ci() -> bool {
    std::env::var_os("CI").is_some()
}
