//! The dimensions of uploaded images, which Discord adds to attachments.

/// Width and height of a PNG; `None` for other formats.
pub(crate) fn size(content: &[u8]) -> Option<(u32, u32)> {
    let header = content.strip_prefix(b"\x89PNG\r\n\x1a\n")?;
    let number = |at: usize| Some(u32::from_be_bytes(header.get(at..at + 4)?.try_into().ok()?));
    Some((number(8)?, number(12)?))
}
