//! The change log of guilds' settings: an item per change, which belongs to the member who made it and is
//! deleted with that member's data.

use aws_sdk_dynamodb::types::Put;
use domain::{
    Fault, GuildId, InteractionId, Settings, UserId,
    settings::{Change, Changed},
};
use jiff::{SignedDuration, Timestamp};
use serde_json::Value;

use crate::{
    items::{Item, get_text, get_time, is_alive, number, seconds_after, text},
    keys::{self, EXPIRES_AT, OWNER, SK},
    kinds::Personal,
    stored::{ForCommands, Kind, Store, written_by_hand},
};

/// How long an entry is kept.
const CHANGE_RETENTION: SignedDuration = SignedDuration::from_hours(180 * 24);

written_by_hand! {
    Change: reader |item| parse(item).is_some();
    "settings_change" version 1 in State;
    // A snowflake starts with its time, so the sort key orders the changes; and a repetition of the
    // interaction has the same key.
    key |(guild, interaction): (GuildId, InteractionId)| "GUILD#{guild}" / "CHANGE#{interaction:020}";
    personal Personal::Owned;
    attributes at, by, what;
}

impl ForCommands for Change {}

/// The author of a change: guild, member, interaction and time.
#[derive(Clone, Copy)]
pub(crate) struct Author {
    pub(crate) guild: GuildId,
    pub(crate) by: UserId,
    pub(crate) interaction: InteractionId,
    pub(crate) now: Timestamp,
}

/// The change log since an interaction.
#[derive(Debug, Default)]
pub(crate) struct Since {
    /// Whether the interaction itself has made its change.
    pub(crate) is_made: bool,
    /// What later interactions have changed.
    pub(crate) later: Vec<Changed>,
}

impl Since {
    /// Whether a later interaction has changed the same setting.
    pub(crate) fn has(&self, changed: &Changed) -> bool {
        self.later.iter().any(|later| later.is_of_same(changed))
    }
}

impl Store<Change> {
    /// The entries of an interaction and of all later ones. One page holds thousands of them.
    pub(crate) async fn since(&self, guild: GuildId, interaction: InteractionId) -> Result<Since, Fault> {
        let own = Change::key(&(guild, interaction)).sk.unwrap_or_default();
        // The sort keys of entries are the only ones of the partition that begin with this.
        let end = format!("{}~", Change::SK.map_or("", keys::prefix));
        let query = self
            .access()
            .client()
            .query()
            .table_name(self.access().table())
            .key_condition_expression("pk = :guild AND sk BETWEEN :own AND :end")
            .expression_attribute_values(":guild", text(Settings::key(&guild).pk))
            .expression_attribute_values(":own", text(own.clone()))
            .expression_attribute_values(":end", text(end))
            .consistent_read(true);
        let found = query.send().await.map_err(|error| self.access().fault(&error))?;
        let mut since = Since::default();
        for item in found.items.unwrap_or_default() {
            if get_text(&item, SK) == Some(&own) {
                since.is_made = true;
            } else {
                since.later.extend(parse(&item).map(|change| change.what).unwrap_or_default());
            }
        }
        Ok(since)
    }

    /// The latest changes, newest first, at most `limit`. Entries expire after 180 days.
    ///
    /// # Errors
    /// [`Fault`] if the table cannot be read.
    pub async fn latest(&self, guild: GuildId, limit: u16, now: Timestamp) -> Result<Vec<Change>, Fault> {
        // The entries are in the partition of the settings.
        let pk = Settings::key(&guild).pk;
        let changes = Change::SK.map_or("", keys::prefix);
        let query = self
            .access()
            .client()
            .query()
            .table_name(self.access().table())
            .key_condition_expression("pk = :guild AND begins_with(sk, :change)")
            .expression_attribute_values(":guild", text(pk))
            .expression_attribute_values(":change", text(changes))
            .scan_index_forward(false)
            // Consistent, because the author of a change sees the log right after it.
            .consistent_read(true)
            .limit(limit.max(1).into());
        let found = query.send().await.map_err(|error| self.access().fault(&error))?;
        // The expired entries are the oldest, so they do not displace others within the limit.
        let alive = found.items.unwrap_or_default().into_iter().filter(|item| is_alive(item, now));
        // Entries that this version cannot read are skipped: it is only a log.
        let known = alive.take(limit.into()).filter_map(|item| self.access().checked(item).ok());
        Ok(known.filter_map(|item| parse(&item)).collect())
    }

    /// An entry of the log, to be written in the transaction of the change.
    pub(crate) fn log_entry(&self, author: Author, changes: &[Changed]) -> Result<Put, Fault> {
        let Author { guild, by, interaction, now } = author;
        let what = serde_json::to_string(changes).expect("codes and truth values are JSON");
        let item = Item::from([
            (OWNER.to_owned(), text(keys::user(by))),
            ("at".to_owned(), number(now.as_millisecond())),
            ("by".to_owned(), text(by.to_string())),
            ("what".to_owned(), text(what)),
            (EXPIRES_AT.to_owned(), seconds_after(now, CHANGE_RETENTION)),
        ]);
        let item = self.access().keyed(Change::key(&(guild, interaction)), item);
        let put = Put::builder()
            .table_name(self.access().table())
            .set_item(Some(item))
            .condition_expression("attribute_not_exists(pk)");
        put.build().map_err(|_| Fault::lasting(Change::COMPONENT, "not sent"))
    }
}

fn parse(item: &Item) -> Option<Change> {
    let what: Vec<Value> = serde_json::from_str(get_text(item, "what")?).ok()?;
    // Skips settings that only a later version knows.
    let what = what.into_iter().filter_map(|one| serde_json::from_value(one).ok()).collect();
    Some(Change { at: get_time(item, "at")?, by: get_text(item, "by")?.parse().ok()?, what })
}
