//! The bot's own rate limits: a user above the limit is told when to retry, and others are not affected.

use std::time::Instant;

use domain::rate::{Bucket, BucketOwner, Class, InteractionKind};
use futures_util::{StreamExt, stream};
use local_discord::View;
use serde_json::{Value, json};
use steward::FaultProxy;
use tests::{Look, Member, TestApp};

/// A command of the normal class that is answered at once.
const ORDINARY_COMMAND: &str = "/misbehave run:answer";

/// Uses a command until it is refused. Returns how often it was answered, and the refusal.
async fn flood(member: Member<'_>) -> (usize, View) {
    for answered in 0..100 {
        let seen = member.says(ORDINARY_COMMAND).await.settled().await;
        if ["too often", "zu oft"].iter().any(|refusal| seen.text().contains(refusal)) {
            return (answered, seen);
        }
        assert_eq!(seen.text(), "The first half is done.");
    }
    panic!("nobody stopped it");
}

/// The burst, and the rate per second.
fn limit(owner: BucketOwner) -> (f64, f64) {
    let limit = Bucket { owner, class: Class::Normal, kind: InteractionKind::Command }.limit().unwrap();
    ((limit.ahead_ms() / limit.period_ms() + 1) as f64, 1_000.0 / limit.period_ms() as f64)
}

/// The time in `<t:1800000000:R>`.
fn told_time(text: &str) -> i64 {
    let (_, rest) = text.split_once("<t:").expect("a time");
    rest.split_once(":R>").expect("a countdown").0.parse().expect("seconds")
}

#[tokio::test(flavor = "multi_thread")]
async fn who_floods_is_told_privately_when_to_come_back_and_is_let_in_then() {
    let app = TestApp::with_environments(4).await;
    let begun = Instant::now();
    let (answered, refused) = flood(app.member()).await;
    let (burst, rate) = limit(BucketOwner::User(domain::UserId::new(1).unwrap()));
    let most = burst + rate * begun.elapsed().as_secs_f64() + 1.0;
    assert!((burst..=most).contains(&(answered as f64)), "{answered} of at most {most}");
    assert_eq!(refused.story(), ["message!"]);
    let wait = told_time(&refused.text()) - app.stack.clock.now().as_second();
    assert!(wait <= 3, "{wait} s, of whole seconds");
    app.pass(wait.max(0).unsigned_abs());
    let seen = app.member().says(ORDINARY_COMMAND).await.settled().await;
    assert_eq!(seen.story(), ["message"]);
}

#[tokio::test(flavor = "multi_thread")]
async fn what_would_take_long_is_refused_before_anybody_sees_thinking() {
    let app = TestApp::open().await;
    flood(app.member()).await;
    let seen = app.member().says("/weather place:Paris").await.settled().await;
    assert_eq!(seen.story(), ["message!"]);
    assert!(seen.text().contains("too often"), "{}", seen.text());
    assert_eq!(app.stack.jobs.started(), 0);
}

#[tokio::test(flavor = "multi_thread")]
async fn a_flood_stops_neither_others_nor_ones_own_buttons_free_commands_and_typing() {
    let app = TestApp::open().await;
    let card = app.member().says("/weather place:Paris").await.settled().await;
    flood(app.member()).await;
    let turned = app.member().presses(&card, "°F").await.settled().await;
    assert_eq!(turned.story(), ["updated"]);
    assert_eq!(app.member().says("/ping").await.settled().await.story(), ["message!"]);
    assert!(!app.member().completes("/weather place:Par").await.is_empty());
    let other = app.traveller().says(ORDINARY_COMMAND).await.settled().await;
    assert_eq!(other.text(), "The first half is done.");
    let (_, refused) = flood(app.traveller()).await;
    assert!(refused.text().contains("Das war zu oft in kurzer Zeit"), "{}", refused.text());
}

