//! Tests of `steward load`.
#![allow(clippy::unwrap_used, reason = "a test that cannot go on has failed")]

use std::process::{Command, Output};

use serde_json::Value;

fn load(arguments: &[&str]) -> Output {
    Command::new(env!("CARGO_BIN_EXE_steward")).arg("load").args(arguments).output().unwrap()
}

#[test]
fn a_small_load_has_no_error_and_every_deferred_reply_is_edited() {
    let folder = tempfile::tempdir().unwrap();
    let output = load(&["--quick", "--environments", "2", "--out", folder.path().to_str().unwrap()]);
    let said = String::from_utf8(output.stdout).unwrap();
    assert!(output.status.success(), "{said}{}", String::from_utf8_lossy(&output.stderr));
    let report = std::fs::read(folder.path().join("report.json")).unwrap();
    let report: Value = serde_json::from_slice(&report).unwrap();
    assert_eq!(report["wrong"], serde_json::json!({}), "{said}");
    let counts = |name: &str, what: &str| -> u64 {
        let phases = report["phases"].as_array().unwrap();
        let rows = phases.iter().flat_map(|phase| phase["commands"].as_array().unwrap());
        rows.filter(|row| row["what"] == name).map(|row| row[what].as_u64().unwrap()).sum()
    };
    let expected = [
        ("/ping", 72),
        ("/help", 72),
        ("/weather", 60),
        ("/settings", 12),
        ("/settings: a choice", 12),
        ("/weather, deferred", 12),
    ];
    for (name, count) in expected {
        assert_eq!((counts(name, "count"), counts(name, "wrong")), (count, 0), "{name}: {said}");
    }
    let deferred = "/weather, deferred";
    assert_eq!((counts(deferred, "deferred"), counts(deferred, "edited")), (12, 12), "{said}");
    assert!(report["phases"][0]["instant"]["answer"]["p95"].as_f64().unwrap() > 0.0);
    let page = std::fs::read_to_string(folder.path().join("report.html")).unwrap();
    assert!(page.contains("Latency of instant commands") && page.contains("0 of 240"), "{page}");
    assert!(!page.contains("http://") && !page.contains("https://"), "the page needs nothing else");
}

#[test]
fn what_is_not_of_this_machine_is_not_loaded() {
    let folder = tempfile::tempdir().unwrap();
    let out = folder.path().to_str().unwrap();
    let output = load(&["--quick", "--url", "https://example.com", "--replies", "0", "--out", out]);
    let said = String::from_utf8(output.stderr).unwrap();
    assert!(!output.status.success() && said.contains("is not on this machine"), "{said}");
}
