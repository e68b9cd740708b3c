//! Figures computed from the measurements, by phase and command and by second.

use std::{collections::BTreeMap, time::Duration};

use serde::Serialize;

use super::{
    Phase, Plan,
    latency::{Latency, millis, sorted},
    measured::{Measured, Sample},
    plan::Kind,
    record::{Outcome, Record},
    time_series::{self, Second},
};

/// The figures of a run.
#[derive(Debug, Serialize)]
pub struct Statistics {
    pub phases: Vec<PhaseStatistics>,
    pub seconds: Vec<Second>,
    /// Errors with their counts.
    pub wrong: BTreeMap<String, usize>,
    /// How late the generator sent interactions; it is part of every latency.
    pub generator_lag: Option<Latency>,
    /// All latencies of the last phase by command, in milliseconds and ascending.
    #[serde(skip)]
    pub sorted: Vec<(Kind, Vec<f64>)>,
}

/// The figures of one phase.
#[derive(Debug, Serialize)]
pub struct PhaseStatistics {
    #[serde(flatten)]
    pub phase: Phase,
    /// One row for each command.
    pub commands: Vec<Row>,
    /// All commands that are normally answered at once, including those that were deferred because they were slow.
    pub instant: Row,
    /// CPU time of the stack for each interaction, in milliseconds.
    pub stack_cpu_ms: Option<f64>,
    /// The same for the generator.
    pub generator_cpu_ms: Option<f64>,
}

/// The figures of a group of interactions.
#[derive(Debug, Serialize)]
pub struct Row {
    pub what: &'static str,
    pub count: usize,
    pub wrong: usize,
    /// How many were deferred.
    pub deferred: usize,
    /// How many of those were edited.
    pub edited: usize,
    /// The time until the response.
    pub answer: Option<Latency>,
    /// The time until the edit of deferred ones.
    pub edit: Option<Latency>,
}

impl Statistics {
    /// The figures of a whole run.
    pub fn of(plan: &Plan, measured: &Measured) -> Self {
        let records = &measured.records;
        let mut wrong = BTreeMap::new();
        for record in records {
            match &record.outcome {
                Outcome::Wrong(why) => *wrong.entry(why.clone()).or_default() += 1,
                Outcome::Lost => *wrong.entry("deferred and never edited".to_owned()).or_default() += 1,
                Outcome::Answered | Outcome::Edited(_) => {}
            }
        }
        let last = plan.phases.len().saturating_sub(1);
        let of_last = |kind| {
            let wanted = answered(records)
                .filter(move |record| record.arrival.phase == last && record.arrival.kind == kind);
            sorted(wanted.map(|record| record.took))
        };
        Self {
            phases: (0..plan.phases.len()).map(|phase| PhaseStatistics::of(plan, phase, measured)).collect(),
            seconds: time_series::of(plan, measured),
            wrong,
            generator_lag: Latency::of(records.iter().map(|record| record.lag)),
            sorted: Kind::MIX.map(|(kind, _)| (kind, of_last(kind))).to_vec(),
        }
    }

    /// The sum over the commands of all phases.
    pub fn count(&self, of: impl Fn(&Row) -> usize) -> usize {
        self.phases.iter().flat_map(|phase| &phase.commands).map(of).sum()
    }
}

impl PhaseStatistics {
    fn of(plan: &Plan, number: usize, measured: &Measured) -> Self {
        let here: Vec<&Record> =
            measured.records.iter().filter(|record| record.arrival.phase == number).collect();
        let row = |what, wanted: &dyn Fn(Kind) -> bool| {
            Row::of(what, here.iter().copied().filter(|record| wanted(record.arrival.kind)))
        };
        let from = plan.begins(number).as_secs_f64();
        let phase = plan.phases[number].clone();
        let to = from + f64::from(phase.seconds);
        let within = measured.samples.iter().filter(|sample| {
            let at = sample.at.as_secs_f64();
            // The tolerance is for samples that are taken some milliseconds late.
            at > from - 0.5 && at < to + 0.5
        });
        let within: Vec<&Sample> = within.collect();
        let each = |cpu: Option<Duration>| cpu.map(|cpu| millis(cpu) / here.len().max(1) as f64);
        let used =
            |of: fn(&Sample) -> Option<Duration>| of(within.last()?)?.checked_sub(of(within.first()?)?);
        Self {
            commands: Kind::MIX.iter().map(|(kind, _)| row(kind.name(), &|it| it == *kind)).collect(),
            instant: row("instant commands", &|it| it != Kind::NewPlace),
            stack_cpu_ms: each(used(|sample| Some(sample.stack?.cpu))),
            generator_cpu_ms: each(used(|sample| Some(sample.generator?.cpu))),
            phase,
        }
    }
}

impl Row {
    fn of<'a>(what: &'static str, records: impl Iterator<Item = &'a Record>) -> Self {
        let records: Vec<_> = records.collect();
        let count =
            |wanted: fn(&Outcome) -> bool| records.iter().filter(|record| wanted(&record.outcome)).count();
        let (edited, lost) = (count(|it| matches!(it, Outcome::Edited(_))), count(|it| *it == Outcome::Lost));
        let edits = records.iter().filter_map(|record| record.outcome.edited());
        Self {
            what,
            count: records.len(),
            wrong: lost + count(|it| matches!(it, Outcome::Wrong(_))),
            deferred: edited + lost,
            edited,
            answer: Latency::of(answered(records.iter().copied()).map(|record| record.took)),
            edit: Latency::of(edits),
        }
    }
}

fn answered<'a>(records: impl IntoIterator<Item = &'a Record>) -> impl Iterator<Item = &'a Record> {
    records.into_iter().filter(|record| !matches!(record.outcome, Outcome::Wrong(_)))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_command_that_was_handed_over_still_counts_among_the_instant_ones() {
        let phase = Phase { name: "peak", per_second: 2, seconds: 2 };
        let plan = Plan { seed: 1, members: 1, phases: vec![phase] };
        let outcomes = [
            Outcome::Answered,
            Outcome::Edited(Duration::from_secs(3)),
            Outcome::Lost,
            Outcome::Wrong("no".into()),
        ];
        let kinds = [Kind::Ping, Kind::Weather, Kind::NewPlace, Kind::Ping];
        let mut arrivals = plan.arrivals().into_iter();
        let records = outcomes.into_iter().zip(kinds).map(|(outcome, kind)| {
            let arrival = super::super::plan::Arrival { kind, ..arrivals.next().unwrap() };
            Record { arrival, lag: Duration::ZERO, took: Duration::from_millis(2_100), outcome }
        });
        let statistics = Statistics::of(&plan, &Measured { records: records.collect(), samples: Vec::new() });
        let Row { count, wrong, deferred, edited, answer, .. } = &statistics.phases[0].instant;
        assert_eq!((*count, *wrong, *deferred, *edited), (3, 1, 1, 1));
        assert_eq!(answer.unwrap().max, 2_100.0);
        assert_eq!(statistics.count(|row| row.deferred - row.edited), 1);
        assert_eq!(statistics.wrong.values().sum::<usize>(), 2);
        assert_eq!(statistics.seconds.iter().map(|second| second.planned).sum::<usize>(), 4);
    }
}
