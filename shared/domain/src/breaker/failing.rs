//! The questions that failed lately: one that has failed twice is not asked again for a while.

use std::{
    collections::VecDeque,
    hash::{DefaultHasher, Hash, Hasher},
    time::Duration,
};

use jiff::Timestamp;

use super::{MAX_OPEN_DURATION, Outcome, later};

/// After how many failures a question is not asked for a while.
const MAX_FAILURES: u32 = 2;
/// For how long. A job fails for good after four tries within 30 s, so it asks a question twice.
const PAUSE: Duration = Duration::from_secs(30);
/// The maximum number of questions that are remembered; the oldest are forgotten. More would only matter if
/// the breaker had not opened.
const MAX_QUESTIONS: usize = 64;

/// A question to an API, known by its hash: whether two failures are of the same one.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub struct Question(u64);

impl Question {
    /// The question with this text.
    #[must_use]
    pub fn of(text: &str) -> Self {
        let mut hasher = DefaultHasher::new();
        text.hash(&mut hasher);
        Self(hasher.finish())
    }
}

/// The questions that failed lately, the latest one at the end.
#[derive(Debug, Default)]
pub(super) struct FailingQuestions(VecDeque<Failing>);

#[derive(Clone, Copy, Debug)]
struct Failing {
    question: Question,
    failures: u32,
    until: Timestamp,
}

impl FailingQuestions {
    /// Until when this question is not asked; `None` if it may be asked.
    pub(super) fn until(&self, question: Question, now: Timestamp) -> Option<Timestamp> {
        let failing = self.0.iter().find(|failing| failing.question == question)?;
        (failing.failures >= MAX_FAILURES && now < failing.until).then_some(failing.until)
    }

    /// Records the result of a request.
    pub(super) fn note(&mut self, question: Question, outcome: Outcome, now: Timestamp) {
        let before = self.0.iter().find(|failing| failing.question == question && now < failing.until);
        let before = before.map_or(0, |failing| failing.failures);
        match outcome {
            Outcome::Answered => self.0.retain(|failing| failing.question != question),
            Outcome::Failed { retry_after } => {
                self.0.retain(|failing| failing.question != question && now < failing.until);
                if self.0.len() >= MAX_QUESTIONS {
                    self.0.pop_front();
                }
                // If the API names a time, asking earlier is pointless.
                let failures = if outcome.is_told_to_wait() { MAX_FAILURES } else { before + 1 };
                let pause = retry_after.unwrap_or_default().min(MAX_OPEN_DURATION).max(PAUSE);
                self.0.push_back(Failing { question, failures, until: later(now, pause) });
            }
            // Neither is about the question.
            Outcome::Throttled { .. } | Outcome::Unreachable => {}
        }
    }

    pub(super) fn clear(&mut self) {
        self.0.clear();
    }
}

#[cfg(test)]
mod tests {
    use jiff::SignedDuration;

    use super::*;

    const FAILED: Outcome = Outcome::Failed { retry_after: None };

    fn at(seconds: f64) -> Timestamp {
        Timestamp::from_second(1_800_000_000).unwrap() + SignedDuration::from_secs_f64(seconds)
    }

    #[test]
    fn a_question_that_failed_twice_is_not_asked_for_half_a_minute() {
        let (mut failing, question) = (FailingQuestions::default(), Question::of("a"));
        failing.note(question, FAILED, at(0.0));
        assert_eq!(failing.until(question, at(0.1)), None);
        failing.note(question, FAILED, at(1.0));
        assert_eq!(failing.until(question, at(30.999)), Some(at(31.0)));
        assert_eq!(failing.until(question, at(31.0)), None);
        assert_eq!(failing.until(Question::of("b"), at(1.0)), None, "another question");
        failing.note(question, FAILED, at(31.0));
        assert_eq!(failing.until(question, at(31.0)), None, "it begins anew");
    }

    #[test]
    fn an_answer_forgets_the_failures_of_its_question_alone() {
        let mut failing = FailingQuestions::default();
        let [a, b] = ["a", "b"].map(Question::of);
        for question in [a, b, a, b] {
            failing.note(question, FAILED, at(0.0));
        }
        failing.note(a, Outcome::Answered, at(1.0));
        assert_eq!((failing.until(a, at(1.0)), failing.until(b, at(1.0))), (None, Some(at(30.0))));
    }

    #[test]
    fn a_missing_connection_and_a_throttled_environment_are_not_the_questions_fault() {
        let (mut failing, question) = (FailingQuestions::default(), Question::of("a"));
        for outcome in [Outcome::Unreachable, Outcome::Throttled { retry_after: None }] {
            for _ in 0..9 {
                failing.note(question, outcome, at(0.0));
            }
            assert_eq!(failing.until(question, at(0.0)), None);
        }
    }

    #[test]
    fn a_time_that_the_api_names_is_kept_up_to_two_minutes() {
        for (asked, waits) in [(2, None), (3, Some(30.0)), (60, Some(60.0)), (86_400, Some(120.0))] {
            let (mut failing, question) = (FailingQuestions::default(), Question::of("a"));
            let retry_after = Some(Duration::from_secs(asked));
            failing.note(question, Outcome::Failed { retry_after }, at(0.0));
            assert_eq!(failing.until(question, at(0.0)), waits.map(at), "{asked} s");
        }
    }

    #[test]
    fn only_the_latest_questions_are_remembered() {
        let mut failing = FailingQuestions::default();
        let questions: Vec<_> = (0..=MAX_QUESTIONS).map(|n| Question::of(&n.to_string())).collect();
        for question in &questions {
            failing.note(*question, FAILED, at(0.0));
            failing.note(*question, FAILED, at(0.0));
        }
        let remembered = questions.iter().filter(|question| failing.until(**question, at(0.0)).is_some());
        assert_eq!(remembered.count(), MAX_QUESTIONS);
        assert_eq!(failing.until(questions[0], at(0.0)), None);
    }
}
