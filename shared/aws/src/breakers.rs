//! Circuit breakers that all environments share: an item for each that was opened lately, and nothing while all is well.

use aws_sdk_dynamodb::{
    Client, error::SdkError, operation::put_item::PutItemError, types::ReturnValuesOnConditionCheckFailure,
};
use domain::{
    Fault,
    breaker::{Change, Changed, Dependency, Open},
};
use jiff::Timestamp;

use crate::{
    fault::fault,
    items::{Item, get_number, get_text, get_time, number, text},
    keys::{self, EXPIRES_AT, PK},
};

const PLACE: &str = "dynamodb.breaker";
/// For so many seconds after its time an open one is remembered: whom nobody has probed since, nobody misses.
const REMEMBERED: i64 = 3_600;

/// The breakers of all dependencies.
#[derive(Clone, Debug)]
pub struct Breakers {
    client: Client,
    table: String,
}

impl Breakers {
    pub(crate) fn new(client: Client, table: &str) -> Self {
        Self { client, table: table.to_owned() }
    }

    /// What is stored; `None` while it is closed.
    ///
    /// # Errors
    /// [`Fault`] if the table cannot be read.
    pub async fn load(&self, of: Dependency, now: Timestamp) -> Result<Option<Open>, Fault> {
        let get = self.client.get_item().table_name(&self.table).key(PK, text(keys::breaker(of)));
        // Whoever has just opened it must not read that it is closed.
        let found = get.consistent_read(true).send().await.map_err(|error| fault(PLACE, &error))?;
        found.item.as_ref().map_or(Ok(None), |item| read(item, now))
    }

    /// Makes a change in the name of `holder`, if what is stored is still what was seen.
    ///
    /// # Errors
    /// [`Fault`] if the table cannot be reached; the change may have been made all the same.
    pub async fn change(
        &self,
        of: Dependency,
        holder: &str,
        change: Change,
        now: Timestamp,
    ) -> Result<Changed, Fault> {
        let put = self
            .client
            .put_item()
            .table_name(&self.table)
            .set_item(Some(item(of, holder, change.next, now)))
            .return_values_on_condition_check_failure(ReturnValuesOnConditionCheckFailure::AllOld);
        let put = match change.seen {
            Some(seen) => put
                .condition_expression("open_until = :seen")
                .expression_attribute_values(":seen", number(seen.until.as_millisecond())),
            None => put
                .condition_expression("attribute_not_exists(open_until) OR expires_at <= :now")
                .expression_attribute_values(":now", number(now.as_second())),
        };
        match put.send().await {
            Ok(_) => Ok(Changed::Made),
            Err(error) => otherwise(&error, holder, change, now),
        }
    }
}

/// What is stored, if that is why the change was refused.
fn otherwise<R>(
    error: &SdkError<PutItemError, R>,
    holder: &str,
    change: Change,
    now: Timestamp,
) -> Result<Changed, Fault> {
    let Some(PutItemError::ConditionalCheckFailedException(refused)) = error.as_service_error() else {
        return Err(fault(PLACE, error));
    };
    let Some(stored) = refused.item() else { return Ok(Changed::Otherwise(None)) };
    let open = read(stored, now)?;
    // The SDK repeats a change whose answer was lost, and then meets its own.
    let is_ours = get_text(stored, "holder") == Some(holder) && open == change.next;
    Ok(if is_ours { Changed::Made } else { Changed::Otherwise(open) })
}

fn item(of: Dependency, holder: &str, open: Option<Open>, now: Timestamp) -> Item {
    let until = open.map_or(now, |open| open.until);
    let mut item = Item::from([
        (PK.to_owned(), text(keys::breaker(of))),
        ("holder".to_owned(), text(holder)),
        (EXPIRES_AT.to_owned(), number(until.as_second().saturating_add(REMEMBERED))),
    ]);
    if let Some(open) = open {
        item.insert("open_until".to_owned(), number(open.until.as_millisecond()));
        item.insert("failed_probes".to_owned(), number(open.failed_probes.into()));
    }
    item
}

fn read(item: &Item, now: Timestamp) -> Result<Option<Open>, Fault> {
    let expires_at = get_number(item, EXPIRES_AT).ok_or_else(unreadable)?;
    if !item.contains_key("open_until") || expires_at <= now.as_second() {
        return Ok(None);
    }
    let open = || {
        Some(Open {
            until: get_time(item, "open_until")?,
            failed_probes: u32::try_from(get_number(item, "failed_probes")?).ok()?,
        })
    };
    open().map(Some).ok_or_else(unreadable)
}

fn unreadable() -> Fault {
    Fault::lasting(PLACE, "unreadable")
}
