//! What was fetched from elsewhere, kept for all environments, and who is fetching it.

use aws_sdk_dynamodb::{Client, error::SdkError};
use domain::Fault;
use jiff::Timestamp;

use crate::{
    fault::fault,
    items::{Item, get_number, get_text, get_time, number, text},
    keys::{self, EXPIRES_AT, PK},
};

/// The table of things that expire.
#[derive(Clone, Debug)]
pub struct Ephemeral {
    client: Client,
    table: String,
}

/// A value and how old it is.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Cached {
    /// Whatever was stored.
    pub value: String,
    /// When it was fetched, to the millisecond.
    pub fetched_at: Timestamp,
    /// When it is no longer worth anything, to the second.
    pub expires_at: Timestamp,
}

impl Ephemeral {
    pub(crate) fn new(client: Client, table: &str) -> Self {
        Self { client, table: table.to_owned() }
    }

    /// What is stored under this name, expired or not: the reader compares.
    ///
    /// # Errors
    /// [`Fault`] if the table cannot be read.
    pub async fn cached(&self, what: &str) -> Result<Option<Cached>, Fault> {
        let get = self.client.get_item().table_name(&self.table).key(PK, text(keys::cached(what)));
        // Who takes the lease looks again, and must see what its last holder has stored.
        let get = get.consistent_read(true);
        let found = get.send().await.map_err(|error| fault("dynamodb.cached", &error))?;
        Ok(found.item.as_ref().and_then(read))
    }

    /// Stores a value for all environments.
    ///
    /// # Errors
    /// [`Fault`] if the table cannot be written.
    pub async fn keep(&self, what: &str, cached: &Cached) -> Result<(), Fault> {
        let item = Item::from([
            (PK.to_owned(), text(keys::cached(what))),
            ("value".to_owned(), text(&cached.value)),
            ("fetched_at".to_owned(), number(cached.fetched_at.as_millisecond())),
            (EXPIRES_AT.to_owned(), number(cached.expires_at.as_second())),
        ]);
        let put = self.client.put_item().table_name(&self.table).set_item(Some(item));
        put.send().await.map(drop).map_err(|error| fault("dynamodb.keep", &error))
    }

    /// Asks to be the one who fetches, until `until`. False if another is.
    ///
    /// # Errors
    /// [`Fault`] if the table cannot be asked.
    pub async fn lease(
        &self,
        what: &str,
        holder: &str,
        now: Timestamp,
        until: Timestamp,
    ) -> Result<bool, Fault> {
        let item = Item::from([
            (PK.to_owned(), text(keys::lease(what))),
            ("holder".to_owned(), text(holder)),
            ("lease_until".to_owned(), number(until.as_millisecond())),
            (EXPIRES_AT.to_owned(), number(until.as_second() + 60)),
        ]);
        let put = self
            .client
            .put_item()
            .table_name(&self.table)
            .set_item(Some(item))
            .condition_expression("attribute_not_exists(pk) OR lease_until <= :now OR holder = :holder")
            .expression_attribute_values(":now", number(now.as_millisecond()))
            .expression_attribute_values(":holder", text(holder));
        match put.send().await {
            Ok(_) => Ok(true),
            Err(SdkError::ServiceError(refused)) if refused.err().is_conditional_check_failed_exception() => {
                Ok(false)
            }
            Err(error) => Err(fault("dynamodb.lease", &error)),
        }
    }

    /// Gives a lease back, if it is still this holder's.
    ///
    /// # Errors
    /// [`Fault`] if the table cannot be reached; the lease then runs out by itself.
    pub async fn release(&self, what: &str, holder: &str) -> Result<(), Fault> {
        let delete = self
            .client
            .delete_item()
            .table_name(&self.table)
            .key(PK, text(keys::lease(what)))
            .condition_expression("holder = :holder")
            .expression_attribute_values(":holder", text(holder));
        match delete.send().await {
            Ok(_) => Ok(()),
            Err(SdkError::ServiceError(refused)) if refused.err().is_conditional_check_failed_exception() => {
                Ok(())
            }
            Err(error) => Err(fault("dynamodb.release", &error)),
        }
    }
}

fn read(item: &Item) -> Option<Cached> {
    Some(Cached {
        value: get_text(item, "value")?.to_owned(),
        fetched_at: get_time(item, "fetched_at")?,
        expires_at: Timestamp::from_second(get_number(item, EXPIRES_AT)?).ok()?,
    })
}
