//! Performs the acts of the scenarios as members of a test app.

use local_discord::View;
use tests::{Interaction, Member, TestApp};

use crate::scenarios::{Act, Person, Step, Values};

/// How acts are performed.
#[derive(Clone, Copy)]
pub(crate) struct Player<'a> {
    pub(crate) app: &'a TestApp,
    /// If set, this member performs everything, instead of the act's own.
    pub(crate) alone: Option<Person>,
    /// Whether everything is done in the German guild, by a German-speaking member who may manage it.
    pub(crate) is_german: bool,
    /// The value of every free placeholder, if set.
    pub(crate) written: Option<&'a str>,
}

impl<'a> Player<'a> {
    pub(crate) fn of(app: &'a TestApp) -> Self {
        Self { app, alone: None, is_german: false, written: None }
    }

    fn member(self, act: &Act) -> Member<'a> {
        if self.is_german {
            return self.app.german();
        }
        match self.alone.unwrap_or(act.by) {
            Person::Member => self.app.member(),
            Person::Traveller => self.app.traveller(),
            Person::Owner => self.app.owner(),
        }
    }

    fn values(self, act: &Act) -> Values<'a> {
        Values::of(act, |blank| self.written.filter(|_| blank.is_free).unwrap_or(blank.values[0]))
    }

    /// Performs the acts before this one. Returns the last view.
    pub(crate) async fn prepares(self, act: &Act) -> Option<View> {
        let mut before = None;
        for first in act.after?.chain() {
            before = Some(self.does(first, before.as_ref()).await.settled().await);
        }
        before
    }

    /// Performs the acts before this one and the act itself, as far as possible: a refusal has no button for the next
    /// act. Returns all views.
    pub(crate) async fn plays(self, act: &Act) -> Vec<View> {
        let mut seen: Vec<View> = Vec::new();
        for act in act.chain() {
            if act.does.needs_something() && seen.last().and_then(|last| act.does.target(last)).is_none() {
                break;
            }
            seen.push(self.does(act, seen.last()).await.settled().await);
        }
        seen
    }

    /// Performs the act on what was seen before.
    pub(crate) async fn does(self, act: &Act, before: Option<&View>) -> Interaction<'a> {
        let (values, mut member) = (self.values(act), self.member(act));
        if let Some((name, content)) = act.uploads {
            member = member.uploads(name, values.fill(content).as_bytes());
        }
        let before = || before.unwrap_or_else(|| panic!("{} is done on something", act.name));
        let target = |seen: &View| {
            act.does.target(seen).unwrap_or_else(|| panic!("{}: it is not there: {:?}", act.name, seen.steps))
        };
        match act.does {
            Step::Say(line) => member.says(&values.fill(line)).await,
            Step::Type(line) => panic!("{line}: what is typed is no interaction that is seen"),
            Step::Press(_) => member.presses(before(), &target(before())).await,
            Step::Choose(_, chosen) => {
                let chosen: Vec<String> = chosen.iter().map(|one| values.fill(one)).collect();
                let chosen: Vec<&str> = chosen.iter().map(String::as_str).collect();
                member.chooses(before(), &target(before()), &chosen).await
            }
            Step::Submit(fields) => {
                let filled: Vec<(&str, Vec<String>)> = fields
                    .iter()
                    .map(|(name, all)| (*name, all.iter().map(|one| values.fill(one)).collect()))
                    .collect();
                let filled: Vec<(&str, Vec<&str>)> = filled
                    .iter()
                    .map(|(name, all)| (*name, all.iter().map(String::as_str).collect()))
                    .collect();
                let filled: Vec<(&str, &[&str])> =
                    filled.iter().map(|(name, all)| (*name, all.as_slice())).collect();
                member.submits(before(), &filled).await
            }
            Step::UseOn(whom, command) => member.uses_on(&values.fill(whom), command).await,
            Step::UseOnText(text, command) => {
                let message = member.writes(&values.fill(text));
                member.uses_on_written(message, command).await
            }
        }
    }

    /// The autocomplete choices, if the act types an unfinished command.
    pub(crate) async fn types(self, act: &Act) -> Option<Vec<String>> {
        let Step::Type(line) = act.does else { return None };
        Some(self.member(act).completes(&self.values(act).fill(line)).await)
    }
}
