//! The buttons of `/settings` for export and import.

use engine::Ability;

use super::{ASKED, Act, Blank, EDITED, SHOWN, Step};

pub(super) const COPIED: Act = Act {
    name: "copies the settings",
    uses: Ability::Press,
    after: Some(&SHOWN),
    does: Step::Press(&["Copy", "Kopieren"]),
    often: 0,
    ..Act::OF_OWNER
};

#[tokio::test(flavor = "multi_thread")]
async fn copies_the_settings() {
    insta::assert_snapshot!(crate::seen::seen(&COPIED).await, @r#"
    updated
      To use these settings on another server, choose “Import…” there and paste this text or upload it as a file.
      ```json
      {
        "steward": 1,
        "language": null,
        "units": null,
        "time_zone": null,
        "off": []
      }
      ```
      [Back]
    "#);
}

pub(super) const BACK: Act = Act {
    name: "goes back to the settings",
    after: Some(&COPIED),
    does: Step::Press(&["Back", "Zurück"]),
    ..COPIED
};

#[tokio::test(flavor = "multi_thread")]
async fn goes_back_to_the_settings() {
    insta::assert_snapshot!(crate::seen::seen(&BACK).await, @"
    updated
      ### Settings for this server
      **Language** Same as Discord
      **Units** Metric (°C, km) (default)
      **Time zone** UTC (default)
      **Turned off** Nothing [Edit…]
      ───
      **Language**
      Language: ▸ Same as Discord | English | Deutsch
      **Units**
      Units: ▸ Default | Metric (°C, km) | Imperial (°F, miles)
      **Available features**
      Available features: ▸ Weather | ▸ Unit conversion
      [Copy] [Import…]
    ");
}

const TO_IMPORT: Act =
    Act {
        name: "opens the form for a document", does: Step::Press(&["Import…", "Importieren…"]), ..ASKED
    };

#[tokio::test(flavor = "multi_thread")]
async fn opens_the_form_for_a_document() {
    insta::assert_snapshot!(crate::seen::seen(&TO_IMPORT).await, @"
    modal: Import…
      The import replaces all settings of this server.
      Text (optional)
        Paste the settings that “Copy” has shown you
        [_____]
      File (optional)
        Or upload the settings as a file
        [file]
    ");
}

const DOCUMENT: &str = r#"{"steward":1,"language":"{language}","units":"{units}"}"#;

/// Deferred, because the jobs function has to fetch the file.
pub(super) const FILE: Act = Act {
    name: "imports settings from a file",
    after: Some(&TO_IMPORT),
    does: Step::Submit(&[("file", &["s.json"])]),
    uploads: Some(("s.json", DOCUMENT)),
    blanks: &[Blank::one_of("language", &["en", "de"]), Blank::one_of("units", &["imperial", "metric"])],
    often: 3,
    ..EDITED
};

#[tokio::test(flavor = "multi_thread")]
async fn imports_settings_from_a_file() {
    insta::assert_snapshot!(crate::seen::seen(&FILE).await, @"
    edited
      ### Settings for this server
      **Language** English
      **Units** Imperial (°F, miles)
      **Time zone** UTC (default)
      **Turned off** Nothing [Edit…]
      ───
      **Language**
      Language: Same as Discord | ▸ English | Deutsch
      **Units**
      Units: Default | Metric (°C, km) | ▸ Imperial (°F, miles)
      **Available features**
      Available features: ▸ Weather | ▸ Unit conversion
      [Copy] [Import…]
      ───
      **Latest changes**
      <t:#:R> <@#>: Language → English, Units → Imperial (°F, miles)
    ");
}

pub(super) const TEXT: Act = Act {
    name: "imports settings from a text",
    does: Step::Submit(&[("text", &["{text}"])]),
    uploads: None,
    blanks: &[Blank::free("text", &[r#"{"steward":1,"units":"imperial"}"#])],
    shows: &[],
    often: 0,
    ..FILE
};

#[tokio::test(flavor = "multi_thread")]
async fn imports_settings_from_a_text() {
    insta::assert_snapshot!(crate::seen::seen(&TEXT).await, @"
    updated
      ### Settings for this server
      **Language** Same as Discord
      **Units** Imperial (°F, miles)
      **Time zone** UTC (default)
      **Turned off** Nothing [Edit…]
      ───
      **Language**
      Language: ▸ Same as Discord | English | Deutsch
      **Units**
      Units: Default | Metric (°C, km) | ▸ Imperial (°F, miles)
      **Available features**
      Available features: ▸ Weather | ▸ Unit conversion
      [Copy] [Import…]
      ───
      **Latest changes**
      <t:#:R> <@#>: Units → Imperial (°F, miles)
    ");
}

pub(super) const NO_TEXT: Act = Act {
    name: "imports settings that there are not",
    does: Step::Submit(&[("text", &[r#"{"steward":1,"language":"{word}","{word}":"x"}"#])]),
    blanks: &[Blank::free("word", &["Klingon"])],
    is_refused: true,
    effect: None,
    ..TEXT
};

#[tokio::test(flavor = "multi_thread")]
async fn imports_settings_that_there_are_not() {
    insta::assert_snapshot!(crate::seen::seen(&NO_TEXT).await, @"
    message (only you can see this)
      These settings contain an invalid value for “Language”.
    ");
}
