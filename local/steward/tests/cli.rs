//! Tests `steward register`, `sign`, `invoke`, `status` and `dead-letters` with a running `steward up`.
#![allow(clippy::unwrap_used, reason = "a test that cannot go on has failed")]

use std::{
    io::{BufRead, BufReader},
    path::Path,
    process::{Child, Command, Output, Stdio},
    time::Duration,
};

use bytes::Bytes;
use http::Request;
use serde_json::{Value, json};

/// A `steward up` process, killed when this is dropped.
struct Steward {
    process: Child,
    url: String,
    application: String,
    token: String,
}

impl Steward {
    async fn start() -> Self {
        let mut process = steward(&["up", "--memory", "--port", "0"])
            .stdout(Stdio::piped())
            .stderr(Stdio::null())
            .spawn()
            .unwrap();
        let first = BufReader::new(process.stdout.take().unwrap()).lines().next().unwrap().unwrap();
        let url = first.split_whitespace().last().unwrap().to_owned();
        let mut steward = Self { process, url, application: String::new(), token: String::new() };
        let status = steward.ask("GET", "/local/status", &Value::Null).await;
        steward.application = status["application_id"].as_str().unwrap().to_owned();
        steward.token = status["bot_token"].as_str().unwrap().to_owned();
        steward
    }

    async fn ask(&self, method: &str, path: &str, body: &Value) -> Value {
        let request = Request::builder()
            .method(method)
            .uri(format!("{}{path}", self.url))
            .header("content-type", "application/json")
            .header("authorization", format!("Bot {}", self.token))
            .header("user-agent", "DiscordBot (https://steward.invalid, test)")
            .body(Bytes::from(body.to_string()));
        let answer = outbound::Client::new().send(request.unwrap(), Duration::from_secs(30)).await.unwrap();
        assert!(answer.status().is_success(), "{answer:?}");
        serde_json::from_slice(answer.body()).unwrap()
    }

    /// Runs `steward register`. Returns the exit code and the output.
    fn register(&self, token: &str, arguments: &[&str]) -> (i32, String) {
        let output = steward(&["register", "--api-base", &self.url])
            .args(arguments)
            .env("DISCORD_APPLICATION_ID", &self.application)
            .env("DISCORD_BOT_TOKEN", token)
            .output()
            .unwrap();
        let (code, said) = told(&output);
        assert!(!said.contains(token), "{said}");
        (code, said)
    }
}

impl Drop for Steward {
    fn drop(&mut self) {
        let _ = self.process.kill();
        let _ = self.process.wait();
    }
}

/// A `steward` command without the environment's own settings.
fn steward(arguments: &[&str]) -> Command {
    let mut command = Command::new(env!("CARGO_BIN_EXE_steward"));
    command.args(arguments);
    for name in [
        "DISCORD_PUBLIC_KEY",
        "DISCORD_APPLICATION_ID",
        "DISCORD_BOT_TOKEN",
        "LOG_LEVEL",
        "JOBS_DEAD_LETTERS_URL",
        "STATE_TABLE",
    ] {
        command.env_remove(name);
    }
    command
}

fn told(output: &Output) -> (i32, String) {
    let said = [&output.stdout[..], &output.stderr[..]].concat();
    (output.status.code().unwrap(), String::from_utf8(said).unwrap())
}

fn run(arguments: &[&str]) -> (i32, String) {
    told(&steward(arguments).output().unwrap())
}

fn event(name: &str) -> String {
    Path::new(env!("CARGO_MANIFEST_DIR")).join("../../events").join(name).display().to_string()
}

#[tokio::test]
async fn register_plans_checks_applies_and_then_has_nothing_to_change() {
    let steward = Steward::start().await;
    let commands = format!("/api/v10/applications/{}/commands", steward.application);
    steward.ask("PUT", &commands, &json!([])).await;
    let count = commands::COMMANDS.len();
    for flag in ["--plan", "--check"] {
        let (code, said) = steward.register(&steward.token, &[flag]);
        assert_eq!(code, if flag == "--check" { 2 } else { 0 }, "{said}");
        assert!(said.contains("+ /ping  new") && said.contains(&format!("{count} new.")), "{said}");
        assert_eq!(steward.ask("GET", &commands, &Value::Null).await, json!([]), "{flag} changes nothing");
    }
    let (code, said) = steward.register(&steward.token, &[]);
    assert!(code == 0 && said.contains(&format!("Registered: {count} commands.")), "{said}");
    let registered = steward.ask("GET", &commands, &Value::Null).await;
    for flags in [&["--check"][..], &[]] {
        let (code, said) = steward.register(&steward.token, flags);
        assert!(code == 0 && said.contains("Nothing to change."), "{said}");
    }
    assert_eq!(steward.ask("GET", &commands, &Value::Null).await, registered);
}

