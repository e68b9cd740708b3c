//! The plan of a registration: what has to change so that Discord has our commands.

use serde_json::{Value, json};

use super::{
    Scope, Wanted,
    difference::{self, Difference},
    normal,
};

const CHAT_INPUT_TYPE: u64 = 1;
/// The entry point command of an activity, which Discord creates itself.
const ENTRY_POINT_TYPE: u64 = 4;

/// A command and its change.
#[derive(Clone, Debug, PartialEq)]
pub struct Step {
    /// The displayed name: `/weather`, or a context menu command's name.
    pub name: String,
    /// The change.
    pub change: Change,
}

/// The change of a command.
#[derive(Clone, Debug, PartialEq)]
pub enum Change {
    /// It is new.
    Added,
    /// Some fields differ.
    Changed(Vec<Difference>),
    /// It is renamed, and keeps its id.
    Renamed {
        /// The old displayed name.
        from: String,
        /// Its id.
        id: String,
        /// The fields that differ besides the name.
        differences: Vec<Difference>,
    },
    /// It is not wanted any more.
    Removed {
        /// Its id.
        id: String,
    },
    /// Nothing differs.
    Unchanged,
    /// It is not ours: the entry point of an activity.
    LeftAlone,
}

/// All steps, and the body of the request that performs them.
#[derive(Clone, Debug, PartialEq)]
pub struct Plan {
    steps: Vec<Step>,
    body: Vec<Value>,
}

impl Plan {
    /// Compares registered with wanted commands.
    ///
    /// A command is found by type and name, or else by one of its former names; it keeps its id then.
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
            let is_entry_point = kind(old) == ENTRY_POINT_TYPE;
            if is_entry_point {
                body.push(kept(old, scope));
            }
            let change = if is_entry_point { Change::LeftAlone } else { Change::Removed { id: id(old) } };
            steps.push(Step { name: label(old), change });
        }
        Self { steps, body }
    }

    /// The steps, one for each command.
    pub fn steps(&self) -> &[Step] {
        &self.steps
    }

    /// The body of the bulk overwrite: all commands, including unchanged ones.
    pub fn body(&self) -> &[Value] {
        &self.body
    }

    /// Whether nothing has to change.
    pub fn is_empty(&self) -> bool {
        self.steps.iter().all(|step| matches!(step.change, Change::Unchanged | Change::LeftAlone))
    }

    /// The ids and old names of commands that lose the permissions set by guilds.
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
    let name = label(definition);
    let Some(old) = old else { return Step { name, change: Change::Added } };
    let (from, to) = normal::pair(old, definition, scope);
    let mut differences = difference::between(&from, &to);
    let change = if from["name"] != to["name"] {
        differences.retain(|difference| difference.at != "name");
        Change::Renamed { from: label(old), id: id(old), differences }
    } else if differences.is_empty() {
        Change::Unchanged
    } else {
        Change::Changed(differences)
    };
    Step { name, change }
}

/// Finds the registered command by name, or by a former name that no other wanted command has.
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
    command["type"].as_u64().unwrap_or(CHAT_INPUT_TYPE)
}

fn id(command: &Value) -> String {
    command["id"].as_str().unwrap_or("?").to_owned()
}

/// The registered command unchanged, with its id.
fn kept(old: &Value, scope: Scope) -> Value {
    let mut body = normal::body(old, scope);
    body["id"] = json!(id(old));
    body
}

/// The displayed name.
pub(super) fn label(command: &Value) -> String {
    let name = command["name"].as_str().unwrap_or("?");
    match kind(command) {
        2 => format!("{name} (on a user)"),
        3 => format!("{name} (on a message)"),
        ENTRY_POINT_TYPE => format!("{name} (entry point)"),
        _ => format!("/{name}"),
    }
}
