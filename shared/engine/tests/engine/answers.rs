//! Commands that are answered in the response to Discord, and who may use them.

use domain::measurement::Outcome;
use serde_json::{Value, json};

use crate::harness::{JOBS, TestApp};

const GUILD: &str = "81384788765712384";

fn text(answer: &Value) -> &str {
    answer["data"]["content"].as_str().unwrap_or_default()
}

#[tokio::test(start_paused = true)]
async fn a_command_that_is_ready_answers_at_once_in_the_language_of_who_sees_it() {
    let app = TestApp::open().await;
    let asked = app.says("/act run:answer").await;
    assert_eq!((asked.story(), asked.text()), (vec!["answered".to_owned()], "run: English".to_owned()));
    assert_eq!((asked.outcome(), asked.command()), (Outcome::Answered, Some("act")));
    let german = app.said_by("Zdenka Vlasak", "/act run:answer").await;
    assert_eq!(german.text(), "run: English", "everyone in the guild sees it");
    let german = app.said_by("Zdenka Vlasak", "/act run:answer private:true").await;
    assert_eq!(german.text(), "run: German");
    assert_eq!(german.story(), ["answered (only you see this)"]);
    let german = app.said_by("Zdenka Vlasak", "/ping").await;
    assert_eq!(german.text(), "here, German");
    assert_eq!((app.queued(JOBS), app.logged("fault").len()), (0, 0));
    assert_eq!(app.steps(asked.id), ["routed"]);
}

#[tokio::test(start_paused = true)]
async fn a_command_that_needs_no_service_builds_no_client() {
    let app = TestApp::open().await;
    app.says("/ping").await;
    assert!(!app.services.has_touched_aws() && app.wire.calls("") == 0);
    app.says("/act run:answer").await;
    assert!(app.services.has_touched_aws() && app.wire.calls("dynamodb") > 0);
    assert_eq!(app.services.version(), "test");
}

#[tokio::test(start_paused = true)]
async fn a_rejection_is_seen_by_the_user_alone_and_is_no_fault() {
    let app = TestApp::open().await;
    let asked = app.says("/act run:refuse").await;
    assert_eq!(
        (asked.story(), asked.text()),
        (vec!["answered (only you see this)".to_owned()], "run: no".to_owned())
    );
    assert_eq!(asked.outcome(), Outcome::Refused);
    assert!(app.faults(asked.id).is_empty());
}

#[tokio::test(start_paused = true)]
async fn a_fault_a_panic_and_too_long_a_reply_are_told_with_their_reference_and_logged_once() {
    let app = TestApp::open().await;
    for (line, fault) in [
        ("/act run:fail_for_good", "act: for good"),
        ("/act run:panic", "command: panic"),
        ("/act run:too_long", "reply: text"),
    ] {
        let asked = app.says(line).await;
        assert_eq!(asked.story(), ["answered (only you see this)"], "{line}");
        assert!(asked.text().contains("Something went wrong"), "{}", asked.text());
        assert!(asked.text().contains(&asked.id.to_string()), "{}", asked.text());
        assert_eq!(
            (asked.outcome(), app.faults(asked.id)),
            (Outcome::Failed, vec![fault.to_owned()]),
            "{line}"
        );
    }
    assert_eq!(app.queued(JOBS), 0);
}

#[tokio::test(start_paused = true)]
async fn a_command_in_a_context_menu_gets_its_target() {
    let app = TestApp::open().await;
    let id =
        app.discord.use_on_user("Bartholomew Finch", "general", "Look at", "Zdenka Vlasak").await.unwrap();
    let looked = app.answer_to(id).await;
    let zdenka = app.discord.status().unwrap().users.into_iter().find(|user| user.name == "Zdenka Vlasak");
    assert_eq!(looked.text(), format!("that is {}", zdenka.unwrap().id));
    assert_eq!(looked.command(), Some("Look at"));
    let message = app.discord.chat("Zdenka Vlasak", "general", "no pineapple").unwrap();
    let id = app.discord.use_on_message("Bartholomew Finch", message, "Quote").await.unwrap();
    let quoted = app.answer_to(id).await;
    assert_eq!(quoted.outcome(), Outcome::Deferred);
    assert_eq!(app.work().await.outcome, Outcome::Edited);
    assert_eq!(quoted.text(), "> no pineapple");
}

#[tokio::test(start_paused = true)]
async fn a_command_that_this_version_does_not_know_is_answered_all_the_same() {
    let app = TestApp::open().await;
    for (kind, data) in [
        (2, json!({ "type": 1, "name": "gone" })),
        (2, json!({ "type": 2, "name": "act" })),
        (2, json!({ "type": 1, "name": "Quote" })),
        (3, json!({ "component_type": 2, "custom_id": "gone.1.AA" })),
        (3, json!({ "component_type": 2, "custom_id": "not one of ours" })),
        (3, json!({ "component_type": 2, "custom_id": "act.1.AA" })),
        (5, json!({ "custom_id": "again.1.AA", "components": [] })),
        (9, json!({})),
    ] {
        let asked = json!({ "type": kind, "data": data, "guild_id": GUILD, "locale": "de" });
        let (answer, outcome) = app.answer(&app.services, asked).await;
        assert_eq!((&answer["type"], &answer["data"]["flags"]), (&4.into(), &64.into()), "{data}: {answer}");
        assert!(text(&answer).contains("Das ist gerade nicht verfügbar"), "{data}: {answer}");
        assert_eq!(outcome, Outcome::Unknown, "{data}");
    }
    let asked = json!({ "type": 4, "data": { "type": 1, "name": "gone" }, "guild_id": GUILD });
    let (answer, outcome) = app.answer(&app.services, asked).await;
    assert_eq!((&answer["type"], &answer["data"]["choices"]), (&8.into(), &json!([])));
    assert_eq!(outcome, Outcome::Unknown);
}

