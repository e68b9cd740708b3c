//! Translates positions in Discord's errors (`0.options.2.description`) to names of commands and options.

use std::fmt;

use serde_json::Value;

use super::{difference::join, plan};

/// An error in a definition, reported by Discord.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Fault {
    /// The field: `/weather, option place, description`.
    pub at: String,
    /// Discord's message.
    pub message: String,
    /// Discord's code.
    pub code: String,
}

impl fmt::Display for Fault {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "{}: {} ({})", self.at, self.message, self.code)
    }
}

/// All errors in the tree of a 50035. Its numbers are indexes in `sent`.
pub(super) fn faults(errors: &Value, sent: &[Value]) -> Vec<Fault> {
    let mut found = Vec::new();
    let sent = Value::from(sent);
    collect("", "", errors, Some(&sent), &mut found);
    found
}

/// `list` is the key of `errors`: numbers in it are indexes in that list.
fn collect(at: &str, list: &str, errors: &Value, sent: Option<&Value>, found: &mut Vec<Fault>) {
    for (key, below) in errors.as_object().into_iter().flatten() {
        if key == "_errors" {
            found.extend(below.as_array().into_iter().flatten().map(|error| fault(at, error)));
            continue;
        }
        let index = key.parse::<usize>().ok();
        let here = sent.and_then(|sent| index.map_or_else(|| sent.get(key), |index| sent.get(index)));
        let at = match (index, list) {
            (Some(_), "") => join(at, &here.map_or_else(|| format!("command {key}"), plan::label)),
            (Some(_), "options") => join(at, &format!("option {}", named(here, key))),
            (Some(_), "choices") => join(at, &format!("choice {}", named(here, key))),
            (None, _) if key == "options" || key == "choices" => {
                collect(at, key, below, here, found);
                continue;
            }
            _ => join(at, key),
        };
        collect(&at, key, below, here, found);
    }
}

fn named(here: Option<&Value>, position: &str) -> String {
    here.and_then(|here| here["name"].as_str()).unwrap_or(position).to_owned()
}

fn fault(at: &str, error: &Value) -> Fault {
    let text = |key: &str| error[key].as_str().unwrap_or("?").to_owned();
    let at = if at.is_empty() { "the list of commands" } else { at };
    Fault { at: at.to_owned(), message: text("message"), code: text("code") }
}

#[cfg(test)]
mod tests {
    use serde_json::json;

    use super::*;

    #[test]
    fn positions_become_names() {
        let sent = [
            json!({"name": "ping"}),
            json!({"name": "weather", "options": [{"name": "of", "options": [
                {"name": "units", "choices": [{"name": "C"}, {"name": "F"}]}]}]}),
            json!({"name": "Report", "type": 3}),
        ];
        let error = |code: &str| json!({"_errors": [{"code": code, "message": "No."}]});
        let errors = json!({
            "_errors": [{"code": "A", "message": "No."}],
            "0": {"description": error("B")},
            "1": {"options": {"0": {"options": {"0": {"choices": {"1": {"name": error("C")}}},
                                                "7": error("D")}},
                              "_errors": [{"code": "E", "message": "No."}]}},
            "2": {"name_localizations": {"de": error("F")}},
            "9": error("G"),
        });
        let mut told: Vec<_> = faults(&errors, &sent).iter().map(ToString::to_string).collect();
        told.sort();
        assert_eq!(
            told,
            [
                "/ping, description: No. (B)",
                "/weather, option of, option 7: No. (D)",
                "/weather, option of, option units, choice F, name: No. (C)",
                "/weather: No. (E)",
                "Report (on a message), name_localizations, de: No. (F)",
                "command 9: No. (G)",
                "the list of commands: No. (A)",
            ]
        );
    }
}
