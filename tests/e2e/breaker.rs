//! The circuit breaker: no environment calls a failing service until a probe succeeds.

use std::sync::Arc;

use bytes::Bytes;
use commands::Commands;
use discord::config::Application;
use discord::envelope::Incoming;
use engine::{Services, config::Config, interaction};
use futures_util::future::join_all;
use http::Request;
use integrations::OpenMeteoConfig;
use local_discord::View;
use serde_json::{Value, json};
use tests::{Interaction, Look, TestApp};

/// Requests for different places, so that none waits for another's forecast.
async fn crowd<'a>(app: &'a TestApp, places: std::ops::Range<u32>) -> Vec<Interaction<'a>> {
    let lines: Vec<_> = places.map(|number| format!("/weather place:4886:{number} Somewhere")).collect();
    join_all(lines.iter().map(|line| app.member().says(line))).await
}

/// Waits until all interactions are settled and the queue is empty.
async fn settled(app: &TestApp, asked: Vec<Interaction<'_>>) -> Vec<View> {
    let all = || asked.iter().all(|asked| asked.look().settled) && app.queued("jobs") == 0;
    app.pass_until("all is settled", all).await;
    asked.iter().map(|asked| asked.look()).collect()
}

/// A test app whose breaker is open.
async fn broken(environments: usize) -> TestApp {
    let app = TestApp::without_limits(environments).await;
    breaks(&app).await;
    app
}

async fn breaks(app: &TestApp) {
    app.stack.open_meteo.set_down(true);
    let asked = crowd(app, 0..8).await;
    for seen in settled(app, asked).await {
        is_told_when(app, &seen);
    }
    stays_broken(app, "/weather place:4886:90 Somewhere").await;
}

/// Lets two probes fail, so that the breaker stays open for longer than the test takes.
async fn stays_broken(app: &TestApp, line: &str) {
    for _ in 0..2 {
        app.pass(121);
        settled(app, vec![app.member().says(line).await]).await;
    }
}

/// Checks that the message says when to retry, at a plausible time.
fn is_told_when(app: &TestApp, seen: &View) {
    let text = seen.text();
    let Some((said, rest)) = text.split_once("<t:") else { panic!("{text}") };
    assert_eq!(said, "The weather service is not responding at the moment. Please try again ");
    let until: i64 = rest.split_once(":R>.").unwrap().0.parse().unwrap();
    // At most two minutes ahead; it may be past by as much as the clock was advanced since.
    let left = until - app.stack.clock.now().as_second();
    assert!((-400..=121).contains(&left), "{left} s");
}

fn is_served(seen: &View) -> bool {
    seen.text().contains("Feels like")
}

async fn breakers(app: &TestApp) -> Value {
    let request = Request::get(format!("{}/local/status", app.stack.url)).body(Bytes::new()).unwrap();
    let patience = std::time::Duration::from_secs(5);
    let answer = outbound::Client::new().send(request, patience).await.unwrap();
    serde_json::from_slice::<Value>(answer.body()).unwrap()["breakers"].take()
}

#[tokio::test(flavor = "multi_thread")]
async fn in_an_outage_the_crowd_is_told_at_once_and_the_service_is_hardly_asked() {
    let app = broken(4).await;
    let before = app.stack.open_meteo.calls().forecasts;
    // Two failures of each place in each environment, until three places have failed, and probes.
    assert!((7..=45).contains(&before), "{before}");
    let jobs = app.stack.jobs.started();
    for seen in join_all(crowd(&app, 100..150).await.into_iter().map(Interaction::settled)).await {
        assert_eq!(seen.story(), ["message!"], "told privately, and before any \"thinking\"");
        is_told_when(&app, &seen);
    }
    assert_eq!(app.stack.open_meteo.calls().forecasts, before, "not once for fifty askers");
    assert_eq!((app.queued("jobs-dead"), app.stack.jobs.started()), (0, jobs));
    let told = breakers(&app).await;
    assert_eq!(told[0], json!({ "name": "open-meteo-geocoding", "state": "closed", "until": null }));
    assert_eq!(told[1]["name"], "open-meteo-forecasts");
    assert_eq!(told[1]["state"], "open");
}

