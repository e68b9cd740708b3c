//! Texts on both sides of a rule: one that is converted, and one that is not, or otherwise.

use super::*;

#[test]
fn both_ends_of_a_range_are_as_precise_as_the_finer_one() {
    check(
        Units::Imperial,
        &[
            ("20.5-22 °C", &["20.5-22 °C = 68.9–71.6 °F"]),
            ("1.5-2 m", &["1.5-2 m = 4 ft 11 in – 6 ft 7 in"]),
            ("2-2.5 m", &["2-2.5 m = 6 ft 7 in – 8 ft 2 in"]),
            ("2-3 m", &["2-3 m = 6.6–9.8 ft"]),
        ],
    );
}

#[test]
fn bare_degrees_are_of_the_scale_that_is_named_beside_them_and_no_angle() {
    assert_eq!(all("70 °F now, 25° later", Units::Imperial), [] as [&str; 0]);
    check(
        Units::Metric,
        &[
            ("90 degrees outside", &["90 degrees = 32 °C"]),
            ("bake at 350 degrees", &["350 degrees = 177 °C"]),
            ("bake at 550 degrees", &["550 degrees = 288 °C"]),
            ("551 degrees", &[]),
            ("180 degrees", &[]),
            ("180.0 degrees", &[]),
            ("270 degrees", &[]),
            ("-79 degrees", &["-79 degrees = −62 °C"]),
            ("-80 degrees", &[]),
        ],
    );
    check(
        Units::Imperial,
        &[
            ("180 degrees", &["180 degrees = 356 °F"]),
            ("300 degrees", &["300 degrees = 572 °F"]),
            ("301 degrees", &[]),
            ("90 degrees", &[]),
            ("270 degrees", &[]),
            ("-79 degrees", &["-79 degrees = −110 °F"]),
            ("-80 degrees", &[]),
        ],
    );
}

#[test]
fn feet_and_inches_are_one_height_if_the_feet_are_whole_and_the_inches_less_than_a_foot() {
    check(
        Units::Metric,
        &[
            ("0 ft 6 in", &["0 ft 6 in = 15 cm"]),
            ("1 ft 11 in", &["1 ft 11 in = 58 cm"]),
            ("5 ft 12 in", &["5 ft = 1.5 m", "12 in = 30 cm"]),
            ("5.5 ft 6 in", &["5.5 ft = 1.68 m", "6 in = 15 cm"]),
            ("999 ft 6 in", &["999 ft 6 in = 304.6 m"]),
            ("1000 ft 6 in", &["1000 ft = 305 m", "6 in = 15 cm"]),
        ],
    );
}

#[test]
fn a_letter_is_a_unit_where_nothing_else_is_likelier() {
    check(
        Units::Imperial,
        &[
            ("it was 30C all day", &["30C = 86 °F"]),
            ("it was 30 C all day", &[]),
            ("a 5 m rope", &["5 m = 16 ft"]),
            ("a 5m rope", &[]),
            ("6g of salt and 3 g of sugar", &["6g = 0.21 oz", "3 g = 0.11 oz"]),
            ("5g of salt", &[]),
            ("I ran 5 km.Then home", &["5 km = 3.1 mi"]),
            ("5 km.then", &[]),
            ("5 kg/m", &[]),
            ("5 kg/11 lb", &["5 kg = 11 lb"]),
        ],
    );
    check(Units::Metric, &[("it is 10in!", &["10in = 25 cm"])]);
}

#[test]
fn a_number_may_be_a_fraction_less_than_one() {
    check(
        Units::Metric,
        &[
            ("⅓ cup, ⅔ cup, ¼ cup", &["⅓ cup = 79 ml", "⅔ cup = 158 ml", "¼ cup = 59 ml"]),
            ("¾ cup, ⅛ cup, 1¾ cups", &["¾ cup = 177 ml", "⅛ cup = 30 ml", "1¾ cups = 414 ml"]),
            ("2.5 1/2 miles", &["1/2 miles = 0.8 km"]),
            ("5/4 miles, 2/2 miles, 0/2 miles, 1/5 miles", &[]),
        ],
    );
}

#[test]
fn a_dash_after_another_is_no_minus() {
    let (cold, colder) = (&["5 °F = −15 °C"][..], &["-5 °F = −21 °C"][..]);
    check(Units::Metric, &[("--5 °F", cold), ("(-5 °F", colder), ("5-°F", &[])]);
    check(Units::Metric, &[("minus(5 °F)", cold), ("minus ! 5 °F", cold)]);
}

#[test]
fn a_range_rises() {
    check(
        Units::Metric,
        &[("5-5 miles", &[]), ("3-2.5 miles", &[]), ("2-2.5 miles", &["2-2.5 miles = 3.2–4 km"])],
    );
}

#[test]
fn only_what_names_a_scale_or_a_volume_does() {
    check(Units::Metric, &[("68 degF", &["68 degF = 20 °C"]), ("8 big oz", &[])]);
    check(Units::Imperial, &[("20 degC", &["20 degC = 68 °F"]), ("20 degrees km", &["20 degrees = 68 °F"])]);
}

#[test]
fn digits_are_grouped_by_threes_or_are_decimals() {
    check(
        Units::Imperial,
        &[
            ("0,123 km", &["0,123 km = 0.0764 mi"]),
            ("1234,567 km", &["1234,567 km = 767.1244 mi"]),
            ("123456789012 km", &["123456789012 km = 76\u{202f}712\u{202f}492\u{202f}178.2 mi"]),
            ("1234567890123 km", &[]),
        ],
    );
    let written = [9_999, 10_000, 100_000, 1_000_000].map(|digits| Decimal { digits, places: 0 }.text('.'));
    assert_eq!(written, ["9999", "10\u{202f}000", "100\u{202f}000", "1\u{202f}000\u{202f}000"]);
}

#[test]
fn addresses_code_and_marks_are_left_out_and_nothing_beside_them() {
    for text in [
        "https://5km",
        "https://example.com/a(5km)",
        "www.example.com/(5km)",
        "``5km``",
        "<t:5km:R>",
        "back in <:clock:1a> 5m",
    ] {
        assert_eq!(all(text, Units::Imperial), [] as [&str; 0], "{text}");
    }
    check(
        Units::Imperial,
        &[
            ("It is 5 km https://example.com", &["5 km = 3.1 mi"]),
            ("I saw:5 km", &["5 km = 3.1 mi"]),
            ("``` 5 km `code`", &["5 km = 3.1 mi"]),
            ("<5 km>", &["5 km = 3.1 mi"]),
            ("<#x 5 km\n", &["5 km = 3.1 mi"]),
        ],
    );
}

#[test]
fn a_line_knows_nothing_of_the_one_before_it() {
    check(Units::Imperial, &[("in 5m", &[]), ("in\n5m", &["5m = 16 ft"])]);
    let screen = &["27\" = 69 cm"][..];
    check(Units::Metric, &[("\"a 27\" screen", &[]), ("\"\na 27\" screen", screen)]);
    check(Units::Metric, &[("“He ran” to a 27” screen", &["27” = 69 cm"])]);
}
