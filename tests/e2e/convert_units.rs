//! "Convert units" on a message.

use tests::{House, Look};

#[tokio::test(flavor = "multi_thread")]
async fn quantities_are_converted_in_private_and_then_shown_to_everybody() {
    let house = House::open().await;
    let message = house.member().writes("It is 68 °F here, and we walked 5-10 miles with 20 kg each.");
    let private = house.traveller().uses_on_written(message, "Convert units").await.settled().await;
    assert_eq!(private.story(), ["message!"]);
    insta::assert_snapshot!(private.text(), @r"
    68 °F = **20 °C**
    5-10 miles = **8–16 km**
    20 kg = **44 lb**
    [Allen zeigen]
    ");
    let shared = house.traveller().presses(&private, "Allen zeigen").await.settled().await;
    assert_eq!(shared.story(), ["message"]);
    insta::assert_snapshot!(shared.text(), @r"
    68 °F = **20 °C**
    5-10 miles = **8–16 km**
    20 kg = **44 lb**
    ");
}

#[tokio::test(flavor = "multi_thread")]
async fn a_long_list_is_remembered_by_the_table_and_for_a_day() {
    let house = House::open().await;
    let long = (1..=25).map(|miles| format!("{miles}00 miles")).collect::<Vec<_>>().join(", ");
    let message = house.member().writes(&long);
    let private = house.member().uses_on_written(message, "Convert units").await.settled().await;
    let shared = house.member().presses(&private, "Show to everybody").await.settled().await;
    assert!(shared.text().contains("2500 miles = "), "{}", shared.text());
    house.pass(24 * 3_600);
    let late = house.member().presses(&private, "Show to everybody").await.settled().await;
    assert!(late.text().contains("too old"), "{}", late.text());
}

#[tokio::test(flavor = "multi_thread")]
async fn a_message_without_quantities_is_a_polite_no() {
    let house = House::open().await;
    let message = house.member().writes("3 in a row, and 5m people");
    let seen = house.member().uses_on_written(message, "Convert units").await.settled().await;
    assert!(seen.text().contains("nothing to convert"), "{}", seen.text());
}
