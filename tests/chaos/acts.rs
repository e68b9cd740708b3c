//! What was done: for the judge, who has to know what should have come of it.

use local::discord::{InteractionId, View};
use serde_json::Value;

/// What somebody did.
#[derive(Clone, Debug)]
pub(crate) struct Act {
    pub(crate) id: InteractionId,
    pub(crate) who: &'static str,
    /// In words.
    pub(crate) what: String,
    /// Whether only its user may see what comes of it.
    pub(crate) is_private: bool,
    pub(crate) effect: Option<Effect>,
}

/// What it changes in the tables, if it is not refused.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Effect {
    /// Sets the user's home.
    Home,
    /// Forgets it.
    Forget,
    /// Changes the guild's settings.
    Settings,
    /// Raises the user's tally by one.
    Tally,
}

/// Custom ids of the buttons on the last message that was seen, in their order.
pub(crate) fn buttons(view: &View) -> Vec<String> {
    components(view, |kind| kind == 2)
}

/// Custom ids of its menus, in their order.
pub(crate) fn menus(view: &View) -> Vec<String> {
    components(view, |kind| kind == 3)
}

/// Source of the numbers: Discord, "Component Types".
fn components(view: &View, is_wanted: impl Fn(u64) -> bool + Copy) -> Vec<String> {
    let mut found = Vec::new();
    if let Some(message) = view.message() {
        collect(&message["components"], is_wanted, &mut found);
    }
    found
}

fn collect(components: &Value, is_wanted: impl Fn(u64) -> bool + Copy, found: &mut Vec<String>) {
    for component in components.as_array().into_iter().flatten() {
        collect(&component["components"], is_wanted, found);
        for it in [component, &component["accessory"]] {
            if it["type"].as_u64().is_some_and(is_wanted)
                && let Some(id) = it["custom_id"].as_str()
            {
                found.push(id.to_owned());
            }
        }
    }
}
