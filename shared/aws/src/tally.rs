//! A number for each user that every interaction raises by one: an effect that shows when it is done twice.
//!
//! It exists only with the feature `rehearsal`, for tests.

use aws_sdk_dynamodb::{
    Client,
    error::SdkError,
    operation::transact_write_items::TransactWriteItemsError,
    types::{Put, TransactWriteItem, Update},
};
use domain::{
    Fault, InteractionId, UserId,
    mutant::{self, Mutant},
};

use crate::{
    fault::fault,
    items::{Item, get_number, number, text},
    keys::{self, PK, SK},
};

const PLACE: &str = "dynamodb.tally";

/// The tallies of all users.
#[derive(Clone, Debug)]
pub struct Tally {
    client: Client,
    table: String,
}

impl Tally {
    pub(crate) fn new(client: Client, table: &str) -> Self {
        Self { client, table: table.to_owned() }
    }

    /// Counts an interaction, once, and says how many have been counted.
    ///
    /// # Errors
    /// [`Fault`] if the table cannot be reached; repeating it is safe.
    pub async fn add(&self, user: UserId, interaction: InteractionId) -> Result<i64, Fault> {
        let write = self
            .client
            .transact_write_items()
            .transact_items(TransactWriteItem::builder().put(self.counted(user, interaction)?).build())
            .transact_items(TransactWriteItem::builder().update(self.raised(user)?).build());
        match write.send().await {
            Ok(_) => {}
            Err(error) if was_counted(&error) => {}
            Err(error) => return Err(fault(PLACE, &error)),
        }
        let get = self.client.get_item().table_name(&self.table).consistent_read(true);
        let get = get.key(PK, text(keys::user(user))).key(SK, text(keys::TALLY));
        let found = get.send().await.map_err(|error| fault(PLACE, &error))?;
        Ok(found.item.and_then(|item| get_number(&item, "count")).unwrap_or_default())
    }

    fn counted(&self, user: UserId, interaction: InteractionId) -> Result<Put, Fault> {
        let key = keys::counted(interaction);
        let item = Item::from([(PK.to_owned(), text(keys::user(user))), (SK.to_owned(), text(key))]);
        let put = Put::builder().table_name(&self.table).set_item(Some(item));
        let put = if mutant::is(Mutant::UnkeyedEffect) {
            put
        } else {
            put.condition_expression("attribute_not_exists(pk)")
        };
        put.build().map_err(|_| Fault::lasting(PLACE, "not sent"))
    }

    fn raised(&self, user: UserId) -> Result<Update, Fault> {
        let update = Update::builder()
            .table_name(&self.table)
            .key(PK, text(keys::user(user)))
            .key(SK, text(keys::TALLY))
            .update_expression("ADD #count :one")
            .expression_attribute_names("#count", "count")
            .expression_attribute_values(":one", number(1));
        update.build().map_err(|_| Fault::lasting(PLACE, "not sent"))
    }
}

/// The interaction had been there before.
fn was_counted<R>(error: &SdkError<TransactWriteItemsError, R>) -> bool {
    let Some(TransactWriteItemsError::TransactionCanceledException(cancelled)) = error.as_service_error()
    else {
        return false;
    };
    cancelled.cancellation_reasons().first().and_then(|reason| reason.code())
        == Some("ConditionalCheckFailed")
}
