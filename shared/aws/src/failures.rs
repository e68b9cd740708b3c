//! Why jobs failed for good: beside each dead letter, for as long as the queue keeps it.

use aws_sdk_dynamodb::Client;
use domain::{Fault, InteractionId, dead_letter::Failure};
use jiff::{SignedDuration, Timestamp};

use crate::{
    fault::fault,
    items::{Item, check_version, get_number, get_text, get_time, number, text},
    keys::{self, EXPIRES_AT, PK, SK},
};

/// The version of the item.
const V: i64 = 1;
const PLACE: &str = "dynamodb.failure";
/// As long as the dead-letter queue keeps a message.
const KEPT: SignedDuration = SignedDuration::from_hours(14 * 24);

/// The last attempts of jobs that failed. They name no user.
#[derive(Clone, Debug)]
pub struct Failures {
    client: Client,
    table: String,
}

impl Failures {
    pub(crate) fn new(client: Client, table: &str) -> Self {
        Self { client, table: table.to_owned() }
    }

    /// Writes one down; a later one of the same job takes its place.
    ///
    /// # Errors
    /// [`Fault`] if the table cannot be written.
    pub async fn note(&self, failure: &Failure) -> Result<(), Fault> {
        let put = self.client.put_item().table_name(&self.table).set_item(Some(item(failure)));
        put.send().await.map(drop).map_err(|error| fault("dynamodb.note_failure", &error))
    }

    /// What was written down of a job.
    ///
    /// # Errors
    /// [`Fault`] if the table cannot be read, or a later version of this code has written there.
    pub async fn find(&self, interaction: InteractionId) -> Result<Option<Failure>, Fault> {
        let get = self
            .client
            .get_item()
            .table_name(&self.table)
            .key(PK, text(keys::failed(interaction)))
            .key(SK, text(keys::LAST_ATTEMPT));
        let found = get.send().await.map_err(|error| fault(PLACE, &error))?;
        found.item.as_ref().map(|item| read(item, interaction)).transpose()
    }
}

fn item(failure: &Failure) -> Item {
    let expires_at = failure.at.checked_add(KEPT).unwrap_or(Timestamp::MAX);
    let mut item = Item::from([
        (PK.to_owned(), text(keys::failed(failure.interaction))),
        (SK.to_owned(), text(keys::LAST_ATTEMPT)),
        ("v".to_owned(), number(V)),
        ("command".to_owned(), text(&failure.command)),
        ("place".to_owned(), text(&failure.place)),
        ("code".to_owned(), text(&failure.code)),
        ("receives".to_owned(), number(failure.receives.into())),
        ("at".to_owned(), number(failure.at.as_millisecond())),
        (EXPIRES_AT.to_owned(), number(expires_at.as_second())),
    ]);
    item.extend(failure.guild.map(|guild| ("guild".to_owned(), text(guild.to_string()))));
    item
}

fn read(item: &Item, interaction: InteractionId) -> Result<Failure, Fault> {
    check_version(PLACE, item, V)?;
    let read = || {
        Some(Failure {
            interaction,
            guild: get_text(item, "guild").and_then(|guild| guild.parse().ok()),
            command: get_text(item, "command")?.to_owned(),
            place: get_text(item, "place")?.to_owned(),
            code: get_text(item, "code")?.to_owned(),
            receives: u32::try_from(get_number(item, "receives")?).ok()?,
            at: get_time(item, "at")?,
        })
    };
    read().ok_or_else(|| Fault::lasting(PLACE, "unreadable"))
}
