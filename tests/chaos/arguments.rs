//! What the command line asks for.

use domain::mutant::Mutant;

const USAGE: &str = "`cargo xtask chaos --help` says how it is used";

/// What is wanted.
pub(crate) enum Wish {
    Seeds { first: u64, count: u64 },
    Mutants(Vec<(Mutant, &'static str)>),
}

pub(crate) struct Arguments {
    pub(crate) wish: Wish,
}

impl Arguments {
    pub(crate) fn parse(given: impl Iterator<Item = String>) -> Result<Self, String> {
        let given: Vec<String> = given.collect();
        let words: Vec<&str> = given.iter().map(String::as_str).collect();
        let number = |text: &str| text.parse().map_err(|_| format!("`{text}` is no number; {USAGE}"));
        let wish = match words.as_slice() {
            [] => Wish::Seeds { first: 1, count: 20 },
            ["--seeds", count] => Wish::Seeds { first: 1, count: number(count)? },
            ["--seed", seed] => Wish::Seeds { first: number(seed)?, count: 1 },
            ["--mutant", name] => Wish::Mutants(mutants(name)?),
            _ => return Err(USAGE.to_owned()),
        };
        Ok(Self { wish })
    }
}

fn mutants(name: &str) -> Result<Vec<(Mutant, &'static str)>, String> {
    let found: Vec<_> =
        Mutant::ALL.into_iter().filter(|(_, known)| name == "all" || *known == name).collect();
    if found.is_empty() {
        let known = Mutant::ALL.map(|(_, known)| known).join(", ");
        return Err(format!("there is no mistake `{name}`, but these: {known}, and all of them: `all`"));
    }
    Ok(found)
}
