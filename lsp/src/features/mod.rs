//! What the editor shows of a script, one file for each request: a function from
//! the script as understood and a place in it to plain data. No protocol here.

pub mod code_lens;
pub mod completion;
pub mod fixes;
pub mod hover;
pub mod inlay_hints;
