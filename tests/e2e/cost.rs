//! What an interaction costs: the calls of both functions, and the units that DynamoDB charges for them. Table creation
//! and what environments read once in half a minute are not part of it.

use steward::{Cost, FaultProxy};
use tests::{Look, TestApp};

/// `3 calls, 1 read, 2 written, 0 messages`
fn line(Cost { calls, read_units, write_units, messages }: Cost) -> String {
    format!("{calls} calls, {read_units} read, {write_units} written, {messages} messages")
}

#[tokio::test(flavor = "multi_thread")]
async fn the_cost_of_usual_interactions_is_known() {
    let proxy = FaultProxy::default();
    let app = TestApp::with_fault_proxy(&proxy).await;
    // At the same time of day, because the size of a forecast depends on it.
    let now = app.stack.clock.now().as_second();
    app.pass(u64::try_from(86_400 - now.rem_euclid(86_400) + 600).unwrap());
    app.member().says("/help").await.settled().await;
    let mut costs = Vec::new();
    for command in ["/ping", "/weather place:Paris", "/weather place:Paris", "/settings", "/home"] {
        app.pass(5);
        proxy.fault(None);
        let settled = app.owner().says(command).await.settled().await;
        app.pass_until("the job is settled", || app.queued("jobs") == 0).await;
        assert!(settled.message().is_some(), "{command}");
        costs.push(format!("{command}: {}", line(proxy.cost())));
    }
    proxy.fault(None);
    let is_refused = async || {
        let settled = app.owner().says("/home").await.settled().await;
        settled.text().contains("too often")
    };
    let mut uses = 0;
    while !is_refused().await {
        uses += 1;
        assert!(uses < 50, "nobody is refused");
    }
    proxy.fault(None);
    assert!(is_refused().await);
    costs.push(format!("/home, refused again: {}", line(proxy.cost())));
    let expected = [
        "/ping: 0 calls, 0 read, 0 written, 0 messages",
        "/weather place:Paris: 23 calls, 10 read, 16 written, 2 messages",
        "/weather place:Paris: 3 calls, 3 read, 1 written, 0 messages",
        "/settings: 3 calls, 2 read, 1 written, 0 messages",
        "/home: 2 calls, 1 read, 1 written, 0 messages",
        "/home, refused again: 0 calls, 0 read, 0 written, 0 messages",
    ];
    assert_eq!(costs, expected);
}
