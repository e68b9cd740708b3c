//! Owners change what their guilds have decided: in menus, in a form, and by a file.

use local::discord::View;

use super::{Person, is_form, message_id};
use crate::{
    acts::{Effect, buttons, menus},
    dice::Dice,
};

impl Person {
    pub(super) async fn changes_settings(&mut self, dice: Dice) {
        if self.settings.as_ref().is_none_or(|view| menus(view).is_empty()) {
            self.settings = self.says(dice.of("settings", 0), "/settings", None).await;
        }
        let Some(panel) = self.settings.clone().filter(|panel| !menus(panel).is_empty()) else { return };
        if self.is_over() {
            return;
        }
        let changed = match dice.of("how", 0).below(10) {
            0..7 => self.chooses(dice, &panel).await,
            7..9 => self.fills_in(dice, &panel, 0).await,
            _ => self.fills_in(dice, &panel, 2).await,
        };
        if let Some(view) = changed {
            self.settings = Some(view);
        }
    }

    async fn chooses(&self, dice: Dice, panel: &View) -> Option<View> {
        const CHOICES: [(usize, &[&str]); 7] = [
            (0, &["en"]),
            (0, &["de"]),
            (0, &["none"]),
            (1, &["metric"]),
            (1, &["imperial"]),
            (2, &["weather"]),
            (2, &["weather", "conversion"]),
        ];
        let (menu, values) = dice.of("choice", 0).pick(&CHOICES);
        let menus = menus(panel);
        let message = message_id(panel)?;
        let chosen = self.world.discord.choose(self.name, message, menus.get(menu)?, values).await;
        let did = (format!("chooses {values:?}"), true, Some(Effect::Settings));
        self.did_choosing(dice, chosen, did, (menu < 2).then_some((menu, values[0])).into_iter().collect())
            .await
    }

    /// The form behind a button: that of several settings, or that for a file.
    async fn fills_in(&self, dice: Dice, panel: &View, button: usize) -> Option<View> {
        let buttons = buttons(panel);
        let did = ("opens a form of settings", true, None);
        let form = self.presses(dice, panel, buttons.get(button)?, did).await?;
        if self.is_over() || !is_form(&form) {
            return None;
        }
        let (language, units) =
            (dice.of("l", 0).pick(&["en", "de"]), dice.of("u", 0).pick(&["metric", "imperial"]));
        let file = format!(r#"{{"steward":1,"language":"{language}","units":"{units}"}}"#);
        let filled: &[(&str, &[&str])] = if button == 0 {
            let zone = dice.of("z", 0).pick(&["Europe/Berlin", "America/Lima", "Asia/Tokyo"]);
            &[
                ("language", &[language]),
                ("units", &[units]),
                ("time_zone", &[zone]),
                ("features", &["weather"]),
            ]
        } else {
            self.world.discord.upload(self.name, "s.json", file.into_bytes()).expect("it is taken");
            &[("file", &["s.json"])]
        };
        let sent = self.world.discord.submit(self.name, form.id, filled).await;
        let what = if button == 0 { "fills in the settings" } else { "imports settings" };
        let did = (what.to_owned(), true, Some(Effect::Settings));
        self.did_choosing(dice.of("form", 0), sent, did, vec![(0, language), (1, units)]).await
    }
}