#[tokio::test(flavor = "multi_thread")]
async fn when_it_has_mended_one_probe_lets_everybody_in_again() {
    let app = broken(4).await;
    app.stack.open_meteo.set_down(false);
    app.pass(121);
    assert_eq!(breakers(&app).await[1]["state"], "half_open");
    let before = app.stack.open_meteo.calls().forecasts;
    let first = settled(&app, crowd(&app, 200..201).await).await.remove(0);
    assert_eq!((first.story(), is_served(&first)), (vec!["thinking", "edited"], true));
    // The probe asks for Berlin, and then the job asks for its own place.
    assert_eq!(app.stack.open_meteo.calls().forecasts, before + 2);
    assert_eq!(breakers(&app).await[1]["state"], "closed");
    // Other environments read the closed state within seconds.
    app.pass(3);
    for seen in settled(&app, crowd(&app, 300..320).await).await {
        assert!(is_served(&seen), "{}", seen.text());
    }
}

#[tokio::test(flavor = "multi_thread")]
async fn a_job_that_meets_a_breaker_which_opens_again_within_20_seconds_is_answered_then() {
    let app = TestApp::without_limits(1).await;
    app.stack.open_meteo.set_down(true);
    let first = crowd(&app, 0..3).await;
    app.pass_until("three places have failed", || app.stack.open_meteo.calls().forecasts >= 5).await;
    app.stack.open_meteo.set_down(false);
    let later = crowd(&app, 3..6).await;
    for seen in settled(&app, later).await {
        assert_eq!((seen.story(), is_served(&seen)), (vec!["thinking", "edited"], true), "{}", seen.text());
    }
    settled(&app, first).await;
    assert_eq!(app.queued("jobs-dead"), 0);
}

#[tokio::test(flavor = "multi_thread")]
async fn a_place_that_always_fails_is_refused_and_keeps_no_other_place_from_anybody() {
    let app = TestApp::without_limits(1).await;
    app.stack.open_meteo.break_place("nowhere");
    let asked = join_all((0..10).map(|_| app.member().says("/weather place:nowhere"))).await;
    let others =
        join_all(["/weather place:Lisbon", "/weather place:Oslo"].map(|line| app.member().says(line)));
    for seen in settled(&app, others.await).await {
        assert!(is_served(&seen), "{}", seen.text());
    }
    for seen in settled(&app, asked).await {
        assert!(seen.text().starts_with("The place search is not responding"), "{}", seen.text());
    }
    assert_eq!((breakers(&app).await[0]["state"].as_str(), app.queued("jobs-dead")), (Some("closed"), 0));
}

#[tokio::test(flavor = "multi_thread")]
async fn a_crowd_that_comes_back_all_at_once_is_served_by_one_probe_and_seconds_later() {
    let app = broken(4).await;
    app.stack.open_meteo.set_down(false);
    app.pass(121);
    let seen = settled(&app, crowd(&app, 400..420).await).await;
    assert!(seen.iter().any(is_served));
    seen.iter().filter(|seen| !is_served(seen)).for_each(|seen| is_told_when(&app, seen));
    app.pass(5);
    let seen = settled(&app, crowd(&app, 400..420).await).await;
    assert!(seen.iter().all(is_served));
    assert_eq!(app.queued("jobs-dead"), 0);
}

#[tokio::test(flavor = "multi_thread")]
async fn meanwhile_an_old_forecast_is_shown_at_once_with_its_age() {
    let app = TestApp::without_limits(2).await;
    let card = app.member().says("/weather place:Paris").await.settled().await;
    app.pass(3_600);
    breaks(&app).await;
    let before = app.stack.open_meteo.calls();
    let seen = app.member().says("/weather place:Paris").await.settled().await;
    assert_eq!(seen.story(), ["message"]);
    assert!(seen.text().contains("This forecast is 1 h"), "{}", seen.text());
    let pressed = app.member().presses(&card, "Refresh").await.settled().await;
    assert_eq!(pressed.story(), ["updated"]);
    assert!(pressed.text().contains("This forecast is 1 h"), "{}", pressed.text());
    assert_eq!(app.stack.open_meteo.calls(), before);
}

#[tokio::test(flavor = "multi_thread")]
async fn a_pressed_button_leaves_the_card_to_the_others_and_tells_who_pressed_in_german() {
    let app = TestApp::without_limits(2).await;
    let card = app.german().says("/weather place:Berlin").await.settled().await;
    app.pass(25 * 3_600);
    breaks(&app).await;
    let pressed = app.german().presses(&card, "Aktualisieren").await.settled().await;
    assert_eq!(pressed.story(), ["message!"]);
    assert!(pressed.text().starts_with("Der Wetterdienst antwortet gerade nicht."), "{}", pressed.text());
    assert_eq!(app.message(&card).text(), card.text());
}

