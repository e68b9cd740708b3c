use std::sync::atomic::{AtomicU32, Ordering};

use jiff::SignedDuration;

use super::*;

mod environments;

const FAILED: Outcome = Outcome::Failed { retry_after: None };

fn at(seconds: f64) -> Timestamp {
    Timestamp::from_second(1_800_000_000).unwrap() + SignedDuration::from_secs_f64(seconds)
}

fn told(seconds: u64) -> Outcome {
    Outcome::Failed { retry_after: Some(Duration::from_secs(seconds)) }
}

/// A question that no other call returns.
fn new_question() -> Question {
    static QUESTIONS: AtomicU32 = AtomicU32::new(0);
    Question::of(&format!("new {}", QUESTIONS.fetch_add(1, Ordering::Relaxed)))
}

/// The result of a request with a new question.
fn usual(breaker: &mut Breaker, outcome: Outcome, seconds: f64) -> Option<Open> {
    of(breaker, new_question(), outcome, seconds)
}

fn of(breaker: &mut Breaker, question: Question, outcome: Outcome, seconds: f64) -> Option<Open> {
    breaker.note(Pass::Usual, question, outcome, at(seconds)).map(|change| {
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
    let change = breaker.note(Pass::Probe(lease), new_question(), outcome, at(seconds)).unwrap();
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
fn one_question_never_opens_it_nor_do_two() {
    let mut breaker = Breaker::default();
    let questions = ["a", "b"].map(Question::of);
    for second in 0..100 {
        for question in questions {
            assert_eq!(of(&mut breaker, question, FAILED, f64::from(second) / 10.0), None);
            assert_eq!(of(&mut breaker, question, told(60), f64::from(second) / 10.0), None);
        }
    }
    assert_eq!(breaker.admission(at(10.0)), Admission::Usual);
    let opened = of(&mut breaker, Question::of("c"), FAILED, 10.0);
    assert_eq!(opened, Some(Open { until: at(20.0), failed_probes: 0 }), "the third does");
}

#[test]
fn a_missing_connection_speaks_against_the_service_whatever_the_question_was() {
    let mut breaker = Breaker::default();
    let same = Question::of("a");
    for _ in 0..4 {
        assert_eq!(of(&mut breaker, same, Outcome::Unreachable, 0.0), None);
    }
    assert_eq!(of(&mut breaker, same, Outcome::Unreachable, 0.0).map(|open| open.until), Some(at(10.0)));
    let mut breaker = Breaker::default();
    let outcomes = [FAILED, FAILED, FAILED, Outcome::Unreachable];
    assert!(outcomes.into_iter().all(|outcome| of(&mut breaker, same, outcome, 0.0).is_none()));
    assert!(of(&mut breaker, same, Outcome::Unreachable, 0.0).is_some(), "three that have nothing in common");
}

#[test]
fn a_throttled_environment_waits_alone() {
    let mut breaker = Breaker::default();
    let refused = Outcome::Throttled { retry_after: None };
    for _ in 0..20 {
        assert_eq!(usual(&mut breaker, refused, 0.0), None, "nothing to share");
    }
    assert_eq!(breaker.admission(at(9.999)), Admission::Wait { until: at(10.0) });
    assert_eq!((breaker.throttled_until(at(0.0)), breaker.open()), (Some(at(10.0)), None));
    assert_eq!(breaker.admission(at(10.0)), Admission::Usual);
}

#[test]
fn a_throttled_prober_leaves_the_probe_to_another_environment() {
    let mut breaker = open();
    let Admission::Probe(Change { next: Some(lease), .. }) = breaker.admission(at(10.0)) else {
        panic!("{breaker:?}")
    };
    breaker.learn(Some(lease));
    let refused = Outcome::Throttled { retry_after: Some(Duration::from_secs(60)) };
    assert_eq!(breaker.note(Pass::Probe(lease), new_question(), refused, at(10.1)), None);
    assert_eq!(breaker.open(), Some(Open { until: at(15.0), failed_probes: 0 }), "as while it probed");
    assert_eq!(breaker.admission(at(15.0)), Admission::Wait { until: at(70.1) }, "it does not probe itself");
}

#[test]
fn failures_from_before_it_opened_are_not_held_against_a_question() {
    let mut breaker = Breaker::default();
    let question = Question::of("a");
    of(&mut breaker, question, FAILED, 0.0);
    of(&mut breaker, question, FAILED, 0.0);
    assert_eq!(breaker.failing_until(question, at(1.0)), Some(at(30.0)));
    let opened = (0..3).filter_map(|_| usual(&mut breaker, FAILED, 1.0)).count();
    assert_eq!(opened, 1);
    assert_eq!(probed(&mut breaker, Outcome::Answered, 11.0), None);
    assert_eq!(breaker.failing_until(question, at(11.0)), None);
}

#[test]
fn a_job_waits_for_a_breaker_that_is_open_for_twenty_seconds_at_most() {
    assert!(is_waited_out(at(20.0), at(0.0)));
    assert!(!is_waited_out(at(20.001), at(0.0)));
    assert!(is_waited_out(at(0.0), at(5.0)), "its time is over");
}

#[test]
fn three_questions_that_are_told_when_to_come_back_are_enough() {
    let opened = |outcome| {
        let mut breaker = Breaker::default();
        assert_eq!([(); 2].map(|()| usual(&mut breaker, outcome, 0.0)), [None, None]);
        usual(&mut breaker, outcome, 0.0).map(|open| open.until)
    };
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
            let retry_after = Some(Duration::MAX);
            for outcome in [Outcome::Failed { retry_after }, Outcome::Throttled { retry_after }] {
                let _ = breaker.note(pass, Question::of("a"), outcome, now);
            }
            let _ = breaker.admission(now);
            let _ = (is_waited_out(now, now), breaker.failing_until(Question::of("a"), now));
        }
    }
}
