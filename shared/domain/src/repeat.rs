//! What a command says of what somebody wrote: a name on one line, and nothing that reaches anybody.
//!
//! Replies mention nobody, whatever they say; this is so that they do not look as if they did, carry no
//! invitation, and cannot turn the text around them.

use std::fmt;

use serde::{Deserialize, Serialize};

/// A word with one of these in it is left out.
const REACHES_SOMEBODY: &[&str] =
    &["@everyone", "@here", "<@", "<#", "</", "<id:", "://", "](", "discord.gg/", "/invite/"];

/// Marks over one letter: two are in use, more are a tower.
const MARKS: usize = 3;

const ELLIPSIS: char = '…';

/// What is left of a text that somebody wrote, or of a map's. The bot's sentences take no other text of theirs.
///
/// It is made anew when it is read: what an earlier version kept has passed today's filter.
#[derive(Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(from = "String")]
pub struct Name(String);

impl Name {
    /// So many characters at most.
    pub const LONGEST: usize = 100;

    /// Of a text; empty if nothing of it can be repeated.
    #[must_use]
    pub fn of(text: &str) -> Self {
        let seen = seen(text);
        let words: Vec<&str> = seen.split_whitespace().filter(|word| !reaches_somebody(word)).collect();
        let name = words.join(" ");
        let most = Self::LONGEST - 1;
        let end = name.char_indices().nth(most).filter(|_| name.chars().nth(most + 1).is_some());
        Self(end.map_or_else(|| name.clone(), |(end, _)| cut(&name, end)))
    }

    /// As much of it as fits into so many bytes.
    #[must_use]
    pub fn within(&self, bytes: usize) -> Self {
        if self.0.len() <= bytes {
            return self.clone();
        }
        Self(cut(&self.0, bytes.saturating_sub(ELLIPSIS.len_utf8())))
    }

    /// Whether nothing could be repeated.
    #[must_use]
    pub fn is_empty(&self) -> bool {
        self.0.is_empty()
    }

    /// It as text.
    #[must_use]
    pub fn as_str(&self) -> &str {
        &self.0
    }
}

impl From<String> for Name {
    fn from(text: String) -> Self {
        Self::of(&text)
    }
}

impl fmt::Display for Name {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(&self.0)
    }
}

/// As text is shown: whoever must not show it leaves the field out.
impl fmt::Debug for Name {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        self.0.fmt(f)
    }
}

fn reaches_somebody(word: &str) -> bool {
    let word: String = word.to_lowercase().chars().filter(|char| !is_joint(*char)).collect();
    REACHES_SOMEBODY.iter().any(|part| word.contains(part))
}

/// Without what has no shape, what turns the text around it, and towers of marks. A control character may
/// stand between two words.
fn seen(text: &str) -> String {
    let mut marks = 0;
    let shown = text.chars().filter(|char| !is_unseen(*char) && !is_markdown(*char));
    let bounded = shown.filter(|char| {
        marks = if is_mark(*char) { marks + 1 } else { 0 };
        marks <= MARKS
    });
    bounded.map(|char| if char.is_control() { ' ' } else { char }).collect()
}

/// The beginning of `name` up to `end` at most, with an ellipsis, and no letter without its marks.
fn cut(name: &str, end: usize) -> String {
    let mut end = name.floor_char_boundary(end);
    while goes_on(name, end) {
        end = name.floor_char_boundary(end - 1);
    }
    format!("{}{ELLIPSIS}", name[..end].trim_end())
}

fn goes_on(name: &str, end: usize) -> bool {
    let (before, after) = name.split_at(end);
    !before.is_empty()
        && (before.ends_with(is_joint) || after.starts_with(is_joint) || after.starts_with(is_mark))
}

/// What makes bold, code, a spoiler of the text around it.
fn is_markdown(char: char) -> bool {
    matches!(char, '*' | '_' | '~' | '`' | '|' | '\\')
}

/// What joins letters or pictures, or chooses their shape: needed in some scripts, and by itself unseen.
fn is_joint(char: char) -> bool {
    matches!(char, '\u{200c}' | '\u{200d}' | '\u{fe00}'..='\u{fe0f}' | '\u{1f3fb}'..='\u{1f3ff}')
}

/// Unicode's blocks of marks that are set over, under and around the letter before them.
fn is_mark(char: char) -> bool {
    matches!(char,
        '\u{300}'..='\u{36f}' | '\u{483}'..='\u{489}' | '\u{1ab0}'..='\u{1aff}' | '\u{1dc0}'..='\u{1dff}'
        | '\u{20d0}'..='\u{20ff}' | '\u{fe20}'..='\u{fe2f}')
}

