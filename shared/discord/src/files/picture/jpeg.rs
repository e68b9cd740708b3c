//! JPEG: segments up to the scan, one of which is the frame's header. Source: ITU-T T.81, annex B.

use super::{Size, big_endian};

const BEGINS: &[u8] = b"\xff\xd8";
const SCAN: u8 = 0xda;

pub(super) fn size(bytes: &[u8]) -> Option<Size> {
    let mut rest = bytes.strip_prefix(BEGINS)?;
    let mut size = None;
    loop {
        let [0xff, marker, ..] = *rest else { return None };
        if marker == 0xff {
            // Any number of these may stand before a marker.
            rest = &rest[1..];
            continue;
        }
        if marker == SCAN {
            return size;
        }
        if stands_alone(marker) {
            return None;
        }
        let length = big_endian(rest, 2, 2).filter(|length| *length >= 2)? as usize;
        let segment = rest.get(4..length + 2)?;
        if is_frame(marker) {
            // Of two, decoders take one or the other.
            if size.is_some() {
                return None;
            }
            size = Some(Size::new(big_endian(segment, 3, 2)?, big_endian(segment, 1, 2)?)?);
        }
        rest = &rest[length + 2..];
    }
}

/// Begin, end, restart and such have no length, and none of them is in a header.
fn stands_alone(marker: u8) -> bool {
    matches!(marker, 0x00 | 0x01 | 0xd0..=0xd9)
}

/// Tables, an extension and a way of coding have numbers among the frames'.
fn is_frame(marker: u8) -> bool {
    matches!(marker, 0xc0..=0xcf) && !matches!(marker, 0xc4 | 0xc8 | 0xcc)
}
