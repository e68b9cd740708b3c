//! Avatars: initials on a colour, because avatar images are not simulated.

use maud::{Markup, html};

/// The number of colours in the style sheet.
const COLOUR_COUNT: u64 = 8;

/// The avatar of a user or the bot; its colour is a hash of the name. Hidden from screen readers, because the
/// name is next to it.
pub(super) fn avatar(name: &str, is_bot: bool) -> Markup {
    if is_bot {
        return html! { span.face.bot aria-hidden="true" { (lantern()) } };
    }
    let colour = name.bytes().fold(7_u64, |sum, byte| sum.wrapping_mul(31).wrapping_add(u64::from(byte)));
    html! { span class=(format!("face colour-{}", colour % COLOUR_COUNT)) aria-hidden="true" { (initials(name)) } }
}

pub(super) fn initials(name: &str) -> String {
    let words =
        name.split([' ', '-', '.', '_']).filter_map(|word| word.chars().find(|c| c.is_alphanumeric()));
    words.take(2).flat_map(char::to_uppercase).collect()
}

/// The bot's avatar.
fn lantern() -> Markup {
    html! {
        svg viewBox="0 0 24 24" width="22" height="22" fill="none" stroke="currentColor" stroke-width="1.8"
            stroke-linecap="round" stroke-linejoin="round" {
            path d="M9 5a3 3 0 0 1 6 0M7 8h10l-1 10H8L7 8ZM6 21h12M12 11v4" {}
        }
    }
}
