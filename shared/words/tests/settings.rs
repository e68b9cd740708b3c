//! What `/settings` says of settings that others have changed since.
#![allow(clippy::unwrap_used, reason = "a test that cannot go on has failed")]

use domain::{
    Language,
    settings::{Changed, Feature},
};
use steward_words::settings::overruled;

#[test]
fn the_settings_that_others_have_changed_since_are_named() {
    let changes = [
        Changed::Language(Some(Language::German)),
        Changed::TimeZone(None),
        Changed::Feature { feature: Feature::Weather, on: false },
    ];
    assert_eq!(
        overruled(Language::English, &changes),
        "Not changed, because others changed it since: **Language, Time zone, Weather**"
    );
    assert_eq!(
        overruled(Language::German, &changes),
        "Nicht geändert, weil es inzwischen andere geändert haben: **Sprache, Zeitzone, Wetter**"
    );
}
