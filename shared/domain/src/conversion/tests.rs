mod edges;
mod properties;

use super::*;

/// Everything found in a text, as "what was written = what it is".
fn all(text: &str, to: Units) -> Vec<String> {
    convert(text, to).iter().map(|one| format!("{} = {}", one.from, one.text('.'))).collect()
}

#[track_caller]
fn check(to: Units, table: &[(&str, &[&str])]) {
    let wrong = table.iter().filter_map(|(text, expected)| {
        let found = all(text, to);
        (found != *expected).then(|| format!("{text}\n  expected {expected:?}\n  found    {found:?}"))
    });
    let wrong: Vec<_> = wrong.collect();
    assert!(wrong.is_empty(), "{}", wrong.join("\n"));
}

#[test]
fn imperial_units_become_metric() {
    check(
        Units::Metric,
        &[
            ("It is 68 °F today", &["68 °F = 20 °C"]),
            ("68°F, feels like 98.6F", &["68°F = 20 °C", "98.6F = 37 °C"]),
            ("-40 F and -4.5 °F", &["-40 F = −40 °C", "-4.5 °F = −20.3 °C"]),
            ("minus 10 degrees Fahrenheit", &["minus 10 degrees Fahrenheit = −23 °C"]),
            ("32 degrees F or 100℉", &["32 degrees F = 0 °C", "100℉ = 38 °C"]),
            ("1 mile, 5 miles, 100 miles", &["1 mile = 1.6 km", "5 miles = 8 km", "100 miles = 161 km"]),
            ("1,234 miles or 1,234.5 mi", &["1,234 miles = 1986 km", "1,234.5 mi = 1986.7 km"]),
            ("5000 miles away", &["5000 miles = 8050 km"]),
            ("26.2 miles in 4 hours", &["26.2 miles = 42.2 km"]),
            (
                "a half: 0.5 miles, .5 miles, 1/2 mile",
                &["0.5 miles = 0.8 km", ".5 miles = 0.8 km", "1/2 mile = 0.8 km"],
            ),
            ("going 70 mph, limit 55MPH", &["70 mph = 113 km/h", "55MPH = 89 km/h"]),
            (
                "60 miles per hour, 60 miles an hour, 60 mi/h",
                &["60 miles per hour = 97 km/h", "60 miles an hour = 97 km/h", "60 mi/h = 97 km/h"],
            ),
            ("I am 6 ft tall", &["6 ft = 1.8 m"]),
            ("a 6-foot-tall man on a 5-mile run", &["6-foot = 1.8 m", "5-mile = 8 km"]),
            ("100 feet, 1,000 ft, 2 feet", &["100 feet = 30.5 m", "1,000 ft = 305 m", "2 feet = 61 cm"]),
            ("12 inches, 0.5 inch, 10in.", &["12 inches = 30 cm", "0.5 inch = 1.3 cm", "10in = 25 cm"]),
            ("It is 10 in long and 3 in wide.", &["10 in = 25 cm", "3 in = 7.6 cm"]),
            ("a 65\" TV and a 27″ monitor", &["65\" = 165 cm", "27″ = 69 cm"]),
            ("100 yards, 5yd", &["100 yards = 91.4 m", "5yd = 4.6 m"]),
            ("180 lbs, 1 lb, 7.5 pounds", &["180 lbs = 81.6 kg", "1 lb = 0.45 kg", "7.5 pounds = 3.4 kg"]),
            ("8 oz, 16 ounces, 40 OZ", &["8 oz = 227 g", "16 ounces = 454 g", "40 OZ = 1.13 kg"]),
            ("5 gallons, 1 gal, 30 gal.", &["5 gallons = 19 l", "1 gal = 3.8 l", "30 gal = 114 l"]),
            (
                "2 cups of flour, 1 1/2 cups, ½ cup, 1 cup",
                &["2 cups = 473 ml", "1 1/2 cups = 355 ml", "½ cup = 118 ml", "1 cup = 237 ml"],
            ),
            (
                "12 fl oz, 8 fl. oz., 16 fluid ounces",
                &["12 fl oz = 355 ml", "8 fl. oz = 237 ml", "16 fluid ounces = 473 ml"],
            ),
            (
                "(5 miles)/*3 lb* and _2 ft_ and ~4 ft",
                &["5 miles = 8 km", "3 lb = 1.4 kg", "2 ft = 61 cm", "4 ft = 1.2 m"],
            ),
        ],
    );
}