#[tokio::test]
async fn register_tells_drift_field_by_field() {
    let steward = Steward::start().await;
    let commands = format!("/api/v10/applications/{}/commands", steward.application);
    let registered = steward.ask("GET", &commands, &Value::Null).await;
    let ping = registered.as_array().unwrap().iter().find(|command| command["name"] == "ping").unwrap();
    let one = format!("{commands}/{}", ping["id"].as_str().unwrap());
    steward.ask("PATCH", &one, &json!({"description": "Something else"})).await;
    let (code, said) = steward.register(&steward.token, &["--check"]);
    assert_eq!(code, 2, "{said}");
    assert!(said.contains("~ /ping\n    description: \"Something else\" -> \"Check whether"), "{said}");
    let (code, said) = steward.register("wrong.token.altogether", &[]);
    assert!(code == 1 && said.contains("rejects this bot token (401)"), "{said}");
    let (code, said) = run(&["register"]);
    assert!(code == 1 && said.contains("DISCORD_APPLICATION_ID"), "{said}");
}

#[tokio::test]
async fn flags_are_listed_set_and_overridden_in_the_running_stack() {
    let steward = Steward::start().await;
    let port = steward.url.rsplit(':').next().unwrap();
    let flags = |arguments: &[&str]| run(&[&["flags"], arguments, &["--port", port]].concat());
    assert!(flags(&["list"]).1.contains("No flag is set"));
    let (code, said) = flags(&["set", "Convert units", "10"]);
    assert_eq!((code, said.as_str()), (0, "Convert units: 10 % of guilds\n"));
    let (code, said) = flags(&["override", "81384788765712384", "Convert units", "on"]);
    assert!(code == 0 && said.ends_with("  on for 81384788765712384\n"), "{said}");
    assert_eq!(flags(&["list"]).1, said);
    flags(&["override", "81384788765712384", "Convert units", "default"]);
    assert!(flags(&["set", "Convert units", "100"]).1.contains("No flag is set"));
    let (code, said) = flags(&["set", "wether", "10"]);
    assert!(code == 2 && said.contains("no such command") && said.contains("weather"), "{said}");
    assert_eq!(flags(&["set", "weather", "101"]).0, 2);
}

#[tokio::test]
async fn invoke_shows_the_answer_of_the_running_stack_whatever_its_clock_says() {
    let steward = Steward::start().await;
    let url = format!("{}/interactions", steward.url);
    for file in ["slash_ping.json", "interactions/slash_ping.json"] {
        let (code, said) = run(&["invoke", &event(file), "--url", &url]);
        assert!(code == 0 && said.starts_with("200 OK in ") && said.contains("\"Pong! Steward"), "{said}");
    }
    let (code, said) = run(&["invoke", &event("bad_signature.json"), "--unchanged", "--url", &url]);
    assert!(code == 1 && said.starts_with("401 Unauthorized"), "{said}");
    steward.ask("POST", "/local/clock", &json!({"seconds": 4_000})).await;
    let (code, said) = run(&["invoke", &event("ping.json"), "--url", &url]);
    assert!(code == 0 && said.contains("\"type\": 1"), "{said}");
}

#[test]
fn what_cannot_be_invoked_says_why() {
    let closed = "http://127.0.0.1:9/interactions";
    for (arguments, part) in [
        (
            &["invoke", &event("ping.json"), "--url", closed][..],
            "Start steward first in another terminal: cargo run",
        ),
        (&["invoke", "no-such-file.json"], "cannot read no-such-file.json"),
        (&["invoke", &event("../README.md")], "is not JSON"),
        (&["invoke", &event("jobs.json")], "an SQS batch"),
        (&["sign", &event("ping.json"), "--key", "abc"], "64 hexadecimal digits"),
    ] {
        let (code, said) = run(arguments);
        assert!(code == 1 && said.contains(part), "{arguments:?}: {said}");
    }
}

#[test]
fn sign_gives_an_event_back_as_it_was() {
    let ping = event("ping.json");
    let (code, said) = run(&["sign", &event("interactions/ping.json"), "--timestamp", "1767225600"]);
    assert_eq!((code, said), (0, std::fs::read_to_string(&ping).unwrap()));
    let (_, headers) = run(&["sign", &ping, "--timestamp", "1767225600", "--as", "headers"]);
    assert!(headers.contains("x-signature-timestamp: 1767225600\n"), "{headers}");
    let (_, curl) = run(&["sign", &ping, "--as", "curl"]);
    assert!(
        curl.starts_with("curl -i http://127.0.0.1:7700/interactions") && curl.contains("--data-binary '{")
    );
}

/// A client of the stack's queues, with the functions' variables.
struct Sqs {
    variables: Vec<(String, String)>,
}

impl Sqs {
    async fn of(steward: &Steward) -> Self {
        let request = Request::get(format!("{}/local/variables", steward.url)).body(Bytes::new()).unwrap();
        let answer = outbound::Client::new().send(request, Duration::from_secs(30)).await.unwrap();
        let lines = String::from_utf8(answer.body().to_vec()).unwrap();
        let pair = |line: &str| line.split_once('=').map(|(name, value)| (name.to_owned(), value.to_owned()));
        Self { variables: lines.lines().filter_map(pair).collect() }
    }

    fn url(&self, queue: &str) -> String {
        let jobs = &self.variables.iter().find(|(name, _)| name == "JOBS_QUEUE_URL").unwrap().1;
        jobs.replace("/jobs", &format!("/{queue}"))
    }

