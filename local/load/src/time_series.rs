//! The measurements by second.

use std::time::Duration;

use serde::Serialize;

use super::{
    Plan,
    latency::Latency,
    measured::{Measured, Sample},
    plan::Kind,
    record::{Outcome, Record},
};

/// The results of interactions planned for this second, and the processes' usage in it.
#[derive(Debug, Default, Serialize)]
pub struct Second {
    pub second: usize,
    pub planned: usize,
    pub wrong: usize,
    /// Responses that arrived in this second.
    pub answers: usize,
    /// The latency of instant commands planned for this second.
    pub latency: Option<Latency>,
    /// The time until the edit of deferred ones.
    pub edit: Option<Latency>,
    /// 100 is one core.
    pub stack_cpu_percent: Option<f64>,
    pub generator_cpu_percent: Option<f64>,
    pub stack_mib: Option<f64>,
}

/// All seconds of the run, in order.
pub(super) fn of(plan: &Plan, Measured { records, samples }: &Measured) -> Vec<Second> {
    let mut seconds: Vec<Second> =
        (0..plan.length().as_secs() as usize).map(|second| Second { second, ..Second::default() }).collect();
    let mut times = vec![(Vec::new(), Vec::new()); seconds.len()];
    for Record { arrival, took, outcome, .. } in records {
        let planned = arrival.at.as_secs() as usize;
        let is_wrong = matches!(outcome, Outcome::Wrong(_) | Outcome::Lost);
        if let Some(second) = seconds.get_mut(planned) {
            second.planned += 1;
            second.wrong += usize::from(is_wrong);
        }
        if is_wrong {
            continue;
        }
        if let Some(second) = seconds.get_mut((arrival.at + *took).as_secs() as usize) {
            second.answers += 1;
        }
        if let Some((answers, edits)) = times.get_mut(planned) {
            answers.extend((arrival.kind != Kind::NewPlace).then_some(*took));
            edits.extend(outcome.edited());
        }
    }
    for (second, (answers, edits)) in seconds.iter_mut().zip(times) {
        second.latency = Latency::of(answers.into_iter());
        second.edit = Latency::of(edits.into_iter());
    }
    for pair in samples.windows(2) {
        if let [before, after] = pair
            && let Some(second) = seconds.get_mut(((before.at + after.at) / 2).as_secs() as usize)
        {
            second.note(before, after);
        }
    }
    seconds
}

impl Second {
    fn note(&mut self, before: &Sample, after: &Sample) {
        let time = (after.at - before.at).as_secs_f64();
        let percent = |cpu: Option<Duration>| cpu.map(|cpu| 100.0 * cpu.as_secs_f64() / time);
        let used = |of: fn(&Sample) -> Option<Duration>| of(after)?.checked_sub(of(before)?);
        self.stack_cpu_percent = percent(used(|sample| Some(sample.stack?.cpu)));
        self.generator_cpu_percent = percent(used(|sample| Some(sample.generator?.cpu)));
        self.stack_mib = after.stack.map(|stack| stack.memory as f64 / 1_048_576.0);
    }
}
