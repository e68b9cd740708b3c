//! What the queues of the jobs function hold.

use serde::Deserialize;

use crate::{
    Job, ProbeJob, Watchdog,
    job::{self, MessageError},
    watchdog::VERSION,
};

/// A message in the queues of the jobs function.
#[derive(Clone, Debug)]
pub enum Queued {
    /// The deferred work of an interaction.
    Job(Job),
    /// The watchdog message of a job.
    Watchdog(Watchdog),
    /// The check of the queue and of the jobs function.
    Probe(ProbeJob),
}

impl Queued {
    /// Reads a queue message.
    ///
    /// # Errors
    /// As [`Job::parse`]; [`MessageError::Kind`] for a kind that only another version of this code reads.
    pub fn parse(text: &str) -> Result<Self, MessageError> {
        let Head { v, kind } = serde_json::from_str(text).map_err(|_| MessageError::Unreadable)?;
        match (v, kind) {
            (VERSION, Some("watch")) => {
                serde_json::from_str(text).map(Self::Watchdog).map_err(|_| MessageError::Unreadable)
            }
            (VERSION, Some("probe")) => {
                serde_json::from_str(text).map(Self::Probe).map_err(|_| MessageError::Unreadable)
            }
            (VERSION, Some(_)) => Err(MessageError::Kind),
            (VERSION, None) => Err(MessageError::Unreadable),
            (job::VERSION, _) => Job::parse(text).map(Self::Job),
            (v, _) => Err(MessageError::Version(v)),
        }
    }
}

#[derive(Deserialize)]
struct Head<'a> {
    v: u64,
    #[serde(borrow)]
    kind: Option<&'a str>,
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::InteractionId;

    const WATCHDOG: &str = r#"{"v":2,"kind":"watch","interaction":"5","application":"6","token":"canary","guild":null,"command":"weather","language":"de","beside":false}"#;

    #[test]
    fn a_message_is_told_by_its_version_and_its_kind() {
        assert!(matches!(Queued::parse(WATCHDOG), Ok(Queued::Watchdog(_))));
        let job = r#"{"v":1,"interaction":"5","application":"6","token":"t","guild":null,"act":"command","command":"weather","language":"de","body":{}}"#;
        assert!(matches!(Queued::parse(job), Ok(Queued::Job(_))));
        let probe = ProbeJob::new(InteractionId::new(5).unwrap(), "6".parse().unwrap());
        let written = serde_json::to_string(&probe).unwrap();
        assert_eq!(written, r#"{"v":2,"kind":"probe","interaction":"5","application":"6"}"#);
        assert!(matches!(Queued::parse(&written), Ok(Queued::Probe(read)) if read == probe));
        let refused = |text: &str| Queued::parse(text).unwrap_err();
        assert_eq!(refused(r#"{"v":3,"kind":"watch"}"#), MessageError::Version(3));
        assert_eq!(refused(r#"{"v":2,"kind":"reminder"}"#), MessageError::Kind);
        for rubbish in ["", "[]", "{}", r#"{"v":2}"#, r#"{"v":2,"kind":"watch"}"#, r#"{"v":2,"kind":7}"#] {
            assert_eq!(refused(rubbish), MessageError::Unreadable, "{rubbish}");
        }
    }

    #[test]
    fn a_watchdog_does_not_show_its_token() {
        let shown = format!("{:?}", Queued::parse(WATCHDOG).unwrap());
        assert!(shown.contains("weather") && !shown.contains("canary"), "{shown}");
    }
}
