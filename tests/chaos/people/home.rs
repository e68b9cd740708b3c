//! Members move, and forget their homes: a panel, a form, and what is filled in.

use local::discord::View;

use super::{PLACES, Person, is_form};
use crate::{
    acts::{Effect, buttons},
    dice::Dice,
};

impl Person {
    /// The panel, the form, and what is filled in: two or three interactions.
    pub(super) async fn moves(&mut self, dice: Dice) {
        let Some((panel, buttons)) = self.panel(dice).await else { return };
        let did = ("opens the form of the home", true, None);
        let Some(form) = self.presses(dice, &panel, &buttons[0], did).await else { return };
        if self.is_over() || !is_form(&form) {
            return;
        }
        let place = dice.of("home", 0).pick(&PLACES);
        let shared = if dice.of("shared", 0).strikes(5_000) { "true" } else { "false" };
        let filled: &[(&str, &[&str])] = &[("place", &[place]), ("shared", &[shared])];
        let sent = self.world.discord.submit(self.name, form.id, filled).await;
        let dice = dice.of("form", 0);
        if let Some(view) =
            self.did(dice, sent, (format!("moves to {place}"), true, Some(Effect::Home))).await
        {
            self.home = Some(view);
        }
    }

    pub(super) async fn forgets(&mut self, dice: Dice) {
        let Some((panel, buttons)) = self.panel(dice).await else { return };
        let Some(forget) = buttons.get(1) else { return self.moves(dice).await };
        let did = ("forgets the home", true, Some(Effect::Forget));
        if let Some(view) = self.presses(dice.of("forget", 0), &panel, forget, did).await {
            self.home = Some(view);
        }
    }

    /// The panel of the home, opened if it is not before them.
    async fn panel(&mut self, dice: Dice) -> Option<(View, Vec<String>)> {
        if self.home.as_ref().is_none_or(|view| buttons(view).is_empty()) {
            self.home = self.says(dice.of("panel", 0), "/home", None).await;
        }
        let panel = self.home.clone()?;
        let buttons = buttons(&panel);
        (!buttons.is_empty() && !self.is_over()).then_some((panel, buttons))
    }
}
