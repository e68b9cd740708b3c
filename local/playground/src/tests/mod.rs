//! What the page shows to which user, and who may act.

#![allow(clippy::unwrap_used, reason = "a test that cannot go on has failed")]

mod fixture;
mod guarded;
mod seen;
mod shown;
