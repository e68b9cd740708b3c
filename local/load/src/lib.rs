//! Load: a crowd of members, and a generator that plays Discord to the stack from another process.
//!
//! In the measured path: signed HTTP requests, the front door's environments, both tables, the queue, the
//! jobs function's environments, the weather's stand-in, and the edits of replies. The simulated Discord is
//! not: the generator signs, posts and takes the edits itself, so its CPU can be told from the stack's.
//!
//! Arrivals are planned before anything is sent, and a latency counts from the planned moment: a stack that
//! is slow makes nobody ask less, and what waits in line is seen.

mod application;
mod chart;
mod client;
mod expected;
mod generator;
mod latency;
mod measured;
mod page;
mod plan;
mod plots;
mod process;
mod progress;
mod record;
mod report;
mod sender;
mod stack;
mod statistics;
mod time_series;
mod webhooks;
mod workload;

pub use application::Application;
pub use generator::run;
pub use plan::{Phase, Plan};
pub use progress::Progress;
pub use report::{Check, Report};
pub use stack::Target;
pub use statistics::{Figures, Row};
pub use webhooks::Webhooks;
