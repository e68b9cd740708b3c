//! Validates responses about threads, guilds, members and command permissions.

use serde_json::json;

use super::calls::{ValidatedApp, id};
use crate::tests::places;

#[tokio::test]
async fn answers_about_threads_are_as_the_openapi_file_has_them() {
    let Some(mut validated) = ValidatedApp::open().await else { return };
    places::promote(&validated.app);
    let guild = validated.app.discord.status().unwrap().guilds[0].clone();
    let general = format!("/channels/{}", guild.channels[0].id);
    let all = format!("{general}/threads");
    let message =
        validated.call("POST", &format!("{general}/messages"), Some(json!({ "content": "hi" }))).await;
    let one = format!("{general}/messages/{}", id(&message));
    validated.call("POST", &format!("{one}/threads"), Some(json!({ "name": "about it" }))).await;
    validated.call("POST", &format!("{one}/threads"), Some(json!({ "name": "again" }))).await;
    validated.call("GET", &format!("/channels/{}/messages", id(&message)), None).await;
    validated.call("GET", &one, None).await;
    validated.call("POST", &all, Some(json!({ "type": 11 }))).await;
    let body = json!({ "name": "plans", "type": 12, "auto_archive_duration": 60, "rate_limit_per_user": 5 });
    let private = validated.call("POST", &all, Some(body)).await;
    let thread = format!("/channels/{}", id(&private));
    let user = validated.app.discord.status().unwrap().users[1].id;
    let (members, member) = (format!("{thread}/thread-members"), format!("{thread}/thread-members/{user}"));
    validated.call("PUT", &format!("{members}/@me"), None).await;
    validated.call("PUT", &member, None).await;
    validated.call("GET", &members, None).await;
    validated.call("GET", &format!("{members}?with_member=true"), None).await;
    validated.call("GET", &format!("{member}?with_member=true"), None).await;
    validated.call("DELETE", &member, None).await;
    validated.call("GET", &member, None).await;
    validated.call("POST", &format!("{thread}/messages"), Some(json!({ "content": "in it" }))).await;
    validated.call("GET", &format!("/guilds/{}/threads/active", guild.id), None).await;
    validated.call("PATCH", &thread, Some(json!({ "archived": true, "locked": true }))).await;
    validated.call("PATCH", &thread, Some(json!({ "name": "late" }))).await;
    validated.call("GET", &thread, None).await;
    validated.call("DELETE", &format!("{members}/@me"), None).await;
}

#[tokio::test]
async fn answers_about_guilds_and_members_are_as_the_openapi_file_has_them() {
    let Some(mut validated) = ValidatedApp::open().await else { return };
    places::promote(&validated.app);
    let status = validated.app.discord.status().unwrap();
    let (guild, room) = (format!("/guilds/{}", status.guilds[0].id), status.guilds[0].channels[1].id);
    validated.call("GET", &guild, None).await;
    validated.call("GET", &format!("{guild}?with_counts=true"), None).await;
    validated.call("PATCH", &guild, Some(json!({ "name": "A TestApp" }))).await;
    validated.call("PATCH", &guild, Some(json!({ "name": "A" }))).await;
    let roles = validated.call("GET", &format!("{guild}/roles"), None).await;
    let members = format!("{guild}/members");
    validated.call("GET", &format!("{members}?limit=100"), None).await;
    let member = format!("{members}/{}", status.users[1].id);
    let muted = json!({ "nick": "Barty", "roles": [roles[1]["id"]],
        "communication_disabled_until": "2001-01-01T00:00:00Z" });
    validated.call("PATCH", &member, Some(muted)).await;
    validated.call("PATCH", &member, Some(json!({ "nick": "x".repeat(33) }))).await;
    validated.call("PATCH", &format!("{members}/@me"), Some(json!({ "nick": "Jeeves" }))).await;
    validated.call("GET", &format!("{members}/{}", status.application_id), None).await;
    let role = format!("{member}/roles/{}", id(&roles[1]));
    validated.call("PUT", &role, None).await;
    validated.call("DELETE", &role, None).await;
    validated.call("DELETE", &member, None).await;
    let body = json!({ "name": "Rain", "topic": "Wet", "nsfw": true, "rate_limit_per_user": 5,
        "permission_overwrites": [{ "id": roles[1]["id"], "type": 0, "deny": "2048" }] });
    validated.call("PATCH", &format!("/channels/{room}"), Some(body)).await;
    validated.call("PATCH", &format!("/channels/{room}"), Some(json!({ "name": "" }))).await;
}

#[tokio::test]
async fn answers_about_permissions_of_commands_are_as_the_openapi_file_has_them() {
    let Some(mut validated) = ValidatedApp::open().await else { return };
    let status = validated.app.discord.status().unwrap();
    let application = format!("/applications/{}", status.application_id);
    let commands = validated.call("GET", &format!("{application}/commands"), None).await;
    let all = format!("{application}/guilds/{}/commands", status.guilds[0].id);
    let one = format!("{all}/{}/permissions", id(&commands[0]));
    let body = json!({ "permissions": [{ "id": status.guilds[0].id, "type": 1, "permission": false }] });
    validated.call("GET", &one, None).await;
    validated.call("PUT", &one, Some(body.clone())).await;
    let bearer = format!("Bearer {}", validated.app.discord.bearer_token());
    let answer = validated.app.raw("PUT", &one, &bearer, "application/json", body.to_string()).await;
    assert_eq!(answer.status, 200);
    validated.checker("PUT", &one, answer);
    validated.call("GET", &one, None).await;
    validated.call("GET", &format!("{all}/permissions"), None).await;
}
