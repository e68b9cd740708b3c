//! What somebody writes comes back harmless, wherever it can be written.

use bot::commands::{COMMANDS, Entry};
use local::discord::View;
use serde_json::Value;
use tests::{House, Look};

/// What nobody should be made to read in the bot's words.
const WRITTEN: [&str; 4] = [
    "@everyone discord.gg/abc",
    "Paris @here discord.com/invite/abc",
    "4886:235 <@1100000000000000004> Paris\u{202e}",
    "4886:235 @every\u{200b}one discord.gg/abc",
];

fn assert_harmless(view: &View, written: &str) {
    let seen = serde_json::to_string(&view.steps).unwrap().to_lowercase();
    for part in ["@everyone", "@here", "<@1100000000000000004>", "discord.gg", "/invite/", "\u{202e}"] {
        assert!(!seen.contains(part), "{written:?}: {seen}");
    }
}

/// The options of a command that take whatever is written.
fn texts(entry: &Entry) -> Vec<String> {
    const TEXT: u64 = 3;
    let definition = serde_json::to_value((entry.definition)()).unwrap();
    let options = definition["options"].as_array().cloned().unwrap_or_default();
    let is_free = |option: &&Value| option["type"] == TEXT && option["choices"].as_array().is_none();
    options.iter().filter(is_free).map(|option| option["name"].as_str().unwrap().to_owned()).collect()
}

#[tokio::test(flavor = "multi_thread")]
async fn no_option_of_any_command_comes_back_as_a_mention_or_an_invitation() {
    let house = House::without_limits(1).await;
    let all: Vec<_> =
        COMMANDS.iter().flat_map(|entry| texts(entry).into_iter().map(move |it| (entry, it))).collect();
    assert!(all.iter().any(|(entry, option)| (entry.name, option.as_str()) == ("weather", "place")));
    for (entry, option) in all {
        for written in WRITTEN {
            let line = format!("/{} {option}:{written}", entry.name);
            assert_harmless(&house.owner().says(&line).await.settled().await, written);
        }
    }
}

#[tokio::test(flavor = "multi_thread")]
async fn no_field_of_any_form_comes_back_as_a_mention_or_an_invitation() {
    let house = House::without_limits(1).await;
    let owner = house.owner();
    for written in WRITTEN {
        let panel = owner.says("/home").await.settled().await;
        let button = if panel.text().contains("not set") { "Set…" } else { "Change…" };
        let form = owner.presses(&panel, button).await.first().await;
        assert_harmless(&owner.submits(&form, &[("place", &[written])]).await.settled().await, written);
        let panel = owner.says("/settings").await.settled().await;
        let form = owner.presses(&panel, "Edit…").await.first().await;
        let filled: &[(&str, &[&str])] = &[
            ("language", &["none"]),
            ("units", &["none"]),
            ("time_zone", &[written]),
            ("features", &["weather", "conversion"]),
        ];
        assert_harmless(&owner.submits(&form, filled).await.settled().await, written);
        let document = serde_json::json!({ "steward": 1, "language": written, written: "x" }).to_string();
        for text in [document.as_str(), written] {
            let form = owner.presses(&panel, "Import…").await.first().await;
            assert_harmless(&owner.submits(&form, &[("text", &[text])]).await.settled().await, written);
        }
    }
}

#[tokio::test(flavor = "multi_thread")]
async fn a_converted_message_says_its_quantities_and_nothing_else_of_it() {
    let house = House::without_limits(1).await;
    for written in WRITTEN {
        let message = house.member().writes(&format!("{written} 5 miles {written}"));
        let seen = house.traveller().uses_on_written(message, "Convert units").await.settled().await;
        assert_harmless(&seen, written);
        assert_harmless(&house.traveller().presses(&seen, "Allen zeigen").await.settled().await, written);
    }
}
