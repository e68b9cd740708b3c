//! Feature flags: commands that are enabled for some guilds only.

use std::{collections::HashMap, time::Duration};

use aws::{Aws, Store};
use bytes::Bytes;
use domain::{
    Flags,
    config::{Configuration, Variables},
    flags::Edit,
};
use tests::{Look, TestApp};

/// The store of flags, as an operator's command uses it.
async fn flags(app: &TestApp) -> Store<Flags> {
    let request = http::Request::get(format!("{}/local/variables", app.stack.url));
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
    let app = TestApp::open().await;
    let card = app.member().says("/weather place:Paris").await.settled().await;
    let flags = flags(&app).await;
    flags.edit("weather", &Edit::Percent(0), app.stack.clock.now()).await.unwrap();
    app.pass(31);
    for seen in [
        app.member().says("/weather place:Paris").await.settled().await,
        app.member().presses(&card, "°F").await.settled().await,
    ] {
        assert_eq!(seen.story(), ["message!"]);
        assert!(seen.text().contains("`/weather` is not available here yet"), "{}", seen.text());
    }
    assert!(app.member().completes("/weather place:Par").await.is_empty());
    let german = app.german().says("/weather place:Paris").await.settled().await;
    assert!(german.text().contains("gibt es hier noch nicht"), "{}", german.text());
    assert_eq!(app.member().says("/home").await.settled().await.story(), ["message!"]);
}

#[tokio::test(flavor = "multi_thread")]
async fn a_guild_can_have_a_command_before_the_others() {
    let app = TestApp::open().await;
    let status = app.stack.discord.status().unwrap();
    let guild = status.guilds[0].id.to_string().parse().unwrap();
    let flags = flags(&app).await;
    flags.edit("weather", &Edit::Percent(0), app.stack.clock.now()).await.unwrap();
    flags.edit("weather", &Edit::Override(guild, Some(true)), app.stack.clock.now()).await.unwrap();
    let seen = app.member().says("/weather place:Paris").await.settled().await;
    assert!(seen.text().contains("Paris, Île-de-France"), "{}", seen.text());
    let german = app.german().says("/weather place:Paris").await.settled().await;
    assert!(german.text().contains("gibt es hier noch nicht"), "{}", german.text());
}

#[tokio::test(flavor = "multi_thread")]
async fn what_is_free_reads_no_flags_and_obeys_those_that_were_read_for_another() {
    let app = TestApp::with_environments(1).await;
    flags(&app).await.edit("help", &Edit::Percent(0), app.stack.clock.now()).await.unwrap();
    let before = app.member().says("/help").await.settled().await;
    assert!(!before.text().contains("not available"), "{}", before.text());
    app.member().says("/home").await.settled().await;
    for seconds in [0, 3_600] {
        app.pass(seconds);
        let after = app.member().says("/help").await.settled().await;
        assert!(after.text().contains("`/help` is not available here yet"), "{}", after.text());
    }
}
