//! What the command line asks for.

use domain::mutant::Mutant;

const HELP: &str = "\
Usage: cargo xtask chaos [--seeds N] [--seed S] [--mutant NAME|all]

  --seeds N       Run seeds 1 to N (20)
  --seed S        Run this seed, twice: it is the same both times
  --mutant NAME   Build in a known mistake; a seed of the first 20 has to notice it. The mistakes:
                  no-claim, answer-before-send, no-retry-of-10015, unkeyed-effect, batch-fails-whole,
                  lost-watch, or all";

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
        let number = |text: &str| text.parse().map_err(|_| format!("`{text}` is no number\n\n{HELP}"));
        let wish = match words.as_slice() {
            [] => Wish::Seeds { first: 1, count: 20 },
            ["--seeds", count] => Wish::Seeds { first: 1, count: number(count)? },
            ["--seed", seed] => Wish::Seeds { first: number(seed)?, count: 1 },
            ["--mutant", name] => Wish::Mutants(mutants(name)?),
            _ => return Err(HELP.to_owned()),
        };
        Ok(Self { wish })
    }
}

fn mutants(name: &str) -> Result<Vec<(Mutant, &'static str)>, String> {
    let found: Vec<_> =
        Mutant::ALL.into_iter().filter(|(_, known)| name == "all" || *known == name).collect();
    if found.is_empty() { Err(format!("there is no mistake `{name}`\n\n{HELP}")) } else { Ok(found) }
}
