//! The language of a reply, and what `/help` leaves out.

use tests::{Look, TestApp};

#[tokio::test(flavor = "multi_thread")]
async fn a_public_reply_speaks_the_guilds_language_and_the_users_where_there_is_no_guild() {
    let app = TestApp::open().await;
    let abroad = app.traveller().says("/weather place:Berlin").await.settled().await;
    assert!(abroad.text().contains("Next days"), "{}", abroad.text());
    let alone = app.traveller().in_channel("dm").says("/weather place:Berlin").await.settled().await;
    assert!(alone.text().contains("Nächste Tage"), "{}", alone.text());
}

#[tokio::test(flavor = "multi_thread")]
async fn help_does_not_list_what_is_for_guilds_in_a_direct_message() {
    let app = TestApp::open().await;
    let seen = app.owner().in_channel("dm").says("/help").await.settled().await;
    assert!(seen.text().contains("/weather") && !seen.text().contains("/settings"), "{}", seen.text());
}
