//! The unmodified `@discordjs/rest`, in Node, with the simulated Discord of a running `steward`.
#![allow(clippy::unwrap_used, reason = "a test that cannot go on has failed")]

use std::{
    io::{BufRead, BufReader},
    process::{Child, Command, Stdio},
};

/// A `steward up` process, killed when this is dropped.
struct Steward {
    process: Child,
    url: String,
}

impl Steward {
    fn start() -> Self {
        let mut process = Command::new(env!("CARGO_BIN_EXE_steward"))
            .args(["up", "--memory", "--port", "0", "--log", "error"])
            .env_remove("DISCORD_PUBLIC_KEY")
            .stdout(Stdio::piped())
            .spawn()
            .unwrap();
        let first = BufReader::new(process.stdout.as_mut().unwrap()).lines().next().unwrap().unwrap();
        let url = first.split_whitespace().last().unwrap().to_owned();
        Self { process, url }
    }
}

impl Drop for Steward {
    fn drop(&mut self) {
        let _ = self.process.kill();
        let _ = self.process.wait();
    }
}

#[test]
#[ignore = "needs Node and packages; the stage `clients` of cargo xtask test brings them"]
#[expect(clippy::disallowed_methods, reason = "a test has no main that reads variables")]
fn discordjs_is_served_as_discord_serves_it() {
    let folder = std::env::var("STEWARD_TEST_DISCORDJS").expect("the folder with the scripts and packages");
    let steward = Steward::start();
    let status = Command::new("node")
        // One file after the other: they share commands, endpoint and rate limits.
        .args(["--test", "--test-concurrency=1", "--test-reporter=spec"])
        .args(["interactions.test.js", "rest.test.js"])
        .current_dir(folder)
        .env("STEWARD_URL", &steward.url)
        .status()
        .unwrap();
    assert!(status.success(), "node ended with {status}");
}
