//! Registration of commands: the plan, the overwrite, and what stays.

use ops::registration::{Change, Client, Overwrites, Plan, Refused, Scope, Wanted, report, wanted};
use serde_json::{Value, json};
use tests::{TestApp, commands::TestCommands};

fn client(app: &TestApp, scope: Scope) -> Client {
    let discord = &app.stack.discord;
    Client::new(&app.stack.url, &discord.application_id().to_string(), discord.bot_token(), scope)
}

fn command(definition: Value, previous_names: &[&str]) -> Wanted {
    Wanted { definition, previous_names: previous_names.iter().map(|name| (*name).to_owned()).collect() }
}

fn changes(plan: &Plan) -> Vec<(&str, &Change)> {
    plan.steps().iter().map(|step| (step.name.as_str(), &step.change)).collect()
}

async fn plan(client: &Client, wanted: &[Wanted], scope: Scope) -> Plan {
    Plan::between(&client.fetch().await.unwrap(), wanted, scope)
}

/// A definition with all fields that Discord normalizes.
fn intricate() -> Vec<Wanted> {
    let slash = json!({
        "name": "tally", "type": 1, "version": "1", "nsfw": false, "default_member_permissions": "8",
        "description": "Count things", "description_localizations": {"de": "Zählt Dinge", "en-GB": "Count things"},
        "contexts": [1, 0], "integration_types": [1, 0],
        "options": [{"type": 1, "name": "add", "description": "Add", "options": [
            {"type": 10, "name": "sum", "description": "How much", "required": true, "min_value": 1.0},
            {"type": 3, "name": "unit", "description": "Of what", "required": false, "autocomplete": false,
             "choices": [{"name": "Apples", "value": "a", "name_localizations": {"de": "Äpfel"}}]},
            {"type": 7, "name": "where", "description": "There", "channel_types": [5, 0], "max_value": null},
        ]}],
    });
    let menu = json!({"name": "Report this", "type": 3, "description": "", "options": []});
    vec![command(slash, &[]), command(menu, &[])]
}

#[tokio::test(flavor = "multi_thread")]
async fn what_a_start_has_registered_needs_no_change() {
    let app = TestApp::open().await;
    let client = client(&app, Scope::Global);
    let plan = plan(&client, &wanted::<TestCommands>().unwrap(), Scope::Global).await;
    assert!(plan.is_empty(), "{}", report(&plan, &Overwrites::default()));
}

#[tokio::test(flavor = "multi_thread")]
async fn what_discord_stores_in_its_own_way_needs_no_change_either() {
    let app = TestApp::open().await;
    let guild = app.stack.discord.status().unwrap().guilds[0].id.to_string().parse().unwrap();
    for scope in [Scope::Global, Scope::Guild(guild)] {
        let client = client(&app, scope);
        let first = plan(&client, &intricate(), scope).await;
        assert!(first.steps().iter().any(|step| step.change == Change::Added));
        client.overwrite(first.body()).await.unwrap();
        let second = plan(&client, &intricate(), scope).await;
        assert!(second.is_empty(), "{}", report(&second, &Overwrites::default()));
    }
}

#[tokio::test(flavor = "multi_thread")]
async fn a_renamed_command_keeps_its_id_and_its_guilds_permissions_are_told() {
    let app = TestApp::open().await;
    let client = client(&app, Scope::Global);
    let old = json!([{"name": "beer", "description": "One"}, {"name": "crisps", "description": "Many"}]);
    let old = client.overwrite(old.as_array().unwrap()).await.unwrap();
    let discord = &app.stack.discord;
    let guild = discord.status().unwrap().guilds[0].id;
    let rule = json!([{"id": guild, "type": 1, "permission": false}]);
    discord.set_command_permissions(guild, old[0]["id"].as_str().unwrap().parse().unwrap(), rule).unwrap();

    let wanted = [command(json!({"name": "wine", "description": "One"}), &["cider", "beer"])];
    let plan = plan(&client, &wanted, Scope::Global).await;
    let (beer, crisps) = (old[0]["id"].as_str().unwrap(), old[1]["id"].as_str().unwrap());
    let renamed = Change::Renamed { from: "/beer".into(), id: beer.into(), differences: vec![] };
    let removed = Change::Removed { id: crisps.into() };
    assert_eq!(changes(&plan), [("/wine", &renamed), ("/crisps", &removed)]);
    let lost = client.overwrites(&[beer, crisps]).await.unwrap();
    let told = report(&plan, &lost);
    assert!(told.contains(&format!("/beer -> /wine  renamed, keeps its id {beer}")), "{told}");
    assert!(told.contains(&format!("! /beer in guild {guild}: everybody denied")), "{told}");

    let new = client.overwrite(plan.body()).await.unwrap();
    assert_eq!((new.len(), &new[0]["id"], &new[0]["name"]), (1, &old[0]["id"], &json!("wine")));
    assert_eq!(client.overwrites(&[beer]).await.unwrap(), Overwrites::default());
}

#[tokio::test(flavor = "multi_thread")]
async fn a_former_name_that_another_command_has_now_is_no_rename() {
    let app = TestApp::open().await;
    let client = client(&app, Scope::Global);
    let old = [json!({"name": "beer", "description": "One"})];
    client.overwrite(&old).await.unwrap();
    let wanted = [
        command(json!({"name": "wine", "description": "One"}), &["beer"]),
        command(json!({"name": "beer", "description": "One"}), &[]),
    ];
    let plan = plan(&client, &wanted, Scope::Global).await;
    assert_eq!(changes(&plan), [("/wine", &Change::Added), ("/beer", &Change::Unchanged)]);
}

#[tokio::test(flavor = "multi_thread")]
async fn a_definition_that_discord_does_not_take_is_told_by_its_names() {
    let app = TestApp::open().await;
    app.expects_refusal("PUT /api/v10/applications/");
    let client = client(&app, Scope::Global);
    let before = client.fetch().await.unwrap();
    let long = "x".repeat(101);
    let bad = [command(
        json!({"name": "order", "description": "Order", "options": [
            {"type": 3, "name": "dish", "description": long},
            {"type": 3, "name": "drink", "description": "What", "choices": [{"name": long, "value": "a"}]}]}),
        &[],
    )];
    let refused = client.overwrite(Plan::between(&before, &bad, Scope::Global).body()).await.unwrap_err();
    let Refused::Invalid(faults) = refused else { panic!("{refused}") };
    let at: Vec<&str> = faults.iter().map(|fault| fault.at.as_str()).collect();
    assert_eq!(
        at,
        [
            "/order, option dish, description",
            "/order, option drink, choice {long}, name".replace("{long}", &long).as_str()
        ]
    );
    assert_eq!(client.fetch().await.unwrap(), before);
}

#[tokio::test(flavor = "multi_thread")]
async fn a_wrong_token_and_anothers_application_are_told_in_a_sentence() {
    let app = TestApp::open().await;
    app.expects_refusal("commands: 401");
    app.expects_refusal("commands: 403");
    let (url, discord) = (&app.stack.url, &app.stack.discord);
    let stranger = Client::new(url, &discord.application_id().to_string(), "nonsense", Scope::Global);
    assert_eq!(stranger.fetch().await, Err(Refused::Unauthorized));
    let elsewhere = Client::new(url, "1100000000000000001", discord.bot_token(), Scope::Global);
    assert_eq!(elsewhere.fetch().await, Err(Refused::Forbidden(403)));
}
