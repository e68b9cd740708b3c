//! Validates responses by Discord's own OpenAPI file.

mod calls;
mod places;
mod recorded;

use std::{collections::HashMap, path::Path};

use jsonschema::{Draft, ValidationError, Validator};
use serde_json::{Value, json};

const OPENAPI_FILE: &str =
    concat!(env!("CARGO_MANIFEST_DIR"), "/../../../shared/discord/openapi/openapi.json");

/// Routes that Discord documents, but that are not in its OpenAPI file.
const NOT_IN_THE_FILE: [&str; 4] = [
    "GET /applications/{application}/skus",
    "GET /oauth2/authorize",
    "POST /oauth2/token",
    "POST /oauth2/token/revoke",
];

/// The OpenAPI file, and the validators compiled so far.
struct OpenApiChecker {
    file: Value,
    validators: HashMap<String, Validator>,
}

/// A response. The route is a path or a path template.
#[derive(Clone, Debug)]
struct RecordedResponse {
    method: String,
    route: String,
    status: u16,
    content_type: Option<String>,
    body: Value,
}

#[derive(Debug, PartialEq)]
enum Verdict {
    AsDocumented,
    /// The file does not describe such a response, which is fine.
    NotInTheFile,
    /// The differences, one sentence each.
    Wrong(Vec<String>),
}

impl OpenApiChecker {
    /// `None`, with a note on standard output, if the file is missing.
    fn load() -> Option<Self> {
        if !Path::new(OPENAPI_FILE).exists() {
            #[expect(clippy::print_stdout, reason = "whoever runs the tests should know what was left out")]
            {
                println!(
                    "skipped: the check by the OpenAPI file, because there is no shared/discord/openapi beside the project"
                );
            }
            return None;
        }
        let file = serde_json::from_str(&std::fs::read_to_string(OPENAPI_FILE).unwrap()).unwrap();
        Some(Self { file, validators: HashMap::new() })
    }

    /// Validates the response by the schema of its route and status.
    fn checker(&mut self, answer: &RecordedResponse) -> Verdict {
        let RecordedResponse { method, route, status, .. } = answer;
        // Outages, Cloudflare's page and 405 are not part of the API's description.
        let is_page = answer.content_type.as_deref().is_some_and(|kind| kind.starts_with("text/html"));
        let route_is_left_out = NOT_IN_THE_FILE.contains(&format!("{method} {route}").as_str());
        if *status >= 500 || *status == 405 || is_page || route_is_left_out {
            return Verdict::NotInTheFile;
        }
        let Some(template) = self.template(method, route) else {
            return Verdict::Wrong(vec!["the file knows no such route".into()]);
        };
        let responses = &self.file["paths"][&template][method.to_lowercase()]["responses"];
        let exact = &responses[status.to_string()];
        let response = if exact.is_object() || *status < 400 { exact } else { &responses["4XX"] };
        let Some(response) = self.dereferenced(response).as_object() else {
            return Verdict::Wrong(vec!["the file knows no such status".into()]);
        };
        let schema = response.get("content").map(|content| content["application/json"]["schema"].clone());
        match schema.map_or_else(|| no_body(answer), |schema| self.by_schema(&schema, answer)) {
            faults if faults.is_empty() => Verdict::AsDocumented,
            faults => Verdict::Wrong(faults),
        }
    }

    fn dereferenced<'a>(&'a self, value: &'a Value) -> &'a Value {
        match value["$ref"].as_str() {
            Some(pointer) => self.file.pointer(pointer.trim_start_matches('#')).unwrap(),
            None => value,
        }
    }

    fn by_schema(&mut self, schema: &Value, answer: &RecordedResponse) -> Vec<String> {
        if answer.content_type.as_deref() != Some("application/json") {
            return vec![format!("the content type is {:?}", answer.content_type)];
        }
        let validator = self.validators.entry(schema.to_string()).or_insert_with(|| {
            let mut whole = schema.clone();
            whole["components"] = self.file["components"].clone();
            jsonschema::options().with_draft(Draft::Draft202012).build(&whole).unwrap()
        });
        let body = normalised(answer);
        let differences =
            |error: ValidationError| format!("{}: {}", error.instance_path(), cut(&error.to_string()));
        validator.iter_errors(&body).map(differences).collect()
    }

