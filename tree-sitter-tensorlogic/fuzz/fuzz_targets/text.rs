//! Any bytes parse, in time.
//!
//!     cargo +nightly fuzz run --features libfuzzer text
//!
//! Without a nightly compiler, and so without coverage to guide it:
//!
//!     cargo run --release --features libfuzzer --bin text -- -max_total_time=60

#![no_main]

use libfuzzer_sys::fuzz_target;

fuzz_target!(|text: &[u8]| {
    fuzz::Checker::new().parse(text, None).unwrap();
});
