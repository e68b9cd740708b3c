//! Buttons, select menus and modals.

use domain::measurement::Outcome;
use serde_json::json;

use crate::{
    harness::{JOBS, TestApp},
    wire::Fault,
};

const PRIVATE: &str = "answered (only you see this)";
const BESIDE: &str = "follow-up (only you see this)";

#[tokio::test(start_paused = true)]
async fn a_button_changes_the_message_that_it_is_on() {
    let app = TestApp::open().await;
    let panel = app.says("/panel").await;
    let pressed = panel.pressed("More").await;
    assert_eq!((pressed.story(), pressed.outcome()), (vec!["updated".to_owned()], Outcome::Answered));
    assert_eq!((pressed.command(), app.steps(pressed.id)), (Some("panel"), vec!["routed".to_owned()]));
    assert!(panel.message().to_string().contains("pressed 1"));
    let again = panel.pressed("More").await;
    assert!(again.text().contains("pressed 2"), "{}", again.text());
}

#[tokio::test(start_paused = true)]
async fn a_button_of_another_member_is_refused() {
    let app = TestApp::open().await;
    let panel = app.says("/panel").await;
    let pressed = panel.pressed_by("Zdenka Vlasak", "More").await;
    assert_eq!((pressed.story(), pressed.outcome()), (vec![PRIVATE.to_owned()], Outcome::Refused));
    assert!(pressed.text().contains("Das kann nur die Person benutzen, die den Befehl verwendet hat."));
    assert!(panel.message().to_string().contains("pressed 0"));
}

#[tokio::test(start_paused = true)]
async fn a_button_for_everyone_is_answered_beside_the_message() {
    let app = TestApp::open().await;
    let vote = app.says("/vote").await;
    for (member, language) in [("Bartholomew Finch", "English"), ("Zdenka Vlasak", "German")] {
        let pressed = vote.pressed_by(member, "Yes").await;
        assert_eq!((pressed.story(), pressed.outcome()), (vec![PRIVATE.to_owned()], Outcome::Answered));
        assert!(pressed.text().starts_with("counted for ") && pressed.text().ends_with(language));
    }
    assert_eq!(vote.message()["content"], "well?");
}

#[tokio::test(start_paused = true)]
async fn a_button_that_is_too_old_or_has_a_foreign_state_is_refused() {
    let app = TestApp::open().await;
    let panel = app.says("/panel").await;
    let id = panel.custom_id("More");
    for id in [
        id.replace("panel.3", "panel.1"),
        format!("{id}AAAA"),
        id.rsplit_once('.').unwrap().0.to_owned() + ".*unknown",
        "panel.3.AA".to_owned(),
    ] {
        let user = panel.view().message().unwrap()["interaction_metadata"]["user"]["id"].clone();
        let pressed = json!({
            "type": 3, "data": { "component_type": 2, "custom_id": id }, "locale": "en-US",
            "user": { "id": user },
        });
        let (answer, outcome) = app.answer(&app.services, pressed).await;
        assert_eq!((outcome, &answer["data"]["flags"]), (Outcome::Refused, &64.into()), "{id}: {answer}");
        assert!(answer["data"]["content"].as_str().unwrap().contains("This has expired"), "{id}: {answer}");
    }
}

#[tokio::test(start_paused = true)]
async fn the_stored_state_of_a_members_button_serves_nobody_else() {
    let app = TestApp::open().await;
    let kept = app.says("/act run:keep").await.custom_id("Keep");
    let other = app.said_by("Zdenka Vlasak", "/panel").await;
    let theirs = other.custom_id("More");
    let (key, owner) = (kept.rsplit_once('.').unwrap().1, theirs.rsplit_once('.').unwrap().0);
    let user = other.message()["interaction_metadata"]["user"]["id"].clone();
    for (id, outcome) in [(theirs.clone(), Outcome::Answered), (format!("{owner}.{key}"), Outcome::Refused)] {
        let data = json!({ "component_type": 2, "custom_id": id });
        let pressed = json!({ "type": 3, "data": data, "user": { "id": user } });
        let (answer, ended) = app.answer(&app.services, pressed).await;
        assert_eq!(ended, outcome, "{answer}");
        assert_eq!(answer.to_string().contains("This has expired"), outcome == Outcome::Refused, "{answer}");
    }
}

