//! Any bytes, then an edit: the tree that is brought up to date is the tree of the new text.
//!
//!     cargo +nightly fuzz run --features libfuzzer edits

#![no_main]

use fuzz::{Checker, Edit};
use libfuzzer_sys::fuzz_target;

fuzz_target!(|input: (u16, u16, Vec<u8>, Vec<u8>)| {
    let (start, length, inserted, text) = input;
    let start = usize::from(start) % (text.len() + 1);
    let end = (start + usize::from(length)).min(text.len());
    Checker::new().edit(&text, &Edit { start, end, inserted }).unwrap();
});
