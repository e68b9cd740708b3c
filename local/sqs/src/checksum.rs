//! The MD5 checksums of messages, which some clients verify.

use std::collections::BTreeMap;

use md5::{Digest, Md5};

use super::message_attribute::{Attribute, AttributeValue};

/// The MD5 of a body, in hex.
pub fn of_text(text: &str) -> String {
    hex::encode(Md5::digest(text))
}

/// The MD5 of message attributes, in hex; `None` without any. SQS's encoding: sorted by name; name, data type and
/// value each after its length (4 bytes); before the value one byte, 1 for text or 2 for binary.
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
