//! Responses to valid and invalid bodies, from the table in `verdicts.txt`.

use axum::{body::to_bytes, response::IntoResponse};
use serde_json::{Value, json};

use super::places;
use crate::{delivery::callback, model::interaction::Kind, testing::TestApp};

struct Row {
    line: usize,
    to: String,
    verdict: &'static str,
    body: Value,
}

fn rows() -> Vec<Row> {
    let lines = include_str!("verdicts.txt").lines().enumerate();
    let lines = lines.filter(|(_, line)| !line.is_empty() && !line.starts_with('#'));
    lines.map(|(index, line)| row(index + 1, line)).collect()
}

fn row(line: usize, text: &'static str) -> Row {
    let parts: Vec<&str> = text.splitn(4, " | ").collect();
    let [to, verdict, source, body] = parts[..] else { panic!("line {line} has no four columns") };
    assert!(
        source == "inferred" || source.starts_with(['D', 'F', 'S']),
        "line {line} does not say its source"
    );
    let body = serde_json::from_str(body).unwrap_or_else(|error| panic!("line {line}: {error}"));
    Row { line, to: to.to_owned(), verdict, body: spelt_out(&body, None) }
}

/// Expands abbreviations: `"x*3"` is `"xxx"`, `{"*": 3, "of": ..}` a list of three, `#` the number of the entry.
fn spelt_out(value: &Value, number: Option<u64>) -> Value {
    match value {
        Value::Object(members) if members.contains_key("*") => (0..members["*"].as_u64().unwrap())
            .map(|number| spelt_out(&members["of"], Some(number)))
            .collect(),
        Value::Object(members) => {
            members.iter().map(|(key, member)| (key.clone(), spelt_out(member, number))).collect()
        }
        Value::Array(entries) => entries.iter().map(|entry| spelt_out(entry, number)).collect(),
        Value::String(text) => text_of(text, number).into(),
        other => other.clone(),
    }
}

fn text_of(text: &str, number: Option<u64>) -> String {
    let text = number.map_or_else(|| text.to_owned(), |number| text.replace('#', &number.to_string()));
    match text.split_once("x*") {
        Some((before, times)) => format!("{before}{}", "x".repeat(times.parse().unwrap())),
        None => text,
    }
}

/// The response in the format of the table: status, code, and path and inner code of every error.
fn verdict(status: u16, body: &Value) -> String {
    if status < 300 {
        return "ok".to_owned();
    }
    let mut faults = Vec::new();
    collect(&body["errors"], "", &mut faults);
    let mut words = vec![format!("{status} {}", body["code"])];
    words.append(&mut faults);
    words.join(" ")
}

fn collect(tree: &Value, path: &str, faults: &mut Vec<String>) {
    for (key, node) in tree.as_object().into_iter().flatten() {
        if key == "_errors" {
            let shown = if path.is_empty() { "_" } else { path };
            let codes = node.as_array().unwrap().iter();
            faults.extend(codes.map(|fault| format!("{shown} {}", fault["code"].as_str().unwrap())));
        } else {
            let child = if path.is_empty() { key.clone() } else { format!("{path}.{key}") };
            collect(node, &child, faults);
        }
    }
}

async fn verdict_of(app: &TestApp, row: &Row) -> String {
    let by_kind = |kind| callback::parse(kind, kind == Kind::Component, false, &row.body);
    let application = app.discord.application_id();
    let (method, path) = match row.to.as_str() {
        "answer" => return inline(by_kind(Kind::Command)).await,
        "press" => return inline(by_kind(Kind::Component)).await,
        "complete" => return inline(by_kind(Kind::Autocomplete)).await,
        "edit" => ("PATCH", format!("{}/messages/@original", app.webhook())),
        "follow-up" => ("POST", app.webhook()),
        "message" => {
            let channel = app.discord.status().unwrap().guilds[0].channels[0].id;
            ("POST", format!("/channels/{channel}/messages"))
        }
        "post" => ("POST", format!("/applications/{application}/commands")),
        "put" => ("PUT", format!("/applications/{application}/commands")),
        other => return route(app, row, other).await,
    };
    let answer = app.call(method, &path, Some(row.body.clone())).await;
    verdict(answer.status, &answer.body)
}

/// Calls a route: `GET /path` with the bot's token, `owner PUT /path` with the bearer token.
async fn route(app: &TestApp, row: &Row, to: &str) -> String {
    let (owner, to) = to.strip_prefix("owner ").map_or((false, to), |to| (true, to));
    let Some((method, path)) = to.split_once(' ') else { panic!("line {}: nobody is at `{to}`", row.line) };
    let named = |text: &str| {
        places::names(app).iter().fold(text.to_owned(), |text, (name, id)| text.replace(name, id))
    };
    let path = named(path);
    let body = if row.body.is_null() { String::new() } else { named(&row.body.to_string()) };
    let kind = if body.is_empty() { "" } else { "application/json" };
    let authorization = match owner {
        true => format!("Bearer {}", app.discord.bearer_token()),
        false => format!("Bot {}", app.discord.bot_token()),
    };
    let answer = app.raw(method, &path, &authorization, kind, body).await;
    verdict(answer.status, &answer.body)
}

async fn inline(judged: Result<callback::Callback, crate::api_error::ApiError>) -> String {
    let Err(error) = judged else { return "ok".to_owned() };
    let response = error.into_response();
    let status = response.status().as_u16();
    let body = to_bytes(response.into_body(), usize::MAX).await.unwrap();
    verdict(status, &serde_json::from_slice(&body).unwrap())
}

#[tokio::test]
async fn discord_says_of_every_body_what_the_table_says() {
    let app = TestApp::open(|_| json!({ "type": 5 })).await;
    let id = app.say("/ping").await;
    app.first_step(id).await;
    places::promote(&app);
    let (message, thread) = places::furnish(&app).await;
    let mut differences = Vec::new();
    for mut row in rows() {
        row.to = row.to.replace("{message}", &message).replace("{thread}", &thread);
        app.clock.advance(std::time::Duration::from_secs(2));
        let said = verdict_of(&app, &row).await;
        if said != row.verdict {
            differences.push(format!("line {}: {} but the table says {}", row.line, said, row.verdict));
        }
    }
    assert!(differences.is_empty(), "{}", differences.join("\n"));
}

#[test]
fn the_table_has_a_hundred_rows_and_most_are_documented() {
    let rows = rows();
    let inferred = include_str!("verdicts.txt").matches(" | inferred | ").count();
    assert!(rows.len() >= 100 && inferred * 5 < rows.len(), "{inferred} of {}", rows.len());
}