#[test]
fn metric_units_become_imperial() {
    check(
        Units::Imperial,
        &[
            ("20 °C, 36.6C, -5 °C", &["20 °C = 68 °F", "36.6C = 97.9 °F", "-5 °C = 23 °F"]),
            (
                "20 degrees Celsius, 37º C, 0 C",
                &["20 degrees Celsius = 68 °F", "37º C = 99 °F", "0 C = 32 °F"],
            ),
            ("10 km, 5km, 42.195 km", &["10 km = 6.2 mi", "5km = 3.1 mi", "42.195 km = 26.219 mi"]),
            (
                "10 KM 2.5 kilometers 3 kilometres",
                &["10 KM = 6.2 mi", "2.5 kilometers = 1.55 mi", "3 kilometres = 1.9 mi"],
            ),
            (
                "100 km/h, 50 kmh, 130kph, 10 m/s",
                &["100 km/h = 62 mph", "50 kmh = 31 mph", "130kph = 81 mph", "10 m/s = 22 mph"],
            ),
            ("100m dash, 1 m, 3 meters", &["100m = 328 ft", "1 m = 3.3 ft", "3 meters = 9.8 ft"]),
            ("He is 180 cm, she is 1.65 m", &["180 cm = 5 ft 11 in", "1.65 m = 5 ft 5 in"]),
            ("30 cm, 5 mm, 100mm", &["30 cm = 11.8 in", "5 mm = 0.2 in", "100mm = 3.94 in"]),
            (
                "90 kg, 1 kilo, 500 g, 2000 grams",
                &["90 kg = 198 lb", "1 kilo = 2.2 lb", "500 g = 17.6 oz", "2000 grams = 4.41 lb"],
            ),
            (
                "0.5 l, 2 litres, 50 liters, 250 mL, 33cl, 2 dl",
                &[
                    "0.5 l = 17 fl oz",
                    "2 litres = 68 fl oz",
                    "50 liters = 13.2 gal",
                    "250 mL = 8.45 fl oz",
                    "33cl = 11.2 fl oz",
                    "2 dl = 6.8 fl oz",
                ],
            ),
            (
                "5\u{a0}km, 1\u{202f}000 km, 1'000 km",
                &["5\u{a0}km = 3.1 mi", "1\u{202f}000 km = 621 mi", "1'000 km = 621 mi"],
            ),
            ("0 km", &["0 km = 0 mi"]),
        ],
    );
}

#[test]
fn germans_are_understood() {
    check(
        Units::Imperial,
        &[
            (
                "Heute sind es 30 Grad Celsius, morgen minus 5 Grad",
                &["30 Grad Celsius = 86 °F", "minus 5 Grad = 23 °F"],
            ),
            ("Ich bin 1,80 m groß und wiege 82,5 Kilo", &["1,80 m = 5 ft 11 in", "82,5 Kilo = 182 lb"]),
            (
                "5.000 km, 1.234,5 km und 10.000 Kilometer",
                &["5.000 km = 3110 mi", "1.234,5 km = 767.08 mi", "10.000 Kilometer = 6210 mi"],
            ),
            (
                "120 Kilometer pro Stunde, 50 Stundenkilometer",
                &["120 Kilometer pro Stunde = 75 mph", "50 Stundenkilometer = 31 mph"],
            ),
            (
                "3 Liter Milch, 250 Gramm Mehl, 20 bis 25 Grad",
                &["3 Liter = 101 fl oz", "250 Gramm = 8.82 oz", "20 bis 25 Grad = 68–77 °F"],
            ),
            ("in 10 Metern, 3 Zentimeter breit", &["10 Metern = 33 ft", "3 Zentimeter = 1.2 in"]),
        ],
    );
    check(
        Units::Metric,
        &[
            (
                "6 Fuß, 20 Meilen, 27 Zoll, 5 Pfund",
                &["6 Fuß = 1.8 m", "20 Meilen = 32 km", "27 Zoll = 69 cm", "5 Pfund = 2.3 kg"],
            ),
            (
                "70 Grad Fahrenheit, 60 Meilen pro Stunde",
                &["70 Grad Fahrenheit = 21 °C", "60 Meilen pro Stunde = 97 km/h"],
            ),
            ("2,5 Gallonen und 8 Unzen", &["2,5 Gallonen = 9.5 l", "8 Unzen = 227 g"]),
        ],
    );
}

