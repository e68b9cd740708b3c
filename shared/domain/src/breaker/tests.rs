use jiff::SignedDuration;
use proptest::{collection::vec, prelude::*};

use super::*;

const FAILED: Outcome = Outcome::Failed { retry_after: None };

fn at(seconds: f64) -> Timestamp {
    Timestamp::from_second(1_800_000_000).unwrap() + SignedDuration::from_secs_f64(seconds)
}

fn told(seconds: u64) -> Outcome {
    Outcome::Failed { retry_after: Some(Duration::from_secs(seconds)) }
}

fn usual(breaker: &mut Breaker, outcome: Outcome, seconds: f64) -> Option<Open> {
    breaker.note(Pass::Usual, outcome, at(seconds)).map(|change| {
        assert_eq!(change.seen, None);
        change.next.unwrap()
    })
}

/// A breaker that opened at 0.
fn open() -> Breaker {
    let mut breaker = Breaker::default();
    for _ in 0..FAILURE_THRESHOLD {
        usual(&mut breaker, FAILED, 0.0);
    }
    breaker
}

fn probed(breaker: &mut Breaker, outcome: Outcome, seconds: f64) -> Option<Open> {
    let Admission::Probe(Change { next: Some(lease), .. }) = breaker.admission(at(seconds)) else {
        panic!("not half-open after {seconds} s: {breaker:?}")
    };
    breaker.learn(Some(lease));
    let change = breaker.note(Pass::Probe(lease), outcome, at(seconds)).unwrap();
    assert_eq!(change.seen, Some(lease));
    change.next
}

#[test]
fn the_fifth_failure_opens_it_for_ten_seconds() {
    let mut breaker = Breaker::default();
    for second in 0..4 {
        assert_eq!(usual(&mut breaker, FAILED, second.into()), None);
        assert_eq!(breaker.admission(at(second.into())), Admission::Usual);
    }
    let open = usual(&mut breaker, FAILED, 4.0);
    assert_eq!(open, Some(Open { until: at(14.0), failed_probes: 0 }));
    assert_eq!(breaker.open(), open);
    assert_eq!(breaker.admission(at(13.999)), Admission::Wait { until: at(14.0) });
    assert!(matches!(breaker.admission(at(14.0)), Admission::Probe(_)));
}

#[test]
fn a_failure_now_and_then_does_not_open_it() {
    let mut breaker = Breaker::default();
    for second in 0..1_000 {
        let outcome = if second % 3 == 0 { FAILED } else { Outcome::Answered };
        assert_eq!(usual(&mut breaker, outcome, second.into()), None);
    }
    for minute in 0..1_000 {
        assert_eq!(usual(&mut breaker, FAILED, 2_000.0 + 60.0 * f64::from(minute)), None);
    }
}

#[test]
fn half_of_the_latest_is_too_many() {
    let mut breaker = Breaker::default();
    let opened = (0..20).find(|n| {
        let outcome = if n % 2 == 0 { Outcome::Answered } else { FAILED };
        usual(&mut breaker, outcome, f64::from(*n) / 10.0).is_some()
    });
    assert_eq!(opened, Some(9));
}

#[test]
fn a_dependency_keeps_the_name_under_which_its_breaker_is_stored() {
    assert_eq!(Dependency::ALL.map(Dependency::name), ["open-meteo-geocoding", "open-meteo-forecasts"]);
}

#[test]
fn the_ten_latest_are_counted_and_no_more() {
    // The first failure and four more at the end, with so many answers in between.
    let opens = |answers: usize| {
        let mut breaker = Breaker::default();
        let outcomes = [vec![FAILED], vec![Outcome::Answered; answers], vec![FAILED; 4]].concat();
        outcomes.into_iter().any(|outcome| usual(&mut breaker, outcome, 0.0).is_some())
    };
    assert!(opens(5), "five of ten");
    assert!(!opens(6), "four of ten");
}

#[test]
fn it_is_in_doubt_while_a_failure_is_counted() {
    let mut breaker = Breaker::default();
    usual(&mut breaker, Outcome::Answered, 0.0);
    assert!(!breaker.is_in_doubt());
    usual(&mut breaker, FAILED, 1.0);
    assert!(breaker.is_in_doubt());
    usual(&mut breaker, Outcome::Answered, 31.0);
    assert!(breaker.is_in_doubt(), "30 seconds later it still counts");
    usual(&mut breaker, Outcome::Answered, 31.001);
    assert!(!breaker.is_in_doubt());
}

