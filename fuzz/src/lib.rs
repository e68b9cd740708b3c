//! Properties of arbitrary input, one file for each fuzz target. `check` panics if a property does not hold. The
//! end-to-end tests run it on the corpus.

pub mod custom_id;
pub mod interaction;
mod outside;
pub mod signature;
pub mod sqs_body;
mod stand;
