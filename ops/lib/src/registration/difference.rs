//! The fields in which two commands differ, named by their options.

use std::fmt;

use serde_json::Value;

/// Values longer than this are cut.
const MAX_VALUE_LENGTH: usize = 60;
/// Lists whose entries have names, with the word for an entry.
const NAMED_LISTS: [(&str, &str); 2] = [("options", "option"), ("choices", "choice")];

/// A field that differs.
#[derive(Clone, Debug, PartialEq)]
pub struct Difference {
    /// The field: `option place, max_length`.
    pub at: String,
    /// Discord's value, if any.
    pub from: Option<Value>,
    /// The wanted value, if any.
    pub to: Option<Value>,
}

/// `option place: new`, `description: "A" -> "B"`.
impl fmt::Display for Difference {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match (&self.from, &self.to) {
            (None, Some(Value::Object(_))) => write!(f, "{}: new", self.at),
            (Some(Value::Object(_)), None) => write!(f, "{}: gone", self.at),
            (from, to) => write!(f, "{}: {} -> {}", self.at, render(from.as_ref()), render(to.as_ref())),
        }
    }
}

fn render(value: Option<&Value>) -> String {
    let text = value.map_or_else(|| "nothing".to_owned(), Value::to_string);
    if text.chars().count() <= MAX_VALUE_LENGTH {
        return text;
    }
    text.chars().take(MAX_VALUE_LENGTH).chain(['…']).collect()
}

/// All fields in which the commands differ.
pub(super) fn between(from: &Value, to: &Value) -> Vec<Difference> {
    let mut found = Vec::new();
    objects("", from, to, &mut found);
    found
}

fn objects(at: &str, from: &Value, to: &Value, found: &mut Vec<Difference>) {
    let keys = |value: &Value| -> Vec<String> {
        value.as_object().into_iter().flatten().map(|(key, _)| key.clone()).collect()
    };
    let mut all = keys(from);
    all.extend(keys(to).into_iter().filter(|key| from.get(key).is_none()));
    all.sort();
    for key in all {
        let (from, to) = (from.get(&key), to.get(&key));
        if from == to {
            continue;
        }
        let named = NAMED_LISTS.iter().find(|(list, _)| *list == key);
        match (named, from, to) {
            (Some((list, one)), _, _) => lists(at, (*list, *one), entries(from), entries(to), found),
            (None, Some(from @ Value::Object(_)), Some(to @ Value::Object(_))) => {
                objects(&join(at, &key), from, to, found);
            }
            _ => found.push(Difference { at: join(at, &key), from: from.cloned(), to: to.cloned() }),
        }
    }
}

fn entries(list: Option<&Value>) -> &[Value] {
    list.and_then(Value::as_array).map_or(&[], Vec::as_slice)
}

fn lists(at: &str, (list, one): (&str, &str), from: &[Value], to: &[Value], found: &mut Vec<Difference>) {
    let place = |entry: &Value| join(at, &format!("{one} {}", name(entry)));
    let find = |list: &'_ [Value], wanted: &Value| list.iter().position(|entry| name(entry) == name(wanted));
    for gone in from.iter().filter(|entry| find(to, entry).is_none()) {
        found.push(Difference { at: place(gone), from: Some(gone.clone()), to: None });
    }
    for entry in to {
        match find(from, entry) {
            None => found.push(Difference { at: place(entry), from: None, to: Some(entry.clone()) }),
            Some(index) => objects(&place(entry), &from[index], entry, found),
        }
    }
    let order = |list: &[Value], other: &[Value]| -> Vec<Value> {
        list.iter().filter(|entry| find(other, entry).is_some()).map(|entry| entry["name"].clone()).collect()
    };
    let (was, is) = (order(from, to), order(to, from));
    if was != is {
        let at = join(at, &format!("order of {list}"));
        found.push(Difference { at, from: Some(was.into()), to: Some(is.into()) });
    }
}

fn name(entry: &Value) -> &str {
    entry["name"].as_str().unwrap_or("?")
}

pub(super) fn join(at: &str, next: &str) -> String {
    if at.is_empty() { next.to_owned() } else { format!("{at}, {next}") }
}

#[cfg(test)]
mod tests {
    use serde_json::json;

    use super::*;

    #[test]
    fn every_field_is_told_with_the_names_around_it() {
        let from = json!({"description": "A", "nsfw": true, "options": [
            {"name": "add", "type": 1, "options": [{"name": "what", "max_length": 5, "choices": [{"name": "x", "value": "1"}]}]},
            {"name": "drop", "type": 1}, {"name": "list", "type": 1}]});
        let to = json!({"description": "B", "description_localizations": {"de": "C"}, "options": [
            {"name": "list", "type": 1},
            {"name": "add", "type": 1, "options": [{"name": "what", "max_length": 6, "choices": [{"name": "x", "value": "2"}]}]},
            {"name": "undo", "type": 1}]});
        let told: Vec<_> = between(&from, &to).iter().map(ToString::to_string).collect();
        assert_eq!(
            told,
            [
                r#"description: "A" -> "B""#,
                r"description_localizations: new",
                "nsfw: true -> nothing",
                "option drop: gone",
                r#"option add, option what, choice x, value: "1" -> "2""#,
                "option add, option what, max_length: 5 -> 6",
                "option undo: new",
                r#"order of options: ["add","list"] -> ["list","add"]"#,
            ]
        );
    }

    #[test]
    fn the_same_is_no_difference() {
        let command = json!({"name": "a", "options": [{"name": "x"}]});
        assert_eq!(between(&command, &command), []);
    }
}