#[tokio::test(start_paused = true)]
async fn options_of_another_version_are_refused_with_a_request_to_use_the_command_again() {
    let app = TestApp::open().await;
    let option = |name, value: Value| json!([{ "type": 4, "name": name, "value": value }]);
    for (command, options) in
        [("slow", option("number", json!("many"))), ("act", option("unheard_of", json!(1)))]
    {
        let data = json!({ "type": 1, "id": "1", "name": command, "options": options });
        let (answer, outcome) = app.answer(&app.services, json!({ "type": 2, "data": data })).await;
        assert!(text(&answer).contains(&format!("`{command}` has just been updated")), "{answer}");
        assert_eq!((&answer["data"]["flags"], outcome), (&64.into(), Outcome::Refused), "{answer}");
    }
    assert_eq!(app.logged("fault").len(), 0);
}

#[tokio::test(start_paused = true)]
async fn a_command_without_options_does_not_look_at_those_of_another_version() {
    let app = TestApp::open().await;
    let options = json!([{ "type": 4, "name": "since_then", "value": 1 }]);
    let data = json!({ "type": 1, "id": "1", "name": "ping", "options": options });
    let (answer, outcome) = app.answer(&app.services, json!({ "type": 2, "data": data })).await;
    assert_eq!((text(&answer), outcome), ("here, English", Outcome::Answered));
}

#[tokio::test(start_paused = true)]
async fn the_commands_of_an_environment_share_its_clients() {
    let app = TestApp::open().await;
    assert_eq!(app.says("/outside").await.text(), "http://discord, one client of each: true");
}

#[tokio::test(start_paused = true)]
async fn a_button_is_for_members_with_the_permissions_that_its_command_names_where_the_bot_has_its_own() {
    const MANAGE_GUILD: u64 = 1 << 5;
    const MANAGE_MESSAGES: u64 = 1 << 13;
    const ADMINISTRATOR: u64 = 1 << 3;
    let app = TestApp::open().await;
    let asked = |member: Option<u64>, bot: Option<u64>, guild: bool| {
        let mut asked = json!({ "type": 3, "data": { "component_type": 2, "custom_id": "staff.1." } });
        if guild {
            asked["guild_id"] = GUILD.into();
        }
        if let Some(permissions) = member {
            asked["member"] = json!({ "permissions": permissions.to_string() });
        }
        if let Some(permissions) = bot {
            asked["app_permissions"] = permissions.to_string().into();
        }
        asked
    };
    let all = Some(MANAGE_GUILD | MANAGE_MESSAGES);
    for (member, bot, guild, part) in [
        (all, all, true, "let in"),
        (Some(MANAGE_GUILD), Some(MANAGE_MESSAGES), true, "let in"),
        (Some(ADMINISTRATOR), Some(ADMINISTRATOR), true, "let in"),
        (None, all, false, "let in"),
        (Some(MANAGE_MESSAGES), all, true, "You are not allowed to use `/staff`"),
        (None, all, true, "You are not allowed to use `/staff`"),
        (all, Some(MANAGE_GUILD), true, "I am missing a permission"),
        (all, None, true, "I am missing a permission"),
    ] {
        let (answer, outcome) = app.answer(&app.services_without_limits(), asked(member, bot, guild)).await;
        assert!(text(&answer).contains(part), "{member:?} {bot:?}: {answer}");
        assert_eq!(outcome == Outcome::Answered, part == "let in", "{member:?} {bot:?}: {outcome:?}");
        assert_eq!(answer["data"]["flags"] == 64, part != "let in", "a refusal is for the user alone");
    }
}

#[tokio::test(start_paused = true)]
async fn a_command_is_for_those_to_whom_discord_offers_it_and_the_bot_needs_its_own_permissions() {
    let app = TestApp::open().await;
    // An admin can give a command to members without the permissions that it names.
    for (member, bot, part) in [("0", "8192", "let in"), ("0", "0", "I am missing a permission")] {
        let asked = json!({
            "type": 2, "data": { "type": 1, "name": "staff" }, "guild_id": GUILD,
            "member": { "permissions": member }, "app_permissions": bot,
        });
        let (answer, outcome) = app.answer(&app.services_without_limits(), asked).await;
        assert!(text(&answer).contains(part), "{bot}: {answer}");
        assert_eq!(outcome == Outcome::Answered, part == "let in", "{bot}: {outcome:?}");
        assert_eq!(answer["data"]["flags"], 64, "both are for the user alone");
    }
}

#[tokio::test(start_paused = true)]
async fn a_user_without_a_readable_id_is_told_of_a_fault() {
    let app = TestApp::open().await;
    let voted = app.says("/vote").await;
    let data = json!({ "component_type": 2, "custom_id": voted.custom_id("Yes") });
    let (answer, outcome) =
        app.answer(&app.services, json!({ "type": 3, "data": data, "guild_id": GUILD })).await;
    assert!(text(&answer).contains("Something went wrong"), "{answer}");
    assert_eq!(outcome, Outcome::Failed);
}

#[tokio::test(start_paused = true)]
async fn a_command_in_direct_messages_is_answered_without_a_guild() {
    let app = TestApp::open().await;
    let id = app.discord.say("Zdenka Vlasak", "dm", "/act run:answer").await.unwrap();
    let asked = app.answer_to(id).await;
    assert_eq!((asked.text(), asked.outcome()), ("run: German".to_owned(), Outcome::Answered));
    assert_eq!(app.wire.calls("GetItem GUILD#"), 0);
}
