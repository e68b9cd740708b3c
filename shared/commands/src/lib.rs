//! The bot's commands: a file per command, and the registry that lists them.
//!
//! A command consists of its file, its line in `registry.rs`, and its texts in `words`.
#![warn(missing_docs)]

mod files;
mod place;
mod registry;
mod upstream;

pub use engine::{Entry, Registry};

registry!(engine::commands);

#[cfg(test)]
mod tests {
    use std::collections::BTreeSet;

    use super::{COMMANDS, Commands, Registry as _};
    use domain::Language;

    #[test]
    fn names_are_unique_and_have_no_full_stop() {
        let names: BTreeSet<_> = COMMANDS.iter().map(|entry| entry.name).collect();
        assert_eq!(names.len(), COMMANDS.len());
        assert!(names.iter().all(|name| !name.contains('.')), "custom ids are split at it");
    }

    #[test]
    fn a_former_name_is_not_a_name_of_another_command() {
        for entry in COMMANDS {
            for former in entry.previous_names {
                let is_called =
                    |other: &&engine::Entry| other.name == *former || other.previous_names.contains(former);
                let all: Vec<_> = Commands::commands().filter(is_called).map(|other| other.name).collect();
                assert_eq!(all, [entry.name], "{former} was a name of all of these, and one may have it");
            }
        }
    }

    #[test]
    fn every_description_exists_in_every_language() {
        let others = || Language::ALL.into_iter().filter(|language| *language != Language::English);
        for path in COMMANDS.iter().flat_map(|entry| (entry.definition)().paths()) {
            for language in others() {
                assert!(words::translate(language, &path).is_some(), "{language:?}: {path}");
            }
        }
    }
}
