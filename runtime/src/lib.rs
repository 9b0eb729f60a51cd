//! Runs a program: an interpreter over burn tensors, the weights it reads and
//! the tokenizers it speaks through. What happens is told as events; nothing
//! here prints, parses arguments or knows an editor.

pub mod context;
pub mod device;
pub mod failure;
pub mod interpreter;
pub mod kernels;
pub mod model;
pub mod random;
pub mod run;
pub mod tensor;
pub mod text;
pub mod tokenizer;
pub mod value;
pub mod weights;
