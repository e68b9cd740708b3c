//! Checks stored effects: each was requested and applied once, and none is missing whose user got a reply (for
//! settings, only if the interaction met no fault).

use std::collections::{BTreeMap, BTreeSet};

use serde_json::Value;

use super::{Judged, Violation};
use crate::{
    acts::shown_as_chosen,
    scenarios::{self, Effect},
    story::Id,
    world::World,
};

/// More items than any seed stores.
const MANY: usize = 5_000;

/// The State table.
struct Stored(Vec<Value>);

impl Stored {
    fn read(world: &World) -> Self {
        Self(world.dynamodb.items("State", MANY).expect("a table"))
    }

    /// The items with this sort key, each with its partition key.
    fn at<'a>(&'a self, sort: &'a str) -> impl Iterator<Item = (&'a str, &'a Value)> {
        self.0.iter().filter(move |item| item["sk"] == sort).map(|item| (text(item, "pk"), item))
    }

    /// The interactions that took effect, each with its partition key.
    fn of(&self, effect: Effect) -> Vec<(&str, Id)> {
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
                let all = self.at(item).flat_map(|(whose, item)| {
                    let listed = item[ids].as_array().into_iter().flatten();
                    listed.filter_map(move |id| Some((whose, id.as_str()?.parse().ok()?)))
                });
                all.collect()
            }
        }
    }
}

pub(super) fn judge(world: &World, judged: &[Judged]) -> Vec<Violation> {
    let stored = Stored::read(world);
    let mut wrong = choices(&stored, judged);
    let mut known = Vec::new();
    for effect in scenarios::acts().filter_map(|(_, act)| act.effect) {
        if known.contains(&effect) {
            continue;
        }
        known.push(effect);
        match effect {
            Effect::Changes { item } => wrong.extend(last_changes(&stored, judged, effect, item)),
            Effect::Counts { sum, field, always, .. } => {
                wrong.extend(sums(&stored, effect, sum, field));
                wrong.extend(wanted(&stored, judged, effect));
                if always {
                    wrong.extend(counted(&stored, judged, effect));
                }
            }
            Effect::Lists { item, count, .. } => {
                wrong.extend(sums(&stored, effect, item, count));
                wrong.extend(wanted(&stored, judged, effect));
                wrong.extend(counted(&stored, judged, effect));
            }
        }
    }
    wrong
}

/// Checks that a stored count equals the number of effects.
fn sums(stored: &Stored, effect: Effect, sum: &str, field: &str) -> Vec<Violation> {
    let mut counted: BTreeMap<&str, u64> = BTreeMap::new();
    for (whose, _) in stored.of(effect) {
        *counted.entry(whose).or_default() += 1;
    }
    let sums: BTreeMap<&str, u64> =
        stored.at(sum).map(|(whose, item)| (whose, text(item, field).parse().unwrap_or_default())).collect();
    let all: BTreeSet<&str> = counted.keys().chain(sums.keys()).copied().collect();
    let differs = all.into_iter().filter(|whose| counted.get(whose) != sums.get(whose));
    let say = |whose: &str| {
        let (sum_is, effects) =
            (sums.get(whose).copied().unwrap_or_default(), counted.get(whose).copied().unwrap_or_default());
        Violation {
            id: None,
            is_stored: true,
            what: format!("{whose}: {sum} says {sum_is}, and {effects} interactions took effect"),
        }
    };
    differs.map(say).collect()
}

/// Checks that each effect belongs to an interaction that requested it.
fn wanted(stored: &Stored, judged: &[Judged], effect: Effect) -> Vec<Violation> {
    let wanted: BTreeSet<Id> = ids(judged, |judged| judged.act.effect == Some(effect)).collect();
    let strange = stored.of(effect).into_iter().filter(|(_, id)| !wanted.contains(id));
    strange
        .map(|(whose, id)| Violation {
            id: Some(id),
            is_stored: false,
            what: format!("{whose}: an effect of {id}, which wanted none"),
        })
        .collect()
}

/// Checks that each interaction whose user got a reply is counted.
fn counted(stored: &Stored, judged: &[Judged], effect: Effect) -> Vec<Violation> {
    let counted: BTreeSet<Id> = stored.of(effect).into_iter().map(|(_, id)| id).collect();
    let told = |judged: &Judged| judged.act.effect == Some(effect) && judged.is_done();
    let missing = ids(judged, told).filter(|id| !counted.contains(id));
    missing
        .map(|id| Violation {
            id: Some(id),
            is_stored: false,
            what: "was told that it was done, and no effect is stored".to_owned(),
        })
        .collect()
}

/// Checks that a choice without faults took effect, or that the reply shows that it was already set.
fn choices(stored: &Stored, judged: &[Judged]) -> Vec<Violation> {
    let is_so = |judged: &Judged| {
        let effect = judged.act.effect.into_iter();
        effect.flat_map(|effect| stored.of(effect)).any(|(_, id)| id == judged.id())
    };
    let is_lost = |judged: &&Judged| {
        // A message without selects is a refusal.
        let is_other = |&(menu, value): &(usize, &str)| {
            let shown = shown_as_chosen(&judged.view, menu);
            !shown.is_empty() && shown.iter().all(|one| one != value)
        };
        let is_shown = is_so(judged) || !judged.act.chosen.iter().any(is_other);
        judged.is_done() && !judged.suffered(|_| true) && !is_shown
    };
    let lost = judged.iter().filter(is_lost).map(Judged::id);
    lost.map(|id| Violation {
        id: Some(id),
        is_stored: false,
        what: "was shown another choice than theirs".to_owned(),
    })
    .collect()
}

/// Checks that the stored value is that of the last interaction whose user got a reply, or of a later one.
fn last_changes(stored: &Stored, judged: &[Judged], effect: Effect, item: &str) -> Vec<Violation> {
    let changes = |judged: &&Judged| judged.act.effect == Some(effect);
    let standing: BTreeSet<Id> =
        stored.at(item).filter_map(|(_, item)| text(item, "changed_by_interaction").parse().ok()).collect();
    let mut wrong = Vec::new();
    for id in &standing {
        if !judged.iter().filter(changes).any(|judged| judged.id() == *id) {
            wrong.push(Violation {
                id: Some(*id),
                is_stored: false,
                what: format!("{item}: by an interaction that changes none"),
            });
        }
    }
    let people: BTreeSet<&str> = judged.iter().map(|judged| judged.act.who).collect();
    for who in people {
        let of_them = || judged.iter().filter(changes).filter(move |judged| judged.act.who == who);
        let last_told = of_them().filter(|judged| judged.is_done()).map(Judged::id).max();
        let stands = of_them().map(Judged::id).filter(|id| standing.contains(id)).max();
        if last_told > stands {
            let what = format!("{who} was told of a change of {item} that is not stored");
            wrong.push(Violation { id: last_told, is_stored: false, what });
        }
    }
    wrong
}

fn ids(judged: &[Judged], is_it: impl Fn(&Judged) -> bool) -> impl Iterator<Item = Id> {
    judged.iter().filter(move |judged| is_it(judged)).map(Judged::id)
}

fn text<'a>(item: &'a Value, name: &str) -> &'a str {
    item[name].as_str().unwrap_or_default()
}