#[tokio::test(flavor = "multi_thread")]
async fn who_types_faster_than_people_do_is_offered_nothing_for_a_moment() {
    let app = TestApp::open().await;
    for _ in 0..200 {
        if app.member().completes("/weather place:Par").await.is_empty() {
            app.pass(1);
            assert!(!app.member().completes("/weather place:Par").await.is_empty());
            return;
        }
    }
    panic!("nobody stopped it");
}

/// The bot's response to a user with this id, in the English (0) or German (1) guild.
async fn says(app: &TestApp, guild: usize, user: u64) -> Value {
    let guild = &app.stack.discord.status().unwrap().guilds[guild].id;
    let body = json!({
        "type": 2, "id": "5", "token": "t", "guild_id": guild, "locale": "en-US",
        "member": { "user": { "id": user.to_string() }, "permissions": "0" },
        "data": { "type": 1, "id": "1", "name": "misbehave",
            "options": [{ "type": 3, "name": "run", "value": "answer" }] },
    });
    let answer = app.stack.discord.deliver(body.to_string().into_bytes()).await.unwrap();
    serde_json::from_slice(&answer.body).unwrap()
}

#[tokio::test(flavor = "multi_thread")]
async fn a_raid_meets_the_limit_of_the_guild_and_no_other_guild_does() {
    const RAIDERS: u64 = 60;
    const ENVIRONMENTS: usize = 4;
    let app = TestApp::with_environments(ENVIRONMENTS).await;
    let begun = Instant::now();
    let asks = (0..RAIDERS * 5).map(|ask| says(&app, 0, 1_000 + ask % RAIDERS));
    // Few enough at once that none waits for more than three seconds.
    let answers: Vec<Value> = stream::iter(asks).buffer_unordered(8).collect().await;
    let refused = answers.iter().filter(|answer| answer["data"]["content"].to_string().contains("too many"));
    let refused: Vec<&Value> = refused.collect();
    let (burst, rate) = limit(BucketOwner::Guild(domain::GuildId::new(1).unwrap()));
    // Each environment may let in a fiftieth of the burst before it asks the table.
    let alone = ENVIRONMENTS as f64 * (burst / 50.0);
    let most = burst + rate * begun.elapsed().as_secs_f64() + alone + 1.0;
    let answered = (answers.len() - refused.len()) as f64;
    assert!((burst..=most).contains(&answered), "{answered} of at most {most}");
    assert!(refused.iter().all(|refusal| refusal["data"]["flags"] == 64), "in private");
    let elsewhere = says(&app, 1, 5_000).await;
    assert_eq!(elsewhere["data"]["content"], "The first half is done.");
}

#[tokio::test(flavor = "multi_thread")]
async fn a_raid_is_not_let_in_by_throttling_the_guilds_bucket() {
    const RAIDERS: u64 = 700;
    // One that is more than this machine can do would make answers late. The engine's tests raid fifty.
    const ENVIRONMENTS: usize = 8;
    // DynamoDB's own limit is 1,000, which this machine does not reach.
    const MAX_WRITES_PER_SECOND: u32 = 20;
    let proxy = FaultProxy::default();
    let app = TestApp::with_environments_behind(ENVIRONMENTS, &proxy).await;
    proxy.throttle_hot_keys(MAX_WRITES_PER_SECOND);
    let begun = Instant::now();
    let asks = (0..RAIDERS).map(|user| says(&app, 0, 1_000 + user));
    let answers: Vec<Value> = stream::iter(asks).buffer_unordered(ENVIRONMENTS).collect().await;
    let let_in =
        answers.iter().filter(|answer| answer["data"]["content"] == "The first half is done.").count();
    let (burst, rate) = limit(BucketOwner::Guild(domain::GuildId::new(1).unwrap()));
    // Each environment may let in a fiftieth of the burst before it asks the table, and again with that request.
    let alone = 2.0 * ENVIRONMENTS as f64 * (burst / 50.0);
    let most = burst + rate * begun.elapsed().as_secs_f64() + alone;
    assert!(let_in as f64 <= most, "{let_in} of at most {most}");
}
