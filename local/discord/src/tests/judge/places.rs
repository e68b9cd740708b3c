//! Validates responses about threads, guilds, members and command permissions.

use serde_json::json;

use super::calls::{Court, id};
use crate::tests::places;

#[tokio::test]
async fn answers_about_threads_are_as_the_openapi_file_has_them() {
    let Some(mut court) = Court::open().await else { return };
    places::promote(&court.app);
    let guild = court.app.discord.status().unwrap().guilds[0].clone();
    let general = format!("/channels/{}", guild.channels[0].id);
    let all = format!("{general}/threads");
    let message = court.call("POST", &format!("{general}/messages"), Some(json!({ "content": "hi" }))).await;
    let one = format!("{general}/messages/{}", id(&message));
    court.call("POST", &format!("{one}/threads"), Some(json!({ "name": "about it" }))).await;
    court.call("POST", &format!("{one}/threads"), Some(json!({ "name": "again" }))).await;
    court.call("GET", &format!("/channels/{}/messages", id(&message)), None).await;
    court.call("GET", &one, None).await;
    court.call("POST", &all, Some(json!({ "type": 11 }))).await;
    let body = json!({ "name": "plans", "type": 12, "auto_archive_duration": 60, "rate_limit_per_user": 5 });
    let private = court.call("POST", &all, Some(body)).await;
    let thread = format!("/channels/{}", id(&private));
    let user = court.app.discord.status().unwrap().users[1].id;
    let (members, member) = (format!("{thread}/thread-members"), format!("{thread}/thread-members/{user}"));
    court.call("PUT", &format!("{members}/@me"), None).await;
    court.call("PUT", &member, None).await;
    court.call("GET", &members, None).await;
    court.call("GET", &format!("{members}?with_member=true"), None).await;
    court.call("GET", &format!("{member}?with_member=true"), None).await;
    court.call("DELETE", &member, None).await;
    court.call("GET", &member, None).await;
    court.call("POST", &format!("{thread}/messages"), Some(json!({ "content": "in it" }))).await;
    court.call("GET", &format!("/guilds/{}/threads/active", guild.id), None).await;
    court.call("PATCH", &thread, Some(json!({ "archived": true, "locked": true }))).await;
    court.call("PATCH", &thread, Some(json!({ "name": "late" }))).await;
    court.call("GET", &thread, None).await;
    court.call("DELETE", &format!("{members}/@me"), None).await;
}

#[tokio::test]
async fn answers_about_guilds_and_members_are_as_the_openapi_file_has_them() {
    let Some(mut court) = Court::open().await else { return };
    places::promote(&court.app);
    let status = court.app.discord.status().unwrap();
    let (guild, room) = (format!("/guilds/{}", status.guilds[0].id), status.guilds[0].channels[1].id);
    court.call("GET", &guild, None).await;
    court.call("GET", &format!("{guild}?with_counts=true"), None).await;
    court.call("PATCH", &guild, Some(json!({ "name": "A TestApp" }))).await;
    court.call("PATCH", &guild, Some(json!({ "name": "A" }))).await;
    let roles = court.call("GET", &format!("{guild}/roles"), None).await;
    let members = format!("{guild}/members");
    court.call("GET", &format!("{members}?limit=100"), None).await;
    let member = format!("{members}/{}", status.users[1].id);
    let muted = json!({ "nick": "Barty", "roles": [roles[1]["id"]],
        "communication_disabled_until": "2001-01-01T00:00:00Z" });
    court.call("PATCH", &member, Some(muted)).await;
    court.call("PATCH", &member, Some(json!({ "nick": "x".repeat(33) }))).await;
    court.call("PATCH", &format!("{members}/@me"), Some(json!({ "nick": "Jeeves" }))).await;
    court.call("GET", &format!("{members}/{}", status.application_id), None).await;
    let role = format!("{member}/roles/{}", id(&roles[1]));
    court.call("PUT", &role, None).await;
    court.call("DELETE", &role, None).await;
    court.call("DELETE", &member, None).await;
    let body = json!({ "name": "Rain", "topic": "Wet", "nsfw": true, "rate_limit_per_user": 5,
        "permission_overwrites": [{ "id": roles[1]["id"], "type": 0, "deny": "2048" }] });
    court.call("PATCH", &format!("/channels/{room}"), Some(body)).await;
    court.call("PATCH", &format!("/channels/{room}"), Some(json!({ "name": "" }))).await;
}

#[tokio::test]
async fn answers_about_permissions_of_commands_are_as_the_openapi_file_has_them() {
    let Some(mut court) = Court::open().await else { return };
    let status = court.app.discord.status().unwrap();
    let application = format!("/applications/{}", status.application_id);
    let commands = court.call("GET", &format!("{application}/commands"), None).await;
    let all = format!("{application}/guilds/{}/commands", status.guilds[0].id);
    let one = format!("{all}/{}/permissions", id(&commands[0]));
    let body = json!({ "permissions": [{ "id": status.guilds[0].id, "type": 1, "permission": false }] });
    court.call("GET", &one, None).await;
    court.call("PUT", &one, Some(body.clone())).await;
    let bearer = format!("Bearer {}", court.app.discord.bearer_token());
    let answer = court.app.raw("PUT", &one, &bearer, "application/json", body.to_string()).await;
    assert_eq!(answer.status, 200);
    court.judge("PUT", &one, answer);
    court.call("GET", &one, None).await;
    court.call("GET", &format!("{all}/permissions"), None).await;
}
