//! How a fault of an external API is reported to the user.

use domain::{Error, Language, Refusal, breaker};
use engine::Context;
use integrations::Fault;

/// If the API is not called for a short time, that is a fault that waiting mends: a deferred job comes back
/// then. If it is longer, or if only this question fails, the user learns when to try again, which is a
/// refusal. Everything else is a fault.
pub(crate) fn error(fault: Fault, cx: &Context) -> Error {
    let is_short = matches!(fault, Fault::Open { until, .. } if breaker::is_waited_out(until, cx.now()));
    error_of(fault, is_short, cx.user_language())
}

fn error_of(fault: Fault, is_short: bool, language: Language) -> Error {
    match fault {
        Fault::Open { .. } if is_short => {
            domain::Fault::unavailable("integrations", fault.to_string()).into()
        }
        Fault::Open { dependency, until } | Fault::Failing { dependency, until } => {
            Refusal(words::upstream::not_answering(language, dependency, until)).into()
        }
        fault => domain::Fault::from(fault).into(),
    }
}

/// The same for autocomplete, which does not wait, and offers nothing if the API must not be called.
pub(crate) fn autocomplete_error(fault: Fault) -> Error {
    match fault {
        // A refused autocomplete has no choices. The text is shown to nobody.
        Fault::Open { .. } | Fault::Failing { .. } | Fault::TypingLimit => Refusal(fault.to_string()).into(),
        fault => domain::Fault::from(fault).into(),
    }
}

#[cfg(test)]
mod tests {
    use domain::{FaultKind, breaker::Dependency};

    use super::*;

    fn open() -> Fault {
        let until = "1970-01-01T00:00:21Z".parse().unwrap();
        Fault::Open { dependency: Dependency::Forecasts, until }
    }

    fn failing() -> Fault {
        let until = "1970-01-01T00:00:21Z".parse().unwrap();
        Fault::Failing { dependency: Dependency::Forecasts, until }
    }

    #[test]
    fn a_breaker_that_is_open_for_a_short_time_is_waited_out() {
        let error = error_of(open(), true, Language::English);
        let Error::Failed(fault) = error else { panic!("{error:?}") };
        assert_eq!(fault.kind, FaultKind::Unavailable);
        assert_eq!(fault.to_string(), "integrations: open-meteo-forecasts is not called for now");
    }

    #[test]
    fn a_longer_one_refuses_and_so_does_a_question_that_fails_alone() {
        for fault in [open(), failing()] {
            let error = error_of(fault, false, Language::English);
            let Error::Refused(Refusal(text)) = error else { panic!("{error:?}") };
            assert!(text.ends_with("Please try again <t:21:R>."), "{text}");
        }
    }

    #[test]
    fn a_failure_of_the_api_itself_is_tried_again_and_counted() {
        let failed = Fault::Refused { status: 503, retry_after: None };
        let error = error_of(failed, false, Language::English);
        assert!(matches!(error, Error::Failed(fault) if fault.kind == FaultKind::Passing));
    }

    #[test]
    fn autocomplete_is_refused_while_the_api_must_not_be_called_and_that_is_no_fault() {
        for fault in [open(), failing(), Fault::TypingLimit] {
            assert!(matches!(autocomplete_error(fault), Error::Refused(_)), "{fault}");
        }
        assert!(matches!(autocomplete_error(Fault::Malformed("search")), Error::Failed(_)));
    }
}
