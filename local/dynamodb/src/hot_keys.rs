//! DynamoDB's limit of one partition, which an item that is written too often meets: a hot key.

use std::{collections::HashMap, sync::Mutex};

use serde_json::{Value, json};

/// What DynamoDB takes for one item. Source: DynamoDB Developer Guide, "Best practices for designing and using
/// partition keys effectively".
pub const MAX_WRITES_PER_SECOND: u32 = 1_000;

/// Counts the writes of each item, and throttles those above a number in one second.
///
/// Every write counts as one, as for an item of at most 1 kB. DynamoDB counts a write whose condition fails, too.
#[derive(Debug)]
pub struct HotKeys {
    max_writes_per_second: u32,
    counted: Mutex<Counted>,
}

#[derive(Debug, Default)]
struct Counted {
    second: i64,
    writes: HashMap<String, u32>,
    throttled: u64,
}

impl HotKeys {
    /// Throttles the writes of an item above this number a second, see [`MAX_WRITES_PER_SECOND`].
    #[must_use]
    pub fn new(max_writes_per_second: u32) -> Self {
        Self { max_writes_per_second, counted: Mutex::default() }
    }

    /// Counts a call with this operation and body at this second since 1970. If it is throttled, returns the
    /// status and body of the response; the call must have no effect then.
    pub fn refusal(&self, operation: &str, body: &[u8], second: i64) -> Option<(u16, String)> {
        let keys = written_keys(operation, &serde_json::from_slice(body).ok()?);
        let mut counted = self.counted.lock().unwrap_or_else(std::sync::PoisonError::into_inner);
        if counted.second != second {
            counted.second = second;
            counted.writes.clear();
        }
        let mut is_hot = false;
        for key in keys {
            let writes = counted.writes.entry(key).or_default();
            // A throttled call does not use up what the partition can take.
            is_hot |= *writes >= self.max_writes_per_second;
            *writes += u32::from(!is_hot);
        }
        counted.throttled += u64::from(is_hot);
        is_hot.then(|| {
            let kind = "com.amazonaws.dynamodb.v20120810#ThrottlingException";
            (400, json!({ "__type": kind, "message": "Throughput exceeds the current capacity" }).to_string())
        })
    }

    /// The number of calls that were throttled.
    pub fn throttled(&self) -> u64 {
        self.counted.lock().unwrap_or_else(std::sync::PoisonError::into_inner).throttled
    }
}

/// The items that a call writes, each as its table and key.
fn written_keys(operation: &str, body: &Value) -> Vec<String> {
    let key = |write: &Value| {
        let key = if write["Key"].is_null() { &write["Item"] } else { &write["Key"] };
        let text = |name: &str| key[name]["S"].as_str().unwrap_or_default().to_owned();
        [write["TableName"].as_str().unwrap_or_default(), &text("pk"), &text("sk")].join("/")
    };
    match operation {
        "PutItem" | "UpdateItem" | "DeleteItem" => vec![key(body)],
        "TransactWriteItems" => {
            let writes = body["TransactItems"].as_array().into_iter().flatten();
            writes
                .flat_map(|write| write.as_object().into_iter().flat_map(|kinds| kinds.values().map(key)))
                .collect()
        }
        _ => Vec::new(),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn is_refused(keys: &HotKeys, operation: &str, pk: &str, second: i64) -> bool {
        let body = json!({ "TableName": "Ephemeral", "Key": { "pk": { "S": pk } } });
        keys.refusal(operation, body.to_string().as_bytes(), second).is_some()
    }

    #[test]
    fn writes_of_one_item_above_the_limit_are_throttled_until_the_next_second() {
        let keys = HotKeys::new(2);
        let hot: Vec<bool> = (0..4).map(|_| is_refused(&keys, "UpdateItem", "hot", 7)).collect();
        assert_eq!(hot, [false, false, true, true]);
        assert!(!is_refused(&keys, "UpdateItem", "other", 7));
        assert!(!is_refused(&keys, "GetItem", "hot", 7), "reads have a limit of their own");
        assert!(!is_refused(&keys, "UpdateItem", "hot", 8));
        assert_eq!(keys.throttled(), 2);
    }

    #[test]
    fn a_transaction_writes_each_of_its_items() {
        let keys = HotKeys::new(1);
        let put = |pk: &str| json!({ "Put": { "TableName": "State", "Item": { "pk": { "S": pk } } } });
        let transaction = json!({ "TransactItems": [put("a"), put("b")] }).to_string();
        assert!(keys.refusal("TransactWriteItems", transaction.as_bytes(), 7).is_none());
        let again = json!({ "TransactItems": [put("c"), put("b")] }).to_string();
        let (status, body) = keys.refusal("TransactWriteItems", again.as_bytes(), 7).unwrap();
        assert!(status == 400 && body.contains("ThrottlingException"), "{body}");
    }
}
