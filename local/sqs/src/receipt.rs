//! Receipt handles: what a receiver shows to delete a message or to keep it longer.

use base64::{Engine, engine::general_purpose::URL_SAFE};

use super::Error;

/// A handle names a queue, a message and the number of this receive. It needs no row of its own, so
/// handles outlive a restart, and old ones still delete, as on standard queues.
pub(super) fn issue(queue: &str, message_id: &str, receive_count: u32) -> String {
    URL_SAFE.encode(format!("{MARK} {queue} {message_id} {receive_count}"))
}

/// The id of the message, if the handle was issued by this queue.
pub(super) fn message_id(queue: &str, handle: &str) -> Result<String, Error> {
    parse(queue, handle).ok_or_else(|| Error::ReceiptHandleIsInvalid(handle.to_owned()))
}

fn parse(queue: &str, handle: &str) -> Option<String> {
    let plain = String::from_utf8(URL_SAFE.decode(handle).ok()?).ok()?;
    match plain.split(' ').collect::<Vec<_>>()[..] {
        [MARK, of, id, count] if of == queue && count.parse::<u32>().is_ok() => Some(id.to_owned()),
        _ => None,
    }
}

const MARK: &str = "receipt";
