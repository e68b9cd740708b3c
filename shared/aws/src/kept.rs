//! What the custom id of a button could not hold.

use aws_sdk_dynamodb::{Client, primitives::Blob, types::AttributeValue};
use domain::Fault;
use jiff::Timestamp;

use crate::{
    fault::fault,
    items::{Item, get_number, number, text},
    keys::{self, EXPIRES_AT, PK},
};

/// The state of components, in the table of things that expire.
#[derive(Clone, Debug)]
pub struct Kept {
    client: Client,
    table: String,
}

impl Kept {
    pub(crate) fn new(client: Client, table: &str) -> Self {
        Self { client, table: table.to_owned() }
    }

    /// Keeps a state under its key until `expires_at`, to the second. Repeating it changes nothing.
    ///
    /// # Errors
    /// [`Fault`] if the table cannot be written.
    pub async fn keep(&self, key: &str, state: &[u8], expires_at: Timestamp) -> Result<(), Fault> {
        let item = Item::from([
            (PK.to_owned(), text(keys::kept(key))),
            ("state".to_owned(), AttributeValue::B(Blob::new(state))),
            (EXPIRES_AT.to_owned(), number(expires_at.as_second())),
        ]);
        let put = self.client.put_item().table_name(&self.table).set_item(Some(item));
        put.send().await.map(drop).map_err(|error| fault("dynamodb.keep_state", &error))
    }

    /// The state under this key; `None` if there is none, or its time is over.
    ///
    /// # Errors
    /// [`Fault`] if the table cannot be read.
    pub async fn find(&self, key: &str, now: Timestamp) -> Result<Option<Vec<u8>>, Fault> {
        let get = self.client.get_item().table_name(&self.table).key(PK, text(keys::kept(key)));
        // A button is pressed as soon as it is seen.
        let found = get.consistent_read(true).send().await;
        let found = found.map_err(|error| fault("dynamodb.find_state", &error))?;
        Ok(found.item.and_then(|item| read(item, now)))
    }
}

fn read(mut item: Item, now: Timestamp) -> Option<Vec<u8>> {
    let expires_at = get_number(&item, EXPIRES_AT)?;
    let Some(AttributeValue::B(state)) = item.remove("state") else { return None };
    (now.as_second() < expires_at).then(|| state.into_inner())
}
