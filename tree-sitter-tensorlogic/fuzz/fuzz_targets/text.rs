//! Any bytes parse, in time.
//!
//!     cargo +nightly fuzz run --features libfuzzer text

#![no_main]

use libfuzzer_sys::fuzz_target;

fuzz_target!(|text: &[u8]| {
    fuzz::Checker::new().parse(text, None).unwrap();
});
