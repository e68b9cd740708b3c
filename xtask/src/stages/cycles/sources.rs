//! The Rust files of the project.

use std::collections::BTreeMap;
use std::fs;

use crate::failure::{Failure, Result};
use crate::workspace::Workspace;

/// Contents by path in the project, with `/` as separator.
#[derive(Default)]
pub struct Sources(BTreeMap<String, String>);

impl Sources {
    pub fn read(workspace: &Workspace, files: Vec<String>) -> Result<Self> {
        let read = |file: String| {
            let path = workspace.root().join(&file);
            let text = fs::read_to_string(&path).map_err(Failure::at(&path))?;
            Ok((file, text))
        };
        files.into_iter().map(read).collect::<Result<_>>().map(Self)
    }

    #[cfg(test)]
    pub fn of(files: &[(&str, &str)]) -> Self {
        Self(files.iter().map(|(file, text)| ((*file).to_owned(), (*text).to_owned())).collect())
    }

    pub fn has(&self, file: &str) -> bool {
        self.0.contains_key(file)
    }

    pub fn parsed(&self, file: &str) -> Result<syn::File> {
        let text = self.0.get(file).ok_or_else(|| Failure::new(format!("there is no {file}")))?;
        syn::parse_file(text)
            .map_err(|error| Failure::new(format!("{file}:{}: {error}", error.span().start().line)))
    }

    /// The possible modules in a folder, `name.rs` and `name/mod.rs`, with their names.
    pub fn modules_in(&self, folder: &str) -> Vec<(String, String)> {
        let prefix = format!("{folder}/");
        let files = self.0.keys().filter_map(|file| {
            let within = file.strip_prefix(&prefix)?;
            let name = within.strip_suffix("/mod.rs").or_else(|| within.strip_suffix(".rs"))?;
            let is_here = !name.contains('/') && name != "mod";
            is_here.then(|| (name.to_owned(), file.clone()))
        });
        files.collect()
    }
}
