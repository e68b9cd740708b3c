//! User-visible outcomes, counted per command and version.

use std::{
    collections::BTreeMap,
    sync::{Mutex, MutexGuard, PoisonError},
};

use serde::{Deserialize, Serialize};

use super::{Handled, UserOutcome};

/// The number of units of work per user-visible outcome.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
pub struct Counts {
    /// [`UserOutcome::Under1s`].
    pub under_1s: u64,
    /// [`UserOutcome::Under3s`].
    pub under_3s: u64,
    /// [`UserOutcome::Refused`].
    pub refused: u64,
    /// [`UserOutcome::Failed`].
    pub failed: u64,
    /// [`UserOutcome::Deferred`].
    pub deferred: u64,
    /// [`UserOutcome::Done`].
    pub done: u64,
    /// [`UserOutcome::Expired`].
    pub expired: u64,
    /// [`UserOutcome::Abandoned`].
    pub abandoned: u64,
}

impl Counts {
    fn counter(&mut self, outcome: UserOutcome) -> &mut u64 {
        match outcome {
            UserOutcome::Under1s => &mut self.under_1s,
            UserOutcome::Under3s => &mut self.under_3s,
            UserOutcome::Refused => &mut self.refused,
            UserOutcome::Failed => &mut self.failed,
            UserOutcome::Deferred => &mut self.deferred,
            UserOutcome::Done => &mut self.done,
            UserOutcome::Expired => &mut self.expired,
            UserOutcome::Abandoned => &mut self.abandoned,
        }
    }

    /// The counts in the order of table columns.
    pub fn in_order(mut self) -> [(UserOutcome, u64); 8] {
        UserOutcome::ALL.map(|outcome| (outcome, *self.counter(outcome)))
    }

    fn add(&mut self, other: Self) {
        for (outcome, count) in other.in_order() {
            *self.counter(outcome) += count;
        }
    }
}

/// The counts of one command in one version.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Row {
    /// The command's name; `None` for commands that are not ours.
    pub command: Option<String>,
    /// Whether it counts autocomplete requests instead of uses.
    #[serde(default, skip_serializing_if = "std::ops::Not::not")]
    pub autocomplete: bool,
    /// The version of the function.
    pub version: String,
    /// The counts, flattened in JSON.
    #[serde(flatten)]
    pub counts: Counts,
}

impl Row {
    /// The first cell of the table row: the command's name, or `(unknown)`.
    pub fn name(&self) -> String {
        let command = self.command.as_deref().unwrap_or("(unknown)");
        if self.autocomplete { format!("{command} (autocomplete)") } else { command.to_owned() }
    }
}

/// The user-visible outcomes of one environment since it started.
#[derive(Debug, Default)]
pub struct OutcomeCounters {
    counts: Mutex<Table>,
}

/// Key: command, whether it is autocomplete, version.
type Table = BTreeMap<(Option<String>, bool, String), Counts>;

impl OutcomeCounters {
    /// Counts a unit of work, if it has a user-visible outcome.
    pub fn count(&self, handled: &Handled<'_>) {
        let Some(outcome) = handled.user_outcome() else { return };
        let command = handled.command.map(str::to_owned);
        let key = (command, handled.autocomplete, handled.version.to_owned());
        *self.counts().entry(key).or_default().counter(outcome) += 1;
    }

