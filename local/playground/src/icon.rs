//! The page's icons: SVG paths in a view box of 24, in the colour of the surrounding text.

use maud::{Markup, html};

pub(super) const AT: &str = "M16 12a4 4 0 1 1-1.2-2.8M16 8v5.500a2.5 2.5 0 0 0 5 0V12a9 9 0 1 0-3.5 7.1";
pub(super) const HASH: &str = "M10 3 8 21M16 3l-2 18M4 8.500h17M3 15.500h17";
pub(super) const MEGAPHONE: &str = "M3 10v4l4 .500L18 19V5L7 9.5 3 10ZM7 14.5 8.5 20h3L10 15.500M21 10v4";
pub(super) const THREAD: &str = "M5 4v8a4 4 0 0 0 4 4h10M15 12l4 4-4 4";
pub(super) const LIST: &str = "M4 6h16M4 12h16M4 18h16";
pub(super) const PEOPLE: &str = "M9 11a3.5 3.5 0 1 0 0-7 3.5 3.5 0 0 0 0 7ZM2.5 20c0-4 3-6 6.5-6s6.5 2 6.5 6M16 4.500a3.5 3.5 0 0 1 0 6.500M18 14.500c2.5.7 3.5 2.8 3.5 5.5";
pub(super) const PLUS: &str = "M12 5v14M5 12h14";
pub(super) const SEND: &str = "M4 4l17 8-17 8 2.5-8L4 4ZM6.5 12H13";
pub(super) const CONTRAST: &str = "M12 3a9 9 0 1 0 0 18 9 9 0 0 0 0-18ZM12 3v18M15 5v14M18 7.500v9";
pub(super) const CROWN: &str = "M4 18h16M4 15 3 7l5 4 4-6 4 6 5-4-1 8H4Z";
pub(super) const LETTER: &str = "M3 6h18v12H3V6ZM3.5 7l8.5 6.500L20.5 7";
pub(super) const DOWN: &str = "M6 9l6 6 6-6";
pub(super) const MORE: &str = "M5 12h.010M12 12h.010M19 12h.01";
pub(super) const EYE: &str =
    "M2 12s3.5-6.5 10-6.500S22 12 22 12s-3.5 6.5-10 6.500S2 12 2 12ZM12 15a3 3 0 1 0 0-6 3 3 0 0 0 0 6Z";
pub(super) const CROSS: &str = "M6 6l12 12M18 6 6 18";
pub(super) const WARNING: &str = "M12 3a9 9 0 1 0 0 18 9 9 0 0 0 0-18ZM12 7.500v5.500M12 16.500h.01";
pub(super) const PICTURE: &str = "M4 5h16v14H4V5ZM4 16l5-5 4 4 2.5-2.500L20 17M15.5 9.500h.01";
pub(super) const FILE: &str = "M14 3H6v18h12V7l-4-4ZM14 3v4h4M9 13h6M9 17h6";
pub(super) const OUT: &str = "M14 4h6v6M20 4l-9 9M17 14v6H4V7h6";

/// An icon, hidden from screen readers: a text next to it or an `aria-label` has its meaning.
pub(super) fn icon(lines: &str) -> Markup {
    html! { svg.icon viewBox="0 0 24 24" aria-hidden="true" { path d=(lines) {} } }
}

/// The icon of a channel type.
pub(super) fn of_channel(kind: u8) -> Markup {
    icon(match kind {
        1 | 3 => AT,
        5 => MEGAPHONE,
        10..=12 => THREAD,
        _ => HASH,
    })
}
