//! What has to change so that Discord has our commands: computed, not yet done.

use serde_json::{Value, json};

use super::{
    Scope, Wanted,
    difference::{self, Difference},
    normal,
};

const CHAT_INPUT: u64 = 1;
/// Made by Discord for applications with an activity, which alone may take it away.
const ENTRY_POINT: u64 = 4;

/// One command, and what becomes of it.
#[derive(Clone, Debug, PartialEq)]
pub struct Step {
    /// As it is shown: `/weather`, or a context menu's name.
    pub name: String,
    /// What happens.
    pub change: Change,
}

/// What becomes of a command.
#[derive(Clone, Debug, PartialEq)]
pub enum Change {
    /// Discord does not know it yet.
    Added,
    /// It is not quite as it should be.
    Changed(Vec<Difference>),
    /// It had another name, and keeps its id.
    Renamed {
        /// As it is shown.
        from: String,
        /// The id that it keeps.
        id: String,
        /// What differs beside the name.
        differences: Vec<Difference>,
    },
    /// Nobody wants it any more.
    Removed {
        /// The id that goes with it.
        id: String,
    },
    /// It is as it should be.
    Unchanged,
    /// Not ours to change: the entry point of an activity.
    LeftAlone,
}

/// All of it, and the one request that does it.
#[derive(Clone, Debug, PartialEq)]
pub struct Plan {
    steps: Vec<Step>,
    body: Vec<Value>,
}

impl Plan {
    /// What leads from what is registered to what is wanted.
    ///
    /// A command is found by type and name; otherwise one of its former names is looked for, and its
    /// id kept.
    pub fn between(registered: &[Value], wanted: &[Wanted], scope: Scope) -> Self {
        let (mut steps, mut body, mut found) = (Vec::new(), Vec::new(), Vec::new());
        for command in wanted {
            let old = find(registered, wanted, command).filter(|old| !found.contains(&&old["id"]));
            let mut definition = normal::body(&command.definition, scope);
            let step = step(old, &command.definition, scope);
            if let (Some(old), Change::Renamed { .. }) = (old, &step.change) {
                definition["id"] = old["id"].clone();
            }
            found.extend(old.map(|old| &old["id"]));
            steps.push(step);
            body.push(definition);
        }
        for old in registered.iter().filter(|old| !found.contains(&&old["id"])) {
            let is_entry_point = kind(old) == ENTRY_POINT;
            if is_entry_point {
                body.push(kept(old, scope));
            }
            let change = if is_entry_point { Change::LeftAlone } else { Change::Removed { id: id(old) } };
            steps.push(Step { name: shown(old), change });
        }
        Self { steps, body }
    }

    /// Every command.
    pub fn steps(&self) -> &[Step] {
        &self.steps
    }

    /// The body of the bulk overwrite: every command, the unchanged ones too.
    pub fn body(&self) -> &[Value] {
        &self.body
    }

    /// Whether there is nothing to do.
    pub fn is_empty(&self) -> bool {
        self.steps.iter().all(|step| matches!(step.change, Change::Unchanged | Change::LeftAlone))
    }

    /// The ids of commands that lose the permissions which guilds have set on them, with their old names.
    pub fn losing_permissions(&self) -> Vec<(&str, &str)> {
        self.steps.iter().filter_map(Step::loses_permissions).collect()
    }
}

impl Step {
    fn loses_permissions(&self) -> Option<(&str, &str)> {
        match &self.change {
            Change::Removed { id } => Some((id, &self.name)),
            Change::Renamed { id, from, .. } => Some((id, from)),
            _ => None,
        }
    }
}

fn step(old: Option<&Value>, definition: &Value, scope: Scope) -> Step {
    let name = shown(definition);
    let Some(old) = old else { return Step { name, change: Change::Added } };
    let (from, to) = normal::pair(old, definition, scope);
    let mut differences = difference::between(&from, &to);
    let change = if from["name"] != to["name"] {
        differences.retain(|difference| difference.at != "name");
        Change::Renamed { from: shown(old), id: id(old), differences }
    } else if differences.is_empty() {
        Change::Unchanged
    } else {
        Change::Changed(differences)
    };
    Step { name, change }
}

/// By its name, else by a former one that nobody else has now.
fn find<'a>(registered: &'a [Value], wanted: &[Wanted], command: &Wanted) -> Option<&'a Value> {
    let kind = kind(&command.definition);
    let named = |name: &str| registered.iter().find(|old| self::kind(old) == kind && old["name"] == name);
    let is_taken = |name: &str| {
        wanted.iter().any(|other| self::kind(&other.definition) == kind && other.definition["name"] == name)
    };
    let own = command.definition["name"].as_str().and_then(named);
    own.or_else(|| command.previous_names.iter().filter(|name| !is_taken(name)).find_map(|name| named(name)))
}

fn kind(command: &Value) -> u64 {
    command["type"].as_u64().unwrap_or(CHAT_INPUT)
}

fn id(command: &Value) -> String {
    command["id"].as_str().unwrap_or("?").to_owned()
}

/// As it is, named by its id.
fn kept(old: &Value, scope: Scope) -> Value {
    let mut body = normal::body(old, scope);
    body["id"] = json!(id(old));
    body
}

/// As users see it.
pub(super) fn shown(command: &Value) -> String {
    let name = command["name"].as_str().unwrap_or("?");
    match kind(command) {
        2 => format!("{name} (on a user)"),
        3 => format!("{name} (on a message)"),
        ENTRY_POINT => format!("{name} (entry point)"),
        _ => format!("/{name}"),
    }
}
