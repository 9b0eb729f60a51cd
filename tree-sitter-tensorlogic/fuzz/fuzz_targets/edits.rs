//! Any bytes, then an edit: the tree that is brought up to date is the tree of the new text.
//!
//!     cargo +nightly fuzz run --features libfuzzer edits
//!
//! Without a nightly compiler, and so without coverage to guide it:
//!
//!     cargo run --release --features libfuzzer --bin edits -- -max_total_time=60

#![no_main]

use fuzz::{Checker, Edit};
use libfuzzer_sys::fuzz_target;

fuzz_target!(|input: (u16, u16, Vec<u8>, Vec<u8>)| {
    let (start, length, inserted, text) = input;
    let start = usize::from(start) % (text.len() + 1);
    let end = (start + usize::from(length)).min(text.len());
    if let Err(failure) = Checker::new().edit(&text, &Edit { start, end, inserted }) {
        assert!(failure.is_allowed(), "{failure:?}");
    }
});
