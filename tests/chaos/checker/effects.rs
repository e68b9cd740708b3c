//! Checks stored effects: each was requested and applied once, and none is missing whose user got a reply.

use std::collections::{BTreeMap, BTreeSet};

use serde_json::Value;

use super::{Checked, Violation};
use crate::{
    history::Id,
    performed::shown_as_chosen,
    scenarios::{self, Effect},
    simulation::Simulation,
};

/// More items than any seed stores.
const MAX_STORED_ITEMS: usize = 5_000;

/// The State table.
struct Stored(Vec<Value>);

impl Stored {
    fn read(simulation: &Simulation) -> Self {
        Self(simulation.dynamodb.items("State", MAX_STORED_ITEMS).expect("a table"))
    }

    /// The items with this sort key, each with its partition key.
    fn with_sort_key<'a>(&'a self, sort: &'a str) -> impl Iterator<Item = (&'a str, &'a Value)> {
        self.0.iter().filter(move |item| item["sk"] == sort).map(|item| (text(item, "pk"), item))
    }

    /// The interactions that took effect, each with its partition key.
    fn interactions(&self, effect: Effect) -> Vec<(&str, Id)> {
        match effect {
            Effect::Changes { .. } => Vec::new(),
            Effect::Counts { each, .. } => {
                let of_it = self.0.iter().filter_map(|item| {
                    let id = text(item, "sk").strip_prefix(each)?.parse().ok()?;
                    Some((text(item, "pk"), id))
                });
                of_it.collect()
            }
            Effect::Lists { item, ids, .. } => {
                let all = self.with_sort_key(item).flat_map(|(whose, item)| {
                    let listed = item[ids].as_array().into_iter().flatten();
                    listed.filter_map(move |id| Some((whose, id.as_str()?.parse().ok()?)))
                });
                all.collect()
            }
        }
    }
}

pub(super) fn check(simulation: &Simulation, checked: &[Checked]) -> Vec<Violation> {
    let stored = Stored::read(simulation);
    let mut violations = check_choices(&stored, checked);
    let mut known = Vec::new();
    for effect in scenarios::acts().filter_map(|(_, act)| act.effect) {
        if known.contains(&effect) {
            continue;
        }
        known.push(effect);
        match effect {
            Effect::Changes { item } => violations.extend(check_last_changes(&stored, checked, effect, item)),
            Effect::Counts { sum, field, always, .. } => {
                violations.extend(check_sums(&stored, effect, sum, field));
                violations.extend(check_requested(&stored, checked, effect));
                if always {
                    violations.extend(check_counted(&stored, checked, effect));
                }
            }
            Effect::Lists { item, count, .. } => {
                violations.extend(check_sums(&stored, effect, item, count));
                violations.extend(check_requested(&stored, checked, effect));
                violations.extend(check_counted(&stored, checked, effect));
            }
        }
    }
    violations
}

/// Checks that a stored count equals the number of effects.
fn check_sums(stored: &Stored, effect: Effect, sum: &str, field: &str) -> Vec<Violation> {
    let mut counted: BTreeMap<&str, u64> = BTreeMap::new();
    for (whose, _) in stored.interactions(effect) {
        *counted.entry(whose).or_default() += 1;
    }
    let sums: BTreeMap<&str, u64> = stored
        .with_sort_key(sum)
        .map(|(whose, item)| (whose, text(item, field).parse().unwrap_or_default()))
        .collect();
    let all: BTreeSet<&str> = counted.keys().chain(sums.keys()).copied().collect();
    let differs = all.into_iter().filter(|whose| counted.get(whose) != sums.get(whose));
    let violation = |whose: &str| {
        let (sum_is, effects) =
            (sums.get(whose).copied().unwrap_or_default(), counted.get(whose).copied().unwrap_or_default());
        Violation {
            id: None,
            is_stored: true,
            what: format!("{whose}: {sum} says {sum_is}, and {effects} interactions took effect"),
        }
    };
    differs.map(violation).collect()
}

/// Checks that each effect belongs to an interaction that requested it.
fn check_requested(stored: &Stored, checked: &[Checked], effect: Effect) -> Vec<Violation> {
    let requested: BTreeSet<Id> = ids(checked, |checked| checked.act.effect == Some(effect)).collect();
    let unrequested = stored.interactions(effect).into_iter().filter(|(_, id)| !requested.contains(id));
    unrequested
        .map(|(whose, id)| Violation {
            id: Some(id),
            is_stored: false,
            what: format!("{whose}: an effect of {id}, which wanted none"),
        })
        .collect()
}

