//! Validates the recorded responses of a whole test run.

use std::{
    collections::{BTreeMap, BTreeSet, HashSet},
    path::Path,
};

use serde_json::{Value, json};

use super::{OpenApiChecker, RecordedResponse, Verdict};
use crate::testing::{TestApp, answers};

/// The results for a run.
#[derive(Default)]
struct Findings {
    answers: usize,
    different: HashSet<String>,
    validated: BTreeSet<String>,
    not_in_the_file: BTreeSet<String>,
    /// The number of occurrences of each difference.
    faults: BTreeMap<String, usize>,
}

impl Findings {
    fn add(&mut self, checker: &mut OpenApiChecker, line: &str) {
        self.answers += 1;
        let answer = response(line);
        if !self.different.insert(shape(&answer)) {
            return;
        }
        let call = format!("{} {} {}", answer.method, answer.route, answer.status);
        match checker.checker(&answer) {
            Verdict::AsDocumented => _ = self.validated.insert(call),
            Verdict::NotInTheFile => _ = self.not_in_the_file.insert(call),
            Verdict::Wrong(faults) => {
                for fault in faults {
                    *self.faults.entry(format!("{call}: {fault}")).or_default() += 1;
                }
                self.validated.insert(call);
            }
        }
    }

    fn routes(&self) -> usize {
        let route = |call: &String| call.rsplit_once(' ').map(|(route, _)| route.to_owned());
        self.validated.iter().filter_map(route).collect::<BTreeSet<_>>().len()
    }
}

fn response(line: &str) -> RecordedResponse {
    let line: Value = serde_json::from_str(line).unwrap();
    let text = |key: &str| line[key].as_str().map(str::to_owned);
    RecordedResponse {
        method: text("method").unwrap(),
        route: text("route").unwrap(),
        status: u16::try_from(line["status"].as_u64().unwrap()).unwrap(),
        content_type: text("content_type"),
        body: line["body"].clone(),
    }
}

/// The response without digits in strings, so that responses that differ only in ids and times are validated once.
fn shape(answer: &RecordedResponse) -> String {
    format!("{:?}", RecordedResponse { body: without_digits(&answer.body), ..answer.clone() })
}

fn without_digits(value: &Value) -> Value {
    match value {
        Value::Object(members) => {
            members.iter().map(|(key, member)| (key.clone(), without_digits(member))).collect()
        }
        Value::Array(entries) => entries.iter().map(without_digits).collect(),
        Value::String(text) => text.replace(|letter: char| letter.is_ascii_digit(), "0").into(),
        other => other.clone(),
    }
}

fn validate_all(checker: &mut OpenApiChecker, folder: &Path) -> Findings {
    let mut findings = Findings::default();
    for entry in std::fs::read_dir(folder).unwrap() {
        let text = std::fs::read_to_string(entry.unwrap().path()).unwrap();
        text.lines().for_each(|line| findings.add(checker, line));
    }
    findings
}

#[test]
#[ignore = "the stage `answers` of cargo xtask test runs it, after a whole run has been recorded"]
fn every_recorded_answer_is_as_the_openapi_file_has_it() {
    let folder = answers().expect("STEWARD_TEST_ANSWERS names the folder of the recorded answers");
    let mut checker = OpenApiChecker::load().expect("the OpenAPI file");
    let findings = validate_all(&mut checker, &folder);
    assert!(!findings.validated.is_empty(), "nothing was recorded in {}", folder.display());
    #[expect(clippy::print_stdout, reason = "the result of the stage")]
    {
        println!(
            "validated: {} answers, {} of them different, over {} routes and {} pairs of route and status",
            findings.answers,
            findings.different.len(),
            findings.routes(),
            findings.validated.len(),
        );
        findings.not_in_the_file.iter().for_each(|call| println!("  beyond the file: {call}"));
    }
    let differences = findings.faults.iter().map(|(fault, times)| format!("{fault} ({times} times)"));
    assert!(findings.faults.is_empty(), "not as documented:\n{}", differences.collect::<Vec<_>>().join("\n"));
}

#[tokio::test]
async fn a_recorded_answer_has_its_route_and_no_token_and_a_bad_one_is_found_by_its_path() {
    let folder = tempfile::tempdir().unwrap();
    let answers = Some(folder.path().to_owned());
    let app = TestApp::open_with(None, answers, |_| json!({ "type": 5 })).await;
    let interaction = app.say("/ping").await;
    app.first_step(interaction).await;
    let webhook = app.webhook();
    app.edit_original(json!({ "content": "done" })).await;
    app.edit_original(json!({ "content": "x".repeat(2001) })).await;
    app.call("DELETE", &format!("{webhook}/messages/@original"), None).await;

    let file = folder.path().join(format!("{}.jsonl", std::process::id()));
    let lines = std::fs::read_to_string(&file).unwrap();
    assert!(!lines.contains(webhook.rsplit('/').next().unwrap()), "{lines}");
    let mut answers: Vec<RecordedResponse> = lines.lines().map(response).collect();
    let original = "/webhooks/{application}/{token}/messages/@original";
    let calls: Vec<_> =
        answers.iter().map(|answer| (&*answer.method, &*answer.route, answer.status)).collect();
    let put = ("PUT", "/applications/{application}/commands", 200);
    let on_original = [("PATCH", original, 200), ("PATCH", original, 400), ("DELETE", original, 204)];
    assert_eq!(calls, [&[put][..], &on_original[..]].concat());

    let Some(mut checker) = OpenApiChecker::load() else { return };
    answers.iter().for_each(|answer| assert_eq!(checker.checker(answer), Verdict::AsDocumented));
    answers[1].body["author"]["id"] = 5.into();
    answers[2].body = json!({ "code": 50035 });
    answers[3].body = json!({});
    for (answer, path) in answers[1..].iter().zip(["/author/id", "message", "a body"]) {
        let Verdict::Wrong(faults) = checker.checker(answer) else { panic!("{answer:?}") };
        assert!(faults.len() == 1 && faults[0].contains(path), "{faults:?}");
    }
}

#[test]
fn a_route_status_or_content_type_that_the_file_does_not_know_is_a_fault() {
    let Some(mut checker) = OpenApiChecker::load() else { return };
    let good = RecordedResponse {
        method: "GET".into(),
        route: "/users/@me/guilds".into(),
        status: 200,
        content_type: Some("application/json".into()),
        body: json!([]),
    };
    assert_eq!(checker.checker(&good), Verdict::AsDocumented);
    for bad in [
        RecordedResponse { route: "/users/@me/castles".into(), ..good.clone() },
        RecordedResponse { status: 201, ..good.clone() },
        RecordedResponse { content_type: Some("application/json; charset=utf-8".into()), ..good.clone() },
        RecordedResponse { body: json!({}), ..good.clone() },
    ] {
        assert!(matches!(checker.checker(&bad), Verdict::Wrong(_)), "{bad:?}");
    }
    assert_eq!(checker.checker(&RecordedResponse { status: 503, ..good }), Verdict::NotInTheFile);
}
