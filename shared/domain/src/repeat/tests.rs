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
        let name = Name::of(place);
        assert_eq!((name.as_str(), name.is_empty()), (place, false));
        assert_eq!(format!("{name:?}"), format!("{place:?}"));
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
        prop_assert!(whole.as_str().chars().count() <= Name::MAX_LENGTH);
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