#[test]
fn ranges_and_heights_are_one_quantity() {
    check(
        Units::Metric,
        &[
            ("5-10 miles", &["5-10 miles = 8–16 km"]),
            ("5 – 10 miles, 3 to 4 feet", &["5 – 10 miles = 8–16 km", "3 to 4 feet = 0.91–1.2 m"]),
            (
                "60–70°F, -5 to 5 °F, -10 - -5 °F",
                &["60–70°F = 16–21 °C", "-5 to 5 °F = −21–−15 °C", "-10 - -5 °F = −23–−21 °C"],
            ),
            ("1.5-2 lb", &["1.5-2 lb = 0.68–0.91 kg"]),
            (
                "5 ft 11 in, 5ft11, 5 feet 11 inches, 6 ft 2",
                &["5 ft 11 in = 180 cm", "5ft11 = 180 cm", "5 feet 11 inches = 180 cm", "6 ft 2 = 188 cm"],
            ),
            (
                "He's 6'2\", she's 5'4 and I am 5’ 10.5”",
                &["6'2\" = 188 cm", "5'4 = 163 cm", "5’ 10.5” = 179.1 cm"],
            ),
            (
                "5 ft. 11 in., 5 feet, 11 inches, 6 ft 2 tall",
                &["5 ft. 11 in = 180 cm", "5 feet, 11 inches = 180 cm", "6 ft 2 = 188 cm"],
            ),
            ("I walked 5 ft 3 times, 6 ft. 2 of us", &["5 ft = 1.5 m", "6 ft = 1.8 m"]),
            ("temp 20C/68F, 180cm/5'11\"", &["68F = 20 °C", "5'11\" = 180 cm"]),
            ("1-1/2 inches, 2½ cups", &["1-1/2 inches = 3.8 cm", "2½ cups = 591 ml"]),
            ("a baby of 7 lbs 8 oz", &["7 lbs 8 oz = 3.4 kg"]),
            ("5 miles-10 miles", &["5 miles = 8 km", "10 miles = 16 km"]),
            ("5 miles, 3 lb, 5 miles", &["5 miles = 8 km", "3 lb = 1.4 kg"]),
        ],
    );
    check(
        Units::Imperial,
        &[
            ("5km-10km", &["5km = 3.1 mi", "10km = 6.2 mi"]),
            ("170-180 cm", &["170-180 cm = 5 ft 7 in – 5 ft 11 in"]),
            (
                "between 5 and 10 km, zwischen 20 und 30 °C",
                &["5 and 10 km = 3.1–6.2 mi", "20 und 30 °C = 68–86 °F"],
            ),
            ("5 and 10 km", &["10 km = 6.2 mi"]),
        ],
    );
}

#[test]
fn degrees_without_a_letter_are_of_the_scale_that_makes_sense() {
    let both = "20° now, 25 °C later";
    assert_eq!(all(both, Units::Imperial), ["20° = 68 °F", "25 °C = 77 °F"]);
    assert_eq!(all(both, Units::Metric), [] as [&str; 0]);
    assert_eq!(all("68 degrees outside", Units::Metric), ["68 degrees = 20 °C"]);
    assert_eq!(all("20 Grad draußen", Units::Metric), [] as [&str; 0]);
    assert_eq!(convert("68 degrees", Units::Metric)[0].read_as, Unit::Fahrenheit);
    assert_eq!(all("20 degrees outside", Units::Imperial), ["20 degrees = 68 °F"]);
    let none = |text| [Units::Metric, Units::Imperial].into_iter().all(|to| convert(text, to).is_empty());
    for other in [
        "a 180 degree turn",
        "turn it 45 degrees",
        "an angle of 30°",
        "30 degrees of rotation",
        "6 degrees of separation",
        "360°",
        "360 Grad",
        "10 degrees warmer",
        "10 °F colder",
        "10 Grad kälter",
        "up by 5 degrees",
        "40° north",
        "1000 degrees",
    ] {
        assert!(none(other), "{other}");
    }
}

