//! A number for each user that every interaction raises by one: an effect that shows when it is done twice.
//!
//! It exists only with the feature `rehearsal`, for tests.

use aws_sdk_dynamodb::{
    error::SdkError,
    operation::transact_write_items::TransactWriteItemsError,
    types::{Put, TransactWriteItem, Update},
};
use domain::{
    Fault, InteractionId, UserId,
    mutant::{self, Mutant},
};

use crate::{
    counted::Counted,
    items::{Item, get_number, number, text},
    keys::{self, OWNER},
    kinds::Personal,
    stored::{ForCommands, Kind, Store, written_by_hand},
};

/// The tallies of all users.
#[derive(Debug)]
pub enum Tally {}

written_by_hand! {
    Tally: reader |item| get_number(item, "count").is_some();
    "tally" version 1 in State;
    key |user: UserId| "USER#{user}" / "TALLY";
    personal Personal::Owned;
    attributes count;
}

impl ForCommands for Tally {}

impl Store<Tally> {
    /// Counts an interaction, once, and says how many have been counted.
    ///
    /// # Errors
    /// [`Fault`] if the table cannot be reached; repeating it is safe.
    pub async fn add(&self, user: UserId, interaction: InteractionId) -> Result<i64, Fault> {
        let access = self.access();
        let write = access
            .client()
            .transact_write_items()
            .transact_items(TransactWriteItem::builder().put(self.counted(user, interaction)?).build())
            .transact_items(TransactWriteItem::builder().update(self.raised(user)?).build());
        match write.send().await {
            Ok(_) => {}
            Err(error) if was_counted(&error) => {}
            Err(error) => return Err(access.fault(&error)),
        }
        let found = access.get(Tally::key(&user), true).await?;
        Ok(found.and_then(|item| get_number(&item, "count")).unwrap_or_default())
    }

    fn counted(&self, user: UserId, interaction: InteractionId) -> Result<Put, Fault> {
        let counted = self.beside::<Counted>();
        let owner = Item::from([(OWNER.to_owned(), text(keys::user(user)))]);
        let item = counted.access().keyed(Counted::key(&(user, interaction)), owner);
        let put = Put::builder().table_name(counted.access().table()).set_item(Some(item));
        let put = if mutant::is(Mutant::UnkeyedEffect) {
            put
        } else {
            put.condition_expression("attribute_not_exists(pk)")
        };
        put.build().map_err(|_| Fault::lasting(Tally::PLACE, "not sent"))
    }

    fn raised(&self, user: UserId) -> Result<Update, Fault> {
        let update = Update::builder()
            .table_name(self.access().table())
            .set_key(Some(Tally::key(&user).attributes()))
            .update_expression("SET v = :v, #owner = :owner ADD #count :one")
            .expression_attribute_names("#count", "count")
            .expression_attribute_names("#owner", OWNER)
            .expression_attribute_values(":v", number(Tally::V))
            .expression_attribute_values(":owner", text(keys::user(user)))
            .expression_attribute_values(":one", number(1));
        update.build().map_err(|_| Fault::lasting(Tally::PLACE, "not sent"))
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
