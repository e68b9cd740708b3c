//! The registry: every command, one line each - its file, its type, its abilities.

use discord::{Definition, Permissions};

use crate::{Class, Command, OnPress, Press, Visibility, dispatch::commands, words};

commands! {
    ping::Ping: Run;
    help::Help: Run;
    weather::Weather: Run Work Complete Press;
    #[cfg(feature = "rehearsal")]
    rehearse::Rehearse: Run Work;
}

/// What is known about a command without running it.
#[derive(Clone, Copy, Debug)]
pub struct Entry {
    /// Its name.
    pub name: &'static str,
    /// Who sees its reply.
    pub reply: Visibility,
    /// Which limits hold for it.
    pub class: Class,
    /// What a member must be allowed to do to use it.
    pub requires: Permissions,
    /// Names that it had.
    pub formerly: &'static [&'static str],
    /// What pressing one of its buttons does to the message; `None` if it has none.
    pub on_press: Option<OnPress>,
    /// What Discord is told about it.
    pub definition: fn() -> Definition,
}

/// The command of this name.
pub fn find(name: &str) -> Option<&'static Entry> {
    COMMANDS.iter().find(|entry| entry.name == name)
}

const fn entry<C: Command>(on_press: Option<OnPress>) -> Entry {
    Entry {
        name: C::NAME,
        reply: C::REPLY,
        class: C::CLASS,
        requires: C::REQUIRES,
        formerly: C::FORMERLY,
        on_press,
        definition: || Definition::of::<C>(C::REQUIRES, words::descriptions::translate),
    }
}

#[cfg(test)]
mod tests {
    use std::collections::BTreeSet;

    use domain::Language;

    use super::*;

    #[test]
    fn names_are_unique() {
        let names: BTreeSet<_> = COMMANDS.iter().map(|entry| entry.name).collect();
        assert_eq!(names.len(), COMMANDS.len());
    }

    #[test]
    fn a_former_name_is_nobodys_name_now() {
        for entry in COMMANDS {
            for former in entry.formerly {
                assert!(find(former).is_none(), "{} was {former}, which another command is now", entry.name);
            }
        }
    }

    #[test]
    fn every_description_exists_in_every_language() {
        let others = || Language::ALL.into_iter().filter(|language| *language != Language::English);
        for path in COMMANDS.iter().flat_map(|entry| (entry.definition)().paths()) {
            for language in others() {
                assert!(words::descriptions::translate(language, &path).is_some(), "{language:?}: {path}");
            }
        }
    }
}
