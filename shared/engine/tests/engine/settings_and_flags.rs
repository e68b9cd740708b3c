//! What a guild's settings and the feature flags change.

use aws::Store;
use domain::{
    Flags, GuildId, Language, Settings,
    flags::Edit as FlagEdit,
    measurement::Outcome,
    settings::{Edit, Feature},
};
use serde_json::{Value, json};

use crate::{harness::TestApp, wire::Fault};

fn guild(app: &TestApp) -> GuildId {
    app.discord.status().unwrap().guilds[0].id.to_string().parse().unwrap()
}

/// The guild's members change its settings.
async fn decide(app: &TestApp, settings: Settings) {
    let interaction = crate::harness::id_at(app.clock.now()).to_string().parse().unwrap();
    let user = "7".parse().unwrap();
    let (store, edit): (Store<Settings>, _) = (app.aws().store(), Edit::All(settings));
    store.change(guild(app), user, interaction, &edit, app.clock.now()).await.unwrap().unwrap();
}

fn without_weather() -> Settings {
    Settings { off: [Feature::Weather].into(), ..Settings::default() }
}

async fn roll_out(app: &TestApp, command: &str, percent: u8) {
    let store: Store<Flags> = app.aws().store();
    store.edit(command, &FlagEdit::Percent(percent), app.clock.now()).await.unwrap();
}

#[tokio::test(start_paused = true)]
async fn a_feature_that_the_guild_turned_off_is_refused_everywhere() {
    let app = TestApp::open().await;
    decide(&app, without_weather()).await;
    let asked = app.says("/forecast place:Paris").await;
    assert_eq!(
        (asked.text(), asked.outcome()),
        ("`/forecast` is turned off in this server.".to_owned(), Outcome::Refused)
    );
    assert_eq!(asked.story(), ["answered (only you see this)"]);
    assert_eq!(app.completes("/forecast place:Par").await, (Vec::new(), Outcome::Refused));
    assert_eq!(app.says("/act run:answer").await.outcome(), Outcome::Answered, "it has no feature");
}

#[tokio::test(start_paused = true)]
async fn settings_are_read_once_in_half_a_minute() {
    let app = TestApp::open().await;
    for _ in 0..3 {
        app.says("/act run:answer").await;
    }
    assert_eq!(app.wire.calls("GetItem GUILD#"), 1);
    assert_eq!(app.wire.calls("GetItem FLAGS"), 1);
    decide(&app, without_weather()).await;
    assert_eq!(app.says("/forecast place:Paris").await.outcome(), Outcome::Answered);
    app.pass(30);
    assert_eq!(app.says("/forecast place:Paris").await.outcome(), Outcome::Refused);
}

#[tokio::test(start_paused = true)]
async fn settings_that_cannot_be_read_are_those_that_were_read_last_and_then_the_defaults() {
    let app = TestApp::open().await;
    decide(&app, without_weather()).await;
    assert_eq!(app.says("/forecast place:Paris").await.outcome(), Outcome::Refused);
    app.pass(31);
    for fault in [Fault::Status(400), Fault::Hang] {
        app.wire.fail("dynamodb GetItem GUILD#", fault);
        let asked = app.says("/forecast place:Paris").await;
        assert_eq!((asked.outcome(), app.faults(asked.id).len()), (Outcome::Refused, 1), "{fault:?}");
    }
    let unread = app.another_environment();
    let asked = asked(&app, "forecast", json!([{ "type": 3, "name": "place", "value": "Paris" }]));
    assert_eq!(app.answer(&unread, asked).await.1, Outcome::Answered);
    let codes: Vec<_> = app.logged("fault").iter().map(|line| line["code"].clone()).collect();
    assert!(codes.contains(&Value::from("timeout")), "{codes:?}");
}

#[tokio::test(start_paused = true)]
async fn the_guilds_language_is_that_of_public_replies() {
    let app = TestApp::open().await;
    decide(&app, Settings { language: Some(Language::German), ..Settings::default() }).await;
    assert_eq!(app.says("/act run:answer").await.text(), "run: German");
    assert_eq!(app.says("/act run:answer private:true").await.text(), "run: English");
    let deferred = app.says("/slow").await;
    app.work().await;
    assert_eq!(deferred.text(), "0 in the end, German");
    assert_eq!(app.says("/ping").await.text(), "here, English");
}

