//! Several environments and their shared state, with any requests and results.

use std::collections::BTreeSet;

use proptest::{collection::vec, prelude::*};

use super::*;

/// A request of an environment, some milliseconds after the previous one, and its result.
#[derive(Clone, Copy, Debug)]
struct Ask {
    environment: usize,
    pause_ms: i64,
    outcome: Outcome,
}

const ENVIRONMENTS: usize = 4;

fn any_outcome() -> impl Strategy<Value = Outcome> {
    prop_oneof![
        Just(Outcome::Answered),
        Just(FAILED),
        Just(Outcome::Unreachable),
        (0..300_u64).prop_map(told),
    ]
}

fn asks(outcome: impl Strategy<Value = Outcome>, longest_pause_ms: i64) -> impl Strategy<Value = Vec<Ask>> {
    let ask = (0..ENVIRONMENTS, 0..longest_pause_ms, outcome);
    let ask = ask.prop_map(|(environment, pause_ms, outcome)| Ask { environment, pause_ms, outcome });
    vec(ask, 1..300)
}

/// Several environments and their shared state.
#[derive(Default)]
struct World {
    environments: [Breaker; ENVIRONMENTS],
    shared: Option<Open>,
}

impl World {
    /// Conditional, as the table does it.
    fn change(&mut self, change: Change) -> Changed {
        if self.shared != change.seen {
            return Changed::Otherwise(self.shared);
        }
        self.shared = change.next;
        Changed::Made
    }

    /// Whether the API was called. With `looks` the environment reads the shared state first.
    fn ask(&mut self, ask: Ask, looks: bool, now: Timestamp) -> bool {
        if looks {
            let shared = self.shared;
            self.environments[ask.environment].learn(shared);
        }
        let pass = match self.environments[ask.environment].admission(now) {
            Admission::Wait { .. } => return false,
            Admission::Usual => Pass::Usual,
            Admission::Probe(change) => match self.change(change) {
                Changed::Made => Pass::Probe(change.next.unwrap()),
                Changed::Otherwise(shared) => {
                    self.environments[ask.environment].learn(shared);
                    return false;
                }
            },
        };
        if let Some(change) = self.environments[ask.environment].note(pass, new_question(), ask.outcome, now)
            && let Changed::Otherwise(shared) = self.change(change)
        {
            self.environments[ask.environment].learn(shared);
        }
        true
    }
}

/// When the API was called, and the breaker's shared state before and after.
type Asked = (Timestamp, Option<Open>, Option<Open>);

fn done(asks: &[Ask], looks: bool) -> (World, Vec<Asked>) {
    let (mut world, mut now, mut asked) = (World::default(), at(0.0), Vec::new());
    for ask in asks {
        now += SignedDuration::from_millis(ask.pause_ms);
        let before = world.shared;
        if world.ask(*ask, looks, now) {
            asked.push((now, before, world.shared));
        }
    }
    (world, asked)
}

proptest! {
    #[test]
    fn nobody_asks_while_it_is_open_and_one_when_its_time_is_over(asks in asks(any_outcome(), 4_000)) {
        let (_, asked) = done(&asks, true);
        for (now, before, after) in asked {
            prop_assert!(before.is_none_or(|open| !open.is_shut(now)), "asked at {now} of {before:?}");
            if before.is_some() {
                prop_assert!(after.is_none_or(|open| open.is_shut(now)), "one probe, and then {after:?}");
            }
        }
    }

    #[test]
    fn it_is_never_open_for_longer_than_two_minutes_nor_shorter_than_ten_seconds(asks in asks(any_outcome(), 4_000)) {
        let (_, asked) = done(&asks, true);
        for (now, before, after) in asked {
            if let Some(open) = after.filter(|_| before != after) {
                let seconds = open.until.duration_since(now).as_secs();
                prop_assert!((10..=120).contains(&seconds), "{seconds} s");
            }
        }
    }

    #[test]
    fn an_outage_costs_five_asks_of_each_environment_and_then_the_probes(
        // Often enough for 21 requests within 30 seconds.
        asks in asks(Just(FAILED), 1_400), looks: bool,
    ) {
        let (_, asked) = done(&asks, looks);
        let usual = asked.iter().filter(|(_, before, _)| before.is_none()).count();
        prop_assert!(usual <= FAILURE_THRESHOLD * ENVIRONMENTS, "{usual}");
        let lasted = asks.iter().map(|ask| ask.pause_ms).sum::<i64>() / 1_000;
        let probes = asked.iter().filter(|(_, before, after)| before.is_some() && before != after).count();
        prop_assert!(probes as i64 <= 1 + lasted / 20 + 2, "{probes} in {lasted} s");
    }

    #[test]
    fn it_opens_only_if_three_different_questions_failed_in_half_a_minute(
        asks in vec((0..4_i64, 0..2_000_i64, any_outcome()), 1..300),
    ) {
        let (mut breaker, mut now, mut failures) = (Breaker::default(), at(0.0), Vec::new());
        for (question, pause_ms, outcome) in asks {
            now += SignedDuration::from_millis(pause_ms);
            // Each missing connection counts as a question of its own.
            let connected = outcome != Outcome::Unreachable;
            if outcome != Outcome::Answered {
                failures.push((now, if connected { question } else { -(failures.len() as i64) - 1 }));
            }
            let question = Question::of(&question.to_string());
            if breaker.note(Pass::Usual, question, outcome, now).is_some() {
                let recent = failures.iter().filter(|(at, _)| now.duration_since(*at).as_secs() <= 30);
                let different: BTreeSet<_> = recent.map(|(_, question)| question).collect();
                prop_assert!(different.len() >= MIN_DIFFERENT_QUESTIONS, "{different:?}");
                break;
            }
        }
    }

    #[test]
    fn once_it_has_mended_everybody_asks_again_within_two_minutes(asks in asks(any_outcome(), 4_000)) {
        let (mut world, _) = done(&asks, true);
        let mended = at(asks.iter().map(|ask| ask.pause_ms).sum::<i64>() as f64 / 1_000.0 + 121.0);
        for environment in 0..ENVIRONMENTS {
            let ask = Ask { environment, pause_ms: 0, outcome: Outcome::Answered };
            prop_assert!(world.ask(ask, true, mended));
        }
        prop_assert_eq!(world.shared, None);
    }

    #[test]
    fn it_opens_only_after_five_failures_in_half_a_minute_or_three_when_told(
        asks in asks(any_outcome(), 4_000),
    ) {
        let (mut breaker, mut now, mut failures) = (Breaker::default(), at(0.0), Vec::new());
        for Ask { pause_ms, outcome, .. } in asks {
            now += SignedDuration::from_millis(pause_ms);
            if outcome != Outcome::Answered {
                failures.push(now);
            }
            if breaker.note(Pass::Usual, new_question(), outcome, now).is_some() {
                let recent = failures.iter().filter(|at| now.duration_since(**at).as_secs() <= 30).count();
                let is_told = matches!(outcome, Outcome::Failed { retry_after: Some(wait) } if wait.as_secs() > 2);
                let needed = if is_told { MIN_DIFFERENT_QUESTIONS } else { FAILURE_THRESHOLD };
                prop_assert!(recent >= needed);
                break;
            }
        }
    }
}
