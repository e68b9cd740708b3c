//! GIF: a screen, and frames that should be within it. Source: "GIF89a Specification", sections 18 to 26.

use super::{Size, little_endian};

/// The header and the screen, up to the table of colours.
const SCREEN: usize = 13;
/// A frame's place and size.
const FRAME: usize = 10;

pub(super) fn size(bytes: &[u8]) -> Option<Size> {
    if !bytes.starts_with(b"GIF87a") && !bytes.starts_with(b"GIF89a") {
        return None;
    }
    let mut size = Size::new(little_endian(bytes, 6, 2)?, little_endian(bytes, 8, 2)?)?;
    let mut at = SCREEN + colours(*bytes.get(10)?);
    let mut frames = 0;
    // What follows a frame that is cut off is not shown.
    while let Some((frame, next)) = block(bytes, at) {
        if let Some(frame) = frame {
            size = size.larger(frame);
            frames += 1;
        }
        at = next;
    }
    (frames > 0).then_some(size)
}

/// The frame that begins here, if it is one, and where the next block begins.
fn block(bytes: &[u8], at: usize) -> Option<(Option<Size>, usize)> {
    match bytes.get(at)? {
        b'!' => Some((None, behind(bytes, at + 2)?)),
        b',' => {
            let size = Size::new(little_endian(bytes, at + 5, 2)?, little_endian(bytes, at + 7, 2)?)?;
            let data = at + FRAME + colours(*bytes.get(at + 9)?);
            // Before the data stands a byte of the coding. It may be cut off, and be painted as far as it goes.
            Some((Some(size), behind(bytes, data + 1).unwrap_or(bytes.len())))
        }
        _ => None,
    }
}

/// Behind the pieces of data that begin here: each says its length, and the last is empty.
fn behind(bytes: &[u8], mut at: usize) -> Option<usize> {
    loop {
        match usize::from(*bytes.get(at)?) {
            0 => return Some(at + 1),
            length => at += length + 1,
        }
    }
}

/// The length of the table of colours, which the flags tell.
fn colours(flags: u8) -> usize {
    if flags & 0x80 == 0 { 0 } else { 3 << ((flags & 7) + 1) }
}
