//! Recorded actions, from which the checker derives the expected effects.

use local_discord::{InteractionId, View};
use serde_json::Value;

use crate::scenarios::Effect;

/// An action of a member.
#[derive(Clone, Debug)]
pub(crate) struct Performed {
    pub(crate) id: InteractionId,
    pub(crate) who: &'static str,
    /// A description.
    pub(crate) what: String,
    /// Whether only its user may see the reply.
    pub(crate) is_private: bool,
    pub(crate) effect: Option<Effect>,
    /// The values chosen, by the index of the select in the settings message that shows them.
    pub(crate) chosen: Vec<(usize, &'static str)>,
}

/// The options that a select of the last message shows as chosen.
pub(crate) fn shown_as_chosen(view: &View, select: usize) -> Vec<String> {
    let select_ids = select_ids(view);
    let select_id = select_ids.get(select);
    let mut found = Vec::new();
    if let Some(message) = view.message() {
        visit_components(&message["components"], &mut |it| {
            let options = it["options"].as_array().into_iter().flatten();
            if it["custom_id"].as_str() == select_id.map(String::as_str) && select_id.is_some() {
                let chosen = options.filter(|option| option["default"] == true);
                found.extend(chosen.filter_map(|option| option["value"].as_str()).map(str::to_owned));
            }
        });
    }
    found
}

/// The custom ids of its selects, in order.
fn select_ids(view: &View) -> Vec<String> {
    /// Source: Discord, "Component Types".
    const STRING_SELECT: u64 = 3;
    let mut found = Vec::new();
    if let Some(message) = view.message() {
        visit_components(&message["components"], &mut |it| {
            if it["type"] == STRING_SELECT
                && let Some(id) = it["custom_id"].as_str()
            {
                found.push(id.to_owned());
            }
        });
    }
    found
}

/// Visits components at any depth; children before their parent.
fn visit_components(components: &Value, visit: &mut impl FnMut(&Value)) {
    for component in components.as_array().into_iter().flatten() {
        visit_components(&component["components"], visit);
        visit(&component["accessory"]);
        visit(component);
    }
}
