//! Passes the body of an interaction, signed, to the interactions function, and as a job to the jobs function. Every
//! response must be valid for Discord, and must not repeat user text as a mention or an invitation.

use discord::envelope::{Envelope, Incoming, Kind};
use serde_json::{Value, json, value::RawValue};

use super::stand::{self, Stand, signed};

/// Discord's epoch, the first second of 2015, in milliseconds.
const EPOCH: i64 = 1_420_070_400_000;
/// The timestamp of a snowflake is in the bits above these.
const SNOWFLAKE: u32 = 22;

/// Checks one input.
pub fn check(input: &[u8]) {
    stand::with(|stand| {
        let incoming = str::from_utf8(input).ok().and_then(|body| Some((body, Incoming::parse(body).ok()?)));
        if let Some((_, Incoming::Interaction(envelope))) = &incoming {
            // Shortly after the interaction was created, so that it has not expired.
            let born = i64::try_from(envelope.id.get() >> SNOWFLAKE).expect("42 bits");
            stand.set_clock(EPOCH + born + 50);
        }
        let timestamp = stand.now().to_string();
        let (status, body) = stand.asked(&signed(&timestamp, input), &timestamp, input);
        let answer: Value = serde_json::from_str(&body).expect("JSON");
        match incoming {
            None => assert_eq!(status, 400),
            Some((_, Incoming::Ping)) => assert_eq!((status, answer), (200, json!({ "type": 1 }))),
            Some((body, Incoming::Interaction(envelope))) => {
                assert_eq!(status, 200);
                assert_answers(envelope.kind, &answer);
                assert_harmless(&answer);
                hand_over(stand, &envelope, body);
            }
        }
        stand.set_clock(stand::NOW);
    });
}

/// Checks that the response has a valid type and shape.
fn assert_answers(kind: Kind, answer: &Value) {
    let of = answer["type"].as_u64().unwrap_or_default();
    let data = &answer["data"];
    assert_eq!(of == 8, kind == Kind::Autocomplete, "autocomplete alone gets choices: {answer}");
    match of {
        4 | 7 => {
            assert_eq!(data["allowed_mentions"], json!({ "parse": [] }), "{answer}");
            let says = |part: &str| data[part].as_array().is_some_and(|list| !list.is_empty());
            let is_text = data["content"].as_str().is_some_and(|text| !text.is_empty());
            assert!(is_text || says("embeds") || says("components"), "{answer}");
        }
        5 => assert_ne!(kind, Kind::Unknown),
        6 => assert!(matches!(kind, Kind::Component | Kind::Modal), "{answer}"),
        8 => assert!(data["choices"].as_array().is_some_and(|choices| choices.len() <= 25), "{answer}"),
        9 => assert!(matches!(kind, Kind::Command | Kind::Component), "{answer}"),
        _ => panic!("no answer: {answer}"),
    }
    assert!(of != 7 || kind != Kind::Command, "a command is on no message: {answer}");
}

/// Invokes the jobs function with a job of this interaction.
fn hand_over(stand: &Stand, envelope: &Envelope<'_>, body: &str) {
    let act = match envelope.kind {
        Kind::Component => "component",
        Kind::Modal => "form",
        _ => "command",
    };
    let made_by = envelope.custom_id().and_then(|id| id.split('.').next());
    let command = envelope.command().map(|(_, name)| name).or(made_by).unwrap_or_default();
    let body: &RawValue = serde_json::from_str(body).expect("JSON");
    let job = json!({
        "v": 1, "interaction": envelope.id, "application": "5", "token": "token", "guild": envelope.guild(),
        "act": act, "command": command, "language": "en", "body": null,
    });
    // The body is inserted as text, because a `Value` would drop duplicate fields.
    let job = job.to_string().replace(r#""body":null"#, &format!(r#""body":{body}"#));
    stand.worked(&[&job]);
    stand.told().iter().for_each(assert_harmless);
}

/// Checks that no text at any depth has a mention or an invitation.
fn assert_harmless(said: &Value) {
    match said {
        Value::String(text) => {
            let text = text.to_lowercase();
            for part in ["@everyone", "@here", "<@", "<#", "discord.gg/", "/invite/", "\u{202e}"] {
                assert!(!text.contains(part), "{part} in {text}");
            }
        }
        Value::Array(all) => all.iter().for_each(assert_harmless),
        Value::Object(fields) => fields.values().for_each(assert_harmless),
        _ => {}
    }
}
