//! Finds cycles of imports between files.

use std::collections::{BTreeMap, BTreeSet, VecDeque};

use super::imports::Imports;

/// Files in the order of imports; the last one imports from the first.
pub type Cycle = Vec<usize>;

/// The files that each file imports from.
type Next = BTreeMap<usize, BTreeSet<usize>>;

/// For each strongly connected set of files, shortest cycles that together contain all of them.
pub fn cycles(imports: &Imports) -> Vec<Vec<Cycle>> {
    let mut next = Next::new();
    for (from, to) in imports.keys() {
        next.entry(*from).or_default().insert(*to);
    }
    let mut sets: Vec<Vec<Cycle>> = Vec::new();
    let mut done = BTreeSet::new();
    for start in next.keys() {
        if done.contains(start) {
            continue;
        }
        let mut shown = BTreeSet::new();
        let mut set = Vec::new();
        for file in reaching_each_other(&next, *start) {
            done.insert(file);
            if !shown.contains(&file) {
                let cycle = shortest(&next, file);
                shown.extend(cycle.iter().flatten().copied());
                set.extend(cycle);
            }
        }
        if !set.is_empty() {
            sets.push(set);
        }
    }
    sets
}

/// The files that this one reaches and that reach it, including itself; empty if it is in no cycle.
fn reaching_each_other(next: &Next, file: usize) -> Vec<usize> {
    reached(next, file).into_keys().filter(|other| reached(next, *other).contains_key(&file)).collect()
}

/// The shortest path from a file back to itself.
fn shortest(next: &Next, file: usize) -> Option<Cycle> {
    let before = reached(next, file);
    let mut cycle = vec![file];
    let mut at = *before.get(&file)?;
    while at != file {
        cycle.push(at);
        at = before[&at];
    }
    // The path was followed backwards.
    cycle[1..].reverse();
    Some(cycle)
}

/// All files that a file reaches in one or more steps, each with its predecessor on the shortest path.
fn reached(next: &Next, file: usize) -> BTreeMap<usize, usize> {
    let mut before = BTreeMap::new();
    let mut waiting = VecDeque::from([file]);
    while let Some(from) = waiting.pop_front() {
        for to in next.get(&from).into_iter().flatten() {
            if !before.contains_key(to) {
                before.insert(*to, from);
                waiting.push_back(*to);
            }
        }
    }
    before
}
