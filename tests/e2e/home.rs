//! `/home`, `/weather` without a place, and "Weather at home".

use tests::{House, Look};

#[tokio::test(flavor = "multi_thread")]
async fn who_names_no_place_is_asked_for_a_home_once() {
    let house = House::open().await;
    let asked = house.member().says("/weather").await.first().await;
    assert_eq!(asked.story(), ["modal"]);
    let shown = house.member().submits(&asked, &[("place", &["Paris"])]).await.settled().await;
    assert_eq!(shown.story(), ["thinking", "edited"]);
    assert!(shown.text().contains("Paris, Île-de-France, France"), "{}", shown.text());
    let again = house.member().says("/weather").await.settled().await;
    assert_eq!(again.story(), ["message"]);
    assert!(again.text().contains("Paris"), "{}", again.text());
}

#[tokio::test(flavor = "multi_thread")]
async fn a_home_is_changed_and_forgotten_in_the_panel() {
    let house = House::open().await;
    let none = house.member().says("/home").await.settled().await;
    assert_eq!(none.story(), ["message!"]);
    assert!(none.text().contains("have not told me"), "{}", none.text());
    let form = house.member().presses(&none, "Set…").await.first().await;
    let filled: &[(&str, &[&str])] = &[("place", &["Berlin"]), ("shared", &["true"])];
    let set = house.member().submits(&form, filled).await.settled().await;
    assert_eq!(set.story(), ["edited"]);
    assert!(set.text().contains("Berlin, Germany") && set.text().contains("Others may"), "{}", set.text());
    let forgotten = house.member().presses(&set, "Forget").await.settled().await;
    assert!(forgotten.text().contains("have not told me"), "{}", forgotten.text());
}

#[tokio::test(flavor = "multi_thread")]
async fn others_see_the_weather_at_home_only_if_it_is_shared() {
    let house = House::open().await;
    let ask = || async { house.traveller().uses_on("Bartholomew Finch", "Weather at home").await };
    let refused = ask().await.settled().await;
    assert_eq!(refused.story(), ["message!"]);
    assert!(refused.text().contains("nicht geteilt"), "{}", refused.text());
    for (shared, found) in [("false", false), ("true", true)] {
        let panel = house.member().says("/home").await.settled().await;
        let button = if found { "Change…" } else { "Set…" };
        let form = house.member().presses(&panel, button).await.first().await;
        let filled: &[(&str, &[&str])] = &[("place", &["Oslo"]), ("shared", &[shared])];
        house.member().submits(&form, filled).await.settled().await;
        let seen = ask().await.settled().await;
        assert_eq!(seen.text().contains("Oslo"), found, "{}", seen.text());
    }
}

#[tokio::test(flavor = "multi_thread")]
async fn a_home_that_is_nowhere_is_not_kept() {
    let house = House::open().await;
    let asked = house.member().says("/weather").await.first().await;
    let seen = house.member().submits(&asked, &[("place", &["zzzxyzzy"])]).await.settled().await;
    assert!(seen.text().contains("no place of that name"), "{}", seen.text());
    assert_eq!(house.member().says("/weather").await.first().await.story(), ["modal"]);
}
