//! Who may import whom, and what may not be in the graph at all.

use std::{collections::BTreeSet, process::Command};

use serde_json::Value;

/// Every arrow between our own crates. A new one is a decision: write it here with the change.
const ARROWS: &[(&str, &[&str])] = &[
    ("steward-aws", &["steward-domain", "steward-outbound"]),
    (
        "steward-commands",
        &["steward-discord", "steward-domain", "steward-engine", "steward-integrations", "steward-words"],
    ),
    (
        "steward-engine",
        &[
            "steward-aws",
            "steward-discord",
            "steward-domain",
            "steward-integrations",
            "steward-outbound",
            "steward-words",
        ],
    ),
    ("steward-discord", &["steward-domain", "steward-outbound"]),
    ("steward-domain", &[]),
    ("steward-integrations", &["steward-domain", "steward-outbound"]),
    ("steward-outbound", &[]),
    ("steward-runtime", &["steward-aws", "steward-domain"]),
    ("steward-words", &["steward-domain"]),
    ("xtask", &[]),
];

/// What a function may depend on, and need not.
const OF_A_FUNCTION: &[&str] = &[
    "steward-aws",
    "steward-commands",
    "steward-discord",
    "steward-domain",
    "steward-engine",
    "steward-integrations",
    "steward-outbound",
    "steward-runtime",
    "steward-words",
];

/// The SDK's crates may be named by `aws` alone.
const SDK: &str = "aws-";

fn packages() -> Vec<Value> {
    let output = Command::new(env!("CARGO"))
        .args(["metadata", "--format-version", "1", "--no-deps", "--locked"])
        .current_dir(env!("CARGO_MANIFEST_DIR"))
        .output()
        .unwrap();
    let metadata: Value = serde_json::from_slice(&output.stdout).unwrap();
    metadata["packages"].as_array().unwrap().clone()
}

/// What a package depends on outside its tests.
fn dependencies(package: &Value) -> BTreeSet<&str> {
    let all = package["dependencies"].as_array().unwrap();
    all.iter()
        .filter(|dependency| dependency["kind"].is_null())
        .map(|dependency| dependency["name"].as_str().unwrap())
        .collect()
}

#[test]
fn the_rooms_know_only_whom_they_may() {
    let packages = packages();
    let ours: BTreeSet<_> = packages.iter().map(|package| package["name"].as_str().unwrap()).collect();
    for package in packages.iter() {
        let name = package["name"].as_str().unwrap();
        let found: Vec<_> = dependencies(package).intersection(&ours).copied().collect();
        if package["manifest_path"].as_str().unwrap().contains("/functions/") {
            assert!(found.iter().all(|it| OF_A_FUNCTION.contains(it)), "{name}: {found:?}");
        } else if !["local", "tests"].contains(&name) {
            let arrows = ARROWS.iter().find(|(room, _)| *room == name);
            let (_, allowed) = arrows.unwrap_or_else(|| panic!("{name} is in no arrow"));
            assert_eq!(found, *allowed, "{name}");
        }
    }
}

#[test]
fn the_aws_sdk_stays_in_its_room() {
    for package in packages().iter().filter(|package| package["name"] != "steward-aws") {
        let foreign: Vec<_> =
            dependencies(package).into_iter().filter(|name| name.starts_with(SDK)).collect();
        assert!(foreign.is_empty(), "{}: {foreign:?}", package["name"]);
    }
}

#[test]
fn ring_is_the_only_provider_of_tls_and_one_sqlite_is_enough() {
    let lock = std::fs::read_to_string(concat!(env!("CARGO_MANIFEST_DIR"), "/../Cargo.lock")).unwrap();
    for other in ["aws-config", "aws-lc-rs", "aws-lc-sys", "openssl", "openssl-sys", "native-tls"] {
        assert!(!lock.contains(&format!("name = \"{other}\"\n")), "{other} in Cargo.lock");
    }
    assert_eq!(lock.matches("name = \"libsqlite3-sys\"").count(), 1);
}
