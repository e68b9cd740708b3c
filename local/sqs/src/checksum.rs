//! The MD5 sums that strict clients compare with their own.

use std::collections::BTreeMap;

use md5::{Digest, Md5};

use super::message_attribute::{Attribute, AttributeValue};

/// The MD5 of a body in hex, which SQS gives back for the sender to compare.
pub fn of_text(text: &str) -> String {
    hex::encode(Md5::digest(text))
}

/// SQS's encoding: by name, each of name, data type and value after its length, and before the
/// value one byte that tells text (1) from bytes (2). `None` without attributes.
pub(super) fn of_attributes(attributes: &BTreeMap<String, Attribute>) -> Option<String> {
    let mut sum = Md5::new();
    for (name, attribute) in attributes {
        measured(&mut sum, name.as_bytes());
        measured(&mut sum, attribute.data_type.as_bytes());
        sum.update(match attribute.value {
            AttributeValue::Text(_) => [1],
            AttributeValue::Bytes(_) => [2],
        });
        measured(&mut sum, attribute.value.as_bytes());
    }
    (!attributes.is_empty()).then(|| hex::encode(sum.finalize()))
}

fn measured(sum: &mut Md5, part: &[u8]) {
    let length = u32::try_from(part.len()).expect("a message is at most 1 MiB");
    sum.update(length.to_be_bytes());
    sum.update(part);
}
