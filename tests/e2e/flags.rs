//! Commands that are there for some guilds only.

use std::{collections::HashMap, time::Duration};

use aws::{Aws, Store};
use bytes::Bytes;
use domain::{
    Flags,
    config::{Configuration, Variables},
    flags::Edit,
};
use tests::{House, Look};

/// The flags, as an operator reaches them.
async fn flags(house: &House) -> Store<Flags> {
    let request = http::Request::get(format!("{}/local/variables", house.stack.url));
    let request = request.body(Bytes::new()).unwrap();
    let answer = outbound::Client::new().send(request, Duration::from_secs(5)).await.unwrap();
    let lines = String::from_utf8(answer.body().to_vec()).unwrap();
    let variables: HashMap<&str, &str> = lines.lines().filter_map(|line| line.split_once('=')).collect();
    let variable = |name: &str| variables.get(name).map(|value| (*value).to_owned());
    let config = aws::Config::from_variables(&Variables::new(&variable)).unwrap();
    Aws::new(config).store()
}

#[tokio::test(flavor = "multi_thread")]
async fn what_is_not_rolled_out_is_refused_as_command_button_and_while_typing() {
    let house = House::open().await;
    let card = house.member().says("/weather place:Paris").await.settled().await;
    let flags = flags(&house).await;
    flags.edit("weather", &Edit::Percent(0), house.stack.clock.now()).await.unwrap();
    house.pass(31);
    for seen in [
        house.member().says("/weather place:Paris").await.settled().await,
        house.member().presses(&card, "°F").await.settled().await,
    ] {
        assert_eq!(seen.story(), ["message!"]);
        assert!(seen.text().contains("`/weather` is not available here yet"), "{}", seen.text());
    }
    assert!(house.member().completes("/weather place:Par").await.is_empty());
    let german = house.german().says("/weather place:Paris").await.settled().await;
    assert!(german.text().contains("gibt es hier noch nicht"), "{}", german.text());
    assert_eq!(house.member().says("/home").await.settled().await.story(), ["message!"]);
}

#[tokio::test(flavor = "multi_thread")]
async fn a_guild_can_have_a_command_before_the_others() {
    let house = House::open().await;
    let status = house.stack.discord.status().unwrap();
    let guild = status.guilds[0].id.to_string().parse().unwrap();
    let flags = flags(&house).await;
    flags.edit("weather", &Edit::Percent(0), house.stack.clock.now()).await.unwrap();
    flags.edit("weather", &Edit::Override(guild, Some(true)), house.stack.clock.now()).await.unwrap();
    let seen = house.member().says("/weather place:Paris").await.settled().await;
    assert!(seen.text().contains("Paris, Île-de-France"), "{}", seen.text());
    let german = house.german().says("/weather place:Paris").await.settled().await;
    assert!(german.text().contains("gibt es hier noch nicht"), "{}", german.text());
}

#[tokio::test(flavor = "multi_thread")]
async fn what_is_free_reads_no_flags_and_obeys_those_that_were_read_for_another() {
    let house = House::with_environments(1).await;
    flags(&house).await.edit("help", &Edit::Percent(0), house.stack.clock.now()).await.unwrap();
    let before = house.member().says("/help").await.settled().await;
    assert!(!before.text().contains("not available"), "{}", before.text());
    house.member().says("/home").await.settled().await;
    for seconds in [0, 3_600] {
        house.pass(seconds);
        let after = house.member().says("/help").await.settled().await;
        assert!(after.text().contains("`/help` is not available here yet"), "{}", after.text());
    }
}
