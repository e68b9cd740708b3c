//! What somebody does, as data: played by `../play.rs` and by chaos.

use engine::Ability;
use local_discord::{Seen, View};
use serde_json::Value;

/// One thing that somebody does.
#[derive(Clone, Copy, Debug)]
pub(crate) struct Act {
    /// In words, for reports. No two acts of a command have the same.
    pub(crate) name: &'static str,
    /// The ability that serves it.
    pub(crate) uses: Ability,
    pub(crate) by: Person,
    /// What is done before, which shows the message or the form that this is done on.
    pub(crate) after: Option<&'static Act>,
    pub(crate) does: Step,
    /// The name and content of a file that is uploaded before, and named by the step.
    pub(crate) uploads: Option<(&'static str, &'static str)>,
    /// What stands for each `{name}` in the step.
    pub(crate) blanks: &'static [Blank],
    /// Whether everybody may see what comes of it.
    pub(crate) is_public: bool,
    /// Whether it is refused politely.
    pub(crate) is_refused: bool,
    /// Whether its numbers are thrown by dice: then they are others each time.
    pub(crate) is_random: bool,
    pub(crate) effect: Option<Effect>,
    /// Menus of the panel that comes of it, by position, which then show what was given for a blank.
    pub(crate) shows: &'static [(usize, &'static str)],
    /// How often people do it in chaos, beside the other acts; 0 is never.
    pub(crate) often: u64,
}

impl Act {
    /// An act of a member who speaks English, as far as most acts are alike.
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
    /// The same, of who owns the guild.
    pub(crate) const OF_OWNER: Self = Self { by: Person::Owner, ..Self::OF_MEMBER };

    /// It, and what comes before it, the first thing first.
    pub(crate) fn chain(&self) -> Vec<&Self> {
        let mut chain = self.after.map(Self::chain).unwrap_or_default();
        chain.push(self);
        chain
    }
}

/// Who does it: the people of the test kit.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Person {
    Member,
    /// Speaks German, in the English guild.
    Traveller,
    /// May do everything in the guild.
    Owner,
}

/// How it is done in a client. Where something has a text in each language, all of them stand here, and the one
/// that is seen is meant.
#[derive(Clone, Copy, Debug)]
pub(crate) enum Step {
    /// A line such as `/weather place:Paris`.
    Say(&'static str),
    /// Such a line, typed as far as this.
    Type(&'static str),
    /// The button with one of these labels.
    Press(&'static [&'static str]),
    /// What is chosen in the menu with one of these placeholders.
    Choose(&'static [&'static str], &'static [&'static str]),
    /// The fields of the form that is open, each with what is put there.
    Submit(&'static [(&'static str, &'static [&'static str])]),
    /// A command from the context menu of this person.
    UseOn(&'static str, &'static str),
    /// A command from the context menu of a message with this text, written before.
    UseOnText(&'static str, &'static str),
}

impl Step {
    /// Whether it is done on something that is seen.
    pub(crate) fn needs_something(&self) -> bool {
        matches!(self, Self::Press(_) | Self::Choose(..) | Self::Submit(_))
    }

    /// The custom id of what it is done on, if that is what is seen: of the button, the menu or the open form.
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

/// However deep it is.
fn find(components: &Value, wanted: &impl Fn(&Value) -> Option<String>) -> Option<String> {
    components.as_array()?.iter().find_map(|component| {
        let own = wanted(component).or_else(|| wanted(&component["accessory"]));
        own.or_else(|| find(&component["components"], wanted))
    })
}

/// What a step leaves open.
#[derive(Clone, Copy, Debug)]
pub(crate) struct Blank {
    pub(crate) name: &'static str,
    /// The first, if nobody chooses; chaos throws dice.
    pub(crate) values: &'static [&'static str],
    /// Whether it takes whatever anybody writes.
    pub(crate) is_free: bool,
}

impl Blank {
    /// Takes whatever anybody writes.
    pub(crate) const fn free(name: &'static str, values: &'static [&'static str]) -> Self {
        Self { name, values, is_free: true }
    }

    /// Takes one of these.
    pub(crate) const fn one_of(name: &'static str, values: &'static [&'static str]) -> Self {
        Self { name, values, is_free: false }
    }
}

/// What stands in the blanks.
#[derive(Clone, Debug, Default)]
pub(crate) struct Values<'a>(Vec<(&'static str, &'a str)>);

impl<'a> Values<'a> {
    /// One for each blank of an act.
    pub(crate) fn of(act: &Act, choose: impl Fn(&Blank) -> &'a str) -> Self {
        Self(act.blanks.iter().map(|blank| (blank.name, choose(blank))).collect())
    }

    /// What stands in a blank.
    pub(crate) fn get(&self, name: &str) -> Option<&'a str> {
        self.0.iter().find(|(known, _)| *known == name).map(|(_, value)| *value)
    }

    /// The text with all its blanks filled.
    pub(crate) fn fill(&self, text: &str) -> String {
        let fill = |text: String, (name, value): &(&str, &str)| text.replace(&format!("{{{name}}}"), value);
        self.0.iter().fold(text.to_owned(), fill)
    }

    /// All of it, in words.
    pub(crate) fn told(&self) -> String {
        self.0.iter().map(|(name, value)| format!(" {name}:{value}")).collect()
    }
}

/// What it changes in the State table, if it is not refused. The keys are written out again here: whoever judges
/// the bot shares no code with it.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Effect {
    /// The user's item of this sort key, whose `changed_by_interaction` says who changed it last.
    Changes {
        /// The sort key.
        item: &'static str,
    },
    /// An item for each interaction that took effect, and a number of them in another.
    Counts {
        /// What sort keys of the first begin with, before the interaction's id.
        each: &'static str,
        /// The sort key of the other.
        sum: &'static str,
        /// The number's attribute.
        field: &'static str,
        /// Whether it takes effect each time that it is done: not if what is changed may be so already.
        always: bool,
    },
    /// The ids of all interactions that took effect, in the user's item of this sort key, and their number.
    Lists {
        /// The sort key.
        item: &'static str,
        /// The attribute of the ids.
        ids: &'static str,
        /// The number's attribute.
        count: &'static str,
    },
}
