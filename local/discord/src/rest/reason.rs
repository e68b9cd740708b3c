//! Checks `X-Audit-Log-Reason` on the routes that accept it.

use axum::{
    extract::Request,
    middleware::Next,
    response::{IntoResponse, Response},
};

use crate::{api_error::ApiError, limits};

/// Refuses a reason of more than 512 characters.
pub(super) async fn checked(request: Request, next: Next) -> Response {
    let sent = request.headers().get("x-audit-log-reason");
    if sent.is_some_and(|reason| characters(reason.as_bytes()) > limits::REASON) {
        let message = format!("Must be between 1 and {} in length.", limits::REASON);
        return ApiError::at("reason", "BASE_TYPE_BAD_LENGTH", message).into_response();
    }
    next.run(request).await
}

/// The number of characters of a percent-encoded text.
fn characters(encoded: &[u8]) -> usize {
    let mut bytes = Vec::with_capacity(encoded.len());
    let mut rest = encoded;
    while let [first, tail @ ..] = rest {
        let (byte, tail) = escaped(rest).unwrap_or((*first, tail));
        bytes.push(byte);
        rest = tail;
    }
    String::from_utf8_lossy(&bytes).chars().count()
}

/// The byte of a leading `%XX`, and the rest.
fn escaped(text: &[u8]) -> Option<(u8, &[u8])> {
    let [b'%', high, low, tail @ ..] = text else { return None };
    let digit = |byte: u8| char::from(byte).to_digit(16);
    let byte = u8::try_from(digit(*high)? * 16 + digit(*low)?).ok()?;
    Some((byte, tail))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_reason_is_counted_in_characters_and_not_in_escapes() {
        assert_eq!(characters("spam".as_bytes()), 4);
        assert_eq!(characters("%C3%A4%20%E2%9C%93 100%".as_bytes()), 8);
    }
}
