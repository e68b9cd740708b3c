//! Runs the bot of `examples/foreign-bot`, written for Node without packages, against `discord-sim`.
#![allow(clippy::unwrap_used, reason = "a test that cannot go on has failed")]

use std::process::Command;

#[test]
#[ignore = "needs Node 20; the stage `clients` of cargo xtask test runs it"]
fn a_bot_in_another_language_passes_its_own_tests() {
    let status = Command::new("node")
        .args(["--test", "--test-reporter=spec", "bot.test.js"])
        .current_dir(concat!(env!("CARGO_MANIFEST_DIR"), "/examples/foreign-bot"))
        .env("DISCORD_SIM", env!("CARGO_BIN_EXE_discord-sim"))
        .status()
        .unwrap();
    assert!(status.success(), "node ended with {status}");
}
