//! Scenarios: how members use each command, one file a command.
//!
//! They are used for late and lost calls of DynamoDB and SQS (`slow_dependencies.rs`), untrusted input (`repeated.rs`,
//! `untrusted_input.rs`), shapes of custom ids (`contracts.rs`), and the chaos suite (`../chaos/members.rs`). A command
//! without a file does not compile here; one with an ability that no act uses, or with a button, select or modal
//! without a shape, fails `abilities.rs`.
//!
//! Below an act is a snapshot of what its member sees (`../seen.rs`). The chaos suite compiles these files without their
//! tests.

mod act;
mod shape;

use engine::Named;
use tests::commands::misbehave::Misbehave;

pub(crate) use act::{Act, Blank, Effect, Person, Step, Values};
pub(crate) use shape::Shape;

/// The scenario of a command.
pub(crate) struct Scenario {
    /// At least one act for each ability of the command.
    pub(crate) acts: &'static [Act],
    /// Every state that the command writes into custom ids: each variant once, with all fields set.
    pub(crate) shapes: fn() -> Vec<Shape>,
}

/// A command and its scenario.
pub(crate) struct Of {
    pub(crate) command: &'static str,
    /// The scenario's file.
    pub(crate) file: &'static str,
    pub(crate) scenario: Scenario,
}

mod misbehave;

macro_rules! scenarios {
    ($($kind:ident $file:ident::$command:ident: $($ability:ident)+;)+) => {
        $(mod $file;)+

        /// One for each command, in the order of the tests' registry.
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

/// All acts, with their commands.
pub(crate) fn acts() -> impl Iterator<Item = (&'static Of, &'static Act)> {
    ALL.iter().flat_map(|of| of.scenario.acts.iter().map(move |act| (of, act)))
}

/// All shapes of all commands.
pub(crate) fn shapes() -> Vec<Shape> {
    ALL.iter().flat_map(|of| (of.scenario.shapes)()).collect()
}
