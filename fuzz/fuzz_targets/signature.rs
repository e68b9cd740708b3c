//! Signature headers and a body: only what was signed with a known key comes in.
#![no_main]

libfuzzer_sys::fuzz_target!(|input: &[u8]| fuzz::signature::check(input));
