//! The steps of an interaction on its way through the functions.

/// A finished step of an interaction; together they are its timeline in the log.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Step {
    /// The signature is valid and the interaction is parsed.
    Verified,
    /// The command is known, and the guard has let it through.
    Routed,
    /// The queue has accepted the job.
    Queued,
    /// A receive holds the claim of the job.
    Claimed,
    /// The command's deferred work has ended, successfully or not.
    Worked,
    /// Discord has accepted the reply.
    Edited,
    /// The claim is completed, so no later receive repeats the job.
    Completed,
    /// The watchdog has read the state of the job.
    Watched,
}

impl Step {
    /// The name in logs.
    pub fn name(self) -> &'static str {
        match self {
            Self::Verified => "verified",
            Self::Routed => "routed",
            Self::Queued => "queued",
            Self::Claimed => "claimed",
            Self::Worked => "worked",
            Self::Edited => "edited",
            Self::Completed => "completed",
            Self::Watched => "watched",
        }
    }
}

#[cfg(test)]
mod tests {
    use std::collections::BTreeSet;

    use super::*;

    #[test]
    fn no_two_steps_are_one_in_the_log() {
        use Step::{Claimed, Completed, Edited, Queued, Routed, Verified, Watched, Worked};
        let steps = [Verified, Routed, Queued, Claimed, Worked, Edited, Completed, Watched];
        let names: BTreeSet<_> = steps.into_iter().map(Step::name).collect();
        assert_eq!(names.len(), steps.len());
    }
}
