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
      Give this to another server of yours with “Import…”, pasted or as a file.
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
      ### Settings of this server
      **Language** As Discord says
      **Units** Metric (°C, km) (not decided)
      **Time zone** UTC (not decided)
      **Turned off** Nothing [Edit…]
      ───
      **Language**
      Language: ▸ As Discord says | English | Deutsch
      **Units**
      Units: ▸ Not decided | Metric (°C, km) | Imperial (°F, miles)
      **What can be used**
      What can be used: ▸ Weather | ▸ Converting units
      [Copy] [Import…]
    ");
}

const TO_IMPORT: Act =
    Act { name: "opens the form for a document", does: Step::Press(&["Import…", "Einlesen…"]), ..ASKED };

#[tokio::test(flavor = "multi_thread")]
async fn opens_the_form_for_a_document() {
    insta::assert_snapshot!(crate::seen::seen(&TO_IMPORT).await, @"
    modal: Import…
      What it says takes the place of all settings of this server.
      Text (optional)
        Paste here what “Copy” has shown …
        [_____]
      File (optional)
        … or the same as a file
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
      ### Settings of this server
      **Language** English
      **Units** Imperial (°F, miles)
      **Time zone** UTC (not decided)
      **Turned off** Nothing [Edit…]
      ───
      **Language**
      Language: As Discord says | ▸ English | Deutsch
      **Units**
      Units: Not decided | Metric (°C, km) | ▸ Imperial (°F, miles)
      **What can be used**
      What can be used: ▸ Weather | ▸ Converting units
      [Copy] [Import…]
      ───
      **Last changes**
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
      ### Settings of this server
      **Language** As Discord says
      **Units** Imperial (°F, miles)
      **Time zone** UTC (not decided)
      **Turned off** Nothing [Edit…]
      ───
      **Language**
      Language: ▸ As Discord says | English | Deutsch
      **Units**
      Units: Not decided | Metric (°C, km) | ▸ Imperial (°F, miles)
      **What can be used**
      What can be used: ▸ Weather | ▸ Converting units
      [Copy] [Import…]
      ───
      **Last changes**
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
      The value of “Language” in it is none that I know.
    ");
}
