//! Any signed body gets a response, and the response is harmless.
#![no_main]

libfuzzer_sys::fuzz_target!(|input: &[u8]| fuzz::interaction::check(input));
