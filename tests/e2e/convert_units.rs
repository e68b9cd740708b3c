//! "Convert units" on a message.

use tests::{Look, TestApp};

#[tokio::test(flavor = "multi_thread")]
async fn a_long_list_is_remembered_by_the_table_and_for_a_day() {
    let app = TestApp::open().await;
    let long = (1..=25).map(|miles| format!("{miles}00 miles")).collect::<Vec<_>>().join(", ");
    let message = app.member().writes(&long);
    let private = app.member().uses_on_written(message, "Convert units").await.settled().await;
    let shared = app.member().presses(&private, "Show to everyone").await.settled().await;
    assert!(shared.text().contains("2500 miles = "), "{}", shared.text());
    app.pass(24 * 3_600);
    let late = app.member().presses(&private, "Show to everyone").await.settled().await;
    assert!(late.text().contains("has expired"), "{}", late.text());
}
