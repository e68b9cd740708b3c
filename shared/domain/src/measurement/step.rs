//! The steps of an interaction on its way through the functions.

/// What has just been done for an interaction. A timeline is made of them.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Step {
    /// It is signed by Discord, and read.
    Verified,
    /// Its command is found, and the guard has let it in.
    Routed,
    /// The queue has taken its job.
    Queued,
    /// A receive of the job has it to itself.
    Claimed,
    /// The command's deferred work has ended, well or not.
    Worked,
    /// Discord has taken the reply.
    Edited,
    /// No later receive will do it again.
    Completed,
    /// The watch over its job looks whether the user has heard anything.
    Watched,
}

impl Step {
    /// As it is called in logs.
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