#[test]
fn what_is_already_right_is_left_alone() {
    assert_eq!(all("20 °C, 5 km, 80 kg, 1 l", Units::Metric), [] as [&str; 0]);
    assert_eq!(all("68 °F, 5 miles, 6'2\", 1 gal", Units::Imperial), [] as [&str; 0]);
}

#[test]
fn what_was_never_meant_is_not_converted() {
    let innocent = [
        "3 in a row",
        "10 in the morning",
        "1 in 10 people",
        "5 in 2023",
        "IN 5 IN 3",
        "um 5 in der Früh",
        "5m people",
        "5M views",
        "$5m",
        "5 m€",
        "10m ago",
        "brb 5m",
        "timeout for 10m",
        "5 m users",
        "3 M",
        "5g internet",
        "a 4G phone",
        "5 g's",
        "100 m²",
        "50 m2",
        "500 sq ft",
        "20 ft²",
        "5 m^2",
        "50 ft-lb",
        "50 ft lbs",
        "2024-05-10 in Berlin",
        "10.05.2024 m",
        "12:30 m",
        "192.168.1.1 m",
        "v1.5 m",
        "1.2.3 km",
        "555-1234",
        "COVID-19 in",
        "F-16 C",
        "B-52 F",
        "WD-40 l",
        "A4 m",
        "#5 m",
        "2^10 m",
        "007 km",
        "24/7 m",
        "5/10 in",
        "https://example.com/5 https://example.com/10km/5miles?x=5_ft",
        "www.example.com/5-miles",
        "<https://a.example/5km>",
        "`5 miles`",
        "``5 ` miles 3 km``",
        "```\n5 miles\n10 km\n```",
        "<@5> <@&123> <#5>",
        "<:5km:123>",
        "<a:miles:5>",
        "<t:1700000000:R> m",
        "</weather 5 km:123>",
        "5x10 ft",
        "the 'top 10' list",
        "\"see you at 10\"",
        "“top 10”",
        "the 90's",
        "the 90s",
        "Track 5 ft. Eminem",
        "C 5 F 6",
        "room 101 F",
        "3 C batteries",
        "2 F notes",
        "the 2022 cup",
        "5 pounds sterling",
        "30 miles per gallon",
        "5 apples",
        "5",
        "",
        "m",
        "km/h 5",
        "20c",
        "68f",
        "0x5 F",
        "5 mg/dl",
        "8 l/100km",
        "5m30s",
        "5kmx",
        "5 km_h",
        "1234567890123 km",
        "5-m",
        "10-5 miles",
        "5\nmiles",
        "5  miles",
        "5 @miles",
        "user5@5km.example",
        "5m.example",
        "1.23.45,6 km",
        "1,23,4 km",
        "+1 555 123 4567",
    ];
    let innocent: Vec<(&str, &[&str])> = innocent.iter().map(|text| (*text, [].as_slice())).collect();
    check(Units::Metric, &innocent);
    check(Units::Imperial, &innocent);
}

#[test]
fn what_stands_beside_code_and_addresses_is_found() {
    check(
        Units::Metric,
        &[
            ("`code` 5 miles `more", &["5 miles = 8 km"]),
            ("https://example.com 5 miles <@123> 3 lb", &["5 miles = 8 km", "3 lb = 1.4 kg"]),
            ("Distance:5 miles...6 miles", &["5 miles = 8 km", "6 miles = 9.7 km"]),
            ("<5 miles and 10 dogs, 3 miles", &["5 miles = 8 km", "3 miles = 4.8 km"]),
            ("\"He ran 5 miles\" on a 27\" screen", &["5 miles = 8 km", "27\" = 69 cm"]),
        ],
    );
}

#[test]
fn a_long_list_is_cut() {
    let text: String = (1..100).map(|miles| format!("{miles} miles, ")).collect();
    assert_eq!(convert(&text, Units::Metric).len(), MAX_CONVERSIONS);
}

#[test]
fn decimals_are_written_as_a_language_wants_them() {
    let [one] = convert("26.2 miles", Units::Metric).try_into().unwrap();
    assert_eq!((one.text(','), one.to.value), ("42,2 km".to_owned(), Decimal { digits: 422, places: 1 }));
    let grouped = convert("1,000,000 miles", Units::Metric)[0].text(',');
    assert_eq!(grouped, "1\u{202f}610\u{202f}000 km");
    assert_eq!(Decimal { digits: -205, places: 2 }.text('.'), "−2.05");
}
