//! What a picture says of itself before anybody decodes it: its format, and how large it would be.
//!
//! A few bytes can claim to be gigabytes of pixels. So everything that a decoder might go by is read, and the
//! largest claim counts: a GIF's frames beside its screen, what is inside of a WebP beside its canvas.

mod gif;
mod jpeg;
mod png;
mod webp;

#[cfg(test)]
mod tests;

use std::fmt;

use bytes::Bytes;

/// A format that Discord shows.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Format {
    /// PNG, also one that moves.
    Png,
    /// JPEG.
    Jpeg,
    /// GIF.
    Gif,
    /// WebP.
    WebP,
}

/// Reads how large a picture of one format is; `None` if it is none.
type SizeOf = fn(&[u8]) -> Option<Size>;

/// A picture that nobody has decoded yet. Behind its size nothing of it has been checked.
#[derive(Clone, PartialEq, Eq)]
pub struct Picture {
    /// What it is, by its bytes.
    pub format: Format,
    /// Of its largest frame.
    pub size: Size,
    /// All of it.
    pub bytes: Bytes,
}

/// Pixels from side to side, and from top to bottom. Neither is 0.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Size {
    /// From side to side.
    pub width: u32,
    /// From top to bottom.
    pub height: u32,
}

impl Picture {
    /// Reads how large a picture is; `None` if it is none.
    pub fn read(bytes: Bytes) -> Option<Self> {
        const FORMATS: [(Format, SizeOf); 4] = [
            (Format::Png, png::size),
            (Format::Jpeg, jpeg::size),
            (Format::Gif, gif::size),
            (Format::WebP, webp::size),
        ];
        let (format, size) = FORMATS.iter().find_map(|(format, size)| Some((*format, size(&bytes)?)))?;
        Some(Self { format, size, bytes })
    }

    /// How many pixels a decoder would paint for its largest frame.
    pub fn pixels(&self) -> u64 {
        self.size.pixels()
    }
}

/// It is what somebody sent.
impl fmt::Debug for Picture {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("Picture")
            .field("format", &self.format)
            .field("size", &self.size)
            .finish_non_exhaustive()
    }
}

impl Size {
    fn new(width: u32, height: u32) -> Option<Self> {
        (width > 0 && height > 0).then_some(Self { width, height })
    }

    fn pixels(self) -> u64 {
        u64::from(self.width) * u64::from(self.height)
    }

    fn larger(self, other: Self) -> Self {
        if other.pixels() > self.pixels() { other } else { self }
    }
}

/// A number of up to four bytes, the last of which counts most.
fn little_endian(bytes: &[u8], at: usize, length: usize) -> Option<u32> {
    let bytes = bytes.get(at..at.checked_add(length)?)?;
    Some(bytes.iter().rev().fold(0, |number, byte| number << 8 | u32::from(*byte)))
}

/// A number of up to four bytes, the first of which counts most.
fn big_endian(bytes: &[u8], at: usize, length: usize) -> Option<u32> {
    let bytes = bytes.get(at..at.checked_add(length)?)?;
    Some(bytes.iter().fold(0, |number, byte| number << 8 | u32::from(*byte)))
}
