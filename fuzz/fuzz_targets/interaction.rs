//! Whatever is signed is answered, and what is said is harmless.
#![no_main]

libfuzzer_sys::fuzz_target!(|input: &[u8]| fuzz::interaction::check(input));
