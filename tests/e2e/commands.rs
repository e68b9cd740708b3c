//! The language of a reply, and what `/help` leaves out.

use tests::{House, Look};

#[tokio::test(flavor = "multi_thread")]
async fn a_public_reply_speaks_the_guilds_language_and_the_users_where_there_is_no_guild() {
    let house = House::open().await;
    let abroad = house.traveller().says("/weather place:Berlin").await.settled().await;
    assert!(abroad.text().contains("Next days"), "{}", abroad.text());
    let alone = house.traveller().in_channel("dm").says("/weather place:Berlin").await.settled().await;
    assert!(alone.text().contains("Nächste Tage"), "{}", alone.text());
}

#[tokio::test(flavor = "multi_thread")]
async fn help_does_not_list_what_is_for_guilds_in_a_direct_message() {
    let house = House::open().await;
    let seen = house.owner().in_channel("dm").says("/help").await.settled().await;
    assert!(seen.text().contains("/weather") && !seen.text().contains("/settings"), "{}", seen.text());
}
