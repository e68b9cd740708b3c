//! What is no job is left to the queue.
#![no_main]

libfuzzer_sys::fuzz_target!(|input: &[u8]| fuzz::sqs_body::check(input));
