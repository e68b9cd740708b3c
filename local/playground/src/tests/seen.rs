//! Which user's event stream sends what.

use std::time::Duration;

use serde_json::{Value, json};

use super::fixture::{BARTHOLOMEW, Fixture, OTTILIE};
use crate::live;

fn whispers(interaction: &Value) -> Value {
    match interaction["data"]["name"].as_str() {
        Some("ping") => json!({ "type": 4, "data": { "content": "a secret", "flags": 64 } }),
        Some("weather") => json!({ "type": 5 }),
        _ => json!(500),
    }
}

#[tokio::test]
async fn what_is_private_comes_only_to_its_owner() {
    let fixture = Fixture::open(whispers).await;
    let before = fixture.app.discord.feed().number();
    let id = fixture.app.say("/ping").await;
    fixture.app.settled(id).await;
    let own = fixture.stream(BARTHOLOMEW, before).await;
    assert!(own.contains("a secret") && own.contains("Only you can see this"), "{own}");
    let others = fixture.stream(OTTILIE, before).await;
    assert!(!others.contains("a secret"), "{others}");
    assert!(!others.contains(&id.to_string()), "not even that somebody used a command: {others}");
    // Neither in the page nor when the stream sends everything.
    assert!(!fixture.get(&format!("/@{OTTILIE}"), &[]).await.text.contains("a secret"));
    assert!(!fixture.stream(OTTILIE, 1).await.contains("a secret"));
    assert!(fixture.get(&format!("/@{BARTHOLOMEW}"), &[]).await.text.contains("a secret"));
}

#[tokio::test]
async fn whoever_comes_back_hears_what_happened_meanwhile() {
    let fixture = Fixture::open(whispers).await;
    let before = fixture.app.discord.feed().number();
    fixture.say(BARTHOLOMEW, "while you were away").await;
    let after = fixture.app.discord.feed().number();
    assert!(fixture.stream(OTTILIE, before).await.contains("while you were away"));
    let quiet = fixture.stream(OTTILIE, after).await;
    assert!(!quiet.contains("while you were away"), "{quiet}");
    let anew = fixture.stream(OTTILIE, 1).await;
    assert!(anew.contains("\"all\":true") && anew.contains("while you were away"), "{anew}");
}

#[tokio::test]
async fn a_burst_of_changes_is_told_at_once_and_once() {
    let fixture = Fixture::open(whispers).await;
    let before = fixture.app.discord.feed().number();
    for number in 0..100 {
        fixture.app.discord.chat(BARTHOLOMEW, "general", &format!("line {number}")).unwrap();
    }
    let stream = fixture.stream(OTTILIE, before).await;
    assert_eq!(stream.matches("event: batch").count(), 1);
    assert_eq!(stream.matches("line 99").count(), 1);
}

#[tokio::test]
async fn what_happens_behind_the_scenes_rings_for_whoever_looks_there_and_says_nothing() {
    let fixture = Fixture::open(whispers).await;
    let discord = fixture.app.discord.clone();
    let (stream, ()) = tokio::join!(fixture.stream(OTTILIE, discord.feed().number()), async {
        for _ in 0..100 {
            tokio::time::sleep(Duration::from_millis(1)).await;
            discord.notifier().notify();
        }
    });
    assert!((1..10).contains(&stream.matches("event: behind\ndata: rung\n\n").count()), "{stream}");
    assert!(!stream.contains("a secret"), "{stream}");
}

#[tokio::test]
async fn other_channels_become_unread_if_one_sees_them() {
    let fixture = Fixture::open(whispers).await;
    let before = fixture.app.discord.feed().number();
    fixture.app.discord.chat(OTTILIE, "weather", "elsewhere").unwrap();
    fixture.app.discord.chat(OTTILIE, "staff", "among us").unwrap();
    let window = fixture.window(BARTHOLOMEW);
    let changes = fixture.app.discord.feed().since(before).changes;
    let batch = live::render(&fixture.playground, &window, changes);
    assert!(batch.messages.is_empty());
    assert_eq!(batch.unread.len(), 1, "the staff's channel is not his: {:?}", batch.unread);
}

#[tokio::test]
async fn thinking_ends_when_the_token_has_expired() {
    let fixture = Fixture::open(whispers).await;
    let id = fixture.app.say("/weather place:Paris").await;
    fixture.app.first_step(id).await;
    let path = format!("/@{OTTILIE}");
    assert!(fixture.get(&path, &[]).await.text.contains("Steward is thinking…"));
    fixture.app.clock.advance(Duration::from_secs(16 * 60));
    let late = fixture.get(&path, &[]).await.text;
    assert!(late.contains("The application did not respond") && !late.contains("thinking"));
}

#[tokio::test]
async fn a_command_without_an_answer_is_shown_to_whoever_used_it() {
    let fixture = Fixture::open(|_| json!(500)).await;
    let id = fixture.app.say("/ping").await;
    fixture.app.settled(id).await;
    let own = fixture.get(&format!("/@{BARTHOLOMEW}"), &[]).await.text;
    assert!(own.contains("The application did not respond") && own.contains("/ping"));
    assert!(!fixture.get(&format!("/@{OTTILIE}"), &[]).await.text.contains("did not respond"));
}

#[tokio::test]
async fn a_dismissed_message_stays_away() {
    let fixture = Fixture::open(whispers).await;
    let id = fixture.app.say("/ping").await;
    let message = fixture.app.settled(id).await.message().unwrap()["id"].clone();
    let body = json!({ "person": BARTHOLOMEW, "channel": fixture.channel(), "message": message });
    assert_eq!(fixture.act("/page/dismiss", &[], &body).await.status, 200);
    assert!(!fixture.get(&format!("/@{BARTHOLOMEW}"), &[]).await.text.contains("a secret"));
    assert!(!fixture.stream(BARTHOLOMEW, 1).await.contains("a secret"));
}
