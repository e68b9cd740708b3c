//! A guild's settings: one item, written in a transaction with the entry of the change log.
//!
//! Only attributes that change are written. Attributes and values that this version does not know stay as
//! they are, because another version wrote them.

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
    settings_change::{Author, Since},
    stored::{ForCommands, Kind, Store, written_by_hand},
};
use item::Read;

/// How often an edit is tried when concurrent edits win, before the user is asked to try again.
const MAX_WRITE_ATTEMPTS: u32 = 3;
const INCOMPLETE_REQUEST: &str = "not sent";

written_by_hand! {
    Settings: reader |item| item::parse(item).is_some();
    "settings" version 1 in State;
    key |guild: GuildId| "GUILD#{guild}" / "SETTINGS";
    personal Personal::No;
    attributes language, units, time_zone, off;
}

impl ForCommands for Settings {}

/// The settings after an edit.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Edited {
    /// What is stored now.
    pub after: VersionedSettings,
    /// What the edit asked for and did not get, because later interactions have changed it.
    pub overruled: Vec<Changed>,
}

/// Settings with their version.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct VersionedSettings {
    /// The guild's settings.
    pub settings: Settings,
    /// The number of writes; 0 if there was none.
    pub version: u64,
}

enum Written {
    Now,
    /// This interaction has made the change before.
    Before,
    /// A concurrent edit was faster.
    Overtaken,
}

impl Store<Settings> {
    /// The settings, by an eventually consistent read: for commands that only use them.
    ///
    /// # Errors
    /// [`Fault`] if the table cannot be read, or a later version of this code has written there.
    pub async fn load(&self, guild: GuildId) -> Result<VersionedSettings, Fault> {
        Ok(self.fetch(guild, false).await?.known)
    }

    /// The settings, by a consistent read, at twice the cost: for showing them for editing.
    ///
    /// # Errors
    /// As [`Store::<Settings>::load`].
    pub async fn load_for_change(&self, guild: GuildId) -> Result<VersionedSettings, Fault> {
        Ok(self.fetch(guild, true).await?.known)
    }

    /// Makes an edit, once per interaction, and returns the settings after it. `None` if concurrent edits
    /// always win; nothing is changed then. An edit that changes nothing writes nothing.
    ///
    /// An older interaction does not overrule a newer one: settings that a later interaction has changed stay
    /// as they are. Only if the item says that there was one, the change log is read to know which; otherwise
    /// this costs no request.
    ///
    /// # Errors
    /// [`Fault`] if the table is unavailable (the edit may have been made, and a retry is safe), or if a
    /// later version of this code wrote the item.
    pub async fn change(
        &self,
        guild: GuildId,
        by: UserId,
        interaction: InteractionId,
        edit: &Edit,
        now: Timestamp,
    ) -> Result<Option<Edited>, Fault> {
        let author = Author { guild, by, interaction, now };
        for _ in 0..MAX_WRITE_ATTEMPTS {
            let before = self.fetch(guild, true).await?;
            let log = match before.changed_by {
                Some(last) if last > interaction => self.beside::<Change>().since(guild, interaction).await?,
                last => Since { is_made: last == Some(interaction), ..Since::default() },
            };
            let (changes, overruled) = before.wanted(edit).into_iter().partition(|changed| !log.has(changed));
            let changes: Vec<Changed> = changes;
            if changes.is_empty() || log.is_made {
                return Ok(Some(Edited { after: before.known, overruled }));
            }
            let after = before.known.settings.apply(&Edit::Some(changes.clone()));
            match self.write(author, &before, &after, &changes).await? {
                Written::Now => {
                    let after = VersionedSettings { settings: after, version: before.known.version + 1 };
                    return Ok(Some(Edited { after, overruled }));
                }
                Written::Before => {
                    let after = self.load_for_change(guild).await?;
                    return Ok(Some(Edited { after, overruled }));
                }
                Written::Overtaken => {}
            }
        }
        Ok(None)
    }

    async fn fetch(&self, guild: GuildId, consistent: bool) -> Result<Read, Fault> {
        let found = self.access().get(Settings::key(&guild), consistent).await?;
        let read = found.map_or_else(|| Some(Read::default()), |item| item::parse(&item));
        read.ok_or_else(|| self.access().unreadable())
    }

    /// Writes both items, or neither.
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
            // The cancellation reasons have the same order as these items; `refused` relies on it.
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
        // The latest interaction, which an older one that changes another setting does not replace.
        let last = before.changed_by.map_or(author.interaction, |last| last.max(author.interaction));
        let mut update = Update::builder()
            .table_name(self.access().table())
            .set_key(Some(Settings::key(&author.guild).attributes()))
            .update_expression(write.expression)
            .set_expression_attribute_names(Some(write.names))
            .set_expression_attribute_values(Some(write.values))
            .expression_attribute_values(":interaction", text(last.to_string()))
            .expression_attribute_values(":next", number(item::signed(before.known.version + 1)));
        update = if before.known.version == 0 {
            update.condition_expression("attribute_not_exists(pk)")
        } else {
            update
                .condition_expression("#version = :version AND v = :v")
                .expression_attribute_values(":version", number(item::signed(before.known.version)))
        };
        update.build().map_err(|_| Fault::lasting(Settings::COMPONENT, INCOMPLETE_REQUEST))
    }
}

/// The meaning of a cancelled transaction; `None` if it is a fault.
fn refused<R>(error: &SdkError<TransactWriteItemsError, R>) -> Option<Written> {
    const CONDITION: &str = "ConditionalCheckFailed";
    const CONFLICT: &str = "TransactionConflict";
    let cancelled = match error.as_service_error()? {
        TransactWriteItemsError::TransactionCanceledException(cancelled) => cancelled,
        // The SDK retries a write whose response is late. Reading again shows what has become of it.
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
