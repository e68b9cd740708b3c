//! The load test: a generator that acts as Discord for many members, in another process than the stack.
//!
//! Measured are the signed HTTP requests, both functions' environments, both tables, the queue, the fake weather
//! service, and the edits of replies. The simulated Discord is not involved: the generator signs and posts
//! interactions and receives edits itself, so its CPU time can be separated from the stack's.
//!
//! Arrivals are planned before anything is sent, and latency counts from the planned moment. So a slow stack does
//! not reduce the load, and time spent waiting is part of the latency (no coordinated omission).

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
pub use statistics::{Row, Statistics};
pub use webhooks::Webhooks;
