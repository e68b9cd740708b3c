//! Texts about external APIs.

use domain::{Language, breaker::Dependency};
use jiff::Timestamp;

/// Rejection: the API's circuit breaker is open until this time, which Discord shows as a countdown.
pub fn not_answering(language: Language, dependency: Dependency, until: Timestamp) -> String {
    let until = crate::second(until);
    let service = service(language, dependency);
    match language {
        Language::English => {
            format!("{service} is not responding at the moment. Please try again <t:{until}:R>.")
        }
        Language::German => {
            format!("{service} antwortet gerade nicht. Bitte versuch es <t:{until}:R> noch einmal.")
        }
    }
}

const fn service(language: Language, dependency: Dependency) -> &'static str {
    match (language, dependency) {
        (Language::English, Dependency::Geocoding) => "The place search",
        (Language::English, Dependency::Forecasts) => "The weather service",
        (Language::German, Dependency::Geocoding) => "Die Ortssuche",
        (Language::German, Dependency::Forecasts) => "Der Wetterdienst",
    }
}
