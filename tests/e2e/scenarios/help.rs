//! `/help`

use super::{Act, Scenario, Step};

pub(super) const SCENARIO: Scenario = Scenario { acts: &[HELP], shapes: Vec::new };

const HELP: Act = Act { name: "asks for help", does: Step::Say("/help"), often: 2, ..Act::OF_MEMBER };

#[tokio::test(flavor = "multi_thread")]
async fn asks_for_help() {
    insta::assert_snapshot!(crate::seen::seen(&HELP).await, @"
    message (only you can see this)
      What you can use here
      `/ping` – See whether I am there, and how fast
      `/help` – See what you can use here
      `/weather` – Tell the weather at a place
      `/home` – See or change the place you call home
      **Weather at home** – in the menu of a person, under *Apps*
      **Convert units** – in the menu of a message, under *Apps*
    ");
}

#[tokio::test(flavor = "multi_thread")]
async fn asks_for_help_in_german() {
    insta::assert_snapshot!(crate::seen::seen_in_german(&HELP).await, @"
    message (only you can see this)
      Was du hier benutzen kannst
      `/ping` – Zeigt, ob ich da bin und wie schnell
      `/help` – Zeigt, was du hier benutzen kannst
      `/weather` – Sagt das Wetter an einem Ort
      `/home` – Zeigt oder ändert den Ort, an dem du zu Hause bist
      **Wetter zu Hause** – im Kontextmenü einer Person, unter *Apps*
      **Einheiten umrechnen** – im Kontextmenü einer Nachricht, unter *Apps*
      `/settings` – Zeigt oder ändert, was dieser Server über mich entschieden hat
    ");
}
