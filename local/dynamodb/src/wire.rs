//! DynamoDB's JSON protocol without a socket, for simulations. It has the operations that the bot uses.

use dynoxide::DynoxideError;
use serde::{Serialize, de::DeserializeOwned};
use serde_json::Value;

use super::DynamoDb;

impl DynamoDb {
    /// The status and body of the response to an operation, such as `GetItem`.
    pub fn answer(&self, operation: &str, body: &[u8]) -> (u16, String) {
        let db = &self.database;
        match operation {
            "CreateTable" => call(body, |input| db.create_table(input)),
            "UpdateTimeToLive" => call(body, |input| db.update_time_to_live(input)),
            "GetItem" => call(body, |input| db.get_item(input)),
            "PutItem" => call(body, |input| db.put_item(input)),
            "UpdateItem" => call(body, |input| db.update_item(input)),
            "DeleteItem" => call(body, |input| db.delete_item(input)),
            "Query" => call(body, |input| db.query(input)),
            "TransactWriteItems" => call(body, |input| db.transact_write_items(input)),
            _ => (400, r#"{"__type":"com.amazon.coral.service#UnknownOperationException"}"#.to_owned()),
        }
    }
}

fn call<I: DeserializeOwned, O: Serialize>(
    body: &[u8],
    work: impl FnOnce(I) -> Result<O, DynoxideError>,
) -> (u16, String) {
    let unreadable = || (400, r#"{"__type":"com.amazon.coral.service#SerializationException"}"#.to_owned());
    // As `dynoxide`'s server does: parsing to a `Value` first keeps the last of duplicate keys.
    let Some(input) =
        serde_json::from_slice::<Value>(body).ok().and_then(|it| serde_json::from_value(it).ok())
    else {
        return unreadable();
    };
    match work(input) {
        Ok(output) => serde_json::to_string(&output).map_or_else(|_| unreadable(), |text| (200, text)),
        Err(error) => (error.status_code(), error.to_json()),
    }
}
