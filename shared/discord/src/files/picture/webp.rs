//! WebP: chunks, of which one tells the canvas and others bring pictures of their own size. Source: RFC 9649.

use super::{Size, little_endian};

/// `RIFF`, its length, `WEBP`.
const HEADER: usize = 12;
/// A chunk's name and length.
const CHUNK: usize = 8;
/// What stands before the pictures of a frame.
const FRAME: usize = 16;

pub(super) fn size(bytes: &[u8]) -> Option<Size> {
    if !bytes.starts_with(b"RIFF") || bytes.get(8..HEADER)? != b"WEBP" {
        return None;
    }
    let mut largest = Largest::default();
    largest.look(bytes.get(HEADER..)?)?;
    largest.has_picture.then_some(largest.size?)
}

/// Name and content of each chunk, as far as they go.
fn chunks(mut rest: &[u8]) -> impl Iterator<Item = (&[u8], &[u8])> {
    std::iter::from_fn(move || {
        let length = little_endian(rest, 4, 4)? as usize;
        let end = (CHUNK + length).min(rest.len());
        let chunk = (&rest[..4], &rest[CHUNK..end]);
        // They begin at even places.
        rest = rest.get(end + (length & 1)..).unwrap_or_default();
        Some(chunk)
    })
}

#[derive(Default)]
struct Largest {
    size: Option<Size>,
    has_picture: bool,
}

impl Largest {
    /// Looks at all chunks; `None` if one says nonsense.
    fn look(&mut self, bytes: &[u8]) -> Option<()> {
        chunks(bytes).try_for_each(|(name, content)| match name {
            b"VP8X" => {
                self.take(canvas(content, 4)?);
                Some(())
            }
            b"ANMF" => {
                self.take(canvas(content, 6)?);
                chunks(content.get(FRAME..)?).try_for_each(|(name, content)| self.picture(name, content))
            }
            _ => self.picture(name, content),
        })
    }

    fn picture(&mut self, name: &[u8], content: &[u8]) -> Option<()> {
        let size = match name {
            b"VP8 " => lossy(content)?,
            b"VP8L" => lossless(content)?,
            _ => return Some(()),
        };
        self.has_picture = true;
        self.take(size);
        Some(())
    }

    fn take(&mut self, size: Size) {
        self.size = Some(self.size.map_or(size, |known| known.larger(size)));
    }
}

/// Two numbers of three bytes, each one less than what it means.
fn canvas(content: &[u8], at: usize) -> Option<Size> {
    Size::new(little_endian(content, at, 3)? + 1, little_endian(content, at + 3, 3)? + 1)
}

/// A key frame of VP8. Source: RFC 6386, 9.1.
fn lossy(content: &[u8]) -> Option<Size> {
    let is_key_frame = content.first()? & 1 == 0;
    if !is_key_frame || content.get(3..6)? != b"\x9d\x01\x2a" {
        return None;
    }
    // The two upper bits say how it is to be scaled.
    Size::new(little_endian(content, 6, 2)? & 0x3fff, little_endian(content, 8, 2)? & 0x3fff)
}

fn lossless(content: &[u8]) -> Option<Size> {
    if *content.first()? != 0x2f {
        return None;
    }
    let both = little_endian(content, 1, 4)?;
    Size::new((both & 0x3fff) + 1, (both >> 14 & 0x3fff) + 1)
}
