//! Known defects, injected on demand: a chaos suite that notices none of them proves nothing.
//!
//! They are made outside the bot: on the wire between the functions and the services, and in `/misbehave`.

use std::sync::atomic::{AtomicU8, Ordering};

/// A defect.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
#[repr(u8)]
pub enum Defect {
    /// Every claim is granted, whether or not another receive has it or has done the work.
    NoClaim = 1,
    /// Discord is told "thinking" although the queue has not taken the job.
    AnswerBeforeSend,
    /// A reply that Discord does not know yet counts as one that it will never know.
    NoRetryOf10015,
    /// An effect is made again when its interaction comes again.
    UnkeyedEffect,
    /// One failed message of a batch brings back the whole batch.
    BatchFailsWhole,
    /// A job has no watchdog.
    LostWatchdog,
    /// The deferred response of a refused user is deleted, and no follow-up is sent.
    SilentRefusal,
}

impl Defect {
    /// Every one, with its name on the command line.
    pub const ALL: [(Self, &str); 7] = [
        (Self::NoClaim, "no-claim"),
        (Self::AnswerBeforeSend, "answer-before-send"),
        (Self::NoRetryOf10015, "no-retry-of-10015"),
        (Self::UnkeyedEffect, "unkeyed-effect"),
        (Self::BatchFailsWhole, "batch-fails-whole"),
        (Self::LostWatchdog, "lost-watchdog"),
        (Self::SilentRefusal, "silent-refusal"),
    ];
}

static INJECTED: AtomicU8 = AtomicU8::new(0);

/// From now on this process has that defect, and no other.
pub fn inject(defect: Option<Defect>) {
    INJECTED.store(defect.map_or(0, |defect| defect as u8), Ordering::Relaxed);
}

/// Whether this process has that defect.
pub fn is(defect: Defect) -> bool {
    INJECTED.load(Ordering::Relaxed) == defect as u8
}
