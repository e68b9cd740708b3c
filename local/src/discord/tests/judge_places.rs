//! Discord's own OpenAPI file as the judge of threads, guilds, members and permissions of commands.

use serde_json::json;

use super::{
    judge::{Judge, id},
    places,
};

#[tokio::test]
async fn answers_about_threads_are_as_the_openapi_file_has_them() {
    let Some(mut judge) = Judge::sit().await else { return };
    places::promote(&judge.house);
    let guild = judge.house.discord.status().unwrap().guilds[0].clone();
    let general = format!("/channels/{}", guild.channels[0].id);
    let all = format!("{general}/threads");
    let message = judge.call("POST", &format!("{general}/messages"), Some(json!({ "content": "hi" }))).await;
    let one = format!("{general}/messages/{}", id(&message));
    judge.call("POST", &format!("{one}/threads"), Some(json!({ "name": "about it" }))).await;
    judge.call("POST", &format!("{one}/threads"), Some(json!({ "name": "again" }))).await;
    judge.call("GET", &format!("/channels/{}/messages", id(&message)), None).await;
    judge.call("GET", &one, None).await;
    judge.call("POST", &all, Some(json!({ "type": 11 }))).await;
    let body = json!({ "name": "plans", "type": 12, "auto_archive_duration": 60, "rate_limit_per_user": 5 });
    let private = judge.call("POST", &all, Some(body)).await;
    let thread = format!("/channels/{}", id(&private));
    let user = judge.house.discord.status().unwrap().users[1].id;
    let (members, member) = (format!("{thread}/thread-members"), format!("{thread}/thread-members/{user}"));
    judge.call("PUT", &format!("{members}/@me"), None).await;
    judge.call("PUT", &member, None).await;
    judge.call("GET", &members, None).await;
    judge.call("GET", &format!("{members}?with_member=true"), None).await;
    judge.call("GET", &format!("{member}?with_member=true"), None).await;
    judge.call("DELETE", &member, None).await;
    judge.call("GET", &member, None).await;
    judge.call("POST", &format!("{thread}/messages"), Some(json!({ "content": "in it" }))).await;
    judge.call("GET", &format!("/guilds/{}/threads/active", guild.id), None).await;
    judge.call("PATCH", &thread, Some(json!({ "archived": true, "locked": true }))).await;
    judge.call("PATCH", &thread, Some(json!({ "name": "late" }))).await;
    judge.call("GET", &thread, None).await;
    judge.call("DELETE", &format!("{members}/@me"), None).await;
}

#[tokio::test]
async fn answers_about_guilds_and_members_are_as_the_openapi_file_has_them() {
    let Some(mut judge) = Judge::sit().await else { return };
    places::promote(&judge.house);
    let status = judge.house.discord.status().unwrap();
    let (guild, room) = (format!("/guilds/{}", status.guilds[0].id), status.guilds[0].channels[1].id);
    judge.call("GET", &guild, None).await;
    judge.call("GET", &format!("{guild}?with_counts=true"), None).await;
    judge.call("PATCH", &guild, Some(json!({ "name": "A House" }))).await;
    judge.call("PATCH", &guild, Some(json!({ "name": "A" }))).await;
    let roles = judge.call("GET", &format!("{guild}/roles"), None).await;
    let members = format!("{guild}/members");
    judge.call("GET", &format!("{members}?limit=100"), None).await;
    let member = format!("{members}/{}", status.users[1].id);
    let muted = json!({ "nick": "Barty", "roles": [roles[1]["id"]],
        "communication_disabled_until": "2001-01-01T00:00:00Z" });
    judge.call("PATCH", &member, Some(muted)).await;
    judge.call("PATCH", &member, Some(json!({ "nick": "x".repeat(33) }))).await;
    judge.call("PATCH", &format!("{members}/@me"), Some(json!({ "nick": "Jeeves" }))).await;
    judge.call("GET", &format!("{members}/{}", status.application_id), None).await;
    let role = format!("{member}/roles/{}", id(&roles[1]));
    judge.call("PUT", &role, None).await;
    judge.call("DELETE", &role, None).await;
    judge.call("DELETE", &member, None).await;
    let body = json!({ "name": "Rain", "topic": "Wet", "nsfw": true, "rate_limit_per_user": 5,
        "permission_overwrites": [{ "id": roles[1]["id"], "type": 0, "deny": "2048" }] });
    judge.call("PATCH", &format!("/channels/{room}"), Some(body)).await;
    judge.call("PATCH", &format!("/channels/{room}"), Some(json!({ "name": "" }))).await;
}

#[tokio::test]
async fn answers_about_permissions_of_commands_are_as_the_openapi_file_has_them() {
    let Some(mut judge) = Judge::sit().await else { return };
    let status = judge.house.discord.status().unwrap();
    let application = format!("/applications/{}", status.application_id);
    let commands = judge.call("GET", &format!("{application}/commands"), None).await;
    let all = format!("{application}/guilds/{}/commands", status.guilds[0].id);
    let one = format!("{all}/{}/permissions", id(&commands[0]));
    let body = json!({ "permissions": [{ "id": status.guilds[0].id, "type": 1, "permission": false }] });
    judge.call("GET", &one, None).await;
    judge.call("PUT", &one, Some(body.clone())).await;
    let bearer = format!("Bearer {}", judge.house.discord.bearer_token());
    let answer = judge.house.raw("PUT", &one, &bearer, "application/json", body.to_string()).await;
    assert_eq!(answer.status, 200);
    let kept = judge.call("GET", &one, None).await;
    assert_eq!(answer.body, kept, "what is written comes back as what is read, which is judged");
    judge.call("GET", &format!("{all}/permissions"), None).await;
}