/// Checks that each interaction whose user got a reply is counted.
fn check_counted(stored: &Stored, checked: &[Checked], effect: Effect) -> Vec<Violation> {
    let counted: BTreeSet<Id> = stored.interactions(effect).into_iter().map(|(_, id)| id).collect();
    let has_reply = |checked: &Checked| checked.act.effect == Some(effect) && checked.is_done();
    let missing = ids(checked, has_reply).filter(|id| !counted.contains(id));
    missing
        .map(|id| Violation {
            id: Some(id),
            is_stored: false,
            what: "was told that it was done, and no effect is stored".to_owned(),
        })
        .collect()
}

/// Checks that a choice took effect, or that the reply shows that it was already set, or says that a later one
/// has been made: and then there is one.
fn check_choices(stored: &Stored, checked: &[Checked]) -> Vec<Violation> {
    let took_effect = |checked: &Checked| {
        let effect = checked.act.effect.into_iter();
        effect.flat_map(|effect| stored.interactions(effect)).any(|(_, id)| id == checked.id())
    };
    let is_followed = |checked: &Checked| {
        let effect = checked.act.effect.into_iter();
        effect.flat_map(|effect| stored.interactions(effect)).any(|(_, id)| id > checked.id())
    };
    let is_lost = |checked: &&Checked| {
        // A message without selects is a refusal.
        let is_other = |&(menu, value): &(usize, &str)| {
            let shown = shown_as_chosen(&checked.view, menu);
            !shown.is_empty() && shown.iter().all(|one| one != value)
        };
        let is_shown = took_effect(checked)
            || !checked.act.chosen.iter().any(is_other)
            || (says_overruled(checked) && is_followed(checked));
        checked.is_done() && !is_shown
    };
    let lost = checked.iter().filter(is_lost).map(Checked::id);
    lost.map(|id| Violation {
        id: Some(id),
        is_stored: false,
        what: "was shown another choice than theirs".to_owned(),
    })
    .collect()
}

/// Whether the reply says that the setting has been changed since.
fn says_overruled(checked: &Checked) -> bool {
    let shown = checked.view.message().map(Value::to_string).unwrap_or_default();
    ["because it has been changed since", "weil es inzwischen anders eingestellt ist"]
        .iter()
        .any(|said| shown.contains(said))
}

/// Checks that the stored value is that of the last interaction whose user got a reply, or of a later one.
fn check_last_changes(stored: &Stored, checked: &[Checked], effect: Effect, item: &str) -> Vec<Violation> {
    let changes = |checked: &&Checked| checked.act.effect == Some(effect);
    let stored_changes: BTreeSet<Id> = stored
        .with_sort_key(item)
        .filter_map(|(_, item)| text(item, "changed_by_interaction").parse().ok())
        .collect();
    let mut violations = Vec::new();
    for id in &stored_changes {
        if !checked.iter().filter(changes).any(|checked| checked.id() == *id) {
            violations.push(Violation {
                id: Some(*id),
                is_stored: false,
                what: format!("{item}: by an interaction that changes none"),
            });
        }
    }
    let members: BTreeSet<&str> = checked.iter().map(|checked| checked.act.who).collect();
    for who in members {
        let changes_of_member =
            || checked.iter().filter(changes).filter(move |checked| checked.act.who == who);
        let last_confirmed = changes_of_member().filter(|checked| checked.is_done()).map(Checked::id).max();
        let last_stored = changes_of_member().map(Checked::id).filter(|id| stored_changes.contains(id)).max();
        if last_confirmed > last_stored {
            let what = format!("{who} was told of a change of {item} that is not stored");
            violations.push(Violation { id: last_confirmed, is_stored: false, what });
        }
    }
    violations
}

fn ids(checked: &[Checked], is_it: impl Fn(&Checked) -> bool) -> impl Iterator<Item = Id> {
    checked.iter().filter(move |checked| is_it(checked)).map(Checked::id)
}

fn text<'a>(item: &'a Value, name: &str) -> &'a str {
    item[name].as_str().unwrap_or_default()
}
