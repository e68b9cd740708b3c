//! The log line of the binary that is deployed, behind a Runtime API of this test.

#![allow(clippy::unwrap_used, reason = "the lint knows tests, but not what they share")]

#[allow(dead_code, reason = "what answers_at_once.rs alone needs")]
mod signed;

use std::{
    io::{BufRead, BufReader, Read, Write},
    net::{TcpListener, TcpStream},
    process::{Command, Stdio},
    sync::{Arc, Mutex},
    thread,
};

use domain::config::Configuration;
use serde_json::{Value, json};

const TRACE_ID: &str = "1-5759e988-bd862e3fe1be46a994272793";

/// The log lines of a new environment that gets these events, one invocation each.
fn logged(events: Vec<Vec<u8>>) -> Vec<Value> {
    let listener = TcpListener::bind("127.0.0.1:0").unwrap();
    let address = listener.local_addr().unwrap().to_string();
    let mut environment = Command::new(env!("CARGO_BIN_EXE_interactions"));
    environment.env_clear().stdout(Stdio::piped()).env("AWS_LAMBDA_RUNTIME_API", &address);
    for name in ["NAME", "VERSION", "MEMORY_SIZE"] {
        environment.env(format!("AWS_LAMBDA_FUNCTION_{name}"), "1");
    }
    for name in ["AWS_LAMBDA_LOG_STREAM_NAME", "AWS_LAMBDA_LOG_GROUP_NAME"] {
        environment.env(name, "1");
    }
    for name in steward_interactions::Config::variables() {
        environment.env(name, signed::variable(name));
    }
    for name in ["AWS_REGION", "AWS_ACCESS_KEY_ID", "AWS_SECRET_ACCESS_KEY"] {
        environment.env(name, "1");
    }
    environment.env("METRICS_NAMESPACE", "Steward/tests");
    // The requests were signed long ago.
    environment.envs([("STAGE", "local"), ("MAX_SIGNATURE_AGE_SECONDS", "0"), ("LOG_LEVEL", "info")]);
    let mut environment = environment.spawn().unwrap();
    let lines = BufReader::new(environment.stdout.take().unwrap());
    let count = events.len();
    let left = Arc::new(Mutex::new(events.into_iter().enumerate()));
    thread::spawn(move || {
        for connection in listener.incoming() {
            let (connection, left) = (connection.unwrap(), Arc::clone(&left));
            thread::spawn(move || serve(&connection, || left.lock().unwrap().next()));
        }
    });
    // A PING writes no line, so the last event must write one.
    let mut logged = Vec::new();
    for line in lines.lines() {
        logged.push(serde_json::from_str::<Value>(&line.unwrap()).unwrap());
        let last = format!("request-{}", count - 1);
        if logged.last().is_some_and(|line| line["function_request_id"] == last) {
            break;
        }
    }
    environment.kill().unwrap();
    environment.wait().unwrap();
    logged
}

/// Serves the Runtime API on a connection: hands out the events, and takes the responses.
fn serve(mut connection: &TcpStream, next: impl Fn() -> Option<(usize, Vec<u8>)>) {
    let mut requests = BufReader::new(connection);
    loop {
        let mut head = String::new();
        while !head.ends_with("\r\n\r\n") {
            if requests.read_line(&mut head).unwrap_or_default() == 0 {
                return;
            }
        }
        let head = head.to_ascii_lowercase();
        let length = head.lines().find_map(|line| line.strip_prefix("content-length: ")?.parse().ok());
        let mut body = vec![0; length.unwrap_or_default()];
        requests.read_exact(&mut body).unwrap();
        if head.contains("transfer-encoding: chunked") {
            while !body.ends_with(b"0\r\n\r\n") {
                requests.read_until(b'\n', &mut body).unwrap();
            }
        }
        let (status, headers, body) = if head.starts_with("get") {
            // Without an event the environment stays frozen, until it is killed.
            let Some((number, event)) = next() else { return thread::park() };
            let headers = format!(
                "lambda-runtime-aws-request-id: request-{number}\r\nlambda-runtime-deadline-ms: 1\r\n\
                 lambda-runtime-invoked-function-arn: arn\r\n\
                 lambda-runtime-trace-id: Root={TRACE_ID};Parent=53995c3f42cd8ad8;Sampled=0\r\n"
            );
            ("200 OK", headers, event)
        } else {
            ("202 Accepted", String::new(), Vec::new())
        };
        write!(connection, "HTTP/1.1 {status}\r\n{headers}content-length: {}\r\n\r\n", body.len()).unwrap();
        connection.write_all(&body).unwrap();
    }
}

