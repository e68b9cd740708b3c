//! `/settings`: who may see and change them, and that other commands follow them.

use serde_json::{Value, json};
use tests::{Look, TestApp};

use crate::environment::{environment, gives, nobody_takes_jobs, stolen};

#[tokio::test(flavor = "multi_thread")]
async fn a_member_without_rights_is_not_offered_it() {
    let app = TestApp::open().await;
    let refused = app.member().cannot_say("/settings").await;
    assert!(refused.contains("is not offered `/settings`"), "{refused}");
}

#[tokio::test(flavor = "multi_thread")]
async fn a_change_is_seen_by_the_next_who_looks_with_who_made_it() {
    let app = TestApp::open().await;
    let panel = app.owner().says("/settings").await.settled().await;
    app.owner().chooses(&panel, "Units", &["imperial"]).await.settled().await;
    let seen = app.owner().says("/settings").await.settled().await;
    assert!(seen.text().contains("Imperial (°F, miles)"), "{}", seen.text());
    assert!(seen.text().contains("Units → Imperial"), "{}", seen.text());
}

#[tokio::test(flavor = "multi_thread")]
async fn public_replies_follow_the_guilds_language_and_units() {
    let app = TestApp::open().await;
    let panel = app.owner().says("/settings").await.settled().await;
    app.owner().chooses(&panel, "Units", &["imperial"]).await.settled().await;
    app.owner().chooses(&panel, "Language", &["de"]).await.settled().await;
    // Environments cache settings for half a minute.
    app.pass(31);
    let card = app.member().says("/weather place:Paris").await.settled().await;
    assert!(card.text().contains("°F**") && card.text().contains("Nächste Tage"), "{}", card.text());
    let private = app.member().says("/ping").await.settled().await;
    assert!(private.text().contains("is running"), "{}", private.text());
}

#[tokio::test(flavor = "multi_thread")]
async fn what_is_turned_off_is_off_for_commands_buttons_and_menus() {
    let app = TestApp::open().await;
    let card = app.member().says("/weather place:Paris").await.settled().await;
    let panel = app.owner().says("/settings").await.settled().await;
    app.owner().chooses(&panel, "Available features", &["conversion"]).await.settled().await;
    app.pass(31);
    for seen in [
        app.member().says("/weather place:Paris").await.settled().await,
        app.member().presses(&card, "°F").await.settled().await,
        app.member().uses_on("Ottilie Quandt", "Weather at home").await.settled().await,
    ] {
        assert_eq!(seen.story(), ["message!"]);
        assert!(seen.text().contains("is turned off in this server"), "{}", seen.text());
    }
    assert!(app.member().completes("/weather place:Par").await.is_empty());
}

#[tokio::test(flavor = "multi_thread")]
async fn the_form_changes_several_things_and_leaves_alone_what_others_changed_meanwhile() {
    let app = TestApp::open().await;
    let panel = app.owner().says("/settings").await.settled().await;
    let form = app.owner().presses(&panel, "Edit…").await.first().await;
    let again = app.owner().says("/settings").await.settled().await;
    app.owner().chooses(&again, "Units", &["imperial"]).await.settled().await;
    app.owner().chooses(&again, "Available features", &["weather"]).await.settled().await;
    let filled: &[(&str, &[&str])] = &[
        ("language", &["de"]),
        ("units", &["none"]),
        ("time_zone", &["europe/berlin"]),
        ("features", &["weather", "conversion"]),
    ];
    let seen = app.owner().submits(&form, filled).await.settled().await;
    assert_eq!(seen.story(), ["updated"]);
    for part in ["Deutsch", "Imperial", "Europe/Berlin", "Turned off** Unit conversion"] {
        assert!(seen.text().contains(part), "{part}: {}", seen.text());
    }
}

#[tokio::test(flavor = "multi_thread")]
async fn a_time_zone_that_does_not_exist_changes_nothing() {
    let app = TestApp::open().await;
    let panel = app.owner().says("/settings").await.settled().await;
    let form = app.owner().presses(&panel, "Edit…").await.first().await;
    let filled: &[(&str, &[&str])] = &[
        ("language", &["de"]),
        ("units", &["none"]),
        ("time_zone", &["Europe/Atlantis"]),
        ("features", &["weather", "conversion"]),
    ];
    app.owner().submits(&form, filled).await.settled().await;
    let after = app.owner().says("/settings").await.settled().await;
    assert!(!after.text().contains("Deutsch"), "{}", after.text());
}

#[tokio::test(flavor = "multi_thread")]
async fn settings_travel_to_another_guild_as_a_file() {
    let app = TestApp::open().await;
    let panel = app.owner().says("/settings").await.settled().await;
    app.owner().chooses(&panel, "Units", &["imperial"]).await.settled().await;
    let copied = app.owner().presses(&panel, "Copy").await.settled().await;
    let text = copied.text();
    let document = &text[text.find('{').unwrap()..=text.rfind('}').unwrap()];
    let there = app.german();
    let panel = there.says("/settings").await.settled().await;
    let form = there.presses(&panel, "Importieren…").await.first().await;
    let sent = there.uploads("settings.json", document.as_bytes());
    let seen = sent.submits(&form, &[("file", &["settings.json"])]).await.settled().await;
    assert!(seen.text().contains("Imperial"), "{}", seen.text());
}

