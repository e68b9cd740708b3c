//! The command line.

use tests::defects::Defect;

const USAGE: &str = "see `cargo xtask chaos --help`";

/// What to run.
pub(crate) enum Mode {
    Seeds { first: u64, count: u64 },
    Defects(Vec<(Defect, &'static str)>),
}

pub(crate) struct Arguments {
    pub(crate) mode: Mode,
}

impl Arguments {
    pub(crate) fn parse(given: impl Iterator<Item = String>) -> Result<Self, String> {
        let given: Vec<String> = given.collect();
        let arguments: Vec<&str> = given.iter().map(String::as_str).collect();
        let number = |text: &str| text.parse().map_err(|_| format!("`{text}` is not a number; {USAGE}"));
        let mode = match arguments.as_slice() {
            [] => Mode::Seeds { first: 1, count: 20 },
            ["--seeds", count] => Mode::Seeds { first: 1, count: number(count)? },
            ["--seeds", count, "--from", first] => {
                Mode::Seeds { first: number(first)?, count: number(count)? }
            }
            ["--seed", seed] => Mode::Seeds { first: number(seed)?, count: 1 },
            ["--defect", name] => Mode::Defects(defects(name)?),
            _ => return Err(USAGE.to_owned()),
        };
        Ok(Self { mode })
    }
}

fn defects(name: &str) -> Result<Vec<(Defect, &'static str)>, String> {
    let found: Vec<_> =
        Defect::ALL.into_iter().filter(|(_, known)| name == "all" || *known == name).collect();
    if found.is_empty() {
        let known = Defect::ALL.map(|(_, known)| known).join(", ");
        return Err(format!("there is no defect `{name}`; the defects are {known}, and `all` of them"));
    }
    Ok(found)
}
