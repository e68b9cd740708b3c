//! Receipt handles.

use base64::{Engine, engine::general_purpose::URL_SAFE};

use super::Error;

/// A handle encodes the queue, the message and the receive count. It is not stored, so handles survive a
/// restart, and handles of earlier receives can still delete, as on standard queues.
pub(super) fn issue(queue: &str, message_id: &str, receive_count: u32) -> String {
    URL_SAFE.encode(format!("{RECEIPT_PREFIX} {queue} {message_id} {receive_count}"))
}

/// The id of the message, if the handle is of this queue.
pub(super) fn message_id(queue: &str, handle: &str) -> Result<String, Error> {
    parse(queue, handle).ok_or_else(|| Error::ReceiptHandleIsInvalid(handle.to_owned()))
}

fn parse(queue: &str, handle: &str) -> Option<String> {
    let plain = String::from_utf8(URL_SAFE.decode(handle).ok()?).ok()?;
    match plain.split(' ').collect::<Vec<_>>()[..] {
        [RECEIPT_PREFIX, of, id, count] if of == queue && count.parse::<u32>().is_ok() => Some(id.to_owned()),
        _ => None,
    }
}

const RECEIPT_PREFIX: &str = "receipt";
