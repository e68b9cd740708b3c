//! What `/settings` says of settings that have been changed since.

use domain::{
    Language,
    settings::{Changed, Feature},
};
use steward_words::settings::overruled;

#[test]
fn the_settings_that_have_been_changed_since_are_named() {
    let changes = [
        Changed::Language(Some(Language::German)),
        Changed::TimeZone(None),
        Changed::Feature { feature: Feature::Weather, on: false },
    ];
    assert_eq!(
        overruled(Language::English, &changes),
        "Not changed, because it has been changed since: **Language, Time zone, Weather**"
    );
    assert_eq!(
        overruled(Language::German, &changes),
        "Nicht geändert, weil es inzwischen anders eingestellt ist: **Sprache, Zeitzone, Wetter**"
    );
}