    /// The sum over several environments, one row per command, kind and version.
    pub fn sum<'a>(all: impl IntoIterator<Item = &'a Self>) -> Vec<Row> {
        let mut sum = Table::new();
        for counters in all {
            for (key, counts) in counters.counts().iter() {
                sum.entry(key.clone()).or_default().add(*counts);
            }
        }
        let row = |((command, autocomplete, version), counts)| Row { command, autocomplete, version, counts };
        sum.into_iter().map(row).collect()
    }

    fn counts(&self) -> MutexGuard<'_, Table> {
        self.counts.lock().unwrap_or_else(PoisonError::into_inner)
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::measurement::{Outcome, RequestIds};

    /// In the interactions function if `age_ms` is given, else in the jobs function.
    fn handled(outcome: Outcome, age_ms: Option<u64>) -> Handled<'static> {
        Handled {
            interaction: None,
            guild: None,
            command: Some("weather"),
            autocomplete: false,
            outcome,
            took_ms: 5,
            age_ms,
            wait_ms: None,
            is_watchdog: false,
            cold: false,
            version: "7",
            receive: age_ms.is_none().then_some(4),
            ids: RequestIds::default(),
        }
    }

    #[test]
    fn every_deferred_reply_is_counted_once_more_when_it_ends() {
        use Outcome::{
            Abandoned, AlreadyDone, Busy, Edited, Expired, LeftToWatchdog, NotNeeded, Notified, Panicked,
            ReceiveFailed, Refused, Waiting,
        };
        let ends = [Edited, Refused, Notified, Expired, Abandoned];
        let ends = ends.map(|end| handled(end, None).user_outcome().unwrap().name());
        assert_eq!(ends, ["done", "refused", "failed", "expired", "abandoned"]);
        for unseen in [Busy, AlreadyDone, LeftToWatchdog, ReceiveFailed, Panicked, Waiting, NotNeeded] {
            assert_eq!(handled(unseen, None).user_outcome(), None, "{unseen:?}");
        }
    }

    #[test]
    fn an_answer_that_left_after_three_seconds_of_the_interactions_life_is_a_failure_however_quick_the_function_was()
     {
        use Outcome::{Answered, Deferred, Failed, Late, Limited, Offered, Refused, Unknown};
        let outcome = |outcome, age_ms| handled(outcome, Some(age_ms)).user_outcome().unwrap();
        assert_eq!(
            [999, 1_000, 2_999, 3_000].map(|age_ms| outcome(Answered, age_ms)),
            [UserOutcome::Under1s, UserOutcome::Under3s, UserOutcome::Under3s, UserOutcome::Failed]
        );
        for kind in [Answered, Deferred, Failed, Late, Limited, Offered, Refused, Unknown] {
            assert_eq!(outcome(kind, 3_000), UserOutcome::Failed, "{kind:?}");
        }
        assert_eq!(outcome(Deferred, 2_999), UserOutcome::Deferred);
        assert_eq!(outcome(Refused, 2_999), UserOutcome::Refused);
    }

    #[test]
    fn the_metrics_are_of_what_users_got_and_of_receives_that_had_a_fault() {
        use Outcome::{
            AlreadyDone, AnotherVersion, Answered, Busy, Deferred, DiscordRateLimited, Edited, Failed, Late,
            LeftToWatchdog, Notified, ReceiveFailed, Refused, Unreachable, Waiting,
        };
        let metrics = |handled: Handled<'_>| {
            (handled.metric_age_ms(), handled.failed_percent(), handled.deferred(), handled.expired())
        };
        let answer = |outcome, age_ms| metrics(handled(outcome, Some(age_ms)));
        assert_eq!(answer(Answered, 5), (Some(5), Some(0), Some(0), None));
        assert_eq!(answer(Deferred, 5), (Some(5), Some(0), Some(1), None));
        assert_eq!(answer(Refused, 5), (Some(5), Some(0), Some(0), None));
        for failed in [answer(Failed, 5), answer(Late, 5), answer(Answered, 3_000)] {
            assert_eq!(failed.1, Some(100));
        }
        let choices = Handled { autocomplete: true, ..handled(Late, Some(2_000)) };
        assert_eq!(metrics(choices), (None, None, None, None));
        let failed = |outcome| handled(outcome, None).failed_percent();
        for good in [Edited, Refused] {
            assert_eq!(failed(good), Some(0), "{good:?}");
        }
        for bad in [ReceiveFailed, Waiting, Notified, LeftToWatchdog] {
            assert_eq!(failed(bad), Some(100), "{bad:?}");
        }
        for other in [Busy, AlreadyDone, AnotherVersion, DiscordRateLimited, Unreachable] {
            assert_eq!(failed(other), None, "{other:?}");
        }
        assert_eq!(metrics(handled(LeftToWatchdog, None)).3, Some(1));
        let watchdog = Handled { is_watchdog: true, ..handled(Waiting, None) };
        assert_eq!(watchdog.failed_percent(), None);
    }

    #[test]
    fn choices_are_counted_apart_from_uses() {
        let counters = OutcomeCounters::default();
        counters.count(&handled(Outcome::Answered, Some(5)));
        for outcome in [Outcome::Offered, Outcome::Offered, Outcome::Late, Outcome::Limited] {
            counters.count(&Handled { autocomplete: true, ..handled(outcome, Some(5)) });
        }
        let [uses, choices] = &OutcomeCounters::sum([&counters])[..] else { panic!("two rows") };
        assert_eq!((uses.name(), uses.counts.under_1s), ("weather".to_owned(), 1));
        assert_eq!(choices.name(), "weather (autocomplete)");
        let Counts { under_1s, failed, refused, .. } = choices.counts;
        assert_eq!((under_1s, failed, refused), (2, 1, 1));
    }

    #[test]
    fn environments_are_added_up() {
        let (one, other) = (OutcomeCounters::default(), OutcomeCounters::default());
        one.count(&handled(Outcome::Deferred, Some(5)));
        other.count(&handled(Outcome::Edited, None));
        other.count(&handled(Outcome::Busy, None));
        let sum = OutcomeCounters::sum([&one, &other]);
        assert_eq!(sum.len(), 1);
        assert_eq!((sum[0].counts.deferred, sum[0].counts.done), (1, 1));
        assert_eq!((sum[0].command.as_deref(), sum[0].version.as_str()), (Some("weather"), "7"));
    }
}
