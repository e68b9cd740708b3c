//! The unmodified twilight-http, with its own HTTP client and rate limiter, calls the simulated Discord.

use std::{
    path::Path,
    time::{Duration, Instant},
};

use serde_json::{Value, json};
use twilight_http::{Client, request::channel::reaction::RequestReactionType};
use twilight_model::{
    application::command::Command,
    channel::message::{Message, MessageFlags, MessageType},
    http::attachment::Attachment,
    id::{
        Id,
        marker::{ApplicationMarker, ChannelMarker},
    },
};

use crate::testing::TestApp;

struct TwilightApp {
    app: TestApp,
    client: Client,
}

impl TwilightApp {
    async fn open() -> Self {
        Self::of(TestApp::open(|_| json!({ "type": 5 })).await)
    }

    fn of(app: TestApp) -> Self {
        // It is an error only if another test has installed a provider already.
        let _ = rustls::crypto::ring::default_provider().install_default();
        let url = app.url("");
        let address = url.strip_prefix("http://").unwrap().split('/').next().unwrap().to_owned();
        let token = app.discord.bot_token().to_owned();
        let client = Client::builder().token(token).proxy(address, true).build();
        Self { app, client }
    }

    fn application(&self) -> Id<ApplicationMarker> {
        id(&self.app.discord.application_id())
    }

    fn channel(&self) -> Id<ChannelMarker> {
        id(&self.app.discord.status().unwrap().guilds[0].channels[0].id)
    }

    async fn write(&self, content: &str) -> Message {
        let sent = self.client.create_message(self.channel()).content(content).await;
        sent.unwrap().model().await.unwrap()
    }
}

/// The status of every recorded response of a route.
fn statuses(folder: &Path, route: &str) -> Vec<Value> {
    let text = std::fs::read_to_string(folder.join(format!("{}.jsonl", std::process::id()))).unwrap();
    let answers = text.lines().map(|line| serde_json::from_str::<Value>(line).unwrap());
    answers.filter(|answer| answer["route"] == route).map(|answer| answer["status"].clone()).collect()
}

fn id<T>(snowflake: &impl ToString) -> Id<T> {
    snowflake.to_string().parse().unwrap()
}

#[tokio::test]
async fn commands_are_told_and_read() {
    let library = TwilightApp::open().await;
    let interaction = library.client.interaction(library.application());
    let registered = interaction.global_commands().with_localizations(true).await.unwrap();
    let mut commands = registered.models().await.unwrap();
    assert_eq!(commands[0].name_localizations.as_ref().unwrap()["de"], "wetter");
    let beer = json!({ "name": "beer", "description": "One", "type": 1, "options": [], "version": "1" });
    commands.push(serde_json::from_value::<Command>(beer).unwrap());
    let told = interaction.set_global_commands(&commands).await.unwrap().models().await.unwrap();
    let names: Vec<&str> = told.iter().map(|command| &*command.name).collect();
    assert_eq!(names, ["weather", "coins", "ping", "beer"]);
    assert_eq!(told[..3], commands[..3], "what has not changed keeps id and version");
    assert!(told[3].id.is_some() && told[3].application_id == Some(library.application()));
    let one = interaction.global_command(told[3].id.unwrap()).await.unwrap().model().await.unwrap();
    assert_eq!(one, told[3]);
}

#[tokio::test]
async fn messages_with_files_are_written_edited_reacted_to_and_deleted() {
    let library = TwilightApp::open().await;
    let (client, channel) = (&library.client, library.channel());
    let mut map = Attachment::from_bytes("map.txt".into(), b"here".to_vec(), 0);
    map.description("where".into());
    let files = [map, Attachment::from_bytes("way.txt".into(), b"there".to_vec(), 1)];
    let sent = client.create_message(channel).content("two files").attachments(&files).await.unwrap();
    let sent = sent.model().await.unwrap();
    let names: Vec<&str> = sent.attachments.iter().map(|file| &*file.filename).collect();
    assert_eq!(names, ["map.txt", "way.txt"]);
    assert_eq!(sent.attachments[0].description.as_deref(), Some("where"));
    assert_eq!(library.app.fetch(&sent.attachments[1].url).await, b"there");

    let kept = [sent.attachments[0].id];
    let edit = client.update_message(channel, sent.id).content(Some("one file")).keep_attachment_ids(&kept);
    let edited = edit.await.unwrap().model().await.unwrap();
    assert_eq!((&*edited.content, edited.attachments.len()), ("one file", 1));
    assert!(edited.edited_timestamp.is_some());

    let reaction = RequestReactionType::Unicode { name: "🎲" };
    client.create_reaction(channel, sent.id, &reaction).await.unwrap();
    let seen = client.message(channel, sent.id).await.unwrap().model().await.unwrap();
    assert_eq!((seen.reactions.len(), seen.reactions[0].count, seen.reactions[0].me), (1, 1, true));
    client.delete_message(channel, sent.id).await.unwrap();
    let gone = client.message(channel, sent.id).await.unwrap_err().to_string();
    assert!(gone.contains("404") && gone.contains("10008"), "{gone}");
}

#[tokio::test]
async fn an_interaction_is_edited_and_followed_up() {
    let library = TwilightApp::open().await;
    let asked = library.app.say("/ping").await;
    library.app.first_step(asked).await;
    let token = library.app.last()["token"].as_str().unwrap().to_owned();
    let interaction = library.client.interaction(library.application());

    let file = [Attachment::from_bytes("answer.txt".into(), b"42".to_vec(), 0)];
    let edit = interaction.update_response(&token).content(Some("done")).attachments(&file);
    let original = edit.await.unwrap().model().await.unwrap();
    assert_eq!((original.kind, original.attachments.len()), (MessageType::ChatInputCommand, 1));
    assert_eq!(original.interaction_metadata.as_ref().unwrap().id, id(&asked));
    assert_eq!(interaction.response(&token).await.unwrap().model().await.unwrap().id, original.id);

    let more = interaction.create_followup(&token).content("more").flags(MessageFlags::EPHEMERAL);
    let more = more.await.unwrap().model().await.unwrap();
    assert_eq!(more.flags, Some(MessageFlags::EPHEMERAL));
    let less = interaction.update_followup(&token, more.id).content(Some("less")).await.unwrap();
    assert_eq!(less.model().await.unwrap().content, "less");
    interaction.delete_followup(&token, more.id).await.unwrap();
    let gone = interaction.followup(&token, more.id).await.unwrap_err().to_string();
    assert!(gone.contains("10008"), "{gone}");
}

#[tokio::test]
async fn the_librarys_own_rate_limiter_waits_a_429_out_and_the_call_succeeds() {
    let folder = tempfile::tempdir().unwrap();
    let answers = Some(folder.path().to_owned());
    let library = TwilightApp::of(TestApp::open_with(None, answers, |_| json!({ "type": 5 })).await);
    let began = Instant::now();
    let mut written = Vec::new();
    for number in 1..=6 {
        written.push(library.write(&number.to_string()).await.content);
    }
    assert_eq!(written, ["1", "2", "3", "4", "5", "6"]);
    // The limit is five in five seconds: the sixth got a 429, and was retried in the next window.
    let statuses = statuses(folder.path(), "/channels/{channel}/messages");
    assert_eq!(json!(statuses), json!([200, 200, 200, 200, 200, 429, 200]));
    assert!(began.elapsed() >= Duration::from_secs(4), "{:?}", began.elapsed());
}
