//! What has to hold for any input, and inputs to try it with.

pub mod header;
pub mod program;
mod random;

pub use random::Random;
