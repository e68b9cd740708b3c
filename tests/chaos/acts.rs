//! What was done: for the judge, who has to know what should have come of it.

use local_discord::{InteractionId, View};
use serde_json::Value;

use crate::scenarios::Effect;

/// What somebody did.
#[derive(Clone, Debug)]
pub(crate) struct Done {
    pub(crate) id: InteractionId,
    pub(crate) who: &'static str,
    /// In words.
    pub(crate) what: String,
    /// Whether only its user may see what comes of it.
    pub(crate) is_private: bool,
    pub(crate) effect: Option<Effect>,
    /// What was chosen in which menus of a panel, in a menu, a form or a file.
    pub(crate) chosen: Vec<(usize, &'static str)>,
}

/// The options that the menus of the last message show as chosen.
pub(crate) fn shown_as_chosen(view: &View, menu: usize) -> Vec<String> {
    let menus = menus(view);
    let wanted = menus.get(menu);
    let mut found = Vec::new();
    if let Some(message) = view.message() {
        each(&message["components"], &mut |it| {
            let options = it["options"].as_array().into_iter().flatten();
            if it["custom_id"].as_str() == wanted.map(String::as_str) && wanted.is_some() {
                let chosen = options.filter(|option| option["default"] == true);
                found.extend(chosen.filter_map(|option| option["value"].as_str()).map(str::to_owned));
            }
        });
    }
    found
}

/// Custom ids of its menus, in their order.
fn menus(view: &View) -> Vec<String> {
    /// Source: Discord, "Component Types".
    const MENU: u64 = 3;
    let mut found = Vec::new();
    if let Some(message) = view.message() {
        each(&message["components"], &mut |it| {
            if it["type"] == MENU
                && let Some(id) = it["custom_id"].as_str()
            {
                found.push(id.to_owned());
            }
        });
    }
    found
}

/// Every component, however deep it is, in the order in which they are seen.
fn each(components: &Value, see: &mut impl FnMut(&Value)) {
    for component in components.as_array().into_iter().flatten() {
        each(&component["components"], see);
        see(&component["accessory"]);
        see(component);
    }
}
