//! What the bot can do: a file for each command, and what is known about all of them.

use discord::{CommandKind, Definition, Permissions, definition::Places};
use domain::settings::Feature;

use crate::{
    Class, Named, Visibility,
    dispatch::{Uses, commands},
    registry::Ability,
};

crate::registry!(commands);

/// What is known about a command without running it.
#[derive(Clone, Copy, Debug)]
pub struct Entry {
    /// Its name; no two commands have the same, of whatever kind.
    pub name: &'static str,
    /// How it is used.
    pub kind: CommandKind,
    /// What it can do: what its line names.
    pub abilities: &'static [Ability],
    /// Who sees its reply.
    pub reply: Visibility,
    /// Which limits hold for it.
    pub class: Class,
    /// What a member must be allowed to do to use it.
    pub requires: Permissions,
    /// What the bot must be allowed to do for it.
    pub needs: Permissions,
    /// Where it can be used.
    pub places: Places,
    /// What a guild can turn off, it with it.
    pub feature: Option<Feature>,
    /// Its buttons and menus, if it has any.
    pub press: Option<Uses>,
    /// Its forms, if it has any.
    pub submit: Option<Uses>,
    /// Names that it had.
    pub formerly: &'static [&'static str],
    /// What Discord is told about it.
    pub definition: fn() -> Definition,
}

/// The command of this name.
pub fn find(name: &str) -> Option<&'static Entry> {
    COMMANDS.iter().find(|entry| entry.name == name)
}

const fn entry<C: Named>(kind: CommandKind, definition: fn() -> Definition) -> Entry {
    Entry {
        name: C::NAME,
        kind,
        abilities: &[],
        reply: C::REPLY,
        class: C::CLASS,
        requires: C::REQUIRES,
        needs: C::NEEDS,
        places: C::PLACES,
        feature: C::FEATURE,
        formerly: C::FORMERLY,
        press: None,
        submit: None,
        definition,
    }
}

#[cfg(test)]
mod tests {
    use std::collections::BTreeSet;

    use domain::Language;

    use super::*;
    use crate::words;

    #[test]
    fn names_are_unique_and_have_no_full_stop() {
        let names: BTreeSet<_> = COMMANDS.iter().map(|entry| entry.name).collect();
        assert_eq!(names.len(), COMMANDS.len());
        assert!(names.iter().all(|name| !name.contains('.')), "custom ids are split at it");
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
                assert!(words::translate(language, &path).is_some(), "{language:?}: {path}");
            }
        }
    }
}
