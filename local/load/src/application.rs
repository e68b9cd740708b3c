//! What the generator has to know of the application under load.

use jiff::Timestamp;

/// Which headers an interaction is sent with: its signature and what Discord adds.
pub type Sign = fn(at: Timestamp, body: &str) -> Vec<(&'static str, String)>;

/// The application under load.
#[derive(Clone, Copy)]
pub struct Application {
    /// With a key that the application knows.
    pub sign: Sign,
    /// What `/ping` says.
    pub version: &'static str,
}
