//! Custom ids: one that can be parsed is written back exactly the same, within Discord's limit.

use base64::{Engine, prelude::BASE64_URL_SAFE_NO_PAD};
use commands::COMMANDS;
use discord::{
    CustomId,
    custom_id::{self, State},
    limits,
};
use domain::UserId;

/// Checks one input.
pub fn check(input: &[u8]) {
    let Ok(text) = str::from_utf8(input) else { return };
    if let Some(id) = CustomId::parse(text) {
        assert_eq!(written(&id), text);
        assert!(id.bytes().is_none_or(|bytes| !id.is_of(&bytes)), "it is here or kept, not both");
    }
    let entry = &COMMANDS[input.len() % COMMANDS.len()];
    let owner = input.first().and_then(|byte| UserId::new(u64::from(*byte)));
    round(entry.name, input.last().copied().unwrap_or_default(), owner, text);
}

/// Writes the parsed id again, independently of the code under test.
fn written(id: &CustomId<'_>) -> String {
    let owner = id.owner.map(|owner| BASE64_URL_SAFE_NO_PAD.encode(owner.get().to_be_bytes()));
    let owner = owner.map_or_else(String::new, |owner| format!("~{owner}"));
    let state = match id.state {
        State::Inline(state) => state.to_owned(),
        State::Stored(key) => format!("*{key}"),
    };
    format!("{}.{}{owner}.{state}", id.command, id.version)
}

/// Checks that the state a command writes is read back.
fn round(command: &str, version: u8, owner: Option<UserId>, state: &str) {
    let written = custom_id::create(command, version, owner, &state).expect("text can be packed");
    let component = discord::Button::new("label", written.clone());
    let message = discord::Reply { buttons: vec![component], ..discord::Reply::default() };
    let response =
        discord::Response::Message { reply: message, ephemeral: true }.into_json().expect("a button");
    let response: serde_json::Value = serde_json::from_str(&response).expect("JSON");
    let text = response["data"]["components"][0]["components"][0]["custom_id"].as_str().expect("an id");
    assert!(text.chars().count() <= limits::MAX_CUSTOM_ID_LENGTH);
    let read = CustomId::parse(text).expect("what we wrote");
    assert_eq!((read.command, read.version, read.owner), (command, version, owner));
    let bytes = match &written.stored_state {
        Some(stored_state) => {
            assert!(read.is_of(&stored_state.bytes) && read.state == State::Stored(&stored_state.key));
            stored_state.bytes.clone()
        }
        None => read.bytes().expect("it is here"),
    };
    assert_eq!(custom_id::unpack::<String>(&bytes).as_deref(), Some(state));
}
