//! The test kit itself: its members and its checks.

use tests::{Look, TestApp};

#[tokio::test(flavor = "multi_thread")]
async fn a_moderator_speaks_and_an_outsider_is_not_offered_what_is_for_guilds() {
    let app = TestApp::open().await;
    let seen = app.moderator().in_channel("staff").says("/ping").await.settled().await;
    assert_eq!(seen.story(), ["message!"]);
    let seen = app.outsider().says("/ping").await.settled().await;
    assert_eq!(seen.story(), ["message!"]);
    let refused = app.outsider().cannot_say("/settings").await;
    assert!(refused.starts_with("Emeric Vanterpool is not offered `/settings` here"), "{refused}");
}

#[tokio::test(flavor = "multi_thread")]
async fn what_discord_has_to_refuse_is_announced() {
    let app = TestApp::open().await;
    app.expects_refusal("GET /api/v10/users/@me: 401");
    let request = http::Request::get(format!("{}/api/v10/users/@me", app.stack.url));
    let request = request.header("user-agent", "DiscordBot (https://steward.invalid, test)");
    let request = request.body(bytes::Bytes::new()).unwrap();
    let patience = std::time::Duration::from_secs(5);
    let answer = outbound::Client::new().send(request, patience).await.unwrap();
    assert_eq!(answer.status(), 401);
}

#[tokio::test(flavor = "multi_thread")]
#[should_panic(expected = "Discord had to refuse")]
async fn a_refusal_that_nobody_announced_fails_the_test() {
    let app = TestApp::open().await;
    let request = http::Request::get(format!("{}/api/v10/nowhere", app.stack.url));
    let request = request.header("user-agent", "DiscordBot (https://steward.invalid, test)");
    let request = request.body(bytes::Bytes::new()).unwrap();
    outbound::Client::new().send(request, std::time::Duration::from_secs(5)).await.unwrap();
}