/// What has no shape of its own and changes others, or hides between them: directions, joints that are
/// not needed in any script, fillers, tags.
fn is_unseen(char: char) -> bool {
    matches!(char,
        '\u{ad}' | '\u{34f}' | '\u{61c}' | '\u{115f}' | '\u{1160}' | '\u{17b4}' | '\u{17b5}' | '\u{180b}'..='\u{180f}'
        | '\u{200b}' | '\u{200e}' | '\u{200f}' | '\u{202a}'..='\u{202e}' | '\u{2060}'..='\u{206f}' | '\u{2800}'
        | '\u{3164}' | '\u{feff}' | '\u{ffa0}' | '\u{fff9}'..='\u{fffb}' | '\u{e0000}'..='\u{e007f}')
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
            "Đồng Hới, Quảng Bình",
            "Do\u{302}\u{300}ng, Vie\u{323}\u{302}t Nam",
            "葛\u{e0100}城市",
        ] {
            assert_eq!(Name::of(place).as_str(), place);
        }
    }

    #[test]
    fn nobody_is_mentioned_and_nothing_leads_elsewhere() {
        for text in [
            "@everyone",
            "@EveryOne @here",
            "@every\u{200b}one",
            "@every\u{200c}one",
            "@every*one*",
            "@every@everyoneone",
            "<@81384788765712384>",
            "<@!1> <@&2> <#3> </weather:4> <id:customize>",
            "discord.gg/abc",
            "DISCORD.gg\u{2060}/abc",
            "https://discord.com/invite/abc",
            "discordapp.com/invite/abc",
            "discord.gg\\/abc",
            "[here](example.com)",
            "(https://example.com)",
            "\u{202e}\u{7}\n",
            "\u{3164}\u{2800}",
        ] {
            assert!(Name::of(text).is_empty(), "{text:?}");
        }
        assert_eq!(Name::of("Come @everyone to\n\nParis\u{202e}!").as_str(), "Come to Paris!");
    }

    #[test]
    fn the_text_around_it_stays_as_it_is() {
        assert_eq!(Name::of("**Paris** `x` ||y|| __z__ \\").as_str(), "Paris x y z");
        assert_eq!(Name::of(&format!("a{}b", "\u{301}".repeat(50))).as_str(), "a\u{301}\u{301}\u{301}b");
    }

    #[test]
    fn a_long_name_is_cut_between_letters_and_says_so() {
        let name = |text: &str| Name::of(text).as_str().to_owned();
        assert_eq!(name(&"Ö".repeat(100)), "Ö".repeat(100));
        assert_eq!(name(&"Ö".repeat(101)), format!("{}…", "Ö".repeat(99)));
        assert_eq!(name(&format!("{} Ö", "x".repeat(99))), format!("{}…", "x".repeat(99)));
        let joined = "👩\u{200d}👩\u{200d}👧";
        assert_eq!(Name::of(&format!("Oslo {joined} x")).within(20).as_str(), "Oslo…");
        assert_eq!(Name::of("Que\u{301}bec").within(7).as_str(), "Qu…");
        assert_eq!(Name::of("Ö Ö Ö").within(8).as_str(), "Ö Ö Ö");
        assert_eq!(Name::of("Ö Ö Ö").within(7).as_str(), "Ö…");
    }

    #[test]
    fn what_was_kept_is_made_anew() {
        assert_eq!(serde_json::from_str::<Name>(r#""Oslo @here""#).unwrap().as_str(), "Oslo");
        assert_eq!(serde_json::to_string(&Name::of("Oslo")).unwrap(), r#""Oslo""#);
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
            "\u{200d}",
            "\u{301}",
            "👩",
            "*",
            "\\",
            "](",
            "abcdefghijklmnopqrstuvwxyz",
            "5 miles",
            "68 °F",
            "10km",
            "x",
        ];
        prop_oneof![vec(select(pieces.to_vec()), 0..30).prop_map(|pieces| pieces.concat()), any::<String>()]
    }

    proptest! {
        #[test]
        fn whatever_was_written_nothing_of_it_is_left(text in any_text(), bytes in 3..400_usize) {
            let whole = Name::of(&text);
            prop_assert!(whole.as_str().chars().count() <= Name::LONGEST);
            let part = whole.within(bytes);
            prop_assert!(part.as_str().len() <= bytes);
            for name in [whole, part] {
                let bad = |char: char| char.is_control() || is_unseen(char) || is_markdown(char);
                prop_assert!(!name.as_str().chars().any(bad), "{name:?}");
                prop_assert!(!reaches_somebody(name.as_str()), "{name:?}");
                prop_assert_eq!(Name::of(name.as_str()), name);
            }
        }

        #[test]
        fn what_is_converted_repeats_nothing_that_has_to_be_left_out(text in any_text()) {
            for converted in [convert(&text, Units::Metric), convert(&text, Units::Imperial)].concat() {
                for text in [converted.text(','), converted.from] {
                    let spaced = text.split_whitespace().collect::<Vec<_>>().join(" ");
                    prop_assert_eq!(Name::of(&text).to_string(), spaced);
                }
            }
        }
    }
}
