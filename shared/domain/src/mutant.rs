//! Known mistakes, made on demand: a chaos suite that notices none of them proves nothing.
//!
//! Without the feature `mutants`, which no function is built with, none of them is ever made, and the
//! compiler knows it.

#[cfg(feature = "mutants")]
use std::sync::atomic::{AtomicU8, Ordering};

/// A mistake.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
#[repr(u8)]
pub enum Mutant {
    /// Work is done without asking whether somebody else has it in hand, or has done it.
    NoClaim = 1,
    /// Discord is told "thinking" whether or not the queue has taken the job.
    AnswerBeforeSend,
    /// A reply that Discord does not know yet counts as one that it will never know.
    NoRetryOf10015,
    /// An effect is made again when its interaction comes again.
    UnkeyedEffect,
    /// The first message of a batch that fails ends the batch.
    BatchFailsWhole,
    /// Nobody watches over a job.
    LostWatch,
    /// Who is refused has "thinking…" taken away, and nothing is said instead.
    SilentNo,
}

impl Mutant {
    /// Every one, with its name in commands.
    pub const ALL: [(Self, &str); 7] = [
        (Self::NoClaim, "no-claim"),
        (Self::AnswerBeforeSend, "answer-before-send"),
        (Self::NoRetryOf10015, "no-retry-of-10015"),
        (Self::UnkeyedEffect, "unkeyed-effect"),
        (Self::BatchFailsWhole, "batch-fails-whole"),
        (Self::LostWatch, "lost-watch"),
        (Self::SilentNo, "silent-no"),
    ];
}

#[cfg(feature = "mutants")]
static MADE: AtomicU8 = AtomicU8::new(0);

/// From now on this process makes that mistake, and no other.
#[cfg(feature = "mutants")]
pub fn make(mutant: Option<Mutant>) {
    MADE.store(mutant.map_or(0, |mutant| mutant as u8), Ordering::Relaxed);
}

/// Whether this process makes that mistake.
#[cfg(feature = "mutants")]
pub fn is(mutant: Mutant) -> bool {
    MADE.load(Ordering::Relaxed) == mutant as u8
}

/// Whether this process makes that mistake.
#[cfg(not(feature = "mutants"))]
pub const fn is(_: Mutant) -> bool {
    false
}
