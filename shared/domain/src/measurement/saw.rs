//! What users saw, counted per command and version.

use std::{
    collections::BTreeMap,
    sync::{Mutex, MutexGuard, PoisonError},
};

use serde::{Deserialize, Serialize};

use super::Handled;

/// What the user of one interaction saw at the end of one unit of work.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Saw {
    /// The answer, within a second.
    Under1s,
    /// The answer, within Discord's three seconds.
    Under3s,
    /// A polite no.
    Refused,
    /// An apology with a reference; or nothing, where the answer came after Discord's three seconds.
    Failed,
    /// "thinking…". What became of it is counted too, once it ends.
    Deferred,
    /// The reply that was deferred.
    Done,
    /// "thinking…" for good: the reply came too late to be shown.
    Expired,
    /// Nothing more: nobody could be told, or the message was gone.
    Abandoned,
}

impl Saw {
    /// As it is called in logs.
    pub fn name(self) -> &'static str {
        match self {
            Self::Under1s => "under_1s",
            Self::Under3s => "under_3s",
            Self::Refused => "refused",
            Self::Failed => "failed",
            Self::Deferred => "deferred",
            Self::Done => "done",
            Self::Expired => "expired",
            Self::Abandoned => "abandoned",
        }
    }
}

impl Handled<'_> {
    /// What the user saw of it; `None` if nothing that is not counted elsewhere.
    pub fn saw(&self) -> Option<Saw> {
        match (self.receive, self.outcome) {
            (None, "answered") if self.took_ms < 1_000 => Some(Saw::Under1s),
            (None, "answered") if self.took_ms < 3_000 => Some(Saw::Under3s),
            (None, "answered" | "failed") => Some(Saw::Failed),
            (None, "refused" | "unknown") => Some(Saw::Refused),
            (None, "deferred") => Some(Saw::Deferred),
            (Some(_), "edited") => Some(Saw::Done),
            (Some(_), "refused") => Some(Saw::Refused),
            (Some(_), "told") => Some(Saw::Failed),
            (Some(_), "expired") => Some(Saw::Expired),
            (Some(_), "abandoned" | "refused by discord") => Some(Saw::Abandoned),
            _ => None,
        }
    }
}

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

    fn add(&mut self, other: Self) {
        self.under_1s += other.under_1s;
        self.under_3s += other.under_3s;
        self.refused += other.refused;
        self.failed += other.failed;
        self.deferred += other.deferred;
        self.done += other.done;
        self.expired += other.expired;
        self.abandoned += other.abandoned;
    }
}

/// One command in one version.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Line {
    /// The command; `None` for what was none of ours.
    pub command: Option<String>,
    /// The version of the function.
    pub version: String,
    /// How often users saw what.
    #[serde(flatten)]
    pub counts: Counts,
}

/// What the users of one environment saw since it began.
#[derive(Debug, Default)]
pub struct Tally {
    counts: Mutex<Table>,
}

/// By command and version.
type Table = BTreeMap<(Option<String>, String), Counts>;

impl Tally {
    /// Counts a unit of work.
    pub fn count(&self, handled: &Handled<'_>) {
        let Some(saw) = handled.saw() else { return };
        let key = (handled.command.map(str::to_owned), handled.version.to_owned());
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
        sum.into_iter().map(|((command, version), counts)| Line { command, version, counts }).collect()
    }

    fn counts(&self) -> MutexGuard<'_, Table> {
        self.counts.lock().unwrap_or_else(PoisonError::into_inner)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn handled(outcome: &'static str, took_ms: u64, receive: Option<u32>) -> Handled<'static> {
        Handled {
            interaction: None,
            guild: None,
            command: Some("weather"),
            outcome,
            took_ms,
            cold: false,
            version: "7",
            receive,
        }
    }

    #[test]
    fn every_deferred_reply_is_counted_once_more_when_it_ends() {
        let ends = ["edited", "refused", "told", "expired", "abandoned"];
        let ends = ends.map(|end| handled(end, 5, Some(1)).saw().unwrap().name());
        assert_eq!(ends, ["done", "refused", "failed", "expired", "abandoned"]);
        for unseen in ["busy", "already done", "failed", "panicked", "waiting", "not needed"] {
            assert_eq!(handled(unseen, 5, Some(4)).saw(), None, "{unseen}");
        }
    }

    #[test]
    fn an_answer_after_three_seconds_is_none() {
        let saw = |took_ms| handled("answered", took_ms, None).saw().unwrap();
        assert_eq!(
            [999, 1_000, 2_999, 3_000].map(saw),
            [Saw::Under1s, Saw::Under3s, Saw::Under3s, Saw::Failed]
        );
    }

    #[test]
    fn environments_are_added_up() {
        let (one, other) = (Tally::default(), Tally::default());
        one.count(&handled("deferred", 5, None));
        other.count(&handled("edited", 5, Some(1)));
        other.count(&handled("busy", 5, Some(1)));
        let sum = Tally::sum([&one, &other]);
        assert_eq!(sum.len(), 1);
        assert_eq!((sum[0].counts.deferred, sum[0].counts.done), (1, 1));
        assert_eq!((sum[0].command.as_deref(), sum[0].version.as_str()), (Some("weather"), "7"));
    }
}
