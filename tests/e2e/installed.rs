//! User installs: the user can use the bot in DMs and in guilds without it.

use tests::{Look, TestApp};

#[tokio::test(flavor = "multi_thread")]
async fn a_home_set_in_a_dm_is_known_among_friends_and_in_foreign_guilds() {
    let app = TestApp::open().await;
    let alone = app.outsider().in_channel("dm");
    let panel = alone.says("/home").await.settled().await;
    assert_eq!(panel.story(), ["message!"]);
    let form = alone.presses(&panel, "Set…").await.first().await;
    let set = alone.submits(&form, &[("place", &["Oslo"]), ("shared", &["true"])]).await.settled().await;
    assert!(set.text().contains("Oslo, "), "{}", set.text());
    for place in ["Sunday walk", "lobby", "dm"] {
        let there = app.outsider().in_channel(place);
        let card = there.says("/weather").await.settled().await;
        assert!(card.text().contains("Oslo, "), "{place}: {}", card.text());
        let turned = there.presses(&card, "°F").await.settled().await;
        assert_eq!(turned.story(), ["updated"], "{place}");
        let home = there.says("/home").await.settled().await;
        assert!(home.text().contains("Oslo, "), "{place}: {}", home.text());
    }
    let forgotten = alone.presses(&set, "Delete").await.settled().await;
    assert!(forgotten.text().contains("have not set a home"), "{}", forgotten.text());
    assert_eq!(
        app.outsider().in_channel("Sunday walk").says("/weather").await.first().await.story(),
        ["modal"]
    );
}

#[tokio::test(flavor = "multi_thread")]
async fn a_friend_who_has_installed_nothing_uses_the_card_all_the_same() {
    let app = TestApp::open().await;
    let card = app.outsider().in_channel("Sunday walk").says("/weather place:Paris").await.settled().await;
    assert_eq!(card.story(), ["thinking", "edited"]);
    let friend = app.traveller().in_channel("Sunday walk");
    let turned = friend.presses(&card, "°F").await.settled().await;
    assert!(turned.text().contains("°F**"), "{}", turned.text());
}

#[tokio::test(flavor = "multi_thread")]
async fn help_in_a_dm_lists_only_what_can_be_used_there() {
    let app = TestApp::open().await;
    let there = app.owner().in_channel("dm").says("/help").await.settled().await;
    assert!(there.text().contains("`/home`") && !there.text().contains("`/settings`"), "{}", there.text());
    let here = app.owner().says("/help").await.settled().await;
    assert!(here.text().contains("`/settings`"), "{}", here.text());
}
