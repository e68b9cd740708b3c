//! `/roll`.

use tests::{Look, TestApp};

#[tokio::test(flavor = "multi_thread")]
async fn everybody_sees_the_dice() {
    let app = TestApp::open().await;
    let seen = app.member().says("/roll dice:2d6").await.settled().await;
    assert!(seen.text().starts_with("🎲 2d6: **"), "{}", seen.text());
}

#[tokio::test(flavor = "multi_thread")]
async fn other_text_is_refused() {
    let app = TestApp::open().await;
    for text in ["banana", "0d6", "2d1", "21d6", "d", "-1d6"] {
        let seen = app.member().says(&format!("/roll dice:{text}")).await.settled().await;
        assert!(seen.text().contains("Try `2d6`"), "{text}: {}", seen.text());
    }
}
