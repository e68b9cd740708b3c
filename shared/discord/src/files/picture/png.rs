//! PNG: the first chunk is the header. Source: W3C, "Portable Network Graphics (Third Edition)", 11.2.1.

use super::{Size, big_endian};

/// The signature, and the header's length and name.
const BEGINS: &[u8] = b"\x89PNG\r\n\x1a\n\0\0\0\x0dIHDR";

pub(super) fn size(bytes: &[u8]) -> Option<Size> {
    let header = bytes.strip_prefix(BEGINS)?;
    Size::new(big_endian(header, 0, 4)?, big_endian(header, 4, 4)?)
}
