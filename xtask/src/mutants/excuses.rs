//! The list of mutants that need not be caught, each with a reason: `xtask/mutants.txt`.

use std::fmt;
use std::fs;

use serde_json::Value;

use crate::failure::{Failure, Result};
use crate::workspace::Workspace;

const FILE: &str = "xtask/mutants.txt";

/// A mutant, identified without its line number, which changes with every edit above it.
#[derive(Debug)]
pub struct Mutant {
    file: String,
    function: String,
    change: String,
    pub line: u64,
}

impl Mutant {
    /// Parses the description of cargo-mutants.
    pub fn of(written: &Value) -> Result<Self> {
        let text = |value: &Value| value.as_str().map(str::to_owned);
        let unknown =
            || Failure::new(format!("unexpected description of a mutant by cargo-mutants: {written}"));
        let file = text(&written["file"]).ok_or_else(unknown)?;
        // A mutant outside of functions has no function name.
        let function = text(&written["function"]["function_name"]).unwrap_or_else(|| "-".to_owned());
        let name = text(&written["name"]).ok_or_else(unknown)?;
        // `file:line:column: change in function`, without the function where the change names it.
        let (_, change) = name.split_once(": ").ok_or_else(unknown)?;
        let change = change.strip_suffix(&format!(" in {function}")).unwrap_or(change);
        let change = change.split_whitespace().collect::<Vec<_>>().join(" ");
        Ok(Self { file, function, change, line: written["span"]["start"]["line"].as_u64().unwrap_or(0) })
    }
}

impl fmt::Display for Mutant {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "{}: {}: {}", self.file, self.function, self.change)
    }
}

pub struct Excuses(Vec<Excuse>);

struct Excuse {
    /// The mutant as it is displayed.
    mutant: String,
    /// The line in the list.
    line: usize,
}

impl Excuses {
    pub fn read(workspace: &Workspace) -> Result<Self> {
        let path = workspace.root().join(FILE);
        Self::parse(&fs::read_to_string(&path).map_err(Failure::at(&path))?)
    }

    pub fn parse(text: &str) -> Result<Self> {
        let lines = text.lines().zip(1..);
        let lines = lines.filter(|(text, _)| !text.trim().is_empty() && !text.starts_with('#'));
        let excuse = |(text, line): (&str, usize)| match text.split_once(" — ") {
            Some((mutant, reason)) if mutant.matches(": ").count() >= 2 && !reason.trim().is_empty() => {
                Ok(Excuse { mutant: mutant.trim().to_owned(), line })
            }
            _ => Err(Failure::new(format!("{FILE}:{line} is not `file: function: mutation — reason`"))),
        };
        lines.map(excuse).collect::<Result<_>>().map(Self)
    }

    pub fn has(&self, mutant: &Mutant) -> bool {
        let shown = mutant.to_string();
        self.0.iter().any(|excuse| excuse.mutant == shown)
    }

    /// The lines of entries that match none of these mutants.
    pub fn needless<'a>(&self, excused: impl Iterator<Item = &'a Mutant>) -> Vec<usize> {
        let excused: Vec<String> = excused.map(ToString::to_string).collect();
        let needless = self.0.iter().filter(|excuse| !excused.contains(&excuse.mutant));
        needless.map(|excuse| excuse.line).collect()
    }
}

#[cfg(test)]
mod tests {
    use serde_json::json;

    use super::*;

    fn shown(name: &str, function: Option<&str>) -> String {
        let function = function.map(|name| json!({"function_name": name}));
        Mutant::of(&json!({"name": name, "file": "a.rs", "function": function}))
            .expect("a mutant")
            .to_string()
    }

    #[test]
    fn a_mutant_is_its_file_its_function_and_the_change() {
        let change =
            shown("a.rs:1:2: replace == with != in <impl Show for A>::of", Some("<impl Show for A>::of"));
        assert_eq!(change, "a.rs: <impl Show for A>::of: replace == with !=");
        let value = shown("a.rs:1:2: replace of -> bool with true", Some("of"));
        assert_eq!(value, "a.rs: of: replace of -> bool with true");
        assert_eq!(shown("a.rs:1:2: replace +\n    with -", None), "a.rs: -: replace + with -");
    }

    #[test]
    fn an_excuse_without_a_reason_is_refused_with_its_line() {
        for text in
            ["# A note.\n\na.rs: of: replace + with -\n", "\n\na.rs: of: delete ! — \n", "\n\na.rs — b"]
        {
            let refused = Excuses::parse(text).map(|_| ()).expect_err("no reason").to_string();
            assert!(refused.starts_with("xtask/mutants.txt:3 is not"), "{refused}");
        }
    }

    #[test]
    fn an_excuse_that_is_not_needed_is_named() {
        let excuses = Excuses::parse("a.rs: of: delete ! — no reason left\n").expect("a reason");
        assert_eq!(excuses.needless([].iter()), [1]);
    }

    #[test]
    fn every_excuse_of_the_list_has_a_reason_and_is_of_a_file_that_exists() {
        let workspace = Workspace::here().expect("the workspace");
        for excuse in Excuses::read(&workspace).expect("reasons").0 {
            let file = excuse.mutant.split(": ").next().unwrap_or_default();
            assert!(workspace.root().join(file).is_file(), "{FILE}:{}: there is no {file}", excuse.line);
        }
    }
}