    async fn send(&self, queue: &str, body: &str) {
        let url = self.url(queue);
        let (server, _) = url.split_once("/000000000000").unwrap();
        let request = Request::post(server)
            .header("content-type", "application/x-amz-json-1.0")
            .header("x-amz-target", "AmazonSQS.SendMessage")
            .body(Bytes::from(json!({"QueueUrl": url, "MessageBody": body}).to_string()));
        let answer = outbound::Client::new().send(request.unwrap(), Duration::from_secs(30)).await.unwrap();
        assert!(answer.status().is_success(), "{answer:?}");
    }
}

fn id_of(list: &str, reason: &str) -> String {
    let line = list.lines().find(|line| line.contains(reason)).unwrap_or_else(|| panic!("{reason}: {list}"));
    line.split_whitespace().next().unwrap().to_owned()
}

#[tokio::test]
async fn dead_letters_are_listed_shown_redriven_and_dropped() {
    let steward = Steward::start().await;
    let port = steward.url.rsplit(':').next().unwrap();
    let letters = |arguments: &[&str]| run(&[&["dead-letters", "--port", port], arguments].concat());
    assert_eq!(letters(&["list"]), (0, "There are no dead letters.\n".to_owned()));
    let sqs = Sqs::of(&steward).await;
    sqs.send("jobs", "watermelon").await;
    let mut list = String::new();
    for _ in 0..10 {
        steward.ask("POST", "/local/clock", &json!({"seconds": 91})).await;
        tokio::time::sleep(Duration::from_millis(200)).await;
        list = letters(&["list"]).1;
        if list.contains("unreadable") {
            break;
        }
    }
    let id = id_of(&list, "unreadable");
    let (code, shown) = letters(&["show", &id]);
    assert!(code == 0 && shown.contains("reason    unreadable"), "{shown}");
    assert!(!list.contains("watermelon") && !shown.contains("watermelon"), "{list}{shown}");

    let (code, said) = letters(&["drop", &id]);
    assert!(code == 1 && said.contains("confirm with --yes"), "{said}");
    let (code, said) = letters(&["redrive", &id]);
    assert!(code == 0 && said.contains("it is read again") && said.ends_with("Redriven: 1.\n"), "{said}");
    let (code, said) = letters(&["show", &id]);
    assert!(code == 1 && said.contains(&format!("there is no dead letter {id}")), "{said}");
    // The function has sent it back at once, as another message.
    while !letters(&["list"]).1.contains("unreadable") {
        tokio::time::sleep(Duration::from_millis(50)).await;
    }
    assert_eq!(letters(&["drop", "all", "--yes"]), (0, "Deleted: 1.\n".to_owned()));
}

/// The same through SQS and DynamoDB only, as an operator uses them.
#[tokio::test]
async fn dead_letters_are_reached_through_sqs_with_the_credentials_of_the_environment() {
    let steward = Steward::start().await;
    let sqs = Sqs::of(&steward).await;
    sqs.send("jobs-dead", "watermelon").await;
    let dead = sqs.url("jobs-dead");
    let letters = |arguments: &[&str]| {
        let mut command = self::steward(&[&["dead-letters"], arguments].concat());
        command.envs(sqs.variables.iter().cloned()).env("JOBS_DEAD_LETTERS_URL", &dead);
        told(&command.output().unwrap())
    };
    let (code, list) = letters(&["list"]);
    assert!(code == 0 && !list.contains("watermelon"), "{list}");
    let id = id_of(&list, "unreadable");
    // It was sent there directly, so there is no queue to send it back to.
    let (code, said) = letters(&["redrive", &id]);
    assert!(code == 1 && said.contains("has no source queue"), "{said}");
    assert_eq!(letters(&["drop", &id, "--yes"]), (0, "Deleted: 1.\n".to_owned()));
    assert_eq!(letters(&["list"]).1, "There are no dead letters.\n");
    let alone = self::steward(&["dead-letters", "list", "--queue-url", &dead])
        .env_remove("AWS_REGION")
        .env_remove("AWS_DEFAULT_REGION")
        .output();
    let (code, said) = told(&alone.unwrap());
    assert!(code == 1 && said.contains("AWS_REGION is not set"), "{said}");
}

#[tokio::test]
async fn status_tells_what_users_saw() {
    let steward = Steward::start().await;
    let port = steward.url.rsplit(':').next().unwrap();
    let (code, said) = run(&["status", "--port", port]);
    assert!(code == 0 && said.contains("No interactions since the start"), "{said}");
    let (code, said) = run(&["try", "/ping", "--port", port]);
    assert_eq!(code, 0, "{said}");
    let (code, said) = run(&["status", "--port", port]);
    let line = said.lines().find(|line| line.starts_with("ping ")).unwrap_or_else(|| panic!("{said}"));
    let cells: Vec<_> = line.split_whitespace().collect();
    assert_eq!((code, cells), (0, vec!["ping", engine::VERSION, "1", "0", "0", "0", "0", "0", "0", "0"]));
    assert!(said.contains("jobs-dead") && said.contains("timers"), "{said}");
}
