//! Monetization: SKUs and entitlements.

use jiff::Timestamp;
use rusqlite::Connection;
use serde::{Deserialize, Serialize};
use serde_json::{Value, json};

use super::{
    snowflake::{SnowflakeGenerator, iso},
    store,
};
use crate::{Discord, Error, Snowflake};

mod sku_flags {
    pub(crate) const AVAILABLE: u64 = 1 << 2;
    pub(crate) const GUILD_SUBSCRIPTION: u64 = 1 << 7;
}

/// Discord's type of a SKU.
const DURABLE: u8 = 2;
pub(crate) const CONSUMABLE: u8 = 3;
pub(crate) const SUBSCRIPTION: u8 = 5;
const SUBSCRIPTION_GROUP: u8 = 6;

/// Discord's type of an entitlement.
pub(crate) const PURCHASE: u8 = 1;
pub(crate) const TEST_MODE_PURCHASE: u8 = 4;
pub(crate) const APPLICATION_SUBSCRIPTION: u8 = 8;

/// Name, type and flags besides AVAILABLE. A subscription has a subscription group of the same name.
const SKUS: [(&str, u8, u64); 4] = [
    ("Silver Spoon", SUBSCRIPTION_GROUP, sku_flags::GUILD_SUBSCRIPTION),
    ("Silver Spoon", SUBSCRIPTION, sku_flags::GUILD_SUBSCRIPTION),
    ("Walnut Frame", DURABLE, 0),
    ("Bag of Coins", CONSUMABLE, 0),
];

/// A SKU: something that the application sells.
#[derive(Clone, Debug, Serialize, Deserialize)]
pub(crate) struct Sku {
    pub id: Snowflake,
    #[serde(rename = "type")]
    pub kind: u8,
    pub name: String,
    pub flags: u64,
}

/// An entitlement: a user's or guild's right to a SKU.
#[derive(Clone, Debug, Serialize, Deserialize)]
pub(crate) struct Entitlement {
    pub id: Snowflake,
    pub sku: Snowflake,
    #[serde(rename = "type")]
    pub kind: u8,
    /// The buyer. A test entitlement of a guild has none.
    pub user: Option<Snowflake>,
    /// The guild that has it, for a guild subscription.
    pub guild: Option<Snowflake>,
    pub starts_at: Option<Timestamp>,
    pub ends_at: Option<Timestamp>,
    pub deleted: bool,
    pub consumed: bool,
    /// A test entitlement, created by the API: only those can be deleted by the API.
    pub is_test: bool,
}

impl Sku {
    pub(crate) fn is_of_guilds(&self) -> bool {
        self.flags & sku_flags::GUILD_SUBSCRIPTION != 0
    }

    pub(crate) fn object(&self, application: Snowflake) -> Value {
        json!({
            "id": self.id,
            "type": self.kind,
            "application_id": application,
            "name": self.name,
            "slug": self.name.to_lowercase().replace(' ', "-"),
            "flags": self.flags,
            "access_type": 1,
            "dependent_sku_id": null,
            "features": [],
            "manifest_labels": null,
            "premium": false,
            "release_date": null,
            "show_age_gate": false,
        })
    }
}

impl Entitlement {
    pub(crate) fn has_ended(&self, now: Timestamp) -> bool {
        self.ends_at.is_some_and(|end| end <= now)
    }

    /// Whether it is active now for this user in this guild.
    fn serves(&self, user: Snowflake, guild: Option<Snowflake>, now: Timestamp) -> bool {
        let is_theirs = if self.guild.is_some() { self.guild == guild } else { self.user == Some(user) };
        let has_begun = self.starts_at.is_none_or(|start| start <= now);
        is_theirs && has_begun && !self.has_ended(now) && !self.deleted && !self.consumed
    }

    pub(crate) fn object(&self, application: Snowflake) -> Value {
        let mut object = self.partial(application);
        object["starts_at"] = json!(self.starts_at.map(iso));
        object["ends_at"] = json!(self.ends_at.map(iso));
        object
    }

    /// Without `starts_at` and `ends_at`, which the response to a new test entitlement lacks.
    pub(crate) fn partial(&self, application: Snowflake) -> Value {
        let mut object = json!({
            "id": self.id,
            "sku_id": self.sku,
            "application_id": application,
            "type": self.kind,
            "deleted": self.deleted,
            "consumed": self.consumed,
            "gift_code_flags": 0,
            "promotion_id": null,
        });
        for (key, id) in [("user_id", self.user), ("guild_id", self.guild)] {
            if let Some(id) = id {
                object[key] = json!(id);
            }
        }
        object
    }
}

/// Creates the SKUs of a new database.
pub(crate) fn seed(db: &Connection, ids: &SnowflakeGenerator, now: Timestamp) -> Result<(), Error> {
    if !skus(db)?.is_empty() {
        return Ok(());
    }
    for (name, kind, flags) in SKUS {
        let flags = flags | sku_flags::AVAILABLE;
        let sku = Sku { id: ids.next(now), kind, name: name.into(), flags };
        store::execute(db, "INSERT INTO skus VALUES (?1, ?2)", (sku.id, store::json(&sku)?))?;
    }
    Ok(())
}

pub(crate) fn skus(db: &Connection) -> Result<Vec<Sku>, Error> {
    store::documents(db, "SELECT document FROM skus ORDER BY id", [])
}

pub(crate) fn sku(db: &Connection, id: Snowflake) -> Result<Option<Sku>, Error> {
    store::document(db, "SELECT document FROM skus WHERE id = ?1", [id])
}

/// All entitlements, ended and deleted ones too, oldest first.
pub(crate) fn entitlements(db: &Connection) -> Result<Vec<Entitlement>, Error> {
    store::documents(db, "SELECT document FROM entitlements ORDER BY id", [])
}

pub(crate) fn entitlement(db: &Connection, id: Snowflake) -> Result<Option<Entitlement>, Error> {
    store::document(db, "SELECT document FROM entitlements WHERE id = ?1", [id])
}

pub(crate) fn save(db: &Connection, entitlement: &Entitlement) -> Result<(), Error> {
    let sql = "INSERT OR REPLACE INTO entitlements VALUES (?1, ?2)";
    store::execute(db, sql, (entitlement.id, store::json(entitlement)?))?;
    Ok(())
}

impl Discord {
    /// `entitlements` of an interaction: the active ones of the user and of the guild.
    pub(crate) fn entitlements_of(
        &self,
        db: &Connection,
        user: Snowflake,
        guild: Option<Snowflake>,
    ) -> Result<Vec<Value>, Error> {
        let now = self.inner.clock.now();
        let mut all = entitlements(db)?;
        all.retain(|entitlement| entitlement.serves(user, guild, now));
        Ok(all.iter().map(|entitlement| entitlement.object(self.application_id())).collect())
    }
}
