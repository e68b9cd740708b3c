//! Actions of members as data, performed by `../play.rs` and by the chaos suite.

use engine::Ability;
use local_discord::{Seen, View};
use serde_json::Value;

/// An action of a member.
#[derive(Clone, Copy, Debug)]
pub(crate) struct Act {
    /// A description, unique within a command.
    pub(crate) name: &'static str,
    /// The ability that handles it.
    pub(crate) uses: Ability,
    pub(crate) by: Person,
    /// The act before it, which shows the message or modal that this one uses.
    pub(crate) after: Option<&'static Act>,
    pub(crate) does: Step,
    /// The name and content of a file that is uploaded first.
    pub(crate) uploads: Option<(&'static str, &'static str)>,
    /// The placeholders, `{name}`, of the step.
    pub(crate) blanks: &'static [Blank],
    /// Whether the reply may be public.
    pub(crate) is_public: bool,
    /// Whether the command refuses it.
    pub(crate) is_refused: bool,
    /// Whether its reply has random numbers.
    pub(crate) is_random: bool,
    pub(crate) effect: Option<Effect>,
    /// Selects of the reply, by position, that must show the value of a placeholder.
    pub(crate) shows: &'static [(usize, &'static str)],
    /// The weight in the chaos suite; 0 is never.
    pub(crate) often: u64,
}

impl Act {
    /// Defaults for an act of an English-speaking member.
    pub(crate) const OF_MEMBER: Self = Self {
        name: "",
        uses: Ability::Run,
        by: Person::Member,
        after: None,
        does: Step::Say(""),
        uploads: None,
        blanks: &[],
        is_public: false,
        is_refused: false,
        is_random: false,
        effect: None,
        shows: &[],
        often: 1,
    };
    /// Defaults for an act of the guild's owner.
    pub(crate) const OF_OWNER: Self = Self { by: Person::Owner, ..Self::OF_MEMBER };

    /// The acts before it and the act itself, in order.
    pub(crate) fn chain(&self) -> Vec<&Self> {
        let mut chain = self.after.map(Self::chain).unwrap_or_default();
        chain.push(self);
        chain
    }
}

/// The members of the test kit who perform acts.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Person {
    Member,
    /// A member of the English guild who speaks German.
    Traveller,
    /// The guild's owner.
    Owner,
}

/// The action in the client. Labels are given in all languages; the one that is visible is used.
#[derive(Clone, Copy, Debug)]
pub(crate) enum Step {
    /// A line such as `/weather place:Paris`.
    Say(&'static str),
    /// An unfinished line, for autocomplete.
    Type(&'static str),
    /// Presses the button with one of these labels.
    Press(&'static [&'static str]),
    /// Chooses values in the select with one of these placeholders.
    Choose(&'static [&'static str], &'static [&'static str]),
    /// Submits the open modal with these fields.
    Submit(&'static [(&'static str, &'static [&'static str])]),
    /// A user command on this member.
    UseOn(&'static str, &'static str),
    /// A message command on a message with this text.
    UseOnText(&'static str, &'static str),
}

impl Step {
    /// Whether it needs a visible component or an open modal.
    pub(crate) fn needs_something(&self) -> bool {
        matches!(self, Self::Press(_) | Self::Choose(..) | Self::Submit(_))
    }

    /// The custom id of the button, select or modal that it uses, if that is visible.
    pub(crate) fn target(&self, seen: &View) -> Option<String> {
        let of = |it: &Value| it["custom_id"].as_str().map(str::to_owned);
        let named = |it: &Value, field: &str, names: &[&str]| {
            it[field].as_str().is_some_and(|name| names.contains(&name)).then(|| of(it)).flatten()
        };
        let last = seen.steps.last().map(|step| &step.seen);
        match (self, last) {
            (Self::Submit(_), Some(Seen::Modal { modal })) => of(modal),
            (Self::Press(labels), _) => {
                find(&seen.message()?["components"], &|it| named(it, "label", labels))
            }
            (Self::Choose(names, _), _) => {
                find(&seen.message()?["components"], &|it| named(it, "placeholder", names))
            }
            _ => None,
        }
    }
}

/// Finds a component at any depth.
fn find(components: &Value, wanted: &impl Fn(&Value) -> Option<String>) -> Option<String> {
    components.as_array()?.iter().find_map(|component| {
        let own = wanted(component).or_else(|| wanted(&component["accessory"]));
        own.or_else(|| find(&component["components"], wanted))
    })
}

/// A placeholder of a step.
#[derive(Clone, Copy, Debug)]
pub(crate) struct Blank {
    pub(crate) name: &'static str,
    /// Possible values. The first is the default; the chaos suite picks at random.
    pub(crate) values: &'static [&'static str],
    /// Whether it accepts any text.
    pub(crate) is_free: bool,
}

impl Blank {
    /// A placeholder that accepts any text.
    pub(crate) const fn free(name: &'static str, values: &'static [&'static str]) -> Self {
        Self { name, values, is_free: true }
    }

    /// A placeholder that accepts only these values.
    pub(crate) const fn one_of(name: &'static str, values: &'static [&'static str]) -> Self {
        Self { name, values, is_free: false }
    }
}

/// The values of placeholders.
#[derive(Clone, Debug, Default)]
pub(crate) struct Values<'a>(Vec<(&'static str, &'a str)>);

impl<'a> Values<'a> {
    /// A value for each placeholder of an act.
    pub(crate) fn of(act: &Act, choose: impl Fn(&Blank) -> &'a str) -> Self {
        Self(act.blanks.iter().map(|blank| (blank.name, choose(blank))).collect())
    }

    /// The value of a placeholder.
    pub(crate) fn get(&self, name: &str) -> Option<&'a str> {
        self.0.iter().find(|(known, _)| *known == name).map(|(_, value)| *value)
    }

    /// The text with its placeholders replaced.
    pub(crate) fn fill(&self, text: &str) -> String {
        let fill = |text: String, (name, value): &(&str, &str)| text.replace(&format!("{{{name}}}"), value);
        self.0.iter().fold(text.to_owned(), fill)
    }

    /// All values as text, for reports.
    pub(crate) fn told(&self) -> String {
        self.0.iter().map(|(name, value)| format!(" {name}:{value}")).collect()
    }
}

/// What it changes in the State table, unless it is refused. The keys are repeated here, because checks share no code
/// with the bot.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Effect {
    /// The user's item with this sort key; its `changed_by_interaction` is the last interaction that changed it.
    Changes {
        /// The sort key.
        item: &'static str,
    },
    /// An item for each interaction that took effect, and their number in another item.
    Counts {
        /// The prefix of the sort keys of the first, before the interaction's id.
        each: &'static str,
        /// The sort key of the item with the number.
        sum: &'static str,
        /// The attribute with the number.
        field: &'static str,
        /// Whether it always takes effect. False if the value may already be set.
        always: bool,
    },
    /// The ids of all interactions that took effect, and their number, in the user's item with this sort key.
    Lists {
        /// The sort key.
        item: &'static str,
        /// The attribute with the ids.
        ids: &'static str,
        /// The attribute with the number.
        count: &'static str,
    },
}
