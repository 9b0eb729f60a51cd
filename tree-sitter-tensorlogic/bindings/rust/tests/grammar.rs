//! The tests of the grammar that the corpus cannot hold.

mod coverage;
mod damage;
mod queries;
mod robustness;
mod tree;
