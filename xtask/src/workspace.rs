//! Where things are, and whether anybody is watching.

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
        let root =
            root.ok_or_else(|| Failure::new("the workspace has moved since xtask was built: `cargo clean`"))?;
        Ok(Self { root: root.to_owned() })
    }

    /// The one in this folder.
    pub fn at(root: PathBuf) -> Self {
        Self { root }
    }

    pub fn root(&self) -> &Path {
        &self.root
    }

    /// The functions of template.yaml, by the name of their binary: a folder each.
    pub fn functions(&self) -> Result<Vec<String>> {
        let folder = self.root.join("functions");
        let entries = fs::read_dir(&folder).map_err(Failure::at(&folder))?;
        let mut names: Vec<String> =
            entries.filter_map(|entry| entry.ok()?.file_name().into_string().ok()).collect();
        names.sort();
        Ok(names)
    }

    /// Where every test process leaves its log lines, at trace level.
    pub fn test_logs(&self) -> PathBuf {
        self.root.join("target/test-logs")
    }

    /// Where every test process leaves what its simulated Discord answered.
    pub fn test_answers(&self) -> PathBuf {
        self.root.join("target/test-answers")
    }

    /// Packages of Python and Node, installed once and kept until their pins change.
    pub fn tools(&self) -> PathBuf {
        self.root.join("target/tools")
    }

    /// What cargo builds. It follows `CARGO_TARGET_DIR`, as cargo does.
    pub fn target(&self) -> PathBuf {
        self.root.join(std::env::var_os("CARGO_TARGET_DIR").unwrap_or_else(|| "target".into()))
    }

    /// Where cargo-lambda leaves `<bin>/bootstrap`.
    pub fn lambda(&self) -> PathBuf {
        self.target().join("lambda")
    }
}

/// In CI a missing tool is an error: a check that is silently skipped there is skipped for everybody.
pub fn in_ci() -> bool {
    std::env::var_os("CI").is_some()
}
