//! Any text is checked in time, and after any other text as if it had been read anew.
//!
//!     cargo +nightly fuzz run --features libfuzzer program

#![no_main]

use fuzz::program::{Folder, Subject};
use libfuzzer_sys::fuzz_target;

fuzz_target!(|states: Vec<&str>| {
    let mut subject = Subject::new(Folder::of_all_kinds());
    for state in states {
        subject.turn_into(state).unwrap();
    }
});
