//! Signature headers and a body: only requests signed with a known key are accepted.
#![no_main]

libfuzzer_sys::fuzz_target!(|input: &[u8]| fuzz::signature::check(input));