#[tokio::test(flavor = "multi_thread")]
async fn a_search_that_is_left_alone_offers_nothing_and_says_so_of_places_and_homes() {
    let app = TestApp::without_limits(1).await;
    app.stack.open_meteo.set_down(true);
    for typed in ["Par", "Pari", "Paris", "Pariss"] {
        assert!(app.member().completes(&format!("/weather place:{typed}")).await.is_empty());
    }
    assert_eq!(app.stack.open_meteo.calls().searches, 5);
    stays_broken(&app, "/weather place:Oslo").await;
    let before = app.stack.open_meteo.calls();
    // Three failed probes: the job of the first one waited 20 s for the second.
    assert_eq!(before.searches, 8);
    assert!(app.member().completes("/weather place:Oslo").await.is_empty());
    // A place name is rejected at once, in an option and in the modal.
    let seen = app.member().says("/weather place:Oslo").await.settled().await;
    assert_eq!(seen.story(), ["message!"]);
    assert!(seen.text().starts_with("The place search is not responding"), "{}", seen.text());
    let form = app.member().says("/weather").await.first().await;
    let filled: &[(&str, &[&str])] = &[("place", &["Oslo"])];
    let seen = app.member().submits(&form, filled).await.settled().await;
    assert_eq!(seen.story(), ["message!"]);
    assert!(seen.text().starts_with("The place search is not responding"), "{}", seen.text());
    assert_eq!(app.stack.open_meteo.calls(), before);
    // A place chosen from autocomplete needs no search.
    app.stack.open_meteo.set_down(false);
    assert!(is_served(&settled(&app, crowd(&app, 0..1).await).await[0]));
}

/// Services whose tables and queue cannot be reached.
fn services_without_tables(app: &TestApp) -> Arc<Services> {
    let nowhere = "http://127.0.0.1:1";
    let config = Config {
        aws: aws::Config::emulated(nowhere, nowhere),
        discord: Application { id: "5".parse().unwrap(), cdn_base: nowhere.to_owned() },
        open_meteo: OpenMeteoConfig {
            forecasts: format!("{}/open-meteo", app.stack.url).parse().unwrap(),
            geocoding: format!("{}/open-meteo", app.stack.url).parse().unwrap(),
        },
        jobs_queue_url: format!("{nowhere}/000000000000/jobs"),
        timers_queue_url: format!("{nowhere}/000000000000/timers"),
        limits: false,
        version: "1".to_owned(),
    };
    let clock = app.stack.clock.clone();
    Arc::new(Services::new(config, domain::Clock::new(move || clock.now()), 1))
}

/// The autocomplete choices for this text.
async fn offered(app: &TestApp, services: &Arc<Services>, typed: &str) -> Vec<Value> {
    let now = app.stack.clock.now();
    let id = (u64::try_from(now.as_millisecond()).unwrap() - 1_420_070_400_000) << 22;
    let option = json!({ "type": 3, "name": "place", "value": typed, "focused": true });
    let body = json!({
        "type": 4, "id": id.to_string(), "token": "t", "locale": "en-US", "user": { "id": "7" },
        "data": { "type": 1, "id": "1", "name": "weather", "options": [option] },
    });
    let body = body.to_string();
    let Ok(Incoming::Interaction(envelope)) = Incoming::parse(&body) else { panic!("{body}") };
    let answered = interaction::answer::<Commands>(services, &envelope, &body, now).await;
    let answer: Value = serde_json::from_str(&answered.body).unwrap();
    answer["data"]["choices"].as_array().unwrap().clone()
}

#[tokio::test(flavor = "multi_thread")]
async fn without_tables_an_environment_leaves_it_alone_by_itself() {
    let app = TestApp::with_environments(1).await;
    let services = services_without_tables(&app);
    assert!(!offered(&app, &services, "Paris").await.is_empty());
    app.stack.open_meteo.set_down(true);
    for number in 0..20 {
        assert!(offered(&app, &services, &format!("{number}Oslo")).await.is_empty());
    }
    // Once while it was up, and five times since.
    assert_eq!(app.stack.open_meteo.calls().searches, 6);
}
