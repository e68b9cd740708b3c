//! What users saw, counted per command and version.

use std::{
    collections::BTreeMap,
    sync::{Mutex, MutexGuard, PoisonError},
};

use serde::{Deserialize, Serialize};

use super::{Handled, Saw};

/// How often users saw what.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
pub struct Counts {
    /// [`Saw::Under1s`].
    pub under_1s: u64,
    /// [`Saw::Under3s`].
    pub under_3s: u64,
    /// [`Saw::Refused`].
    pub refused: u64,
    /// [`Saw::Failed`].
    pub failed: u64,
    /// [`Saw::Deferred`].
    pub deferred: u64,
    /// [`Saw::Done`].
    pub done: u64,
    /// [`Saw::Expired`].
    pub expired: u64,
    /// [`Saw::Abandoned`].
    pub abandoned: u64,
}

impl Counts {
    fn of(&mut self, saw: Saw) -> &mut u64 {
        match saw {
            Saw::Under1s => &mut self.under_1s,
            Saw::Under3s => &mut self.under_3s,
            Saw::Refused => &mut self.refused,
            Saw::Failed => &mut self.failed,
            Saw::Deferred => &mut self.deferred,
            Saw::Done => &mut self.done,
            Saw::Expired => &mut self.expired,
            Saw::Abandoned => &mut self.abandoned,
        }
    }

    /// As tables show them.
    pub fn in_order(mut self) -> [(Saw, u64); 8] {
        Saw::ALL.map(|saw| (saw, *self.of(saw)))
    }

    fn add(&mut self, other: Self) {
        for (saw, count) in other.in_order() {
            *self.of(saw) += count;
        }
    }
}

/// One command in one version.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Line {
    /// The command; `None` for what was none of ours.
    pub command: Option<String>,
    /// Whether this counts what was offered while its options were typed, and not its uses.
    #[serde(default, skip_serializing_if = "std::ops::Not::not")]
    pub autocomplete: bool,
    /// The version of the function.
    pub version: String,
    /// How often users saw what.
    #[serde(flatten)]
    pub counts: Counts,
}

impl Line {
    /// As tables name the row.
    pub fn name(&self) -> String {
        let command = self.command.as_deref().unwrap_or("(unknown)");
        if self.autocomplete { format!("{command} (autocomplete)") } else { command.to_owned() }
    }
}

/// What the users of one environment saw since it began.
#[derive(Debug, Default)]
pub struct Tally {
    counts: Mutex<Table>,
}

/// By command, whether it is autocomplete, and version.
type Table = BTreeMap<(Option<String>, bool, String), Counts>;

impl Tally {
    /// Counts a unit of work.
    pub fn count(&self, handled: &Handled<'_>) {
        let Some(saw) = handled.saw() else { return };
        let command = handled.command.map(str::to_owned);
        let key = (command, handled.autocomplete, handled.version.to_owned());
        *self.counts().entry(key).or_default().of(saw) += 1;
    }

    /// All environments together.
    pub fn sum<'a>(tallies: impl IntoIterator<Item = &'a Self>) -> Vec<Line> {
        let mut sum = Table::new();
        for tally in tallies {
            for (key, counts) in tally.counts().iter() {
                sum.entry(key.clone()).or_default().add(*counts);
            }
        }
        let line =
            |((command, autocomplete, version), counts)| Line { command, autocomplete, version, counts };
        sum.into_iter().map(line).collect()
    }

    fn counts(&self) -> MutexGuard<'_, Table> {
        self.counts.lock().unwrap_or_else(PoisonError::into_inner)
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::measurement::Outcome;

    fn handled(outcome: Outcome, took_ms: u64, receive: Option<u32>) -> Handled<'static> {
        Handled {
            interaction: None,
            guild: None,
            command: Some("weather"),
            autocomplete: false,
            outcome,
            took_ms,
            cold: false,
            version: "7",
            receive,
        }
    }

    #[test]
    fn every_deferred_reply_is_counted_once_more_when_it_ends() {
        use Outcome::{
            Abandoned, AlreadyDone, Busy, Edited, Expired, NotNeeded, Panicked, ReceiveFailed, Refused, Told,
            Waiting,
        };
        let ends = [Edited, Refused, Told, Expired, Abandoned];
        let ends = ends.map(|end| handled(end, 5, Some(1)).saw().unwrap().name());
        assert_eq!(ends, ["done", "refused", "failed", "expired", "abandoned"]);
        for unseen in [Busy, AlreadyDone, ReceiveFailed, Panicked, Waiting, NotNeeded] {
            assert_eq!(handled(unseen, 5, Some(4)).saw(), None, "{unseen:?}");
        }
    }

    #[test]
    fn an_answer_after_three_seconds_is_none() {
        let saw = |took_ms| handled(Outcome::Answered, took_ms, None).saw().unwrap();
        assert_eq!(
            [999, 1_000, 2_999, 3_000].map(saw),
            [Saw::Under1s, Saw::Under3s, Saw::Under3s, Saw::Failed]
        );
    }

    #[test]
    fn choices_are_counted_apart_from_uses() {
        let tally = Tally::default();
        tally.count(&handled(Outcome::Answered, 5, None));
        for outcome in [Outcome::Offered, Outcome::Offered, Outcome::Late, Outcome::Limited] {
            tally.count(&Handled { autocomplete: true, ..handled(outcome, 5, None) });
        }
        let [uses, choices] = &Tally::sum([&tally])[..] else { panic!("two rows") };
        assert_eq!((uses.name(), uses.counts.under_1s), ("weather".to_owned(), 1));
        assert_eq!(choices.name(), "weather (autocomplete)");
        let Counts { under_1s, failed, refused, .. } = choices.counts;
        assert_eq!((under_1s, failed, refused), (2, 1, 1));
    }

    #[test]
    fn environments_are_added_up() {
        let (one, other) = (Tally::default(), Tally::default());
        one.count(&handled(Outcome::Deferred, 5, None));
        other.count(&handled(Outcome::Edited, 5, Some(1)));
        other.count(&handled(Outcome::Busy, 5, Some(1)));
        let sum = Tally::sum([&one, &other]);
        assert_eq!(sum.len(), 1);
        assert_eq!((sum[0].counts.deferred, sum[0].counts.done), (1, 1));
        assert_eq!((sum[0].command.as_deref(), sum[0].version.as_str()), (Some("weather"), "7"));
    }
}
