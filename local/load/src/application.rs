//! What the generator needs to know about the application under load.

use jiff::Timestamp;

/// Returns the headers of an interaction: its signature and those that Discord adds.
pub type Sign = fn(at: Timestamp, body: &str) -> Vec<(&'static str, String)>;

/// The application under load.
#[derive(Clone, Copy)]
pub struct Application {
    /// Signs with a key that the application accepts.
    pub sign: Sign,
    /// The version that `/ping` must show.
    pub version: &'static str,
}
