//! Queue messages: a message that is neither a job nor a watchdog message is returned to the queue.
#![no_main]

libfuzzer_sys::fuzz_target!(|input: &[u8]| fuzz::sqs_body::check(input));
