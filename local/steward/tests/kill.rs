//! `kill -9` between "thinking…" and the edit loses nothing.
#![allow(clippy::unwrap_used, reason = "a test that cannot go on has failed")]

use std::{
    io::{BufRead, BufReader},
    path::Path,
    process::{Child, Command, Stdio},
    time::Duration,
};

use bytes::Bytes;
use http::Request;
use serde_json::{Value, json};

/// A `steward up` process, killed when this is dropped.
struct Steward {
    process: Child,
    url: String,
    client: outbound::Client,
}

impl Steward {
    fn start(data: &Path, weather_latency: &str) -> Self {
        let mut process = Command::new(env!("CARGO_BIN_EXE_steward"))
            .args(["up", "--port", "0", "--log", "trace", "--weather-latency", weather_latency, "--data"])
            .arg(data)
            // The environment's own settings must not matter.
            .env_remove("DISCORD_PUBLIC_KEY")
            .env_remove("LOG_LEVEL")
            .stdout(Stdio::piped())
            .stderr(log())
            .spawn()
            .unwrap();
        let mut lines = BufReader::new(process.stdout.take().unwrap()).lines();
        let first = lines.next().unwrap().unwrap();
        let url = first.split_whitespace().last().unwrap().to_owned();
        Self { process, url, client: outbound::Client::new() }
    }

    /// Kills the process as `kill -9` does: no handler runs, nothing is flushed.
    fn kill(&mut self) {
        self.process.kill().unwrap();
        self.process.wait().unwrap();
    }

    async fn post(&self, path: &str, body: &Value) -> Value {
        let request = Request::post(format!("{}{path}", self.url)).header("content-type", "application/json");
        self.ask(request.body(Bytes::from(body.to_string())).unwrap()).await
    }

    async fn get(&self, path: &str) -> Value {
        self.ask(Request::get(format!("{}{path}", self.url)).body(Bytes::new()).unwrap()).await
    }

    async fn ask(&self, request: Request<Bytes>) -> Value {
        let answer = self.client.send(request, Duration::from_secs(30)).await.unwrap();
        assert_eq!(answer.status(), 200, "{answer:?}");
        serde_json::from_slice(answer.body()).unwrap()
    }

    async fn steps(&self, id: &str, after: usize) -> Vec<String> {
        let view = self.get(&format!("/local/interactions/{id}?after={after}")).await;
        view["steps"]
            .as_array()
            .unwrap()
            .iter()
            .map(|step| step["what"].as_str().unwrap().to_owned())
            .collect()
    }
}

/// A log file in the folder `STEWARD_TEST_LOGS`, if it is set.
#[expect(clippy::disallowed_methods, reason = "a test has no main that reads variables")]
fn log() -> Stdio {
    let Ok(folder) = std::env::var("STEWARD_TEST_LOGS") else { return Stdio::null() };
    let file = std::path::PathBuf::from(folder).join(format!("kill-{}.log", std::process::id()));
    std::fs::OpenOptions::new().create(true).append(true).open(file).unwrap().into()
}

impl Drop for Steward {
    fn drop(&mut self) {
        let _ = self.process.kill();
        let _ = self.process.wait();
    }
}

#[tokio::test]
async fn a_reply_survives_the_death_of_everything() {
    let folder = tempfile::tempdir().unwrap();
    let mut steward = Steward::start(folder.path(), "2400");
    let say = json!({"user": "Bartholomew Finch", "channel": "general", "line": "/weather place:Paris"});
    let id = steward.post("/local/say", &say).await["id"].as_str().unwrap().to_owned();
    assert_eq!(steward.steps(&id, 0).await, ["thinking…"]);
    while steward.get("/local/status").await["queues"][0]["in_flight"] != 1 {
        tokio::time::sleep(Duration::from_millis(20)).await;
    }
    // The job has been received; shortly after it is claimed, and then waits for the weather.
    tokio::time::sleep(Duration::from_millis(500)).await;
    steward.kill();

    let steward = Steward::start(folder.path(), "0");
    assert_eq!(steward.steps(&id, 0).await, ["thinking…"]);
    // The job is visible again after the visibility timeout of 180 s.
    steward.post("/local/clock", &json!({"seconds": 181})).await;
    assert_eq!(steward.steps(&id, 1).await, ["thinking…", "edited"]);
}

#[tokio::test]
async fn a_user_whose_job_dies_at_every_attempt_is_told() {
    let folder = tempfile::tempdir().unwrap();
    let mut steward = Steward::start(folder.path(), "2400");
    let say = json!({"user": "Bartholomew Finch", "channel": "general", "line": "/weather place:Paris"});
    let id = steward.post("/local/say", &say).await["id"].as_str().unwrap().to_owned();
    assert_eq!(steward.steps(&id, 0).await, ["thinking…"]);
    for _ in 0..4 {
        while steward.get("/local/status").await["queues"][0]["in_flight"] != 1 {
            tokio::time::sleep(Duration::from_millis(20)).await;
        }
        // Time to claim the job; the weather takes longer.
        tokio::time::sleep(Duration::from_millis(700)).await;
        steward.kill();
        steward = Steward::start(folder.path(), "2400");
        steward.post("/local/clock", &json!({"seconds": 181})).await;
    }
    // Twelve minutes after the interaction, whose token is valid for fifteen, the fifth receive gives the job up.
    assert_eq!(steward.steps(&id, 1).await, ["thinking…", "edited"]);
    // The outcome is counted shortly after the edit is visible.
    while steward.get("/local/status").await["outcomes"][0]["failed"] != 1 {
        tokio::time::sleep(Duration::from_millis(20)).await;
    }
}

#[tokio::test]
async fn a_second_steward_on_the_same_port_says_what_to_do() {
    let folder = tempfile::tempdir().unwrap();
    let steward = Steward::start(folder.path(), "0");
    let port = steward.url.rsplit(':').next().unwrap().to_owned();
    let second = Command::new(env!("CARGO_BIN_EXE_steward"))
        .args(["up", "--memory", "--port", &port])
        .output()
        .unwrap();
    assert!(!second.status.success());
    let said = String::from_utf8(second.stderr).unwrap();
    assert!(said.contains("Is another steward running?") && said.contains("--port"), "{said}");
}

#[tokio::test]
async fn a_folder_belongs_to_one_steward_and_keeps_its_clock() {
    let folder = tempfile::tempdir().unwrap();
    let mut steward = Steward::start(folder.path(), "0");
    let moved = steward.post("/local/clock", &json!({"seconds": 86_400})).await;
    let second = Command::new(env!("CARGO_BIN_EXE_steward"))
        .args(["up", "--port", "0", "--data"])
        .arg(folder.path())
        .output()
        .unwrap();
    let said = String::from_utf8(second.stderr).unwrap();
    assert!(said.contains("another steward is using") && said.contains("--memory"), "{said}");
    steward.kill();

    let steward = Steward::start(folder.path(), "0");
    let now = steward.post("/local/clock", &json!({"seconds": 0})).await;
    assert!(now["now"].as_str() > moved["now"].as_str(), "{now} is not after {moved}");
}