#[tokio::test(start_paused = true)]
async fn settings_that_a_command_changed_apply_at_once_in_its_environment() {
    let app = TestApp::open().await;
    assert_eq!(app.says("/act run:answer").await.text(), "run: English");
    assert_eq!(app.says("/speak language:german").await.text(), "from now on");
    assert_eq!(app.says("/act run:answer").await.text(), "run: German");
}

#[tokio::test(start_paused = true)]
async fn a_command_that_is_not_rolled_out_is_refused_as_command_button_and_while_typing() {
    let app = TestApp::open().await;
    let panel = app.says("/panel").await;
    for command in ["panel", "forecast"] {
        roll_out(&app, command, 0).await;
    }
    app.pass(31);
    let asked = app.says("/panel").await;
    assert_eq!(
        (asked.text(), asked.outcome()),
        ("`/panel` is not available here yet.".to_owned(), Outcome::Refused)
    );
    let pressed = panel.pressed("More").await;
    assert_eq!(
        (pressed.text(), pressed.outcome()),
        ("`/panel` is not available here yet.".to_owned(), Outcome::Refused)
    );
    assert_eq!(pressed.story(), ["answered (only you see this)"]);
    assert_eq!(app.completes("/forecast place:Par").await, (Vec::new(), Outcome::Refused));
    assert_eq!(app.says("/act run:answer").await.outcome(), Outcome::Answered);
}

#[tokio::test(start_paused = true)]
async fn a_menu_item_is_refused_by_its_own_name() {
    let app = TestApp::open().await;
    roll_out(&app, "Look at", 0).await;
    let id =
        app.discord.use_on_user("Bartholomew Finch", "general", "Look at", "Zdenka Vlasak").await.unwrap();
    assert_eq!(app.answer_to(id).await.text(), "`Look at` is not available here yet.");
}

#[tokio::test(start_paused = true)]
async fn flags_that_cannot_be_read_are_those_that_were_read_last_and_without_any_all_is_available() {
    let app = TestApp::open().await;
    roll_out(&app, "act", 0).await;
    roll_out(&app, "ping", 0).await;
    let answered = json!([{ "type": 3, "name": "run", "value": "answer" }]);
    let act = || asked(&app, "act", answered.clone());
    let ping = || asked(&app, "ping", json!([]));
    let (first, second) = (app.another_environment(), app.another_environment());
    // A free command reads no table: until another command has read the flags, it is available.
    assert_eq!(app.answer(&first, ping()).await.1, Outcome::Answered);
    assert_eq!(app.answer(&first, act()).await.1, Outcome::Refused);
    assert_eq!(app.answer(&first, ping()).await.1, Outcome::Refused);
    app.pass(31);
    for fault in [Fault::Status(400), Fault::Hang] {
        app.wire.fail("dynamodb GetItem FLAGS", fault);
        assert_eq!(app.answer(&first, act()).await.1, Outcome::Refused);
        assert_eq!(app.answer(&second, act()).await.1, Outcome::Answered);
    }
}

#[tokio::test(start_paused = true)]
async fn a_free_command_uses_the_settings_that_are_cached() {
    let app = TestApp::open().await;
    decide(&app, Settings { language: Some(Language::German), ..Settings::default() }).await;
    app.wire.forget();
    app.says("/ping").await;
    assert_eq!(app.wire.calls("dynamodb"), 0);
}

#[tokio::test(start_paused = true)]
async fn the_table_delays_an_answer_by_no_more_than_its_time_limit() {
    let app = TestApp::open().await;
    app.wire.fail("dynamodb", Fault::Hang);
    let asked = app.says("/act run:answer").await;
    assert_eq!((asked.outcome(), asked.view().steps[0].ms), (Outcome::Answered, 600));
    let mut parts: Vec<_> = app.logged("fault").iter().map(|line| line["component"].clone()).collect();
    parts.sort_by_key(Value::to_string);
    assert_eq!(parts, ["flags", "limits", "settings"]);
}

fn asked(app: &TestApp, command: &str, options: Value) -> Value {
    let data = json!({ "type": 1, "name": command, "options": options });
    json!({ "type": 2, "data": data, "guild_id": guild(app).to_string(), "member": { "permissions": "0" } })
}
