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
    insta::assert_snapshot!(private.text(), @r"
    Was du hier benutzen kannst
    `/ping` – Zeigt, ob ich da bin und wie schnell
    `/help` – Zeigt, was du hier benutzen kannst
    `/weather` – Sagt das Wetter an einem Ort
    `/home` – Zeigt oder ändert den Ort, an dem du zu Hause bist
    **Wetter zu Hause** – im Menü eines Menschen, unter *Apps*
    **Einheiten umrechnen** – im Menü einer Nachricht, unter *Apps*
    `/settings` – Zeigt oder ändert, was dieser Server über mich entschieden hat
    `/rehearse` – Probe
    ");
    let public = house.german().says("/weather place:Berlin").await.settled().await;
    assert!(public.text().contains("Nächste Tage"), "{}", public.text());
    let abroad = house.traveller().says("/weather place:Berlin").await.settled().await;
    assert!(abroad.text().contains("Next days"), "{}", abroad.text());
    let alone = house.traveller().in_channel("dm").says("/weather place:Berlin").await.settled().await;
    assert!(alone.text().contains("Nächste Tage"), "{}", alone.text());
}

#[tokio::test(flavor = "multi_thread")]
async fn discord_accepts_every_definition() {
    // Opening the house registers them; the simulated Discord refuses what the real one refuses.
    let house = House::open().await;
    let seen = house.member().says("/help").await.settled().await;
    insta::assert_snapshot!(seen.text(), @r"
    What you can use here
    `/ping` – See whether I am there, and how fast
    `/help` – See what you can use here
    `/weather` – Tell the weather at a place
    `/home` – See or change the place you call home
    **Weather at home** – in the menu of a person, under *Apps*
    **Convert units** – in the menu of a message, under *Apps*
    `/rehearse` – Misbehave on demand
    ");
}
