//! The interactions function with a slow or failing queue.

use std::{sync::Arc, time::Duration};

use discord::config::Application;
use discord::envelope::Incoming;
use engine::{Services, config::Config, interaction};
use futures_util::FutureExt;
use integrations::OpenMeteoConfig;
use local_clock::Clock;
use local_sqs::Queues;
use serde_json::{Value, json};
use tests::commands::TestCommands;
use tokio::net::TcpListener;

const UNREACHABLE_URL: &str = "http://127.0.0.1:1";

/// Services whose tables cannot be reached, and whose queue has this URL.
fn services(sqs: &str) -> Arc<Services> {
    services_at(UNREACHABLE_URL, sqs)
}

fn services_at(dynamodb: &str, sqs: &str) -> Arc<Services> {
    let config = Config {
        aws: aws::Config::emulated(dynamodb, sqs),
        discord: Application { id: "5".parse().unwrap(), cdn_base: "http://127.0.0.1:1".to_owned() },
        open_meteo: OpenMeteoConfig {
            forecasts: "http://127.0.0.1:1".parse().unwrap(),
            geocoding: "http://127.0.0.1:1".parse().unwrap(),
        },
        jobs_queue_url: format!("{sqs}/000000000000/jobs"),
        timers_queue_url: format!("{sqs}/000000000000/timers"),
        limits: true,
        version: "1".to_owned(),
    };
    let clock = Clock::default();
    Arc::new(Services::new(config, domain::Clock::new(move || clock.now()), 1))
}

/// The reference, which is the interaction's id, and the response.
async fn answer(services: &Arc<Services>, command: &str) -> (String, Value) {
    let data = json!({ "type": 1, "id": "1", "name": command });
    answer_in(services, &data, &Value::Null).await
}

/// As [`answer`], with these data, in a guild unless it is null.
async fn answer_in(services: &Arc<Services>, data: &Value, guild: &Value) -> (String, Value) {
    let now = Clock::default().now();
    let id = (u64::try_from(now.as_millisecond()).unwrap() - 1_420_070_400_000) << 22;
    let body = json!({
        "type": 2, "id": id.to_string(), "token": "t", "locale": "en-US", "data": data, "guild_id": guild,
        "member": { "user": { "id": "7" }, "permissions": "0" },
    });
    let body = body.to_string();
    let Ok(Incoming::Interaction(envelope)) = Incoming::parse(&body) else { panic!("{body}") };
    let answered = interaction::answer::<TestCommands>(services, &envelope, &body, now).await;
    (id.to_string(), serde_json::from_str(&answered.body).unwrap())
}

fn text(answer: &Value) -> &str {
    answer["data"]["content"].as_str().unwrap()
}

async fn serve(router: axum::Router) -> String {
    let listener = TcpListener::bind("127.0.0.1:0").await.unwrap();
    let url = format!("http://{}", listener.local_addr().unwrap());
    tokio::spawn(async move { axum::serve(listener, router).await });
    url
}

#[tokio::test]
async fn what_is_answered_at_once_builds_no_client() {
    let services = services("http://127.0.0.1:1");
    for command in ["ping", "help"] {
        assert_eq!(answer(&services, command).await.1["type"], 4);
    }
    assert!(!services.has_touched_aws());
    answer(&services, "misbehave").await;
    assert!(services.has_touched_aws());
}

#[test]
fn a_flood_of_what_is_free_is_stopped_without_a_client_or_a_timer() {
    let services = services(UNREACHABLE_URL);
    let at_once = || answer(&services, "ping").now_or_never().expect("it needs nobody").1;
    let answers: Vec<Value> = (0..150).map(|_| at_once()).collect();
    assert!(text(&answers[0]).contains("is running") && text(&answers[99]).contains("is running"));
    assert!(answers.iter().any(|answer| text(answer).contains("too often")), "{:?}", answers.last());
    assert!(!services.has_touched_aws());
}

#[tokio::test]
async fn a_table_that_is_down_or_silent_keeps_nobody_out() {
    let silent = axum::Router::new().fallback(async || tokio::time::sleep(Duration::from_secs(60)).await);
    let data = json!({
        "type": 1, "id": "1", "name": "misbehave", "options": [{ "type": 3, "name": "run", "value": "answer" }],
    });
    for table in [UNREACHABLE_URL.to_owned(), serve(silent).await] {
        let (services, clock) = (services_at(&table, UNREACHABLE_URL), Clock::default());
        let begun = clock.now();
        let (_, answer) = answer_in(&services, &data, &"81384788765712384".into()).await;
        let took = clock.now().duration_since(begun).as_millis();
        assert_eq!(text(&answer), "The first half is done.", "{table}: {answer}");
        assert!(took < 1_500, "{table}: {took} ms");
    }
}

#[tokio::test]
async fn a_queue_that_refuses_is_told_to_the_user_alone_and_at_once() {
    let queues = Queues::open(None, Clock::default()).unwrap();
    let (reference, answer) = answer(&services(&serve(queues.router()).await), "misbehave").await;
    assert_eq!((&answer["type"], &answer["data"]["flags"]), (&4.into(), &64.into()), "{answer}");
    assert!(text(&answer).contains("Something went wrong") && text(&answer).contains(&reference), "{answer}");
}

#[tokio::test]
async fn a_queue_that_does_not_say_becomes_a_message_that_the_job_could_edit() {
    let silent = axum::Router::new().fallback(async || tokio::time::sleep(Duration::from_secs(60)).await);
    let clock = Clock::default();
    let begun = clock.now();
    let (reference, answer) = answer(&services(&serve(silent).await), "misbehave").await;
    let took = clock.now().duration_since(begun).as_millis();
    assert!(took < 2_900, "{took} ms");
    assert_eq!((&answer["type"], &answer["data"]["flags"]), (&4.into(), &Value::Null), "{answer}");
    assert!(text(&answer).contains("not sure") && text(&answer).contains(&reference), "{answer}");
}
