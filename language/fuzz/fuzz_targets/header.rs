//! Any bytes are indexed or refused, in time.
//!
//!     cargo +nightly fuzz run --features libfuzzer header

#![no_main]

use libfuzzer_sys::fuzz_target;

fuzz_target!(|input: (u64, &[u8])| {
    let (size, bytes) = input;
    fuzz::header::check(bytes, size);
});
