//! `/help`

use super::{Act, Scenario, Step};

pub(super) const SCENARIO: Scenario = Scenario { acts: &[HELP], shapes: Vec::new };

const HELP: Act = Act { name: "asks for help", does: Step::Say("/help"), often: 2, ..Act::OF_MEMBER };

#[tokio::test(flavor = "multi_thread")]
async fn asks_for_help() {
    insta::assert_snapshot!(crate::seen::seen(&HELP).await, @"
    message (only you can see this)
      Commands you can use here
      `/ping` – Check whether I am online, and how fast I am
      `/help` – Show the commands you can use here
      `/weather` – Show the weather at a place
      `/home` – Show or change your home
      **Weather at home** – in a user's context menu, under *Apps*
      **Convert units** – in a message's context menu, under *Apps*
    ");
}

#[tokio::test(flavor = "multi_thread")]
async fn asks_for_help_in_german() {
    insta::assert_snapshot!(crate::seen::seen_in_german(&HELP).await, @"
    message (only you can see this)
      Befehle, die du hier benutzen kannst
      `/ping` – Zeigt, ob ich online bin und wie schnell
      `/help` – Zeigt die Befehle, die du hier benutzen kannst
      `/weather` – Zeigt das Wetter an einem Ort
      `/home` – Zeigt oder ändert dein Zuhause
      **Wetter zu Hause** – im Kontextmenü einer Person, unter *Apps*
      **Einheiten umrechnen** – im Kontextmenü einer Nachricht, unter *Apps*
      `/settings` – Zeigt oder ändert meine Einstellungen für diesen Server
    ");
}
