//! Checks whether a response shows what the member asked for.

use http::StatusCode;
use serde_json::Value;

use super::plan::Kind;

/// Source: Discord, "Interaction Callback Type".
const MESSAGE: u64 = 4;
const DEFERRED: u64 = 5;
const DEFERRED_UPDATE: u64 = 6;
const UPDATE: u64 = 7;
/// How many characters of an unexpected message are reported.
const MAX_ERROR_CHARACTERS: usize = 60;

/// The response to an interaction.
#[derive(Clone, Debug, PartialEq)]
pub enum Answer {
    /// The expected reply.
    Now(Value),
    /// Deferred: an edit must follow.
    Later,
    /// Anything else, with a description by which errors are grouped.
    Wrong(String),
}

/// Parses and checks the response of the interactions endpoint.
pub fn answer(kind: Kind, version: &str, status: StatusCode, body: &[u8]) -> Answer {
    if status != StatusCode::OK {
        return Answer::Wrong(format!("status {}", status.as_u16()));
    }
    let Ok(body) = serde_json::from_slice::<Value>(body) else {
        return Answer::Wrong("no JSON".to_owned());
    };
    match body["type"].as_u64() {
        Some(DEFERRED | DEFERRED_UPDATE) => Answer::Later,
        Some(MESSAGE | UPDATE) if shows(kind, version, &body["data"]) => Answer::Now(body),
        _ => Answer::Wrong(sentence(&body["data"])),
    }
}

/// Whether the message is the expected reply, and not an error message.
pub fn shows(kind: Kind, version: &str, message: &Value) -> bool {
    let has = |what: &str| message[what].as_array().is_some_and(|all| !all.is_empty());
    match kind {
        Kind::Ping => message["content"].as_str().is_some_and(|text| text.contains(version)),
        Kind::Help | Kind::Weather | Kind::NewPlace => has("embeds"),
        Kind::Settings | Kind::ChangeSettings => has("components"),
    }
}

/// The description by which an unexpected message is counted.
pub fn sentence(message: &Value) -> String {
    let text = message["content"].as_str().unwrap_or("something else");
    format!("said: {}", text.chars().take(MAX_ERROR_CHARACTERS).collect::<String>())
}

#[cfg(test)]
mod tests {
    use serde_json::json;

    use super::*;

    fn answered(kind: Kind, body: &Value) -> Answer {
        answer(kind, "1", StatusCode::OK, body.to_string().as_bytes())
    }

    #[test]
    fn a_refusal_is_not_the_weather() {
        let refusal = json!({ "type": 4, "data": { "content": "You ask too often.", "flags": 64 } });
        for (kind, _) in Kind::MIX {
            assert_eq!(
                answered(kind, &refusal),
                Answer::Wrong("said: You ask too often.".to_owned()),
                "{kind:?}"
            );
        }
        let weather = json!({ "type": 4, "data": { "embeds": [{ "title": "Paris" }] } });
        assert_eq!(answered(Kind::Weather, &weather), Answer::Now(weather.clone()));
        assert!(matches!(answered(Kind::Settings, &weather), Answer::Wrong(_)));
    }

    #[test]
    fn thinking_is_a_promise_and_everything_but_a_200_is_wrong() {
        assert_eq!(answered(Kind::NewPlace, &json!({ "type": 5 })), Answer::Later);
        assert_eq!(
            answer(Kind::Ping, "1", StatusCode::UNAUTHORIZED, b""),
            Answer::Wrong("status 401".to_owned())
        );
        assert_eq!(answer(Kind::Ping, "1", StatusCode::OK, b"<html>"), Answer::Wrong("no JSON".to_owned()));
    }
}
