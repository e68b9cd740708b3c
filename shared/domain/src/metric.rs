//! The metrics of the functions. A log line that has a field with the name of a metric is also a metric for
//! CloudWatch, because it is written in the embedded metric format.

/// A metric. A test compares template.yaml and docs/runbook.md with this list.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub enum Metric {
    /// The age of an interaction when its answer left, from its creation at Discord. Without autocomplete,
    /// whose age depends on outside APIs.
    AgeMs,
    /// Whether the user got an error message or no answer in time (interactions), or whether a receive of a job
    /// ended with a fault (jobs): 0 or 100, so the average is the percentage. Without autocomplete.
    Failed,
    /// Whether the answer was deferred: 0 or 1.
    Deferred,
    /// The number of requests that were rejected: wrong signatures and what is not an interaction.
    TurnedAway,
    /// A job that ended too late for its reply.
    Expired,
    /// How long a job waited in the queue before it was first received.
    WaitMs,
    /// A message that was sent to the dead-letter queue.
    DeadLetter,
    /// How long a request to Discord's REST API took.
    DiscordMs,
    /// Whether it got no answer, or 429 or 5xx: 0 or 100.
    DiscordFailed,
    /// How long a request to another API took.
    OutsideMs,
    /// Whether it got no answer, or 429 or 5xx: 0 or 100.
    OutsideFailed,
    /// The circuit breaker of an outside API opened.
    BreakerOpened,
    /// Whether a heartbeat found that the bot works: 0 or 1.
    Heartbeat,
    /// The most memory that the process has had so far (`VmHWM`), once a minute from each environment.
    MemoryMB,
}

/// CloudWatch's unit of a metric.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Unit {
    /// Milliseconds.
    Milliseconds,
    /// 0 to 100.
    Percent,
    /// A number of things.
    Count,
    /// 1,048,576 bytes.
    Megabytes,
}

impl Unit {
    /// Its name in CloudWatch.
    pub const fn name(self) -> &'static str {
        match self {
            Self::Milliseconds => "Milliseconds",
            Self::Percent => "Percent",
            Self::Count => "Count",
            Self::Megabytes => "Megabytes",
        }
    }
}

impl Metric {
    /// All of them, in the order of the documentation.
    pub const ALL: [Self; 14] = [
        Self::AgeMs,
        Self::Failed,
        Self::Deferred,
        Self::TurnedAway,
        Self::Expired,
        Self::WaitMs,
        Self::DeadLetter,
        Self::DiscordMs,
        Self::DiscordFailed,
        Self::OutsideMs,
        Self::OutsideFailed,
        Self::BreakerOpened,
        Self::Heartbeat,
        Self::MemoryMB,
    ];

    /// The metric with this name.
    pub fn named(name: &str) -> Option<Self> {
        // Every name of a metric, and of no other field, begins with a capital letter.
        if !name.starts_with(|first: char| first.is_ascii_uppercase()) {
            return None;
        }
        Self::ALL.into_iter().find(|metric| metric.name() == name)
    }

    /// Its name in CloudWatch, which is that of the field in the log line.
    pub const fn name(self) -> &'static str {
        match self {
            Self::AgeMs => "AgeMs",
            Self::Failed => "Failed",
            Self::Deferred => "Deferred",
            Self::TurnedAway => "TurnedAway",
            Self::Expired => "Expired",
            Self::WaitMs => "WaitMs",
            Self::DeadLetter => "DeadLetter",
            Self::DiscordMs => "DiscordMs",
            Self::DiscordFailed => "DiscordFailed",
            Self::OutsideMs => "OutsideMs",
            Self::OutsideFailed => "OutsideFailed",
            Self::BreakerOpened => "BreakerOpened",
            Self::Heartbeat => "Heartbeat",
            Self::MemoryMB => "MemoryMB",
        }
    }

    /// Its unit.
    pub const fn unit(self) -> Unit {
        match self {
            Self::AgeMs | Self::WaitMs | Self::DiscordMs | Self::OutsideMs => Unit::Milliseconds,
            Self::Failed | Self::DiscordFailed | Self::OutsideFailed => Unit::Percent,
            Self::Deferred
            | Self::TurnedAway
            | Self::Expired
            | Self::DeadLetter
            | Self::BreakerOpened
            | Self::Heartbeat => Unit::Count,
            Self::MemoryMB => Unit::Megabytes,
        }
    }

    /// The functions that write it.
    pub const fn functions(self) -> &'static [&'static str] {
        match self {
            Self::AgeMs | Self::Deferred | Self::TurnedAway => &["interactions"],
            Self::Expired | Self::WaitMs | Self::DeadLetter | Self::DiscordMs | Self::DiscordFailed => {
                &["jobs"]
            }
            Self::Failed | Self::OutsideMs | Self::OutsideFailed | Self::BreakerOpened => {
                &["interactions", "jobs"]
            }
            Self::Heartbeat => &["probe"],
            Self::MemoryMB => &["interactions", "jobs", "health", "probe"],
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn every_metric_is_found_by_its_name_alone() {
        for metric in Metric::ALL {
            assert_eq!(Metric::named(metric.name()), Some(metric));
            assert_eq!(Metric::named(&metric.name().to_lowercase()), None);
        }
        for other in ["", "message", "outcome", "Latency"] {
            assert_eq!(Metric::named(other), None);
        }
    }
}
