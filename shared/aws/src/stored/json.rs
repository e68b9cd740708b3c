//! Items as DynamoDB JSON, for samples.

use aws_sdk_dynamodb::{primitives::Blob, types::AttributeValue};
use aws_smithy_types::base64;
use serde_json::{Map, Value, json};

use crate::items::Item;

/// Parses an item; `None` if it has a type of attribute that no kind uses.
pub(super) fn item(json: &Value) -> Option<Item> {
    json.as_object()?.iter().map(|(name, value)| Some((name.clone(), attribute(value)?))).collect()
}

fn attribute(json: &Value) -> Option<AttributeValue> {
    let (kind, value) = json.as_object()?.iter().next()?;
    let text = || value.as_str().map(str::to_owned);
    Some(match kind.as_str() {
        "S" => AttributeValue::S(text()?),
        "N" => AttributeValue::N(text()?),
        "B" => AttributeValue::B(Blob::new(base64::decode(text()?).ok()?)),
        "BOOL" => AttributeValue::Bool(value.as_bool()?),
        "SS" => {
            let texts = value.as_array()?.iter().map(|text| text.as_str().map(str::to_owned));
            AttributeValue::Ss(texts.collect::<Option<_>>()?)
        }
        "M" => AttributeValue::M(item(value)?),
        _ => return None,
    })
}

/// The reverse of [`item`].
pub(super) fn from_item(item: &Item) -> Option<Value> {
    let all = item.iter().map(|(name, value)| Some((name.clone(), from_attribute(value)?)));
    all.collect::<Option<Map<_, _>>>().map(Value::Object)
}

fn from_attribute(value: &AttributeValue) -> Option<Value> {
    Some(match value {
        AttributeValue::S(text) => json!({ "S": text }),
        AttributeValue::N(number) => json!({ "N": number }),
        AttributeValue::B(bytes) => json!({ "B": base64::encode(bytes) }),
        AttributeValue::Bool(is_so) => json!({ "BOOL": is_so }),
        AttributeValue::Ss(texts) => json!({ "SS": texts }),
        AttributeValue::M(item) => json!({ "M": from_item(item)? }),
        _ => return None,
    })
}
