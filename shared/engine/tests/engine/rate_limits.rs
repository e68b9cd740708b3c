//! The rate limits of users and guilds.

use std::time::Duration;

use domain::measurement::Outcome;
use serde_json::{Value, json};

use crate::{harness::TestApp, wire::Fault};

const GUILD: &str = "81384788765712384";

/// A command of this class by this user.
fn command(name: &str, user: u64, guild: Option<&str>) -> Value {
    let options = match name {
        "act" => json!([{ "type": 3, "name": "run", "value": "answer" }]),
        _ => json!([]),
    };
    let mut asked = json!({ "type": 2, "data": { "type": 1, "name": name, "options": options } });
    match guild {
        Some(guild) => {
            asked["guild_id"] = guild.into();
            asked["app_permissions"] = "8".into();
            asked["member"] = json!({ "user": { "id": user.to_string() }, "permissions": "8" });
        }
        None => asked["user"] = json!({ "id": user.to_string() }),
    }
    asked
}

fn text(answer: &Value) -> &str {
    answer["data"]["content"].as_str().unwrap_or_default()
}

#[tokio::test(start_paused = true)]
async fn a_user_who_asks_too_often_is_told_until_when_and_then_answered_again() {
    let app = TestApp::open().await;
    for _ in 0..20 {
        assert_eq!(app.answer(&app.services, command("act", 7, None)).await.1, Outcome::Answered);
    }
    let (answer, outcome) = app.answer(&app.services, command("act", 7, None)).await;
    let until = app.clock.now().as_second() + 2;
    assert!(
        text(&answer).contains("too often") && text(&answer).contains(&format!("<t:{until}:R>")),
        "{answer}"
    );
    assert_eq!((outcome, &answer["data"]["flags"]), (Outcome::Limited, &64.into()));
    assert_eq!(app.answer(&app.services, command("act", 8, None)).await.1, Outcome::Answered, "another user");
    app.pass(2);
    assert_eq!(app.answer(&app.services, command("act", 7, None)).await.1, Outcome::Answered);
    assert_eq!(app.answer(&app.services, command("act", 7, None)).await.1, Outcome::Limited);
}

#[tokio::test(start_paused = true)]
async fn a_limit_counts_for_all_environments_together() {
    let app = TestApp::open().await;
    let other = app.another_environment();
    for environment in [&app.services, &other].into_iter().cycle().take(20) {
        assert_eq!(app.answer(environment, command("act", 7, Some(GUILD))).await.1, Outcome::Answered);
    }
    for environment in [&other, &app.services, &app.another_environment()] {
        assert_eq!(app.answer(environment, command("act", 7, Some(GUILD))).await.1, Outcome::Limited);
    }
}

#[tokio::test(start_paused = true)]
async fn a_flood_is_stopped_in_memory_before_it_costs_a_table_request() {
    let app = TestApp::open().await;
    let other = app.another_environment();
    for _ in 0..20 {
        app.answer(&other, command("act", 7, None)).await;
    }
    assert_eq!(app.answer(&app.services, command("act", 7, None)).await.1, Outcome::Limited);
    app.wire.forget();
    for _ in 0..5 {
        assert_eq!(app.answer(&app.services, command("act", 7, None)).await.1, Outcome::Limited);
    }
    assert_eq!(app.wire.calls("RATE#"), 0, "this environment has learned it from the table");
}

#[tokio::test(start_paused = true)]
async fn a_guild_whose_members_ask_too_much_together_is_told_so_and_one_member_cannot_cause_it() {
    let app = TestApp::open().await;
    for _ in 0..60 {
        app.answer(&app.services, command("staff", 7, Some(GUILD))).await;
    }
    for user in 0..49 {
        let (answer, outcome) =
            app.answer(&app.services, command("staff", 100 + user / 5, Some(GUILD))).await;
        assert_eq!(outcome, Outcome::Answered, "{user}: {answer}");
        if user == 44 {
            break;
        }
    }
    let (answer, outcome) = app.answer(&app.services, command("staff", 200, Some(GUILD))).await;
    assert_eq!(outcome, Outcome::Limited, "{answer}");
    assert!(text(&answer).contains("too many requests in this server"), "{answer}");
    assert_eq!(app.answer(&app.services, command("staff", 200, Some("9"))).await.1, Outcome::Answered);
}

#[tokio::test(start_paused = true)]
async fn a_free_command_is_counted_by_each_environment_alone_and_not_for_the_guild() {
    let app = TestApp::open().await;
    for _ in 0..100 {
        assert_eq!(app.answer(&app.services, command("ping", 7, Some(GUILD))).await.1, Outcome::Answered);
    }
    let (answer, outcome) = app.answer(&app.services, command("ping", 7, Some(GUILD))).await;
    assert_eq!(outcome, Outcome::Limited);
    assert!(text(&answer).contains("too often"), "{answer}");
    assert_eq!(app.answer(&app.services, command("ping", 8, Some(GUILD))).await.1, Outcome::Answered);
    assert!(!app.services.has_touched_aws());
}

