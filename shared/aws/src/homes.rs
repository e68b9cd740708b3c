//! Where members are at home.

use aws_sdk_dynamodb::{
    Client,
    error::SdkError,
    operation::put_item::PutItemError,
    types::{AttributeValue, ReturnValuesOnConditionCheckFailure},
};
use domain::{Fault, Home, InteractionId, UserId, repeat::Name};
use jiff::{SignedDuration, Timestamp};

use crate::{
    fault::fault,
    items::{Item, check_version, get_bool, get_text, number, text},
    keys::{self, EXPIRES_AT, OWNER, PK, SK},
};

/// The version of the item.
const V: i64 = 1;
const PLACE: &str = "dynamodb.home";

/// The homes of all members.
#[derive(Clone, Debug)]
pub struct Homes {
    client: Client,
    table: String,
}

impl Homes {
    pub(crate) fn new(client: Client, table: &str) -> Self {
        Self { client, table: table.to_owned() }
    }

    /// A member's home, as of now.
    ///
    /// # Errors
    /// [`Fault`] if the table cannot be read, or a later version of this code has written there.
    pub async fn get(&self, user: UserId) -> Result<Option<Home>, Fault> {
        let get = self
            .client
            .get_item()
            .table_name(&self.table)
            .key(PK, text(keys::user(user)))
            .key(SK, text(keys::HOME))
            .consistent_read(true);
        let found = get.send().await.map_err(|error| fault(PLACE, &error))?;
        found.item.as_ref().map_or(Ok(None), read)
    }

    /// Moves a member's home here, unless a later interaction has already moved or forgotten it: a
    /// repetition that comes late undoes nothing. Gives the home that stands.
    ///
    /// # Errors
    /// [`Fault`] if the table cannot be written, or a later version of this code has written there.
    pub async fn set(
        &self,
        user: UserId,
        home: &Home,
        interaction: InteractionId,
        now: Timestamp,
    ) -> Result<Option<Home>, Fault> {
        match self.put(item(user, home, interaction, now), interaction).await? {
            None => Ok(Some(home.clone())),
            Some(standing) => read(&standing),
        }
    }

    /// Forgets a member's home, unless a later interaction has set one; there need not be one. That it
    /// was forgotten is remembered for a day, so that a late repetition of what set it does not undo it.
    ///
    /// # Errors
    /// As [`Homes::set`].
    pub async fn forget(
        &self,
        user: UserId,
        interaction: InteractionId,
        now: Timestamp,
    ) -> Result<Option<Home>, Fault> {
        match self.put(forgotten(user, interaction, now), interaction).await? {
            None => Ok(None),
            Some(standing) => read(&standing),
        }
    }

    /// Puts an item, unless one of a later interaction stands there, which is given back.
    async fn put(&self, item: Item, interaction: InteractionId) -> Result<Option<Item>, Fault> {
        let put = self
            .client
            .put_item()
            .table_name(&self.table)
            .set_item(Some(item))
            .condition_expression(
                "attribute_not_exists(pk) OR (v = :v AND changed_by_interaction <= :interaction)",
            )
            .expression_attribute_values(":v", number(V))
            .expression_attribute_values(":interaction", snowflake(interaction))
            .return_values_on_condition_check_failure(ReturnValuesOnConditionCheckFailure::AllOld);
        match put.send().await {
            Ok(_) => Ok(None),
            Err(error) => match standing(&error) {
                Some(item) => check_version(PLACE, item, V).map(|()| Some(item.clone())),
                None => Err(fault("dynamodb.put_home", &error)),
            },
        }
    }
}

/// So long it is known that a home was forgotten; what set it is not repeated after that.
const REMEMBERED: SignedDuration = SignedDuration::from_hours(24);

fn forgotten(user: UserId, interaction: InteractionId, now: Timestamp) -> Item {
    let expires_at = now.checked_add(REMEMBERED).unwrap_or(Timestamp::MAX);
    Item::from([
        (PK.to_owned(), text(keys::user(user))),
        (SK.to_owned(), text(keys::HOME)),
        (OWNER.to_owned(), text(keys::user(user))),
        ("v".to_owned(), number(V)),
        ("forgotten".to_owned(), AttributeValue::Bool(true)),
        ("changed_by_interaction".to_owned(), snowflake(interaction)),
        (EXPIRES_AT.to_owned(), number(expires_at.as_second())),
    ])
}

fn item(user: UserId, home: &Home, interaction: InteractionId, now: Timestamp) -> Item {
    Item::from([
        (PK.to_owned(), text(keys::user(user))),
        (SK.to_owned(), text(keys::HOME)),
        (OWNER.to_owned(), text(keys::user(user))),
        ("v".to_owned(), number(V)),
        ("place".to_owned(), text(home.at.to_string())),
        ("label".to_owned(), text(home.label().as_str())),
        ("shared".to_owned(), AttributeValue::Bool(home.shared)),
        ("changed_at".to_owned(), number(now.as_millisecond())),
        ("changed_by_interaction".to_owned(), snowflake(interaction)),
    ])
}

/// A number, so that it can be compared: the later interaction has the larger id.
fn snowflake(interaction: InteractionId) -> AttributeValue {
    AttributeValue::N(interaction.to_string())
}

/// `None`: it was forgotten.
fn read(item: &Item) -> Result<Option<Home>, Fault> {
    check_version(PLACE, item, V)?;
    if get_bool(item, "forgotten") == Some(true) {
        return Ok(None);
    }
    let read = || {
        let at = get_text(item, "place")?.parse().ok()?;
        Some(Home::new(at, Name::of(get_text(item, "label")?), get_bool(item, "shared")?))
    };
    read().map(Some).ok_or_else(|| Fault::lasting(PLACE, "unreadable"))
}

/// What stood in the way of a put.
fn standing<R>(error: &SdkError<PutItemError, R>) -> Option<&Item> {
    match error.as_service_error()? {
        PutItemError::ConditionalCheckFailedException(refused) => refused.item(),
        _ => None,
    }
}
