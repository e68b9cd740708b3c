//! Nothing grows forever, and everything can begin anew.

use serde_json::{Value, json};

use super::house::House;

fn bot(interaction: &Value) -> Value {
    match interaction["data"]["name"].as_str() {
        Some("weather") => json!({ "type": 5 }),
        _ => json!({ "type": 4, "data": { "content": "hello" } }),
    }
}

fn rows(house: &House, table: &str) -> u32 {
    let sql = format!("SELECT count(*) FROM {table}");
    let count = |db: &rusqlite::Connection| db.query_row(&sql, [], |row| row.get(0));
    house.discord.inner.store.read(count).unwrap()
}

#[tokio::test]
async fn histories_are_rings_that_keep_what_is_under_way_and_every_count() {
    let house = House::open(bot).await;
    let waiting = house.say("/weather place:Paris").await;
    house.first_step(waiting).await;
    let webhook = house.webhook();
    for _ in 0..510 {
        let id = house.say("/ping").await;
        house.settled(id).await;
    }
    assert_eq!((rows(&house, "interactions"), rows(&house, "messages")), (501, 201));
    assert_eq!(house.discord.inner.live.lock().unwrap().len(), 501);
    let counts = house.discord.status().unwrap().interactions;
    assert_eq!((counts.answered, counts.deferred, counts.failed), (510, 1, 0));
    let path = format!("{webhook}/messages/@original");
    assert_eq!(house.call("PATCH", &path, Some(json!({ "content": "at last" }))).await.status, 200);
    assert!(house.discord.view(waiting).unwrap().settled);
}

#[tokio::test]
async fn a_reset_settles_the_same_people_and_forgets_what_they_did() {
    let house = House::open(bot).await;
    let before = house.discord.status().unwrap();
    let id = house.say("/ping").await;
    house.settled(id).await;
    house.discord.reset().unwrap();
    let after = house.discord.status().unwrap();
    assert!(house.discord.view(id).is_err());
    assert_eq!((after.interactions.answered, after.users.len()), (0, before.users.len()));
    assert_eq!((after.public_key, after.guilds.len()), (before.public_key, 2));
    let id = house.say("/ping").await;
    assert!(!house.settled(id).await.failed());
}