#[tokio::test(flavor = "multi_thread")]
async fn an_import_that_comes_back_after_somebody_elses_choice_leaves_that_choice() {
    let app = TestApp::open().await;
    nobody_takes_jobs(&app);
    let panel = app.owner().says("/settings").await.settled().await;
    let form = app.owner().presses(&panel, "Import…").await.first().await;
    let document = br#"{"steward":1,"language":"de","units":"metric","off":["weather","conversion"]}"#;
    let sent = app.owner().uploads("settings.json", document);
    let import = sent.submits(&form, &[("file", &["settings.json"])]).await;
    let job = stolen(&app).await;
    let mut other = app.owner().says("/settings").await.settled().await;
    let features = "Available features";
    for (menu, chosen) in
        [("Units", &["imperial"][..]), (features, &["conversion"]), (features, &["conversion", "weather"])]
    {
        other = app.owner().chooses(&other, menu, chosen).await.settled().await;
    }
    let jobs = environment(&app, &[]).await;
    for receive in [2, 3] {
        assert!(gives(&jobs, &job, receive).await);
        let text = import.look().text();
        for part in [
            "Not changed, because it has been changed since: **Units, Weather**",
            "**Units** Imperial (°F, miles)",
            "**Language** Deutsch",
            "**Turned off** Unit conversion",
        ] {
            assert!(text.contains(part), "{part}: {text}");
        }
    }
    assert_eq!(import.edits(), 1);
}

#[tokio::test(flavor = "multi_thread")]
async fn a_file_that_is_no_settings_is_refused_and_changes_nothing() {
    let app = TestApp::open().await;
    for (content, said) in [
        ("not json", "not in the right format"),
        (r#"{"steward":1,"units":"furlongs"}"#, "an invalid value for “Units”"),
        (r#"{"steward":2}"#, "a different version"),
    ] {
        let panel = app.owner().says("/settings").await.settled().await;
        let form = app.owner().presses(&panel, "Import…").await.first().await;
        let sent = app.owner().uploads("settings.json", content.as_bytes());
        let seen = sent.submits(&form, &[("file", &["settings.json"])]).await.settled().await;
        assert!(seen.text().contains(said), "{content}: {}", seen.text());
    }
}

#[tokio::test(flavor = "multi_thread")]
async fn a_file_is_judged_by_its_size_and_its_bytes_whatever_it_is_called() {
    let app = TestApp::open().await;
    let long = "x".repeat(5_000);
    for (content, said) in
        [(long.as_bytes(), "too large. The maximum is 4 KiB"), (b"\x89PNG\0", "is not plain text")]
    {
        let panel = app.owner().says("/settings").await.settled().await;
        let form = app.owner().presses(&panel, "Import…").await.first().await;
        let sent = app.owner().uploads("settings.json", content);
        let seen = sent.submits(&form, &[("file", &["settings.json"])]).await.settled().await;
        assert!(seen.text().contains(said), "{}", seen.text());
    }
}

/// The response if `user` presses this button, which Discord would not show them.
async fn forged(app: &TestApp, user: &str, custom_id: &str) -> Value {
    let status = app.stack.discord.status().unwrap();
    let id = &status.users.iter().find(|known| known.name == user).unwrap().id;
    let press = json!({
        "type": 3, "id": "5", "token": "t", "guild_id": status.guilds[0].id,
        "member": { "user": { "id": id }, "permissions": "32" },
        "message": {}, "data": { "custom_id": custom_id, "component_type": 2 },
    });
    let answer = app.stack.discord.deliver(press.to_string().into_bytes()).await.unwrap();
    serde_json::from_slice(&answer.body).unwrap()
}

#[tokio::test(flavor = "multi_thread")]
async fn nobody_presses_what_was_made_for_another() {
    let app = TestApp::open().await;
    let panel = app.owner().says("/settings").await.settled().await;
    let components = panel.message().unwrap()["components"].to_string();
    let edit = components.split('"').find(|part| part.starts_with("settings.1~")).unwrap();
    let (command, rest) = edit.split_once('~').unwrap();
    let nobodys = format!("{command}{}", &rest[rest.find('.').unwrap()..]);
    for (who, button, said) in [
        ("Leocadia Brandt", edit, "Only the person who used the command"),
        ("Ottilie Quandt", &nobodys, "has expired"),
    ] {
        let answer = forged(&app, who, button).await;
        assert_eq!((&answer["type"], &answer["data"]["flags"]), (&json!(4), &json!(64)));
        assert!(answer["data"]["content"].as_str().unwrap().contains(said), "{answer}");
    }
    assert_eq!(forged(&app, "Ottilie Quandt", edit).await["type"], 9);
}

#[tokio::test(flavor = "multi_thread")]
async fn settings_can_be_pasted() {
    let app = TestApp::open().await;
    let panel = app.owner().says("/settings").await.settled().await;
    let form = app.owner().presses(&panel, "Import…").await.first().await;
    let text = r#"{"steward":1,"language":"de","units":null,"time_zone":"Asia/Tokyo","off":["weather"]}"#;
    let seen = app.owner().submits(&form, &[("text", &[text])]).await.settled().await;
    assert_eq!(seen.story(), ["updated"]);
    for part in ["Deutsch", "Asia/Tokyo", "Turned off** Weather"] {
        assert!(seen.text().contains(part), "{part}: {}", seen.text());
    }
}
