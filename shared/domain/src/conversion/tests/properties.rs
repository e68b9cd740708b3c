//! What holds of every text.

use proptest::prelude::*;

use super::*;

/// Texts of what the reader stumbles over, if it stumbles.
fn tricky() -> impl Strategy<Value = String> {
    let pieces = prop::sample::select(vec![
        "5",
        "10",
        "1",
        "0",
        ".",
        ",",
        "'",
        "\"",
        "″",
        "-",
        "−",
        "–",
        " ",
        "\n",
        "/",
        "½",
        "°",
        "F",
        "C",
        "m",
        "in",
        "ft",
        "miles",
        "km",
        "/h",
        " per hour",
        "lb",
        "oz",
        "fl",
        "minus ",
        " to ",
        "bis",
        "`",
        "```",
        "<",
        ">",
        "@",
        "<@",
        ":",
        "://",
        "www.",
        "ß",
        "ÄÖ",
        "😀",
        "\u{301}",
        "\u{a0}",
        "Grad",
        "999999999999",
        "²",
        "“",
        "”",
        "٣",
    ]);
    prop::collection::vec(pieces, 0..60).prop_map(|pieces| pieces.concat())
}

proptest! {
    #[test]
    fn no_text_makes_it_panic(text in "\\PC*", tricky in tricky()) {
        for text in [text, tricky] {
            for to in [Units::Metric, Units::Imperial] {
                let all = convert(&text, to);
                prop_assert!(all.len() <= MAX_CONVERSIONS);
                for one in all {
                    prop_assert!(text.contains(&one.from) && one.from.len() < 100, "{:?}", one);
                    prop_assert!(one.from.chars().any(char::is_numeric));
                    prop_assert_eq!(one.to.unit.system(), to);
                    prop_assert!(one.read_as.system() != to);
                }
            }
        }
    }

    #[test]
    fn a_conversion_is_off_by_no_more_than_its_last_digit(value in 1_u32..100_000, places in 0_u32..3) {
        let written = Decimal { digits: value.into(), places };
        let exact = f64::from(value) / 10_f64.powi(places as i32);
        for (unit, factor) in [("mi", 1.609_344), ("kg", 2.204_622_622), ("gal", 3.785_411_784), ("mph", 1.609_344)] {
            let to = if unit == "kg" { Units::Imperial } else { Units::Metric };
            let [one] = convert(&format!("{} {unit}", written.text('.')), to).try_into().unwrap();
            let got = one.to.value.digits as f64 / 10_f64.powi(one.to.value.places as i32);
            // Half of the last of two significant digits, at the worst.
            prop_assert!((got / (exact * factor) - 1.0).abs() <= 0.05, "{:?}", one);
        }
    }

    #[test]
    fn temperatures_keep_their_decimals(tenths in -10_000_i64..10_000) {
        let celsius = Decimal { digits: tenths, places: 1 };
        let [one] = convert(&format!("{} °C", celsius.text('.')), Units::Imperial).try_into().unwrap();
        let got = one.to.value.digits as f64 / 10_f64.powi(one.to.value.places as i32);
        prop_assert!((got - (tenths as f64 / 10.0 * 1.8 + 32.0)).abs() <= 0.05 + 1e-9, "{:?}", one);
    }
}
