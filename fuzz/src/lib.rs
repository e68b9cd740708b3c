//! What holds for whatever comes in. A file for each target of the fuzzer, whose input `check` takes; it panics
//! if something does not hold. The end-to-end tests give it the corpus.

pub mod custom_id;
pub mod interaction;
mod outside;
pub mod signature;
pub mod sqs_body;
mod stand;
