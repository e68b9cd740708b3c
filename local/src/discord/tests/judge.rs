//! Discord's own OpenAPI file as the judge of our answers.

use std::{collections::HashMap, path::Path};

use jsonschema::{Draft, Validator};
use serde_json::{Value, json};

use super::house::{Answer, House};

const FILE: &str = concat!(env!("CARGO_MANIFEST_DIR"), "/../../shared/discord/openapi/openapi.json");

/// What the file says of each route, and what we answered.
pub(super) struct Judge {
    pub house: House,
    file: Value,
    validators: HashMap<String, Validator>,
    judged: usize,
}

impl Judge {
    pub(super) async fn sit() -> Option<Self> {
        if !Path::new(FILE).exists() {
            #[expect(clippy::print_stdout, reason = "whoever runs the tests should know what was left out")]
            {
                println!("left out: the judge, for there is no shared/discord/openapi beside the project");
            }
            return None;
        }
        let file = serde_json::from_str(&std::fs::read_to_string(FILE).unwrap()).unwrap();
        let house = House::open(|_| json!({ "type": 5 })).await;
        Some(Self { house, file, validators: HashMap::new(), judged: 0 })
    }

    /// Calls the route and holds its answer against the schema of that status.
    pub(super) async fn call(&mut self, method: &str, path: &str, body: Option<Value>) -> Value {
        // No window is full for this test.
        self.house.clock.advance(std::time::Duration::from_secs(5));
        let answer = self.house.call(method, path, body).await;
        self.judge(method, path, &answer);
        answer.body
    }

    fn judge(&mut self, method: &str, path: &str, answer: &Answer) {
        let template = self.template(method, path);
        let operation = &self.file["paths"][&template][method.to_lowercase()];
        let status = answer.status.to_string();
        let responses = &operation["responses"];
        let response = if responses[&status].is_object() { &responses[&status] } else { &responses["4XX"] };
        assert!(response.is_object(), "{method} {path}: the file knows no answer {status}");
        assert!(
            answer.status < 500 && (answer.status < 400 || !responses[&status].is_object()),
            "{answer:?}"
        );
        let response = match response["$ref"].as_str() {
            Some(pointer) => self.file.pointer(pointer.trim_start_matches('#')).unwrap(),
            None => response,
        };
        let schema = &response["content"]["application/json"]["schema"];
        self.judged += 1;
        if schema.is_null() {
            assert_eq!(answer.body, Value::Null, "{method} {path} has no body");
            return;
        }
        assert_eq!(answer.headers["content-type"], "application/json", "{method} {path}");
        let validator = self.validators.entry(schema.to_string()).or_insert_with(|| {
            let mut whole = schema.clone();
            whole["components"] = self.file["components"].clone();
            jsonschema::options().with_draft(Draft::Draft202012).build(&whole).unwrap()
        });
        let body = normalised(&answer.body);
        let faults: Vec<String> =
            validator.iter_errors(&body).map(|fault| format!("{} {fault}", fault.instance_path())).collect();
        assert!(faults.is_empty(), "{method} {path} {status}: {faults:#?}\n{body:#}");
    }

    /// The path of the file that this one is; the one with the most fixed parts wins.
    fn template(&self, method: &str, path: &str) -> String {
        let parts: Vec<&str> = path.split('?').next().unwrap().split('/').collect();
        let fits = |template: &&String| {
            let wanted: Vec<&str> = template.split('/').collect();
            let mut pairs = wanted.iter().zip(&parts);
            let same = pairs.all(|(wanted, part)| wanted.starts_with('{') || wanted == part);
            wanted.len() == parts.len() && same
        };
        let paths = self.file["paths"].as_object().unwrap();
        let known = paths.iter().filter(|(_, item)| item[method.to_lowercase()].is_object());
        let found = known.map(|(template, _)| template).filter(fits);
        let best = found.min_by_key(|template| template.matches('{').count());
        best.unwrap_or_else(|| panic!("the file knows no {method} {path}")).clone()
    }
}

/// The file takes the inner codes of 50035 for integers; they are words.
fn normalised(body: &Value) -> Value {
    match body {
        Value::Object(members) => members
            .iter()
            .map(|(key, member)| {
                let member = match (key.as_str(), member.as_array()) {
                    ("_errors", Some(list)) => {
                        list.iter().map(|fault| json!({ "code": 0, "message": fault["message"] })).collect()
                    }
                    _ => normalised(member),
                };
                (key.clone(), member)
            })
            .collect(),
        Value::Array(entries) => entries.iter().map(normalised).collect(),
        other => other.clone(),
    }
}

pub(super) fn id(of: &Value) -> &str {
    of["id"].as_str().unwrap()
}

