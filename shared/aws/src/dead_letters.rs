//! The dead-letter queue, for operators: list the messages with their reasons, redrive or delete them.
//!
//! Message bodies stay in this file, because they contain tokens and text of users.

use std::{collections::BTreeMap, time::Duration};

use aws_sdk_sqs::{
    Client,
    config::timeout::TimeoutConfig,
    types::{Message, MessageAttributeValue, MessageSystemAttributeName},
};
use domain::{
    Fault,
    dead_letter::{ATTEMPTS, CAUSE, DeadLetter, FinalFailure, REDRIVEN, SOURCE, interaction_of},
};
use jiff::Timestamp;

use crate::{Aws, fault::fault};

/// The maximum number of messages per call. If there are more, call it repeatedly.
const MAX_MESSAGES: usize = 1_000;
/// The visibility timeout of messages that are being looked at, in seconds, in case they cannot be
/// released.
const VISIBILITY_TIMEOUT_SECONDS: i32 = 60;
/// The time limit of a receive, which may be a long poll.
const RECEIVE_TIMEOUT: Duration = Duration::from_secs(20);

/// The dead-letter queue.
#[derive(Clone, Debug)]
pub struct DeadLetters {
    client: Client,
    url: String,
    wait: i32,
}

/// The messages to act on.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Selection {
    /// All messages.
    All,
    /// The message with this interaction id; for one that cannot be parsed, this SQS message id.
    One(String),
}

impl Selection {
    /// Parses `all`, or an id.
    pub fn parse(text: &str) -> Self {
        if text == "all" { Self::All } else { Self::One(text.to_owned()) }
    }

    fn contains(&self, message: &Message) -> bool {
        let Self::One(id) = self else { return true };
        let interaction = interaction_of(message.body().unwrap_or_default());
        message.message_id() == Some(id)
            || interaction.is_some_and(|interaction| interaction.to_string() == *id)
    }
}

impl Aws {
    /// The dead-letter queue at this URL. `wait` is the wait time of a receive, in seconds: with short polling
    /// (0) SQS asks only some of its servers and may miss messages; an emulator needs no wait.
    pub fn dead_letters(&self, url: &str, wait: u8) -> DeadLetters {
        DeadLetters { client: self.sqs(), url: url.to_owned(), wait: wait.into() }
    }
}

impl DeadLetters {
    /// All messages, the oldest first. They are invisible to other consumers meanwhile.
    ///
    /// # Errors
    /// [`Fault`] if the queue cannot be read.
    pub async fn list(&self, now: Timestamp) -> Result<Vec<DeadLetter>, Fault> {
        let held = self.receive_all().await?;
        self.release(&held).await;
        let mut letters: Vec<_> = held.iter().map(|message| letter(message, now)).collect();
        letters.sort_by_key(|letter| letter.sent);
        Ok(letters)
    }

    /// Sends messages back to their source queues, marked as redriven, and returns how many. A message without
    /// a source queue stays. Each is sent before it is deleted, so an interruption may duplicate a job, whose
    /// effects are recognised by the interaction's id.
    ///
    /// SQS's own StartMessageMoveTask cannot send back what a function, and not SQS, has put here.
    ///
    /// # Errors
    /// [`Fault`] if a queue is unavailable; messages that have not been sent are still there.
    pub async fn redrive(&self, selection: &Selection) -> Result<usize, Fault> {
        let (chosen, others) =
            self.receive_all().await?.into_iter().partition::<Vec<_>, _>(|it| selection.contains(it));
        self.release(&others).await;
        let mut redriven = 0;
        for (number, message) in chosen.iter().enumerate() {
            match self.send_again(message).await {
                Ok(true) => redriven += 1,
                Ok(false) => self.release(std::slice::from_ref(message)).await,
                Err(fault) => {
                    self.release(&chosen[number..]).await;
                    return Err(fault);
                }
            }
        }
        Ok(redriven)
    }

    /// Deletes messages, and returns how many.
    ///
    /// # Errors
    /// [`Fault`] if the queue is unavailable; messages that have not been deleted are still there.
    pub async fn drop(&self, selection: &Selection) -> Result<usize, Fault> {
        let (chosen, others) =
            self.receive_all().await?.into_iter().partition::<Vec<_>, _>(|it| selection.contains(it));
        self.release(&others).await;
        for (number, message) in chosen.iter().enumerate() {
            if let Err(fault) = self.delete(message).await {
                self.release(&chosen[number..]).await;
                return Err(fault);
            }
        }
        Ok(chosen.len())
    }