#[test]
fn who_is_told_when_to_come_back_does_not_ask_again_before() {
    let opened = |outcome| usual(&mut Breaker::default(), outcome, 0.0).map(|open| open.until);
    assert_eq!(opened(told(2)), None, "that is waited out in place");
    assert_eq!(opened(told(3)), Some(at(10.0)));
    assert_eq!(opened(told(60)), Some(at(60.0)));
    assert_eq!(opened(told(86_400)), Some(at(120.0)), "nobody decides for a day");
}

#[test]
fn each_probe_that_fails_opens_it_for_twice_as_long_and_two_minutes_at_most() {
    let (mut breaker, mut now) = (open(), 10.0);
    for seconds in [20.0, 40.0, 80.0, 120.0, 120.0, 120.0] {
        let open = probed(&mut breaker, FAILED, now).unwrap();
        assert_eq!(open.until, at(now + seconds));
        now += seconds;
    }
    assert_eq!(probed(&mut breaker, Outcome::Answered, now), None);
    assert_eq!(breaker.admission(at(now)), Admission::Usual);
    for _ in 0..4 {
        assert_eq!(usual(&mut breaker, FAILED, now), None, "it begins anew");
    }
    assert_eq!(usual(&mut breaker, FAILED, now).map(|open| open.until), Some(at(now + 10.0)));
}

#[test]
fn while_one_probes_the_others_wait_until_it_must_have_ended() {
    let mut breaker = open();
    let Admission::Probe(Change { next, .. }) = breaker.admission(at(60.0)) else { panic!("{breaker:?}") };
    breaker.learn(next);
    assert_eq!(breaker.admission(at(60.0)), Admission::Wait { until: at(65.0) });
    assert!(matches!(breaker.admission(at(65.0)), Admission::Probe(_)), "the first prober has died");
}

#[test]
fn what_was_asked_before_it_opened_neither_closes_nor_prolongs_it() {
    let mut breaker = open();
    for outcome in [FAILED, Outcome::Answered, told(60)] {
        assert_eq!(usual(&mut breaker, outcome, 3.0), None);
        assert_eq!(breaker.admission(at(3.0)), Admission::Wait { until: at(10.0) });
    }
}

#[test]
fn nothing_overflows_at_the_ends_of_time() {
    for now in [Timestamp::MIN, Timestamp::MAX] {
        let mut breaker = Breaker::default();
        let last = Open { until: Timestamp::MIN, failed_probes: u32::MAX };
        for pass in [Pass::Usual, Pass::Probe(last)] {
            let _ = breaker.note(pass, Outcome::Failed { retry_after: Some(Duration::MAX) }, now);
            let _ = breaker.admission(now);
        }
    }
}

/// A request of an environment, some milliseconds after the previous one, and its result.
#[derive(Clone, Copy, Debug)]
struct Ask {
    environment: usize,
    pause_ms: i64,
    outcome: Outcome,
}

const ENVIRONMENTS: usize = 4;

fn any_outcome() -> impl Strategy<Value = Outcome> {
    prop_oneof![Just(Outcome::Answered), Just(FAILED), (0..300_u64).prop_map(told),]
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
        if let Some(change) = self.environments[ask.environment].note(pass, ask.outcome, now)
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
    fn it_opens_only_after_five_failures_in_half_a_minute_or_when_told(asks in asks(any_outcome(), 4_000)) {
        let (mut breaker, mut now, mut failures) = (Breaker::default(), at(0.0), Vec::new());
        for Ask { pause_ms, outcome, .. } in asks {
            now += SignedDuration::from_millis(pause_ms);
            if outcome != Outcome::Answered {
                failures.push(now);
            }
            if breaker.note(Pass::Usual, outcome, now).is_some() {
                let recent = failures.iter().filter(|at| now.duration_since(**at).as_secs() <= 30).count();
                let is_told = matches!(outcome, Outcome::Failed { retry_after: Some(wait) } if wait.as_secs() > 2);
                prop_assert!(is_told || recent >= FAILURE_THRESHOLD);
                break;
            }
        }
    }
}
