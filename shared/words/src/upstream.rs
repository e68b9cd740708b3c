//! What is said of other people's services.

use domain::{Language, breaker::Dependency};
use jiff::Timestamp;

/// It has not answered lately, and is not asked before this time. Discord counts it down.
pub fn not_answering(language: Language, dependency: Dependency, until: Timestamp) -> String {
    let until = crate::second(until);
    let service = service(language, dependency);
    match language {
        Language::English => format!("{service} is not answering at the moment. Try again <t:{until}:R>."),
        Language::German => {
            format!("{service} antwortet gerade nicht. Versuch es <t:{until}:R> noch einmal.")
        }
    }
}

const fn service(language: Language, dependency: Dependency) -> &'static str {
    match (language, dependency) {
        (Language::English, Dependency::Geocoding) => "The search for places",
        (Language::English, Dependency::Forecasts) => "The weather service",
        (Language::German, Dependency::Geocoding) => "Die Ortssuche",
        (Language::German, Dependency::Forecasts) => "Der Wetterdienst",
    }
}