/// As [`logged`], without the line about memory, which belongs to no event.
fn logged_for_events(events: Vec<Vec<u8>>) -> Vec<Value> {
    logged(events).into_iter().filter(|line| line["message"] != "memory").collect()
}

#[test]
fn after_a_ping_the_first_command_is_not_cold() {
    let command = || signed::command("ping", json!([]));
    let cold =
        |events| logged_for_events(events).iter().map(|line| line["cold"].as_bool()).collect::<Vec<_>>();
    assert_eq!(cold(vec![command(), command()]), [Some(true), Some(false)]);
    assert_eq!(cold(vec![signed::ping(), command()]), [Some(false)]);
    let rejected = br#"{"rawPath":"/","requestContext":{"http":{"method":"GET"}}}"#.to_vec();
    assert_eq!(cold(vec![rejected, command()]), [None, Some(false)]);
}

#[test]
fn the_line_has_the_ids_by_which_aws_names_the_request() {
    let other_path = r#"{"rawPath":"/","requestContext":{"http":{"method":"GET"},"requestId":"other"}}"#;
    let lines = logged_for_events(vec![other_path.into(), signed::command("ping", json!([]))]);
    let ids = |line: &Value| {
        ["message", "request_id", "function_request_id", "trace_id"]
            .map(|name| line[name].as_str().map(str::to_owned))
    };
    let expected =
        |message, gateway, lambda| [message, gateway, lambda, TRACE_ID].map(|id: &str| Some(id.to_owned()));
    assert_eq!(
        lines.iter().map(ids).collect::<Vec<_>>(),
        [
            expected("request rejected", "other", "request-0"),
            expected("handled", signed::GATEWAY_ID, "request-1")
        ]
    );
    // It was signed long ago, so its age counts from the receipt.
    assert!(
        lines[1]["age_ms"].as_u64() < Some(3_000) && lines[1]["user_outcome"] != "failed",
        "{}",
        lines[1]
    );
}

/// The metrics that a line declares.
fn metrics(line: &Value) -> Vec<&str> {
    let declared = line["_aws"]["CloudWatchMetrics"][0]["Metrics"].as_array();
    declared.into_iter().flatten().map(|metric| metric["Name"].as_str().unwrap()).collect()
}

#[test]
fn the_lines_of_the_binary_have_their_metrics() {
    let rejected = || br#"{"rawPath":"/","requestContext":{"http":{"method":"GET"}}}"#.to_vec();
    let lines = logged(vec![
        signed::command("ping", json!([])),
        rejected(),
        rejected(),
        signed::command("ping", json!([])),
    ]);
    let found: Vec<_> = lines.iter().map(|line| (line["message"].as_str().unwrap(), metrics(line))).collect();
    assert_eq!(
        found,
        [
            ("handled", vec!["AgeMs", "Failed", "Deferred"]),
            ("memory", vec!["MemoryMB"]),
            ("request rejected", vec!["TurnedAway"]),
            ("handled", vec!["AgeMs", "Failed", "Deferred"]),
        ]
    );
    for line in &lines {
        assert_eq!(line["_aws"]["CloudWatchMetrics"][0]["Namespace"], "Steward/tests");
        assert_eq!((&line["function"], &line["version"]), (&json!("interactions"), &json!("1")));
    }
    assert!(lines[1]["MemoryMB"].as_f64() > Some(1.0), "{}", lines[1]);
}
