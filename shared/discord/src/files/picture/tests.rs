use proptest::{collection::vec, prelude::*, sample::select};

use super::*;

fn png(width: u32, height: u32) -> Vec<u8> {
    let size = [width.to_be_bytes(), height.to_be_bytes()].concat();
    [&b"\x89PNG\r\n\x1a\n\0\0\0\x0dIHDR"[..], &size, &[8, 6, 0, 0, 0, 0, 0, 0, 0]].concat()
}

fn segment(marker: u8, content: &[u8]) -> Vec<u8> {
    let length = u16::try_from(content.len() + 2).unwrap().to_be_bytes();
    [&[0xff, marker], &length[..], content].concat()
}

fn frame(width: u16, height: u16) -> Vec<u8> {
    segment(0xc0, &[&[8], &height.to_be_bytes()[..], &width.to_be_bytes(), &[1, 1, 0x11, 0]].concat())
}

fn jpeg(segments: &[Vec<u8>]) -> Vec<u8> {
    [&b"\xff\xd8"[..], &segments.concat(), &segment(0xda, &[1, 1, 0, 0, 0x3f, 0]), b"data\xff\xd9"].concat()
}

fn sides(width: u16, height: u16) -> Vec<u8> {
    [width.to_le_bytes(), height.to_le_bytes()].concat()
}

fn gif(screen: Vec<u8>, frames: &[Vec<u8>]) -> Vec<u8> {
    let comment = b"!\xfe\x02hi\0";
    let frame = |size: &Vec<u8>| [&b",\0\0\0\0"[..], size, &[0, 2, 1, 0, 0]].concat();
    let frames = frames.iter().map(frame).collect::<Vec<_>>().concat();
    [&b"GIF89a"[..], &screen, &[0x80, 0, 0], &[0; 6], comment, &frames, b";"].concat()
}

fn chunk(name: &[u8], content: &[u8]) -> Vec<u8> {
    let length = u32::try_from(content.len()).unwrap().to_le_bytes();
    [name, &length, content, &[0][..content.len() % 2]].concat()
}

fn webp(chunks: &[Vec<u8>]) -> Vec<u8> {
    chunk(b"RIFF", &[&b"WEBP"[..], &chunks.concat()].concat())
}

fn lossy(width: u16, height: u16) -> Vec<u8> {
    chunk(b"VP8 ", &[&[0, 0, 0, 0x9d, 1, 0x2a], &sides(width, height)[..]].concat())
}

fn lossless(width: u32, height: u32) -> Vec<u8> {
    let both = (width - 1) | (height - 1) << 14;
    chunk(b"VP8L", &[&[0x2f], &both.to_le_bytes()[..]].concat())
}

/// Width and height of three bytes each, less one.
fn canvas(width: u32, height: u32) -> Vec<u8> {
    [&(width - 1).to_le_bytes()[..3], &(height - 1).to_le_bytes()[..3]].concat()
}

fn extended(width: u32, height: u32) -> Vec<u8> {
    chunk(b"VP8X", &[&[0; 4], &canvas(width, height)[..]].concat())
}

fn moving(width: u32, height: u32, picture: Vec<u8>) -> Vec<u8> {
    chunk(b"ANMF", &[&[0; 6], &canvas(width, height)[..], &[0; 4], &picture].concat())
}

fn read(bytes: &[u8]) -> Option<(Format, u32, u32)> {
    let picture = Picture::read(Bytes::copy_from_slice(bytes))?;
    Some((picture.format, picture.size.width, picture.size.height))
}

#[test]
fn each_format_tells_its_size() {
    let comment = segment(0xfe, b"a comment, \xff\xc0 and all");
    for (bytes, expected) in [
        (png(3, 200_000), (Format::Png, 3, 200_000)),
        (jpeg(&[segment(0xe0, b"JFIF\0"), comment, frame(640, 480)]), (Format::Jpeg, 640, 480)),
        (jpeg(&[vec![0xff, 0xff], frame(1, 2)]), (Format::Jpeg, 1, 2)),
        (gif(sides(10, 20), &[sides(10, 20)]), (Format::Gif, 10, 20)),
        (webp(&[lossy(16, 9)]), (Format::WebP, 16, 9)),
        (webp(&[lossless(16_384, 1)]), (Format::WebP, 16_384, 1)),
        (webp(&[extended(30, 40), chunk(b"ICCP", b"odd"), lossless(30, 40)]), (Format::WebP, 30, 40)),
        (webp(&[extended(30, 40), moving(30, 40, lossy(30, 40))]), (Format::WebP, 30, 40)),
    ] {
        assert_eq!(read(&bytes), Some(expected));
    }
}

