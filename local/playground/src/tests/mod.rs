//! What the page shows to whom, and whom it lets act.

#![allow(clippy::unwrap_used, reason = "a test that cannot go on has failed")]

mod fixture;
mod guarded;
mod seen;
mod shown;
