//! The packages of a workspace, from `cargo metadata`.

use std::path::Path;

use serde_json::Value;

use crate::command::{cargo, output};
use crate::failure::{Failure, Result};
use crate::workspace::Workspace;

pub struct Package {
    pub name: String,
    /// The path in the project: `shared/domain`.
    pub folder: String,
    pub targets: Vec<Target>,
}

pub struct Target {
    /// `lib`, `bin`, `example`, `test`, `bench` or `custom-build`.
    pub kind: String,
    /// The path of its root file in the project.
    pub file: String,
}

/// The packages of the workspace with this root manifest, sorted by name.
pub fn packages(workspace: &Workspace, manifest: &str) -> Result<Vec<Package>> {
    let metadata = ["metadata", "--format-version", "1", "--no-deps", "--manifest-path", manifest];
    let printed = output(cargo(workspace, &metadata))?;
    let metadata: Value = serde_json::from_slice(&printed)
        .map_err(|error| Failure::new(format!("cargo metadata is not JSON: {error}")))?;
    let mut packages: Vec<Package> =
        list(&metadata, "packages").map(|it| package(workspace.root(), it)).collect::<Result<_>>()?;
    packages.sort_by(|a, b| a.name.cmp(&b.name));
    Ok(packages)
}

fn package(root: &Path, package: &Value) -> Result<Package> {
    let manifest = within(root, text(package, "manifest_path")?)?;
    let targets = list(package, "targets").map(|target| {
        let kind = list(target, "kind").next().and_then(Value::as_str).unwrap_or_default();
        Ok(Target { kind: kind.to_owned(), file: within(root, text(target, "src_path")?)? })
    });
    Ok(Package {
        name: text(package, "name")?.to_owned(),
        folder: manifest.trim_end_matches("Cargo.toml").trim_end_matches('/').to_owned(),
        targets: targets.collect::<Result<_>>()?,
    })
}

fn list<'a>(value: &'a Value, key: &str) -> impl Iterator<Item = &'a Value> {
    value[key].as_array().into_iter().flatten()
}

fn text<'a>(value: &'a Value, key: &str) -> Result<&'a str> {
    value[key].as_str().ok_or_else(|| Failure::new(format!("cargo metadata has no `{key}`")))
}

/// A path relative to `root`, with `/` as separator, as git writes paths.
fn within(root: &Path, path: &str) -> Result<String> {
    let outside = |_| Failure::new(format!("{path} is not in {}", root.display()));
    let path = Path::new(path).strip_prefix(root).map_err(outside)?;
    Ok(path.iter().map(|part| part.to_string_lossy()).collect::<Vec<_>>().join("/"))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn xtask_is_a_package_of_the_workspace_with_one_program() {
        let workspace = Workspace::here().expect("the workspace");
        let packages = packages(&workspace, "Cargo.toml").expect("packages");
        let xtask = packages.iter().find(|it| it.name == "xtask").expect("xtask");
        assert_eq!(xtask.folder, "xtask");
        let targets: Vec<_> = xtask.targets.iter().map(|it| (it.kind.as_str(), it.file.as_str())).collect();
        assert_eq!(targets, [("bin", "xtask/src/main.rs")]);
    }
}
