//! Checks which of our crates depend on which, and which dependencies are forbidden.

use std::{collections::BTreeSet, path::Path, process::Command};

use serde_json::Value;

/// The allowed dependencies by folder, without dev-dependencies; the first matching line applies. `*` is any one
/// folder. Adding to this list is an architectural decision.
const ALLOWED: &[(&str, &[&str])] = &[
    (
        "functions/*",
        &[
            "shared/aws",
            "shared/commands",
            "shared/discord",
            "shared/domain",
            "shared/engine",
            "shared/integrations",
            "shared/outbound",
            "shared/runtime",
            "shared/words",
        ],
    ),
    (
        "shared/commands",
        &[
            "shared/aws",
            "shared/discord",
            "shared/domain",
            "shared/engine",
            "shared/integrations",
            "shared/words",
        ],
    ),
    (
        "shared/engine",
        &[
            "shared/aws",
            "shared/discord",
            "shared/domain",
            "shared/integrations",
            "shared/outbound",
            "shared/words",
        ],
    ),
    ("shared/aws", &["shared/domain", "shared/outbound"]),
    ("shared/discord", &["shared/domain", "shared/outbound"]),
    ("shared/integrations", &["shared/domain", "shared/outbound"]),
    ("shared/runtime", &["shared/aws", "shared/domain"]),
    ("shared/outbound", &["shared/domain"]),
    ("shared/words", &["shared/domain"]),
    ("shared/domain", &[]),
    // They also work with the real Discord and AWS.
    ("ops/*", &["shared/aws", "shared/commands", "shared/discord", "shared/domain", "shared/outbound"]),
    // It connects everything.
    ("local/steward", &["functions/*", "local/*", "ops/lib", "shared/*"]),
    // Simulations share no code with the bot, so that they cannot share its mistakes.
    ("local/clock", &[]),
    ("local/discord", &["local/clock"]),
    ("local/dynamodb", &[]),
    ("local/lambda", &["local/clock", "local/sqs"]),
    ("local/load", &["local/clock", "local/open-meteo"]),
    ("local/open-meteo", &[]),
    ("local/playground", &["local/clock", "local/discord"]),
    ("local/sqs", &["local/clock"]),
    ("tests", &["functions/*", "local/*", "ops/lib", "shared/*"]),
    ("xtask", &[]),
];

/// Dependencies that only one crate may have.
const ONLY_IN: &[(&str, &str)] = &[("aws-", "shared/aws"), ("dynoxide", "local/dynamodb")];

fn workspace() -> &'static Path {
    Path::new(env!("CARGO_MANIFEST_DIR")).parent().unwrap()
}

fn packages() -> Vec<Value> {
    let output = Command::new(env!("CARGO"))
        .args(["metadata", "--format-version", "1", "--no-deps", "--locked"])
        .current_dir(workspace())
        .output()
        .unwrap();
    let metadata: Value = serde_json::from_slice(&output.stdout).unwrap();
    metadata["packages"].as_array().unwrap().clone()
}

/// The folder of one of our packages, relative to the workspace.
fn folder(path: &Value) -> Option<String> {
    let folder = Path::new(path.as_str()?).strip_prefix(workspace()).ok()?;
    Some(folder.to_str().unwrap().trim_end_matches("/Cargo.toml").to_owned())
}

/// The dependencies of a package, without dev-dependencies.
fn dependencies(package: &Value) -> impl Iterator<Item = &Value> {
    package["dependencies"].as_array().unwrap().iter().filter(|dependency| dependency["kind"].is_null())
}

fn fits(pattern: &str, folder: &str) -> bool {
    match pattern.strip_suffix('*') {
        Some(parent) => folder.strip_prefix(parent).is_some_and(|name| !name.contains('/')),
        None => pattern == folder,
    }
}

#[test]
fn crates_depend_only_on_what_their_folder_may() {
    for package in &packages() {
        let from = folder(&package["manifest_path"]).unwrap();
        let rule = ALLOWED.iter().find(|(pattern, _)| fits(pattern, &from));
        let (_, allowed) = rule.unwrap_or_else(|| panic!("there is no rule for {from}"));
        let found: BTreeSet<_> =
            dependencies(package).filter_map(|dependency| folder(&dependency["path"])).collect();
        let is_allowed = |to: &&String| allowed.iter().any(|pattern| fits(pattern, to));
        let refused: Vec<_> = found.iter().filter(|to| !is_allowed(to)).collect();
        assert!(refused.is_empty(), "{from} must not depend on {refused:?}");
    }
}

/// Telemetry recognizes our crates by the prefix of their names, and logs the rest.
#[test]
fn packages_are_named_after_their_folders() {
    for package in &packages() {
        let from = folder(&package["manifest_path"]).unwrap();
        let expected = match from.as_str() {
            "local/steward" => "steward".to_owned(),
            "tests" | "xtask" => from,
            _ => {
                let own = from.trim_start_matches("shared/").trim_start_matches("functions/");
                format!("steward-{}", own.replace('/', "-"))
            }
        };
        assert_eq!(package["name"], expected.as_str());
    }
}

/// Cargo only warns about an override for an unknown package, so a renamed one would silently lose its opt-level.
#[test]
fn every_profile_override_names_a_package_of_the_graph() {
    let read = |file| std::fs::read_to_string(workspace().join(file)).unwrap();
    let (manifest, lock) = (read("Cargo.toml"), read("Cargo.lock"));
    let overrides = manifest.lines().filter_map(|line| {
        let (_, name) = line.strip_prefix("[profile.")?.split_once(".package.")?;
        Some(name.trim_end_matches(']').trim_matches('"'))
    });
    let missing: Vec<_> =
        overrides.filter(|name| *name != "*" && !lock.contains(&format!("name = \"{name}\"\n"))).collect();
    assert!(missing.is_empty(), "Cargo.toml has a profile for packages that are not there: {missing:?}");
    for function in ["steward-interactions", "steward-jobs"] {
        assert!(manifest.contains(&format!("[profile.release.package.{function}]")), "{function}");
    }
}

#[test]
fn the_aws_sdk_and_the_local_dynamodb_stay_in_their_crates() {
    for package in &packages() {
        let from = folder(&package["manifest_path"]).unwrap();
        for (name, owner) in ONLY_IN {
            let names = dependencies(package).map(|dependency| dependency["name"].as_str().unwrap());
            let found: Vec<_> = names.filter(|it| it.starts_with(name)).collect();
            assert!(from == *owner || found.is_empty(), "{from}: {found:?}");
        }
    }
}

#[test]
fn ring_is_the_only_provider_of_tls_and_one_sqlite_is_enough() {
    let lock = std::fs::read_to_string(workspace().join("Cargo.lock")).unwrap();
    for other in ["aws-config", "aws-lc-rs", "aws-lc-sys", "openssl", "openssl-sys", "native-tls"] {
        assert!(!lock.contains(&format!("name = \"{other}\"\n")), "{other} in Cargo.lock");
    }
    assert_eq!(lock.matches("name = \"libsqlite3-sys\"").count(), 1);
}
