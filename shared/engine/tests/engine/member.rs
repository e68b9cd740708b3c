//! What a member does with an answer, and sees of it.

use std::time::Duration;

use domain::{InteractionId, Job, measurement::Outcome};
use http::{Request, StatusCode, header};
use local_discord::{Snowflake, View, render};
use serde_json::Value;

use crate::harness::{JOBS, TestApp};

/// An interaction that the interactions function has answered.
#[derive(Clone, Copy)]
pub struct Interaction<'a> {
    pub app: &'a TestApp,
    pub id: local_discord::InteractionId,
}

impl<'a> Interaction<'a> {
    /// How it ended in the interactions function.
    pub fn outcome(self) -> Outcome {
        self.app.outcome_of(self.id).expect("an answer").0
    }

    /// Its id, as the bot uses it.
    pub fn interaction(self) -> InteractionId {
        self.id.to_string().parse().unwrap()
    }

    /// The command that the interactions function reports.
    pub fn command(self) -> Option<&'static str> {
        self.app.outcome_of(self.id).expect("an answer").1
    }

    /// What the member has seen so far, step by step.
    pub fn story(self) -> Vec<String> {
        self.view().steps.iter().map(|step| step.seen.describe(render).0).collect()
    }

    /// The last message that the member has seen, as plain text.
    pub fn text(self) -> String {
        self.view().message().map(|message| render(message).join("\n")).unwrap_or_default()
    }

    /// The message as it is now, which may have been changed by other interactions.
    pub fn message(self) -> Value {
        self.app.discord.message(self.message_id()).unwrap().expect("the message is there")
    }

    pub fn view(self) -> View {
        self.app.discord.view(self.id).unwrap()
    }

    pub fn message_id(self) -> Snowflake {
        let view = self.view();
        view.message().expect("a message")["id"].as_str().unwrap().parse().unwrap()
    }

    /// The custom id of the button or select with this label or placeholder.
    pub fn custom_id(self, label: &str) -> String {
        custom_id(&self.message()["components"], label).expect("a component")
    }

    /// Deletes the deferred message, whose job is the oldest in the queue.
    pub async fn deleted(self) {
        let job = Job::parse(&self.app.message(JOBS)).unwrap();
        let path = format!("webhooks/{}/{}/messages/@original", job.application, job.token.expose());
        let request = Request::delete(format!("http://discord/api/v10/{path}"))
            .header(header::USER_AGENT, "DiscordBot (https://steward.invalid, test)");
        let request = request.body(bytes::Bytes::new()).unwrap();
        let answer = outbound::Client::new().send(request, Duration::from_secs(5)).await.unwrap();
        assert_eq!(answer.status(), StatusCode::NO_CONTENT);
    }

    /// A member presses the button with this label.
    pub async fn pressed_by(self, member: &str, label: &str) -> Interaction<'a> {
        let pressed = self.app.discord.press(member, self.message_id(), &self.custom_id(label)).await;
        self.app.answer_to(pressed.expect("the client sends it")).await
    }

    /// The member who used the command presses the button with this label.
    pub async fn pressed(self, label: &str) -> Interaction<'a> {
        self.pressed_by("Bartholomew Finch", label).await
    }

    /// The member who used the command chooses from the select with this placeholder.
    pub async fn chosen(self, select: &str, values: &[&str]) -> Interaction<'a> {
        let (message, select) = (self.message_id(), self.custom_id(select));
        let chosen = self.app.discord.choose("Bartholomew Finch", message, &select, values).await;
        self.app.answer_to(chosen.expect("the client sends it")).await
    }

    /// The member who used the command submits the open modal with this text.
    pub async fn submitted(self, text: &str) -> Interaction<'a> {
        let submission: &[(&str, &[&str])] = &[("text", &[text])];
        let submitted = self.app.discord.submit("Bartholomew Finch", self.id, submission).await;
        self.app.answer_to(submitted.expect("the client sends it")).await
    }
}

fn custom_id(components: &Value, label: &str) -> Option<String> {
    components.as_array()?.iter().find_map(|it| {
        let own = (it["label"] == label || it["placeholder"] == label).then(|| it["custom_id"].as_str());
        own.flatten().map(str::to_owned).or_else(|| custom_id(&it["components"], label))
    })
}
