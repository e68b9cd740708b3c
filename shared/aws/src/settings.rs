//! What a guild has decided, and who changed it.
//!
//! The settings are one item; every change is an item of its own, which belongs to the member who
//! made it and goes with that member's data. An attribute that this version does not know, or a
//! value of one, is left as it is: another version wrote it.

mod stored;

use aws_sdk_dynamodb::{
    Client,
    error::SdkError,
    operation::transact_write_items::TransactWriteItemsError,
    types::{Put, TransactWriteItem, Update},
};
use domain::{
    Fault, GuildId, InteractionId, Settings, UserId,
    mutant::{self, Mutant},
    settings::{Changed, Edit},
};
use jiff::Timestamp;

use crate::{
    fault::fault,
    items::{number, text},
    keys::{self, PK, SK},
};
use stored::Read;

/// How often an edit meets another before its maker is asked to try again.
const ATTEMPTS: u32 = 3;
const INCOMPLETE: &str = "not sent";

/// The settings of every guild.
#[derive(Clone, Debug)]
pub struct GuildSettings {
    client: Client,
    table: String,
}

/// Settings, and how often they have been written.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Stored {
    /// What the guild has decided.
    pub settings: Settings,
    /// 0: it has never decided anything.
    pub version: u64,
}

/// One line of the log of changes.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Change {
    /// When, to the millisecond.
    pub at: Timestamp,
    /// Who.
    pub by: UserId,
    /// What holds since then.
    pub what: Vec<Changed>,
}

/// What came of one try to write.
enum Written {
    Now,
    /// The interaction had been there before.
    Before,
    /// Somebody else was faster.
    Overtaken,
}

/// Who changes which guild's settings, by what, and when.
#[derive(Clone, Copy)]
struct Author {
    guild: GuildId,
    by: UserId,
    interaction: InteractionId,
    now: Timestamp,
}

impl GuildSettings {
    pub(crate) fn new(client: Client, table: &str) -> Self {
        Self { client, table: table.to_owned() }
    }

    /// What a guild has decided, perhaps a second ago: for whoever only obeys it.
    ///
    /// # Errors
    /// [`Fault`] if the table cannot be read, or a later version of this code has written there.
    pub async fn load(&self, guild: GuildId) -> Result<Stored, Fault> {
        Ok(self.read(guild, false).await?.stored)
    }

    /// What a guild has decided, as of now: for whoever shows it to be changed. Costs twice as much.
    ///
    /// # Errors
    /// As [`GuildSettings::load`].
    pub async fn load_for_change(&self, guild: GuildId) -> Result<Stored, Fault> {
        Ok(self.read(guild, true).await?.stored)
    }

    /// Makes an edit, once for each interaction, and says what holds then. `None` if others keep
    /// being faster: nothing was changed. An edit that changes nothing writes nothing.
    ///
    /// # Errors
    /// [`Fault`] if the table cannot be reached (the edit may have been made; repeating it is safe),
    /// or a later version of this code has written there.
    pub async fn change(
        &self,
        guild: GuildId,
        by: UserId,
        interaction: InteractionId,
        edit: &Edit,
        now: Timestamp,
    ) -> Result<Option<Stored>, Fault> {
        let author = Author { guild, by, interaction, now };
        for _ in 0..ATTEMPTS {
            let before = self.read(guild, true).await?;
            let after = before.stored.settings.apply(edit);
            let changes = before.stored.settings.changes(&after);
            let is_keyed = !mutant::is(Mutant::UnkeyedEffect);
            if changes.is_empty() || (before.changed_by == Some(interaction) && is_keyed) {
                return Ok(Some(before.stored));
            }
            match self.write(author, &before, &after, &changes).await? {
                Written::Now => {
                    return Ok(Some(Stored { settings: after, version: before.stored.version + 1 }));
                }
                Written::Before => return self.load_for_change(guild).await.map(Some),
                Written::Overtaken => {}
            }
        }
        Ok(None)
    }

