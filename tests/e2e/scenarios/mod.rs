//! How members use each command: a file for each, found through the registry.
//!
//! From here the end-to-end tests and chaos take what is done: each call of DynamoDB and SQS that comes late or is
//! lost (`slow_dependencies.rs`), what strangers write (`repeated.rs`, `untrusted_input.rs`), the shapes of custom ids
//! (`contracts.rs`), and what people do while everything fails (`../chaos/people.rs`). A command without a file
//! does not compile here; one with an ability that no act uses, or with a button, menu or form without a shape, is
//! red in `abilities.rs`.
//!
//! Under an act stands what its member sees of it, as a snapshot (`../seen.rs`). Chaos compiles these files without
//! their tests.

mod act;
mod shape;

use engine::Named;
use tests::commands::misbehave::Misbehave;

pub(crate) use act::{Act, Blank, Effect, Person, Step, Values};
pub(crate) use shape::Shape;

/// Of one command.
pub(crate) struct Scenario {
    /// What members do with it: at least one act for each of its abilities.
    pub(crate) acts: &'static [Act],
    /// Every state that it writes into custom ids, with every field filled and each variant once.
    pub(crate) shapes: fn() -> Vec<Shape>,
}

/// A command and its scenario.
pub(crate) struct Of {
    pub(crate) command: &'static str,
    /// Where the scenario is.
    pub(crate) file: &'static str,
    pub(crate) scenario: Scenario,
}

mod misbehave;

macro_rules! scenarios {
    ($($kind:ident $file:ident::$command:ident: $($ability:ident)+;)+) => {
        $(mod $file;)+

        /// One for each command, in the order of the registry of the tests.
        pub(crate) const ALL: &[Of] = &[
            $(Of {
                command: <commands::$file::$command as Named>::NAME,
                file: concat!("tests/e2e/scenarios/", stringify!($file), ".rs"),
                scenario: $file::SCENARIO,
            },)+
            Of {
                command: <Misbehave as Named>::NAME,
                file: "tests/e2e/scenarios/misbehave.rs",
                scenario: misbehave::SCENARIO,
            },
        ];
    };
}

commands::registry!(scenarios);

/// Every act, with the command that it is of.
pub(crate) fn acts() -> impl Iterator<Item = (&'static Of, &'static Act)> {
    ALL.iter().flat_map(|of| of.scenario.acts.iter().map(move |act| (of, act)))
}

/// Every shape of every command.
pub(crate) fn shapes() -> Vec<Shape> {
    ALL.iter().flat_map(|of| (of.scenario.shapes)()).collect()
}