    /// Receives all messages, which are then invisible until they are released.
    async fn receive_all(&self) -> Result<Vec<Message>, Fault> {
        let mut held = BTreeMap::new();
        while held.len() < MAX_MESSAGES {
            let batch = self.receive().await;
            let known = held.len();
            match batch {
                Ok(batch) => held.extend(batch.into_iter().map(|it| (it.message_id.clone(), it))),
                Err(fault) => {
                    self.release(&held.into_values().collect::<Vec<_>>()).await;
                    return Err(fault);
                }
            }
            // No new message: the queue is empty, or we hold all that it returns.
            if held.len() == known {
                break;
            }
        }
        Ok(held.into_values().collect())
    }

    async fn receive(&self) -> Result<Vec<Message>, Fault> {
        let request = self
            .client
            .receive_message()
            .queue_url(&self.url)
            .max_number_of_messages(10)
            .visibility_timeout(VISIBILITY_TIMEOUT_SECONDS)
            .wait_time_seconds(self.wait)
            .message_system_attribute_names(MessageSystemAttributeName::All)
            .message_attribute_names("All");
        let patience = TimeoutConfig::builder()
            .operation_timeout(RECEIVE_TIMEOUT)
            .operation_attempt_timeout(RECEIVE_TIMEOUT)
            .build();
        let patient = aws_sdk_sqs::Config::builder().timeout_config(patience);
        let received = request.customize().config_override(patient).send().await;
        let received = received.map_err(|error| fault("sqs.receive", &error))?;
        Ok(received.messages.unwrap_or_default())
    }

    /// False if the message has no source queue.
    async fn send_again(&self, message: &Message) -> Result<bool, Fault> {
        let Some(source) = self.source_of(message) else { return Ok(false) };
        let redriven = MessageAttributeValue::builder().data_type("String").string_value("true").build();
        let redriven = redriven.map_err(|_| Fault::lasting("sqs.send", "attribute"))?;
        let request = self
            .client
            .send_message()
            .queue_url(source)
            .message_body(message.body().unwrap_or_default())
            .message_attributes(REDRIVEN, redriven)
            .set_message_group_id(
                system(message, &MessageSystemAttributeName::MessageGroupId).map(str::to_owned),
            );
        request.send().await.map_err(|error| fault("sqs.send", &error))?;
        self.delete(message).await?;
        Ok(true)
    }

    /// The queue from which the function or SQS moved it here, in the same account and region.
    fn source_of(&self, message: &Message) -> Option<String> {
        let moved_by_sqs = system(message, &MessageSystemAttributeName::DeadLetterQueueSourceArn);
        let arn = moved_by_sqs.or_else(|| attribute(message, SOURCE))?;
        let (_, name) = arn.rsplit_once(':')?;
        let (neighbours, _) = self.url.rsplit_once('/')?;
        Some(format!("{neighbours}/{name}"))
    }

    async fn delete(&self, message: &Message) -> Result<(), Fault> {
        let request = self.client.delete_message().queue_url(&self.url);
        let request = request.receipt_handle(message.receipt_handle().unwrap_or_default());
        request.send().await.map(drop).map_err(|error| fault("sqs.delete", &error))
    }

    /// If this fails, they become visible after their visibility timeout.
    async fn release(&self, messages: &[Message]) {
        for message in messages {
            let request = self.client.change_message_visibility().queue_url(&self.url);
            let request = request.receipt_handle(message.receipt_handle().unwrap_or_default());
            let _ = request.visibility_timeout(0).send().await;
        }
    }
}

fn letter(message: &Message, now: Timestamp) -> DeadLetter {
    let since = system(message, &MessageSystemAttributeName::SentTimestamp)
        .and_then(|sent| Timestamp::from_millisecond(sent.parse().ok()?).ok());
    let failure = attribute(message, CAUSE).map(|cause| FinalFailure {
        cause: cause.to_owned(),
        attempts: attribute(message, ATTEMPTS).and_then(|count| count.parse().ok()).unwrap_or_default(),
    });
    let (body, id) = (message.body().unwrap_or_default(), message.message_id().unwrap_or_default());
    DeadLetter::from_message(body, id, since.unwrap_or(now), now, failure.as_ref())
}

fn attribute<'a>(message: &'a Message, name: &str) -> Option<&'a str> {
    message.message_attributes()?.get(name)?.string_value()
}

fn system<'a>(message: &'a Message, name: &MessageSystemAttributeName) -> Option<&'a str> {
    message.attributes()?.get(name).map(String::as_str)
}