    /// The latest changes, newest first, at most `limit`. They are forgotten after 180 days.
    ///
    /// # Errors
    /// [`Fault`] if the table cannot be read.
    pub async fn last_changes(
        &self,
        guild: GuildId,
        limit: u16,
        now: Timestamp,
    ) -> Result<Vec<Change>, Fault> {
        let query = self
            .client
            .query()
            .table_name(&self.table)
            .key_condition_expression("pk = :guild AND begins_with(sk, :change)")
            .expression_attribute_values(":guild", text(keys::guild(guild)))
            .expression_attribute_values(":change", text(keys::CHANGES))
            .scan_index_forward(false)
            // It is asked right after a change, whose author looks for it.
            .consistent_read(true)
            .limit(limit.max(1).into());
        let found = query.send().await.map_err(|error| fault("dynamodb.last_changes", &error))?;
        // The expired are the oldest, so none that is still to be seen hides behind them.
        let alive = found.items().iter().filter(|item| stored::is_alive(item, now));
        // A line of another version is none that could be shown; it is only a log.
        Ok(alive.take(limit.into()).filter_map(|item| stored::change(item).ok()).collect())
    }

    async fn read(&self, guild: GuildId, consistent: bool) -> Result<Read, Fault> {
        let get = self
            .client
            .get_item()
            .table_name(&self.table)
            .key(PK, text(keys::guild(guild)))
            .key(SK, text(keys::SETTINGS))
            .consistent_read(consistent);
        let found = get.send().await.map_err(|error| fault("dynamodb.settings", &error))?;
        found.item.as_ref().map_or_else(|| Ok(Read::default()), stored::settings)
    }

    /// Both items or neither.
    async fn write(
        &self,
        author: Author,
        before: &Read,
        after: &Settings,
        changes: &[Changed],
    ) -> Result<Written, Fault> {
        let settings = self.update(author, before, after, changes)?;
        let change = self.log_entry(author, changes)?;
        let write = self
            .client
            .transact_write_items()
            // Its order is the order of the reasons, should it be cancelled.
            .transact_items(TransactWriteItem::builder().put(change).build())
            .transact_items(TransactWriteItem::builder().update(settings).build());
        match write.send().await {
            Ok(_) => Ok(Written::Now),
            Err(error) => refused(&error).ok_or_else(|| fault("dynamodb.change_settings", &error)),
        }
    }

    fn update(
        &self,
        author: Author,
        before: &Read,
        after: &Settings,
        changes: &[Changed],
    ) -> Result<Update, Fault> {
        let write = stored::update(before, after, changes);
        let mut update = Update::builder()
            .table_name(&self.table)
            .key(PK, text(keys::guild(author.guild)))
            .key(SK, text(keys::SETTINGS))
            .update_expression(write.expression)
            .set_expression_attribute_names(Some(write.names))
            .set_expression_attribute_values(Some(write.values))
            .expression_attribute_values(":interaction", text(author.interaction.to_string()))
            .expression_attribute_values(":next", number(stored::signed(before.stored.version + 1)));
        update = if before.stored.version == 0 {
            update.condition_expression("attribute_not_exists(pk)")
        } else {
            update
                .condition_expression("#version = :version AND v = :v")
                .expression_attribute_values(":version", number(stored::signed(before.stored.version)))
        };
        update.build().map_err(|_| Fault::lasting("dynamodb.change_settings", INCOMPLETE))
    }

    fn log_entry(&self, author: Author, changes: &[Changed]) -> Result<Put, Fault> {
        let put = Put::builder().table_name(&self.table).set_item(Some(stored::log_entry(author, changes)));
        let put = if mutant::is(Mutant::UnkeyedEffect) {
            put
        } else {
            put.condition_expression("attribute_not_exists(pk)")
        };
        put.build().map_err(|_| Fault::lasting("dynamodb.change_settings", INCOMPLETE))
    }
}

/// What a refused transaction means, if it means anything but a fault.
fn refused<R>(error: &SdkError<TransactWriteItemsError, R>) -> Option<Written> {
    const CONDITION: &str = "ConditionalCheckFailed";
    const CONFLICT: &str = "TransactionConflict";
    let cancelled = match error.as_service_error()? {
        TransactWriteItemsError::TransactionCanceledException(cancelled) => cancelled,
        // The SDK repeats a write whose answer is late. What has become of it can be read.
        TransactWriteItemsError::TransactionInProgressException(_) => return Some(Written::Overtaken),
        _ => return None,
    };
    let reasons = cancelled.cancellation_reasons().iter().map(|reason| reason.code().unwrap_or_default());
    let reasons: Vec<&str> = reasons.collect();
    if reasons.first() == Some(&CONDITION) {
        return Some(Written::Before);
    }
    reasons.iter().any(|reason| [CONDITION, CONFLICT].contains(reason)).then_some(Written::Overtaken)
}
