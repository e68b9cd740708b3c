//! Known defects, injected on demand, to verify that the chaos suite detects them.
//!
//! They are not in the bot's code, but on the wire between functions and services, and in `/misbehave`.

use std::sync::atomic::{AtomicU8, Ordering};

/// A defect.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
#[repr(u8)]
pub enum Defect {
    /// Every claim is granted, whether or not another receive has it or has done the work.
    NoClaim = 1,
    /// The response is deferred although the queue has not accepted the job.
    AnswerBeforeSend,
    /// A webhook that Discord does not know yet (10015) is treated as one that never will exist.
    NoRetryOf10015,
    /// An effect is repeated when its job is received again.
    UnkeyedEffect,
    /// One failed message makes the whole batch fail.
    BatchFailsWhole,
    /// A job has no watchdog.
    LostWatchdog,
    /// The deferred response of a refused user is deleted, and no follow-up is sent.
    SilentRefusal,
    /// A job that has failed four times is given up, although a reply could still be sent.
    GivesUpEarly,
    /// The queue gives a job up after four receives, whether or not it was worked on.
    CountsReceives,
    /// A job takes effect after its user was told that it failed.
    EffectAfterFailure,
    /// One query that always fails keeps every other query from Open-Meteo.
    BreakerByOneQuery,
}

impl Defect {
    /// All defects, with their names on the command line.
    pub const ALL: [(Self, &str); 11] = [
        (Self::NoClaim, "no-claim"),
        (Self::AnswerBeforeSend, "answer-before-send"),
        (Self::NoRetryOf10015, "no-retry-of-10015"),
        (Self::UnkeyedEffect, "unkeyed-effect"),
        (Self::BatchFailsWhole, "batch-fails-whole"),
        (Self::LostWatchdog, "lost-watchdog"),
        (Self::SilentRefusal, "silent-refusal"),
        (Self::GivesUpEarly, "gives-up-early"),
        (Self::CountsReceives, "counts-receives"),
        (Self::EffectAfterFailure, "effect-after-failure"),
        (Self::BreakerByOneQuery, "breaker-by-one-query"),
    ];
}

static INJECTED: AtomicU8 = AtomicU8::new(0);

/// From now on, this process has only that defect.
pub fn inject(defect: Option<Defect>) {
    INJECTED.store(defect.map_or(0, |defect| defect as u8), Ordering::Relaxed);
}

/// Whether this process has that defect.
pub fn is(defect: Defect) -> bool {
    INJECTED.load(Ordering::Relaxed) == defect as u8
}