#[test]
fn of_several_claims_the_largest_counts() {
    for (bytes, expected) in [
        (gif(sides(1, 1), &[sides(1, 1), sides(60_000, 60_000)]), (Format::Gif, 60_000, 60_000)),
        (webp(&[extended(1, 1), lossless(16_384, 16_384)]), (Format::WebP, 16_384, 16_384)),
        (webp(&[extended(1, 1), moving(9_000, 9_000, lossy(1, 1))]), (Format::WebP, 9_000, 9_000)),
        (webp(&[extended(1, 1), moving(1, 1, lossless(8_000, 8_000))]), (Format::WebP, 8_000, 8_000)),
        // The upper bits scale.
        (webp(&[lossy(0xc010, 0x4009)]), (Format::WebP, 16, 9)),
    ] {
        assert_eq!(read(&bytes), Some(expected));
    }
}

#[test]
fn a_few_bytes_that_claim_to_be_gigabytes_are_counted_without_painting_them() {
    let picture = Picture::read(png(u32::MAX, u32::MAX).into()).unwrap();
    assert_eq!(picture.pixels(), u64::from(u32::MAX).pow(2));
}

#[test]
fn what_is_called_a_picture_and_is_none_is_none() {
    let svg = b"<svg xmlns='http://www.w3.org/2000/svg'/>".to_vec();
    let zip_with_a_picture = [&b"PK\x03\x04"[..], &png(1, 1)].concat();
    let script_with_a_picture = [&b"<script>//"[..], &png(1, 1)].concat();
    let mut other_header = png(1, 1);
    other_header[12..16].copy_from_slice(b"sPLT");
    let mut interframe = lossy(1, 1);
    interframe[8] |= 1;
    let one = frame(1, 1);
    for bytes in [
        vec![],
        svg,
        zip_with_a_picture,
        script_with_a_picture,
        other_header,
        png(0, 1),
        png(1, 0),
        jpeg(&[]),
        jpeg(&[frame(0, 5)]),
        jpeg(&[frame(5, 0)]),
        // Two frames, of which a decoder takes one or the other.
        jpeg(&[one.clone(), frame(60_000, 60_000)]),
        [&b"\xff\xd8"[..], b"\xff\xd9", &one].concat(),
        [&b"\xff\xd8"[..], b"\xff\xe0\0\0"].concat(),
        gif(sides(1, 1), &[]),
        gif(sides(0, 1), &[sides(1, 1)]),
        webp(&[]),
        webp(&[extended(5, 5)]),
        webp(&[interframe]),
        webp(&[chunk(b"VP8L", b"\x2e\0\0\0\0")]),
        chunk(b"RIFF", b"WAVEfmt "),
    ] {
        assert_eq!(read(&bytes), None, "{bytes:?}");
    }
}

#[test]
fn what_hangs_on_behind_changes_nothing() {
    for bytes in [png(7, 8), jpeg(&[frame(7, 8)]), gif(sides(7, 8), &[sides(7, 8)]), webp(&[lossy(7, 8)])] {
        let before = read(&bytes).unwrap();
        assert_eq!(read(&[&bytes[..], b"PK\x03\x04<script>"].concat()), Some(before));
    }
}

#[test]
fn a_file_that_is_cut_off_is_none_or_of_the_size_it_had() {
    for bytes in [png(7, 8), jpeg(&[frame(7, 8)]), gif(sides(7, 8), &[sides(7, 8)]), webp(&[lossy(7, 8)])] {
        for end in 0..bytes.len() {
            let cut_off = read(&bytes[..end]);
            assert!(cut_off.is_none() || cut_off == read(&bytes), "{end}: {cut_off:?}");
        }
        assert_eq!(read(&bytes[..10]), None);
    }
}

/// Whole ones, and pieces of them in any order.
fn any_bytes() -> impl Strategy<Value = Vec<u8>> {
    let pieces = [
        png(1, 1),
        b"\xff\xd8".to_vec(),
        frame(9, 9),
        segment(0xda, b""),
        gif(sides(1, 1), &[sides(2, 2)]),
        b",\0\0\0\0".to_vec(),
        webp(&[lossy(1, 1)]),
        extended(1, 1),
        moving(1, 1, lossless(1, 1)),
        vec![0xff; 4],
        vec![0; 7],
    ];
    (
        vec(prop_oneof![select(pieces.to_vec()), vec(any::<u8>(), 0..9)], 0..8),
        vec((any::<usize>(), any::<u8>()), 0..4),
    )
        .prop_map(|(pieces, changes)| {
            let mut bytes = pieces.concat();
            for (at, byte) in changes {
                let length = bytes.len().max(1);
                if let Some(changed) = bytes.get_mut(at % length) {
                    *changed = byte;
                }
            }
            bytes
        })
}

proptest! {
    #[test]
    fn whatever_the_bytes_are_they_are_read_to_an_end(bytes in any_bytes()) {
        if let Some((_, width, height)) = read(&bytes) {
            prop_assert!(width > 0 && height > 0);
        }
    }
}