    /// The matching path template in the file; the one with the most fixed segments wins.
    fn template(&self, method: &str, path: &str) -> Option<String> {
        let parts: Vec<&str> = path.split('?').next()?.split('/').collect();
        let fits = |template: &&String| {
            let wanted: Vec<&str> = template.split('/').collect();
            let mut pairs = wanted.iter().zip(&parts);
            let same = pairs.all(|(wanted, part)| wanted.starts_with('{') || wanted == part);
            wanted.len() == parts.len() && same
        };
        let paths = self.file["paths"].as_object()?;
        let known = paths.iter().filter(|(_, item)| item[method.to_lowercase()].is_object());
        let found = known.map(|(template, _)| template).filter(fits);
        found.min_by_key(|template| template.matches('{').count()).cloned()
    }
}

/// Shortens the middle of a sentence, which may contain a whole message.
fn cut(sentence: &str) -> String {
    const END_CHARACTERS: usize = 120;
    let letters: Vec<char> = sentence.chars().collect();
    if letters.len() <= 2 * END_CHARACTERS {
        return sentence.to_owned();
    }
    let (head, tail) = (&letters[..END_CHARACTERS], &letters[letters.len() - END_CHARACTERS..]);
    format!("{} … {}", head.iter().collect::<String>(), tail.iter().collect::<String>())
}

fn no_body(answer: &RecordedResponse) -> Vec<String> {
    if answer.body.is_null() { Vec::new() } else { vec!["a body, where the file has none".into()] }
}

/// Adapts the response to known errors of the file. It requires integers for the inner codes of 50035, which are
/// strings, and a code in every 429, where the documentation shows none. It describes only users' subscriptions
/// with start and end, while the documentation also has purchases, gifts, entitlements of guilds, and test
/// entitlements without times.
fn normalised(answer: &RecordedResponse) -> Value {
    let mut body = with_numbered_errors(&answer.body);
    if answer.status == 429 && body.is_object() && body.get("code").is_none() {
        body["code"] = 0.into();
    }
    if answer.status == 200 && answer.route.contains("/entitlements") {
        match &mut body {
            Value::Array(all) => all.iter_mut().for_each(as_subscription_of_a_user),
            one => as_subscription_of_a_user(one),
        }
    }
    body
}

fn as_subscription_of_a_user(entitlement: &mut Value) {
    /// Source: Discord, "Entitlement Types".
    const TYPES: std::ops::RangeInclusive<u64> = 1..=8;
    const APPLICATION_SUBSCRIPTION: u64 = 8;
    let Some(fields) = entitlement.as_object_mut() else { return };
    if fields.get("type").and_then(Value::as_u64).is_some_and(|kind| TYPES.contains(&kind)) {
        fields.insert("type".into(), APPLICATION_SUBSCRIPTION.into());
    }
    if fields.contains_key("guild_id") {
        fields.entry("user_id").or_insert_with(|| "1".into());
    }
    for time in ["starts_at", "ends_at"] {
        fields.entry(time).or_insert(Value::Null);
    }
}

fn with_numbered_errors(body: &Value) -> Value {
    let member = |key: &str, member: &Value| match (key, member.as_array()) {
        ("_errors", Some(list)) => {
            list.iter().map(|fault| json!({ "code": 0, "message": fault["message"] })).collect()
        }
        _ => with_numbered_errors(member),
    };
    match body {
        Value::Object(members) => {
            members.iter().map(|(key, value)| (key.clone(), member(key, value))).collect()
        }
        Value::Array(entries) => entries.iter().map(with_numbered_errors).collect(),
        other => other.clone(),
    }
}
