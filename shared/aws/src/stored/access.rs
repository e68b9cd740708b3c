//! The DynamoDB calls of all kinds. They add key and version to every item, and reject an item of a version
//! that this code cannot read.

use std::{collections::HashMap, pin::Pin};

use aws_sdk_dynamodb::{
    Client,
    error::SdkError,
    operation::{delete_item::DeleteItemError, put_item::PutItemError, update_item::UpdateItemError},
    types::{AttributeValue, ReturnValue, ReturnValuesOnConditionCheckFailure},
};
use domain::Fault;

use super::Kind;
use crate::{
    Aws,
    fault::fault,
    items::{Item, get_number, number, text},
    keys::{Key, PK, SCHEMA_VERSION, SK},
    tables::Name,
};

/// The version of items without one: the first version of each kind in the table Ephemeral was written
/// without a number.
const UNVERSIONED_ITEM_VERSION: i64 = 1;

/// A call of DynamoDB. Boxed here, in a function that is not generic: the SDK's futures are deep and large, and
/// would be compiled once more in every crate that awaits them.
pub(crate) type Call<'a, T> = Pin<Box<dyn Future<Output = Result<T, Fault>> + Send + 'a>>;

/// Access to the items of one kind.
#[derive(Clone, Debug)]
pub(crate) struct Access {
    aws: Aws,
    table: Name,
    component: &'static str,
    v: i64,
}

/// The condition of a write, with the names and values of all its expressions. DynamoDB rejects unused
/// ones.
#[derive(Debug, Default)]
pub(crate) struct Condition {
    expression: Option<&'static str>,
    names: Option<HashMap<String, String>>,
    values: Option<Item>,
}

/// The result of a conditional write.
#[derive(Debug)]
pub(crate) enum Written<T = ()> {
    /// Written.
    Done(T),
    /// The condition failed. The value is the stored item, if there is one and the call asks for it.
    Refused(Option<Item>),
}

impl<T> Written<T> {
    pub(crate) fn is_done(&self) -> bool {
        matches!(self, Self::Done(_))
    }
}

impl Condition {
    /// Always writes.
    pub(crate) fn none() -> Self {
        Self::default()
    }

    /// Writes if this expression holds.
    pub(crate) fn new(expression: &'static str) -> Self {
        Self { expression: Some(expression), ..Self::default() }
    }

    /// Defines `#placeholder` in an expression as this attribute.
    pub(crate) fn name(mut self, placeholder: &str, name: &str) -> Self {
        self.names.get_or_insert_default().insert(placeholder.to_owned(), name.to_owned());
        self
    }

    /// Defines `:placeholder` in an expression as this value.
    pub(crate) fn value(mut self, placeholder: &str, value: AttributeValue) -> Self {
        self.values.get_or_insert_default().insert(placeholder.to_owned(), value);
        self
    }
}

impl Access {
    pub(super) fn of<T: Kind>(aws: Aws) -> Self {
        Self { aws, table: T::TABLE, component: T::COMPONENT, v: T::SCHEMA_VERSION }
    }

    pub(super) fn aws(&self) -> &Aws {
        &self.aws
    }

    pub(crate) fn client(&self) -> Client {
        self.aws.dynamodb()
    }

    pub(crate) fn table(&self) -> &str {
        self.aws.table(self.table)
    }

    /// `item` with its key and version.
    pub(crate) fn keyed(&self, key: Key, mut item: Item) -> Item {
        item.extend(key.attributes());
        item.insert(SCHEMA_VERSION.to_owned(), number(self.v));
        item
    }