#[tokio::test(start_paused = true)]
async fn state_that_does_not_fit_is_kept_for_a_day() {
    let app = TestApp::open().await;
    let kept = app.says("/act run:keep").await;
    assert_eq!((kept.text().contains("look"), kept.outcome()), (true, Outcome::Answered));
    assert!(kept.pressed("Keep").await.text().contains("kept 91"));
    let kept = app.says("/act run:keep").await;
    app.pass(24 * 60 * 60 + 1);
    let pressed = kept.pressed("Keep").await;
    assert_eq!((pressed.outcome(), pressed.text().contains("has expired")), (Outcome::Refused, true));
}

#[tokio::test(start_paused = true)]
async fn a_button_that_is_refused_or_fails_leaves_the_message_as_it_is() {
    let app = TestApp::open().await;
    let panel = app.says("/panel").await;
    let refused = panel.pressed("Refuse").await;
    assert_eq!((refused.story(), refused.text()), (vec![PRIVATE.to_owned()], "not this one".to_owned()));
    let failed = panel.pressed("Fail").await;
    assert_eq!((failed.story(), failed.outcome()), (Vec::new(), Outcome::Deferred), "the job tries it again");
    for _ in 0..3 {
        assert_eq!(app.work().await.outcome, Outcome::ReceiveFailed);
        app.pass(25);
    }
    assert_eq!((app.work().await.outcome, failed.story()), (Outcome::Notified, vec![BESIDE.to_owned()]));
    assert_eq!(app.faults(failed.id), ["panel: as asked"; 5]);
    assert!(panel.message().to_string().contains("pressed 0"));
}

#[tokio::test(start_paused = true)]
async fn a_button_that_is_deferred_changes_the_message_when_its_job_is_done() {
    let app = TestApp::open().await;
    let panel = app.says("/panel").await;
    for (label, text) in [("Later", "at last"), ("Slow", "slowly")] {
        let pressed = panel.pressed(label).await;
        assert_eq!((pressed.story(), pressed.outcome()), (Vec::new(), Outcome::Deferred));
        assert_eq!(app.work().await.outcome, Outcome::Edited);
        assert_eq!(pressed.story(), ["edited"]);
        assert!(panel.message().to_string().contains(text), "{}", panel.message());
    }
}

#[tokio::test(start_paused = true)]
async fn a_button_answered_beside_the_message_is_deferred_beside_it() {
    let app = TestApp::open().await;
    let vote = app.said_by("Zdenka Vlasak", "/vote").await;
    let pressed = vote.pressed_by("Zdenka Vlasak", "Slow").await;
    assert_eq!(pressed.story(), ["thinking… (only you see this)"]);
    assert_eq!(app.work().await.outcome, Outcome::Edited);
    assert!(pressed.text().ends_with("German"), "{}", pressed.text());
    assert_eq!(vote.message()["content"], "well?");
    let later = vote.pressed("Later").await;
    assert_eq!(app.work().await.outcome, Outcome::Notified);
    assert_eq!(app.faults(later.id), ["command: returned Later twice"]);
}

#[tokio::test(start_paused = true)]
async fn a_select_menu_passes_what_was_chosen() {
    let app = TestApp::open().await;
    let panel = app.says("/panel").await;
    let chosen = panel.chosen("Choose one", &["two"]).await;
    assert_eq!((chosen.story(), chosen.outcome()), (vec!["updated".to_owned()], Outcome::Answered));
    assert!(panel.message().to_string().contains("chosen two"));
    let slow = panel.chosen("Choose one", &["slow"]).await;
    assert_eq!((slow.story(), slow.outcome()), (Vec::new(), Outcome::Deferred));
    assert_eq!(app.work().await.outcome, Outcome::Edited);
    assert!(panel.message().to_string().contains("chosen slowly"));
    let later = panel.chosen("Choose one", &["later"]).await;
    assert_eq!(app.work().await.outcome, Outcome::Notified);
    assert_eq!(app.faults(later.id), ["command: returned Later twice"]);
    let many = app.says("/vote select:true").await;
    let chosen = many.chosen("Choose some", &["one", "two"]).await;
    assert!(chosen.text().contains("chosen one+two"), "{}", chosen.text());
}

