//! The function in the local stack.

use tests::TestApp;

#[tokio::test(flavor = "multi_thread")]
async fn it_is_deployed_with_the_others_and_reads_the_tables() {
    let app = TestApp::open().await;
    let pulse = app.stack.function("pulse").expect("it is in the list of functions");
    assert_eq!(pulse.invoke("{}".to_owned()).await.as_deref(), Ok(r#"{"flags":0}"#));
}
