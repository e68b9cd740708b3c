//! What a guild has decided: one item, changed together with the log of changes.
//!
//! Only the attributes that differ are written. An attribute that this version does not know, or a
//! value of one, is left as it is: another version wrote it.

mod item;

use aws_sdk_dynamodb::{
    error::SdkError,
    operation::transact_write_items::TransactWriteItemsError,
    types::{TransactWriteItem, Update},
};
use domain::{
    Fault, GuildId, InteractionId, Settings, UserId,
    settings::{Change, Changed, Edit},
};
use jiff::Timestamp;

use crate::{
    items::{number, text},
    kinds::Personal,
    settings_change::Author,
    stored::{ForCommands, Kind, Store, written_by_hand},
};
use item::Read;

/// How often an edit meets another before its maker is asked to try again.
const ATTEMPTS: u32 = 3;
const INCOMPLETE: &str = "not sent";

written_by_hand! {
    Settings: reader |item| item::read(item).is_some();
    "settings" version 1 in State;
    key |guild: GuildId| "GUILD#{guild}" / "SETTINGS";
    personal Personal::No;
    attributes language, units, time_zone, off;
}

impl ForCommands for Settings {}

/// Settings, and how often they have been written.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct VersionedSettings {
    /// What the guild has decided.
    pub settings: Settings,
    /// 0: it has never decided anything.
    pub version: u64,
}

/// What came of one try to write.
enum Written {
    Now,
    /// The interaction had been there before.
    Before,
    /// Somebody else was faster.
    Overtaken,
}

impl Store<Settings> {
    /// The guild's settings, by an eventually consistent read: for commands that only follow them.
    ///
    /// # Errors
    /// [`Fault`] if the table cannot be read, or a later version of this code has written there.
    pub async fn load(&self, guild: GuildId) -> Result<VersionedSettings, Fault> {
        Ok(self.read(guild, false).await?.known)
    }

    /// The guild's settings, by a consistent read: for showing them to be changed. Costs twice as much.
    ///
    /// # Errors
    /// As [`Store::<Settings>::load`].
    pub async fn load_for_change(&self, guild: GuildId) -> Result<VersionedSettings, Fault> {
        Ok(self.read(guild, true).await?.known)
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
    ) -> Result<Option<VersionedSettings>, Fault> {
        let author = Author { guild, by, interaction, now };
        for _ in 0..ATTEMPTS {
            let before = self.read(guild, true).await?;
            let after = before.known.settings.apply(edit);
            let changes = before.known.settings.changes(&after);
            if changes.is_empty() || before.changed_by == Some(interaction) {
                return Ok(Some(before.known));
            }
            match self.write(author, &before, &after, &changes).await? {
                Written::Now => {
                    return Ok(Some(VersionedSettings {
                        settings: after,
                        version: before.known.version + 1,
                    }));
                }
                Written::Before => return self.load_for_change(guild).await.map(Some),
                Written::Overtaken => {}
            }
        }
        Ok(None)
    }

    async fn read(&self, guild: GuildId, consistent: bool) -> Result<Read, Fault> {
        let found = self.access().get(Settings::key(&guild), consistent).await?;
        let read = found.map_or_else(|| Some(Read::default()), |item| item::read(&item));
        read.ok_or_else(|| self.access().unreadable())
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
        let change = self.beside::<Change>().log_entry(author, changes)?;
        let access = self.access();
        let write = access
            .client()
            .transact_write_items()
            // Its order is the order of the reasons, should it be cancelled.
            .transact_items(TransactWriteItem::builder().put(change).build())
            .transact_items(TransactWriteItem::builder().update(settings).build());
        match write.send().await {
            Ok(_) => Ok(Written::Now),
            Err(error) => refused(&error).ok_or_else(|| access.fault(&error)),
        }
    }

    fn update(
        &self,
        author: Author,
        before: &Read,
        after: &Settings,
        changes: &[Changed],
    ) -> Result<Update, Fault> {
        let write = item::update(before, after, changes);
        let mut update = Update::builder()
            .table_name(self.access().table())
            .set_key(Some(Settings::key(&author.guild).attributes()))
            .update_expression(write.expression)
            .set_expression_attribute_names(Some(write.names))
            .set_expression_attribute_values(Some(write.values))
            .expression_attribute_values(":interaction", text(author.interaction.to_string()))
            .expression_attribute_values(":next", number(item::signed(before.known.version + 1)));
        update = if before.known.version == 0 {
            update.condition_expression("attribute_not_exists(pk)")
        } else {
            update
                .condition_expression("#version = :version AND v = :v")
                .expression_attribute_values(":version", number(item::signed(before.known.version)))
        };
        update.build().map_err(|_| Fault::lasting(Settings::COMPONENT, INCOMPLETE))
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