#[tokio::test]
async fn answers_about_messages_are_as_the_openapi_file_has_them() {
    let Some(mut judge) = Judge::sit().await else { return };
    let channel = format!("/channels/{}", judge.house.discord.status().unwrap().guilds[0].channels[0].id);
    let all = format!("{channel}/messages");
    let body = json!({
        "content": "hello", "nonce": "n", "embeds": [{ "title": "Sun", "fields": [{ "name": "a", "value": "b" }] }],
        "components": [{ "type": 1, "components": [{ "type": 2, "style": 1, "label": "a", "custom_id": "a" }] }],
    });
    let first = judge.call("POST", &all, Some(body)).await;
    let laid_out = json!({ "flags": 1 << 15, "components": [{ "type": 17, "components": [
        { "type": 9, "components": [{ "type": 10, "content": "text" }],
          "accessory": { "type": 2, "style": 1, "label": "b", "custom_id": "b" } },
        { "type": 9, "components": [{ "type": 10, "content": "text" }],
          "accessory": { "type": 11, "media": { "url": "https://x.org/a.png" } } },
        { "type": 12, "items": [{ "media": { "url": "https://x.org/a.png" } }] },
        { "type": 1, "components": [{ "type": 5, "custom_id": "u" }] },
        { "type": 14 }] }] });
    judge.call("POST", &all, Some(laid_out)).await;
    let reply = json!({ "content": "yes", "message_reference": { "message_id": first["id"] } });
    judge.call("POST", &all, Some(reply)).await;
    let one = format!("{all}/{}", id(&first));
    judge.call("PUT", &format!("{one}/reactions/%F0%9F%8E%B2/@me"), None).await;
    judge.call("GET", &format!("{one}/reactions/%F0%9F%8E%B2"), None).await;
    judge.call("PUT", &format!("{all}/pins/{}", id(&first)), None).await;
    judge.call("GET", &format!("{all}/pins"), None).await;
    judge.call("PATCH", &one, Some(json!({ "content": "bye" }))).await;
    judge.call("GET", &one, None).await;
    judge.call("GET", &all, None).await;
    judge.call("POST", &all, Some(json!({ "content": "x".repeat(2001) }))).await;
    judge.call("POST", &all, Some(json!({}))).await;
    judge.call("POST", &format!("{one}/crosspost"), None).await;
    judge.call("POST", &format!("{channel}/typing"), None).await;
    judge.call("DELETE", &format!("{one}/reactions/%F0%9F%8E%B2/@me"), None).await;
    judge.call("DELETE", &format!("{all}/pins/{}", id(&first)), None).await;
    judge.call("DELETE", &one, None).await;
    judge.call("GET", &one, None).await;
    assert_eq!(judge.judged, 18);
}

#[tokio::test]
async fn answers_about_places_and_people_are_as_the_openapi_file_has_them() {
    let Some(mut judge) = Judge::sit().await else { return };
    let status = judge.house.discord.status().unwrap();
    let (guild, user) = (&status.guilds[0], &status.users[1]);
    let direct = judge.call("POST", "/users/@me/channels", Some(json!({ "recipient_id": user.id }))).await;
    judge.call("GET", &format!("/channels/{}", id(&direct)), None).await;
    judge.call("GET", &format!("/channels/{}", guild.channels[0].id), None).await;
    judge.call("GET", "/channels/1", None).await;
    judge.call("GET", &format!("/guilds/{}/channels", guild.id), None).await;
    judge.call("GET", &format!("/guilds/{}/members/{}", guild.id, user.id), None).await;
    judge.call("GET", &format!("/users/{}", user.id), None).await;
    judge.call("GET", &format!("/users/{}", status.application_id), None).await;
    judge.call("GET", "/users/@me", None).await;
    judge.call("GET", "/users/@me/guilds", None).await;
    judge.call("GET", "/applications/@me", None).await;
}

#[tokio::test]
async fn answers_about_commands_are_as_the_openapi_file_has_them() {
    let Some(mut judge) = Judge::sit().await else { return };
    let status = judge.house.discord.status().unwrap();
    let application = format!("/applications/{}", status.application_id);
    for scope in [application.clone(), format!("{application}/guilds/{}", status.guilds[0].id)] {
        let all = format!("{scope}/commands");
        judge.call("PUT", &all, Some(super::house::definitions())).await;
        let beer = json!({ "name": "beer", "description": "One", "name_localizations": { "de": "bier" } });
        let made = judge.call("POST", &all, Some(beer.clone())).await;
        judge.call("POST", &all, Some(beer)).await;
        judge.call("POST", &all, Some(json!({ "name": "Bad Name!", "description": "" }))).await;
        judge.call("GET", &all, None).await;
        judge.call("GET", &format!("{all}?with_localizations=true"), None).await;
        let one = format!("{all}/{}", id(&made));
        judge.call("PATCH", &one, Some(json!({ "description": "Two" }))).await;
        judge.call("GET", &one, None).await;
        judge.call("DELETE", &one, None).await;
        judge.call("GET", &one, None).await;
    }
}

#[tokio::test]
async fn answers_to_interaction_calls_are_as_the_openapi_file_has_them() {
    let Some(mut judge) = Judge::sit().await else { return };
    let interaction = judge.house.say("/ping").await;
    judge.house.first_step(interaction).await;
    let webhook = judge.house.webhook();
    let original = format!("{webhook}/messages/@original");
    judge.call("GET", &original, None).await;
    judge.call("PATCH", &original, Some(json!({ "content": "done" }))).await;
    judge.call("PATCH", &original, Some(json!({ "content": "x".repeat(2001) }))).await;
    let more = judge.call("POST", &webhook, Some(json!({ "content": "more" }))).await;
    let one = format!("{webhook}/messages/{}", id(&more));
    judge.call("PATCH", &one, Some(json!({ "content": "less" }))).await;
    judge.call("GET", &one, None).await;
    judge.call("DELETE", &one, None).await;
    judge.call("GET", &one, None).await;
    let token = webhook.rsplit('/').next().unwrap();
    let callback = format!("/interactions/{interaction}/{token}/callback");
    judge.call("POST", &callback, Some(json!({ "type": 5 }))).await;
}
