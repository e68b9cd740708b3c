//! The commands that answer at once.

use tests::{House, Look};

#[tokio::test(flavor = "multi_thread")]
async fn ping_answers_at_once_in_private() {
    let house = House::open().await;
    let seen = house.member().says("/ping").await.settled().await;
    assert_eq!(seen.story(), ["message!"]);
    assert!(seen.text().starts_with("Pong! Steward"), "{}", seen.text());
}

#[tokio::test(flavor = "multi_thread")]
async fn a_private_reply_speaks_the_users_language_and_a_public_one_the_guilds() {
    let house = House::open().await;
    let private = house.german().says("/help").await.settled().await;
    for line in [
        "Was du hier benutzen kannst",
        "`/ping` – Zeigt, ob ich da bin und wie schnell",
        "**Wetter zu Hause** – im Kontextmenü einer Person, unter *Apps*",
        "**Einheiten umrechnen** – im Kontextmenü einer Nachricht, unter *Apps*",
    ] {
        assert!(private.text().lines().any(|said| said == line), "{line}: {}", private.text());
    }
    let public = house.german().says("/weather place:Berlin").await.settled().await;
    assert!(public.text().contains("Nächste Tage"), "{}", public.text());
    let abroad = house.traveller().says("/weather place:Berlin").await.settled().await;
    assert!(abroad.text().contains("Next days"), "{}", abroad.text());
    let alone = house.traveller().in_channel("dm").says("/weather place:Berlin").await.settled().await;
    assert!(alone.text().contains("Nächste Tage"), "{}", alone.text());
}

#[tokio::test(flavor = "multi_thread")]
async fn help_lists_what_the_user_may_use() {
    // Opening the house registers the commands; the simulated Discord refuses what the real one refuses.
    let house = House::open().await;
    let seen = house.member().says("/help").await.settled().await;
    assert!(seen.text().contains("`/weather` – Tell the weather at a place"), "{}", seen.text());
    assert!(!seen.text().contains("/settings"), "{}", seen.text());
    let owner = house.owner().says("/help").await.settled().await;
    assert!(owner.text().contains("`/settings` – See or change"), "{}", owner.text());
}

#[tokio::test(flavor = "multi_thread")]
async fn help_does_not_list_what_is_for_guilds_in_a_direct_message() {
    let house = House::open().await;
    let seen = house.owner().in_channel("dm").says("/help").await.settled().await;
    assert!(seen.text().contains("/weather") && !seen.text().contains("/settings"), "{}", seen.text());
}