    /// Reads an item; `consistent` at twice the cost.
    pub(crate) fn get(&self, key: Key, consistent: bool) -> Call<'_, Option<Item>> {
        Box::pin(async move {
            let get = self.client().get_item().table_name(self.table()).set_key(Some(key.attributes()));
            let found = get.consistent_read(consistent).send().await.map_err(|error| self.fault(&error))?;
            found.item.map(|item| self.checked(item)).transpose()
        })
    }

    pub(crate) fn put(&self, key: Key, item: Item, condition: Condition) -> Call<'_, Written> {
        Box::pin(async move {
            let put = self
                .client()
                .put_item()
                .table_name(self.table())
                .set_item(Some(self.keyed(key, item)))
                .set_condition_expression(condition.expression.map(str::to_owned))
                .set_expression_attribute_names(condition.names)
                .set_expression_attribute_values(condition.values)
                .return_values_on_condition_check_failure(ReturnValuesOnConditionCheckFailure::AllOld);
            match put.send().await {
                Ok(_) => Ok(Written::Done(())),
                Err(SdkError::ServiceError(refused))
                    if refused.err().is_conditional_check_failed_exception() =>
                {
                    match refused.into_err() {
                        PutItemError::ConditionalCheckFailedException(refused) => self.refused(refused.item),
                        _ => Err(self.unreadable()),
                    }
                }
                Err(error) => Err(self.fault(&error)),
            }
        })
    }

    /// Updates single attributes, and returns the whole item as it is then. The expression must set `v = :v`;
    /// the value of `:v` is added here.
    pub(crate) fn update<'a>(
        &'a self,
        key: Key,
        expression: &'a str,
        condition: Condition,
    ) -> Call<'a, Written<Item>> {
        self.update_returning(ReturnValue::AllNew, key, expression, condition)
    }

    /// As [`Access::update`], but returns the item as it was before; empty if there was none.
    pub(crate) fn update_from<'a>(
        &'a self,
        key: Key,
        expression: &'a str,
        condition: Condition,
    ) -> Call<'a, Written<Item>> {
        self.update_returning(ReturnValue::AllOld, key, expression, condition)
    }

    fn update_returning<'a>(
        &'a self,
        returned: ReturnValue,
        key: Key,
        expression: &'a str,
        condition: Condition,
    ) -> Call<'a, Written<Item>> {
        Box::pin(async move {
            let condition = condition.value(":v", number(self.v));
            let update = self
                .client()
                .update_item()
                .table_name(self.table())
                .set_key(Some(key.attributes()))
                .update_expression(expression)
                .set_condition_expression(condition.expression.map(str::to_owned))
                .set_expression_attribute_names(condition.names)
                .set_expression_attribute_values(condition.values)
                .return_values(returned.clone())
                .return_values_on_condition_check_failure(ReturnValuesOnConditionCheckFailure::AllOld);
            match update.send().await {
                Ok(updated) => match updated.attributes {
                    Some(item) => Ok(Written::Done(item)),
                    None if returned == ReturnValue::AllOld => Ok(Written::Done(Item::new())),
                    None => Err(self.unreadable()),
                },
                Err(SdkError::ServiceError(refused))
                    if refused.err().is_conditional_check_failed_exception() =>
                {
                    match refused.into_err() {
                        UpdateItemError::ConditionalCheckFailedException(refused) => {
                            self.refused(refused.item)
                        }
                        _ => Err(self.unreadable()),
                    }
                }
                Err(error) => Err(self.fault(&error)),
            }
        })
    }

    pub(crate) fn delete(&self, key: Key, condition: Condition) -> Call<'_, Written> {
        Box::pin(async move {
            let delete = self
                .client()
                .delete_item()
                .table_name(self.table())
                .set_key(Some(key.attributes()))
                .set_condition_expression(condition.expression.map(str::to_owned))
                .set_expression_attribute_names(condition.names)
                .set_expression_attribute_values(condition.values);
            match delete.send().await {
                Ok(_) => Ok(Written::Done(())),
                Err(error) => match error.as_service_error() {
                    Some(DeleteItemError::ConditionalCheckFailedException(_)) => Ok(Written::Refused(None)),
                    _ => Err(self.fault(&error)),
                },
            }
        })
    }

    fn refused<T>(&self, standing: Option<Item>) -> Result<Written<T>, Fault> {
        standing.map(|item| self.checked(item)).transpose().map(Written::Refused)
    }

    /// Rejects an item that a version wrote which this code cannot read.
    pub(crate) fn checked(&self, item: Item) -> Result<Item, Fault> {
        let unnumbered = (self.table == Name::Ephemeral).then_some(UNVERSIONED_ITEM_VERSION);
        match get_number(&item, SCHEMA_VERSION).or(unnumbered) {
            Some(v) if v == self.v => Ok(item),
            Some(v) => Err(Fault::new(self.component, format!("version {v}"))),
            None => Err(self.unreadable()),
        }
    }

    pub(crate) fn fault<E: aws_sdk_dynamodb::error::ProvideErrorMetadata>(
        &self,
        error: &SdkError<E>,
    ) -> Fault {
        fault(self.component, error)
    }

    /// The fault of an item that this code cannot have written.
    pub(crate) fn unreadable(&self) -> Fault {
        Fault::lasting(self.component, "unreadable")
    }
}

impl Key {
    pub(crate) fn attributes(self) -> Item {
        let mut item = Item::from([(PK.to_owned(), text(self.pk))]);
        item.extend(self.sk.map(|sk| (SK.to_owned(), text(sk))));
        item
    }
}