#[tokio::test(start_paused = true)]
async fn a_modal_opens_and_its_submission_changes_the_message_from_which_it_was_opened() {
    let app = TestApp::open().await;
    let panel = app.says("/panel").await;
    let asked = panel.pressed("Ask").await;
    assert_eq!((asked.story(), asked.outcome()), (vec!["a form opens".to_owned()], Outcome::Answered));
    let submitted = asked.submitted("hello").await;
    assert_eq!((submitted.story(), submitted.outcome()), (vec!["updated".to_owned()], Outcome::Answered));
    assert!(panel.message().to_string().contains("7 submitted hello"));
    for (text, shown) in [("later", "7 submitted at last"), ("slow", "submitted slowly")] {
        let submitted = panel.pressed("Ask").await.submitted(text).await;
        assert_eq!((submitted.story(), submitted.outcome()), (Vec::new(), Outcome::Deferred), "{text}");
        assert_eq!(app.work().await.outcome, Outcome::Edited);
        assert!(panel.message().to_string().contains(shown), "{}", panel.message());
    }
}

#[tokio::test(start_paused = true)]
async fn a_modal_that_a_command_opened_is_answered_with_a_new_message() {
    let app = TestApp::open().await;
    let asked = app.says("/act run:form").await;
    assert_eq!((asked.story(), asked.outcome()), (vec!["a form opens".to_owned()], Outcome::Answered));
    let submitted = asked.submitted("hello").await;
    assert_eq!((submitted.story(), submitted.outcome()), (vec!["answered".to_owned()], Outcome::Answered));
    assert!(submitted.text().contains("7 submitted hello"));
    let later = app.says("/act run:form").await.submitted("later").await;
    assert_eq!(later.story(), ["thinking…"]);
}

#[tokio::test(start_paused = true)]
async fn a_modal_can_be_answered_beside_its_message() {
    let app = TestApp::open().await;
    let vote = app.says("/vote").await;
    let explained = vote.pressed("Explain").await.submitted("I can").await;
    assert_eq!(
        (explained.story(), explained.text()),
        (vec!["answered".to_owned()], "because I can, English".to_owned())
    );
    let slow = vote.pressed_by("Bartholomew Finch", "Explain").await.submitted("slow").await;
    assert_eq!(slow.story(), ["thinking…"]);
    assert_eq!(app.work().await.outcome, Outcome::Edited);
    assert_eq!(slow.text(), "because slow, English");
    assert_eq!(vote.message()["content"], "well?");
}

#[tokio::test(start_paused = true)]
async fn a_modal_in_answer_to_a_modal_is_a_fault() {
    let app = TestApp::open().await;
    let submitted = app.says("/panel").await.pressed("Ask").await.submitted("form").await;
    assert_eq!((submitted.story(), submitted.outcome()), (vec![PRIVATE.to_owned()], Outcome::Failed));
    assert_eq!(app.faults(submitted.id), ["command: form"]);
}

#[tokio::test(start_paused = true)]
async fn a_modal_that_comes_too_late_is_refused() {
    let app = TestApp::open().await;
    let asked = app.said_by("Zdenka Vlasak", "/again form:true takes:5000").await;
    assert_eq!(asked.outcome(), Outcome::Deferred);
    assert_eq!(app.work().await.outcome, Outcome::Refused);
    assert!(asked.text().contains("nicht rechtzeitig"), "{}", asked.text());
}

#[tokio::test(start_paused = true)]
async fn a_fault_of_the_table_at_the_state_of_a_button_is_handed_to_the_queue() {
    let app = TestApp::open().await;
    let kept = app.says("/act run:keep").await;
    for (jobs, fault) in [(1, Fault::Status(400)), (2, Fault::Throttled), (3, Fault::Hang)] {
        app.wire.fail("dynamodb GetItem STATE#", fault);
        let pressed = kept.pressed("Keep").await;
        assert_eq!((pressed.outcome(), app.queued(JOBS)), (Outcome::Deferred, jobs), "{fault:?}");
    }
}

#[tokio::test(start_paused = true)]
async fn a_component_on_an_ephemeral_message_is_ephemeral_too() {
    let app = TestApp::open().await;
    let panel = app.said_by("Zdenka Vlasak", "/panel private:true").await;
    assert_eq!(panel.story(), [PRIVATE]);
    let pressed = panel.pressed_by("Zdenka Vlasak", "Later").await;
    app.work().await;
    assert_eq!(pressed.story(), ["edited"]);
}
