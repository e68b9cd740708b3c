//! Message attributes: named strings, numbers and bytes besides the body.

use std::collections::BTreeMap;

use base64::{Engine, engine::general_purpose::STANDARD};
use serde::{Deserialize, Serialize};

use super::Error;

/// Message attributes by name.
pub type MessageAttributes = BTreeMap<String, Attribute>;

/// A value with its data type: `String`, `Number` or `Binary`, optionally with a custom label such as
/// `Number.cents`.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Attribute {
    pub data_type: String,
    pub value: AttributeValue,
}

/// The value of a message attribute.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum AttributeValue {
    /// A string, or a number exactly as the sender wrote it.
    Text(String),
    Bytes(Vec<u8>),
}

/// An attribute in SQS's JSON, and in the database.
#[derive(Default, Serialize, Deserialize)]
#[serde(rename_all = "PascalCase", default)]
pub(super) struct WireAttribute {
    #[serde(skip_serializing_if = "Option::is_none")]
    string_value: Option<String>,
    #[serde(skip_serializing_if = "Option::is_none")]
    binary_value: Option<String>,
    data_type: String,
}

impl Attribute {
    /// A plain string.
    pub fn text(value: impl Into<String>) -> Self {
        Self { data_type: "String".to_owned(), value: AttributeValue::Text(value.into()) }
    }

    /// Parses an attribute, with SQS's checks of name, type and value.
    pub(super) fn parse(name: &str, wire: WireAttribute) -> Result<Self, Error> {
        check_name(name)?;
        let value = match (wire.data_type.split('.').next(), wire.string_value, wire.binary_value) {
            (Some("String"), Some(text), None) => AttributeValue::Text(text),
            (Some("Number"), Some(digits), None) if digits.trim().parse::<f64>().is_ok() => {
                AttributeValue::Text(digits)
            }
            (Some("Binary"), None, Some(coded)) => AttributeValue::Bytes(decode(name, &coded)?),
            (Some("Number"), Some(_), None) => {
                return Err(refused(name, "has a value that is not a number"));
            }
            (Some("String" | "Number" | "Binary"), _, _) => {
                return Err(refused(name, "needs one value, and one of its type"));
            }
            _ => {
                return Err(refused(name, "has a type that is not Binary, Number or String"));
            }
        };
        if value.as_bytes().is_empty() {
            return Err(refused(name, "must contain a non-empty value"));
        }
        Ok(Self { data_type: wire.data_type, value })
    }

    pub(super) fn wire(&self) -> WireAttribute {
        let (string_value, binary_value) = match &self.value {
            AttributeValue::Text(text) => (Some(text.clone()), None),
            AttributeValue::Bytes(bytes) => (None, Some(STANDARD.encode(bytes))),
        };
        WireAttribute { string_value, binary_value, data_type: self.data_type.clone() }
    }

    /// The attribute in a Lambda event, which has other field names and two lists that are always empty.
    pub(super) fn record(&self) -> serde_json::Value {
        let wire = self.wire();
        let mut record = serde_json::json!({
            "dataType": wire.data_type, "stringListValues": [], "binaryListValues": [],
        });
        match wire.string_value {
            Some(text) => record["stringValue"] = text.into(),
            None => record["binaryValue"] = wire.binary_value.into(),
        }
        record
    }
}

impl AttributeValue {
    pub(super) fn as_bytes(&self) -> &[u8] {
        match self {
            Self::Text(text) => text.as_bytes(),
            Self::Bytes(bytes) => bytes,
        }
    }
}

/// Parses all attributes of a request. Fails with the first error.
pub(super) fn parse(wire: BTreeMap<String, WireAttribute>) -> Result<MessageAttributes, Error> {
    if wire.len() > 10 {
        let text = format!("Number of message attributes [{}] exceeds the allowed maximum [10].", wire.len());
        return Err(Error::InvalidParameterValue(text));
    }
    let parsed = wire.into_iter().map(|(name, wire)| {
        let attribute = Attribute::parse(&name, wire)?;
        Ok((name, attribute))
    });
    parsed.collect()
}

/// The size of the attributes in bytes: names, types and values.
pub(super) fn size(attributes: &MessageAttributes) -> usize {
    let sizes =
        attributes.iter().map(|(name, it)| name.len() + it.data_type.len() + it.value.as_bytes().len());
    sizes.sum()
}

fn check_name(name: &str) -> Result<(), Error> {
    let allowed = |c: char| c.is_ascii_alphanumeric() || matches!(c, '-' | '_' | '.');
    if name.is_empty() || name.len() > 256 || !name.chars().all(allowed) {
        return Err(refused(name, "has a name that is not 1 to 256 of A-Z a-z 0-9 _ - ."));
    }
    Ok(())
}

fn decode(name: &str, coded: &str) -> Result<Vec<u8>, Error> {
    STANDARD.decode(coded).map_err(|_| refused(name, "has a binary value that is not base64"))
}

fn refused(name: &str, why: &str) -> Error {
    Error::InvalidParameterValue(format!("The message attribute '{name}' {why}."))
}
