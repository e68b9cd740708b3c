//! The HTML of messages, modals and the palette.

use serde_json::{Value, json};

use super::fixture::{BARTHOLOMEW, Fixture, OTTILIE};
use crate::{message, modal, palette};

fn quiet(_: &Value) -> Value {
    Value::Null
}

/// Replaces what a snapshot must not contain: ids, which depend on the time, and the paths of icons.
fn settled(markup: &str) -> String {
    let icon = regex::Regex::new(r#"<svg class="icon"[^>]*><path[^>]*></path></svg>"#).unwrap();
    let digits = regex::Regex::new(r"\d{17,}").unwrap();
    let markup = icon.replace_all(markup, "<ICON>").replace("><", ">\n<");
    digits.replace_all(&markup, "ID").into_owned()
}

fn card() -> Value {
    json!({
        "id": "1", "channel_id": "2", "type": 20, "flags": 0, "content": "Hello **you** || <b> ||",
        "author": { "id": "9", "username": "Steward", "bot": true },
        "timestamp": "2026-01-02T03:04:05.000000+00:00", "edited_timestamp": null,
        "interaction_metadata": { "id": "3", "name": "weather", "user": { "id": "4", "global_name": "Ottilie" } },
        "embeds": [{ "title": "Paris", "color": 0x00ff_aa00, "description": "*mild*",
            "image": { "url": "https://elsewhere.example/a.png" },
            "fields": [{ "name": "a", "value": "1", "inline": true }, { "name": "b", "value": "2", "inline": true }] }],
        "components": [{ "type": 1, "id": 1, "components": [
            { "type": 2, "id": 2, "style": 1, "label": "Refresh", "custom_id": "r" },
            { "type": 2, "id": 3, "style": 4, "emoji": { "name": "🗑" }, "custom_id": "d", "disabled": true },
            { "type": 2, "id": 4, "style": 5, "label": "Site", "url": "https://a.example" }] }],
    })
}

#[tokio::test]
async fn a_card_has_its_stripe_fields_and_buttons() {
    let fixture = Fixture::open(quiet).await;
    let window = fixture.window(OTTILIE);
    let markup = message::message(&fixture.playground.discord, &card(), false, &window).into_string();
    insta::assert_snapshot!(settled(&markup));
}

#[tokio::test]
async fn a_panel_of_components_can_hold_all_of_them() {
    let fixture = Fixture::open(quiet).await;
    let window = fixture.window(OTTILIE);
    let mut panel = card();
    panel["embeds"] = json!([]);
    panel["content"] = json!("");
    panel["flags"] = json!(32768 | 64);
    panel["components"] = json!([{ "type": 17, "id": 1, "accent_color": 255, "components": [
        { "type": 9, "id": 2, "components": [{ "type": 10, "content": "# Title" }],
          "accessory": { "type": 2, "style": 3, "label": "Go", "custom_id": "go" } },
        { "type": 14, "divider": true, "spacing": 2 },
        { "type": 12, "items": [{ "media": { "url": "http://127.0.0.1:1/attachments/1/2/a.png" }, "description": "A cat" }] },
        { "type": 1, "components": [{ "type": 3, "id": 7, "custom_id": "s", "min_values": 0, "max_values": 2,
          "placeholder": "Pick", "options": [{ "label": "One", "value": "1", "default": true }, { "label": "Two", "value": "2" }] }] },
        { "type": 1, "components": [{ "type": 6, "id": 8, "custom_id": "role" }] },
        { "type": 13, "file": { "url": "http://127.0.0.1:1/attachments/1/3/notes.txt" }, "name": "notes.txt", "size": 2048 },
    ] }]);
    let markup = message::message(&fixture.playground.discord, &panel, false, &window).into_string();
    insta::assert_snapshot!(settled(&markup));
}

#[tokio::test]
async fn a_poll_shows_each_answer_with_its_share_of_the_votes() {
    let fixture = Fixture::open(quiet).await;
    let mut asked = card();
    asked["poll"] = json!({
        "question": { "text": "Tea or <coffee>?" }, "allow_multiselect": false,
        "expiry": "2026-01-03T03:04:05.000000+00:00",
        "answers": [{ "answer_id": 1, "poll_media": { "text": "Tea", "emoji": { "name": "🍵" } } },
            { "answer_id": 2, "poll_media": { "text": "Coffee" } }],
        "results": { "answer_counts": [{ "id": 1, "count": 3 }, { "id": 2, "count": 1 }] },
    });
    let shown =
        message::message(&fixture.playground.discord, &asked, false, &fixture.window(OTTILIE)).into_string();
    let words = regex::Regex::new("<[^>]*>").unwrap().replace_all(&shown, " ").into_owned();
    let words = words.split_whitespace().collect::<Vec<_>>().join(" ");
    let all = "Tea or &lt;coffee&gt;? Choose one answer 🍵 Tea 75 % Coffee 25 % 4 votes • ends 2026-01-03";
    assert!(words.contains(all), "{words}");
}

#[tokio::test]
async fn a_form_has_a_place_for_every_kind_of_input() {
    let fixture = Fixture::open(quiet).await;
    let window = fixture.window(OTTILIE);
    let label = |kind: u64, more: Value| {
        let mut field = json!({ "type": kind, "custom_id": format!("f{kind}") });
        for (key, value) in more.as_object().unwrap() {
            field[key] = value.clone();
        }
        json!({ "type": 18, "label": format!("Field {kind}"), "description": "why", "component": field })
    };
    let options = json!({ "options": [{ "label": "A", "value": "a" }, { "label": "B", "value": "b", "default": true }] });
    let form = json!({ "custom_id": "form", "title": "Everything", "components": [
        label(4, json!({ "style": 2, "min_length": 2, "max_length": 9, "value": "<x>" })),
        label(3, options.clone()), label(5, json!({})), label(8, json!({ "channel_types": [0] })),
        label(19, json!({ "required": false, "file_types": ["image", ".pdf"] })),
        label(21, options.clone()), label(22, options), label(23, json!({ "default": true })),
        { "type": 10, "content": "**Words**" },
    ] });
    let opened_by = "5".parse().unwrap();
    let markup = modal::render(opened_by, &form, &window).into_string();
    for field in ["f4", "f3", "f5", "f8", "f19", "f21", "f22", "f23"] {
        assert!(markup.contains(&format!("data-field=\"{field}\"")), "{field}");
    }
    insta::assert_snapshot!(settled(&markup));
}

#[tokio::test]
async fn the_palette_offers_what_one_may_use_in_ones_language() {
    let fixture = Fixture::open(quiet).await;
    fixture
        .app
        .register(json!([
            { "name": "weather", "description": "Tell", "name_localizations": { "de": "wetter" },
              "options": [{ "type": 3, "name": "place", "description": "Where", "required": true }] },
            { "name": "coins", "description": "Money", "options": [
                { "type": 1, "name": "pay", "description": "Pay", "options": [] }] },
            { "name": "ban", "description": "Away", "default_member_permissions": "4" },
        ]))
        .await;
    let names = |person: &str| {
        let palette =
            palette::palette(&fixture.playground.discord, fixture.playground.group, &fixture.window(person))
                .unwrap();
        let list = palette["commands"].as_array().unwrap().clone();
        list.iter().map(|it| it["name"].as_str().unwrap().to_owned()).collect::<Vec<_>>()
    };
    assert_eq!(names(OTTILIE), ["weather", "coins pay", "ban"]);
    assert_eq!(names(BARTHOLOMEW), ["weather", "coins pay"]);
    assert_eq!(names("zdenka.vlasak"), ["wetter", "coins pay"]);
}

#[tokio::test]
async fn a_command_picked_from_the_palette_reaches_the_application() {
    let fixture = Fixture::open(|_| json!({ "type": 4, "data": { "content": "done" } })).await;
    let window = fixture.window(OTTILIE);
    let palette = palette::palette(&fixture.playground.discord, fixture.playground.group, &window).unwrap();
    let weather = palette["commands"].as_array().unwrap().iter().find(|it| it["name"] == "weather").unwrap();
    let place = "quoted \" and days:3";
    let body = json!({ "person": OTTILIE, "channel": fixture.channel(), "command": weather["command"], "path": [],
        "values": [["place", place], ["days", "2"]] });
    assert_eq!(fixture.act("/page/command", &[], &body).await.status, 200);
    assert_eq!(fixture.app.last()["data"]["options"][0]["value"], place);
    assert_eq!(fixture.app.last()["data"]["options"][1]["value"], 2);
    let missing = json!({ "person": OTTILIE, "channel": fixture.channel(), "command": weather["command"], "path": [], "values": [] });
    let refused = fixture.act("/page/command", &[], &missing).await;
    assert_eq!(refused.status, 422);
    assert!(refused.text.contains("needs the option `place`"), "{}", refused.text);
}
