//! The meaning of a TensorLogic program: what is written, which names and
//! builtins it uses, which shapes its values have and what is wrong with it.
//!
//! Everything here is plain data and functions over it. No device, no protocol
//! and no thread: the runtime and the editors' server both stand on this crate
//! and never see each other.

pub mod catalogue;
pub mod checker;
pub mod configuration;
pub mod diagnostic;
pub mod event;
pub mod files;
pub mod format;
pub mod gguf;
pub mod inference;
pub mod program;
pub mod safetensors;
pub mod shape;
pub mod size;
pub mod source;
pub mod syntax;
pub mod weights;
