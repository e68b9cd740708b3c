//! Custom ids: state is read back as it was written, or not at all.
#![no_main]

libfuzzer_sys::fuzz_target!(|input: &[u8]| fuzz::custom_id::check(input));