#[tokio::test(start_paused = true)]
async fn a_table_that_is_down_or_silent_keeps_nobody_out() {
    let app = TestApp::open().await;
    for fault in [Fault::Status(400), Fault::Hang] {
        app.wire.fail("RATE#", fault);
        for user in [7, 8] {
            assert_eq!(
                app.answer(&app.services, command("act", user, Some(GUILD))).await.1,
                Outcome::Answered
            );
        }
    }
    assert_eq!(app.logged("fault").len(), 4);
}

#[tokio::test(start_paused = true)]
async fn a_throttled_limit_is_a_limit_that_is_reached_and_is_not_asked_again_at_once() {
    let app = TestApp::open().await;
    app.wire.throttle_hot_keys(0, &app.clock);
    let (answer, outcome) = app.answer(&app.services, command("act", 7, Some(GUILD))).await;
    assert_eq!(outcome, Outcome::Limited);
    assert!(text(&answer).contains("too many requests at the moment"), "{answer}");
    assert_eq!((app.logged("a rate limit is throttled").len(), app.logged("fault").len()), (1, 0));
    app.wire.forget();
    app.clock.advance(Duration::from_millis(450));
    let (answer, outcome) = app.answer(&app.services, command("act", 7, Some(GUILD))).await;
    assert_eq!(outcome, Outcome::Limited);
    assert!(text(&answer).contains("too many requests at the moment"), "nobody asked too often: {answer}");
    assert_eq!(app.wire.calls("RATE#"), 0);
    app.wire.throttle_hot_keys(1_000, &app.clock);
    app.pass(2);
    assert_eq!(app.answer(&app.services, command("act", 7, Some(GUILD))).await.1, Outcome::Answered);
}

#[tokio::test(start_paused = true)]
async fn a_command_of_a_quiet_guild_costs_one_write() {
    let app = TestApp::open().await;
    for _ in 0..4 {
        assert_eq!(app.answer(&app.services, command("act", 7, Some(GUILD))).await.1, Outcome::Answered);
        assert_eq!((app.wire.calls("RATE#USER"), app.wire.calls("RATE#GUILD")), (1, 0));
        app.wire.forget();
    }
    assert_eq!(app.answer(&app.services, command("act", 7, Some(GUILD))).await.1, Outcome::Answered);
    assert_eq!((app.wire.calls("RATE#USER"), app.wire.calls("RATE#GUILD")), (1, 1), "four were kept back");
}

#[tokio::test(start_paused = true)]
async fn a_command_that_is_refused_for_its_guild_costs_its_user_nothing() {
    let app = TestApp::open().await;
    for user in 0..50 {
        assert_eq!(
            app.answer(&app.services, command("staff", 100 + user, Some(GUILD))).await.1,
            Outcome::Answered
        );
    }
    app.wire.forget();
    for _ in 0..10 {
        assert_eq!(app.answer(&app.services, command("staff", 7, Some(GUILD))).await.1, Outcome::Limited);
    }
    assert_eq!(app.wire.calls("RATE#"), 0);
    for _ in 0..5 {
        assert_eq!(app.answer(&app.services, command("staff", 7, Some("9"))).await.1, Outcome::Answered);
    }
}

#[tokio::test(start_paused = true)]
async fn what_the_table_has_refused_is_not_asked_again_for_about_a_second() {
    let app = TestApp::open().await;
    let other = app.another_environment();
    for user in 0..200 {
        assert_eq!(app.answer(&other, command("act", 100 + user, Some(GUILD))).await.1, Outcome::Answered);
    }
    let mut refused = 0;
    for user in 0..20 {
        refused += usize::from(
            app.answer(&app.services, command("act", 500 + user, Some(GUILD))).await.1 == Outcome::Limited,
        );
    }
    assert_eq!((refused, app.wire.calls("RATE#GUILD")), (16, 184 + 1), "four were let in alone");
    // The guild's next use was allowed after 50 ms.
    app.clock.advance(Duration::from_millis(450));
    app.wire.forget();
    assert_eq!(app.answer(&app.services, command("act", 600, Some(GUILD))).await.1, Outcome::Limited);
    assert_eq!(app.wire.calls("RATE#"), 0);
    app.pass(2);
    assert_eq!(app.answer(&app.services, command("act", 600, Some(GUILD))).await.1, Outcome::Answered);
}

#[tokio::test(start_paused = true)]
async fn commands_and_buttons_have_limits_of_their_own() {
    let app = TestApp::open().await;
    let panel = app.says("/panel").await;
    for _ in 0..19 {
        assert_eq!(app.says("/panel").await.outcome(), Outcome::Answered);
    }
    assert_eq!(app.says("/panel").await.outcome(), Outcome::Limited);
    for _ in 0..20 {
        assert_eq!(panel.pressed("More").await.outcome(), Outcome::Answered);
    }
}

#[tokio::test(start_paused = true)]
async fn without_limits_nobody_is_counted() {
    let app = TestApp::open().await;
    let environment = app.services_without_limits();
    for _ in 0..30 {
        assert_eq!(app.answer(&environment, command("act", 7, Some(GUILD))).await.1, Outcome::Answered);
    }
    for _ in 0..120 {
        assert_eq!(app.answer(&environment, command("ping", 7, Some(GUILD))).await.1, Outcome::Answered);
    }
    assert_eq!(app.wire.calls("RATE#"), 0);
}
