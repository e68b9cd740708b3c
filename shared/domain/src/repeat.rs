//! What a command says of what somebody wrote: a name on one line, and nothing that reaches anybody.
//!
//! Replies mention nobody, whatever they say; this is so that they do not look as if they did, carry no
//! invitation, and cannot turn the text around them.

/// A word with one of these in it is left out.
const REACHES_SOMEBODY: &[&str] =
    &["@everyone", "@here", "<@", "<#", "</", "<id:", "://", "discord.gg/", "/invite/"];

/// `text` as a name of at most `most` characters; empty if nothing of it can be repeated.
#[must_use]
pub fn name(text: &str, most: usize) -> String {
    let seen: String = text.chars().filter(|char| !is_unseen(*char)).map(space).collect();
    let words: Vec<&str> = seen.split_whitespace().filter(|word| !reaches_somebody(word)).collect();
    let name: String = words.join(" ").chars().take(most).collect();
    name.trim_end().to_owned()
}

fn reaches_somebody(word: &str) -> bool {
    let word = word.to_lowercase();
    REACHES_SOMEBODY.iter().any(|part| word.contains(part))
}

/// A control character may stand between two words.
fn space(char: char) -> char {
    if char.is_control() { ' ' } else { char }
}

/// What has no shape of its own and changes others, or hides between them: directions, joints that are
/// not needed in any script, tags.
fn is_unseen(char: char) -> bool {
    matches!(char,
        '\u{ad}' | '\u{61c}' | '\u{180e}' | '\u{200b}' | '\u{200e}' | '\u{200f}' | '\u{202a}'..='\u{202e}'
        | '\u{2060}'..='\u{206f}' | '\u{feff}' | '\u{fff9}'..='\u{fffb}' | '\u{e0000}'..='\u{e007f}')
}

#[cfg(test)]
mod tests {
    use proptest::{collection::vec, prelude::*, sample::select};

    use super::*;
    use crate::{conversion::convert, weather::Units};

    #[test]
    fn the_name_of_a_place_stays_as_it_is() {
        for place in [
            "Paris, Île-de-France, France",
            "’s-Hertogenbosch, Noord-Brabant, Netherlands",
            "東京, 日本",
            "تهران, ایران",
            "می\u{200c}گون",
            "São Tomé & Príncipe (island)",
        ] {
            assert_eq!(name(place, 100), place);
        }
    }

    #[test]
    fn nobody_is_mentioned_and_nothing_leads_elsewhere() {
        for text in [
            "@everyone",
            "@EveryOne @here",
            "@every\u{200b}one",
            "@every@everyoneone",
            "<@81384788765712384>",
            "<@!1> <@&2> <#3> </weather:4> <id:customize>",
            "discord.gg/abc",
            "DISCORD.gg\u{2060}/abc",
            "https://discord.com/invite/abc",
            "discordapp.com/invite/abc",
            "(https://example.com)",
            "\u{202e}\u{7}\n",
        ] {
            assert_eq!(name(text, 100), "", "{text:?}");
        }
        assert_eq!(name("Come @everyone to\n\nParis\u{202e}!", 100), "Come to Paris!");
    }

    #[test]
    fn a_long_name_is_cut_between_characters() {
        assert_eq!(name("Ö Ö Ö", 3), "Ö Ö");
        assert_eq!(name("Ö Ö Ö", 2), "Ö");
    }

    fn any_text() -> impl Strategy<Value = String> {
        let pieces = [
            "@",
            "every",
            "one",
            "@everyone",
            "@here",
            "<",
            "@",
            "&",
            "123",
            ">",
            "#",
            "discord",
            ".gg",
            "/",
            "invite",
            ":",
            "//",
            "http",
            " ",
            "\n",
            "\u{200b}",
            "\u{202e}",
            "5 miles",
            "68 °F",
            "10km",
            "x",
        ];
        prop_oneof![vec(select(pieces.to_vec()), 0..30).prop_map(|pieces| pieces.concat()), any::<String>()]
    }

    proptest! {
        #[test]
        fn whatever_was_written_nothing_of_it_is_left(text in any_text(), most in 0..60_usize) {
            let name = super::name(&text, most);
            prop_assert!(name.chars().count() <= most);
            prop_assert!(!name.chars().any(|char| char.is_control() || is_unseen(char)), "{name:?}");
            prop_assert!(!reaches_somebody(&name), "{name:?}");
            prop_assert_eq!(super::name(&name, most), name);
        }

        #[test]
        fn what_is_converted_repeats_nothing_that_has_to_be_left_out(text in any_text()) {
            for converted in [convert(&text, Units::Metric), convert(&text, Units::Imperial)].concat() {
                let spaced = converted.from.split_whitespace().collect::<Vec<_>>().join(" ");
                prop_assert_eq!(name(&converted.from, 100), spaced);
            }
        }
    }
}
