//! Where tensors lie, checked against the files and each other.

use std::fmt;

use super::names::LONGEST_NAME;
use super::{Format, Index};

/// What is wrong with where a tensor lies.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Fault {
    /// Two tensors share a name.
    Duplicate {
        /// The name.
        name: String,
    },
    /// A tensor's name is longer than any that a script could write.
    LongName {
        /// Its beginning.
        name: String,
        /// How many bytes it has.
        length: usize,
    },
    /// A tensor's data does not begin where it must.
    Misaligned {
        /// Its name.
        name: String,
        /// Where it begins in the data section.
        offset: u64,
        /// What that should be a multiple of.
        alignment: u64,
    },
    /// A tensor's data reaches beyond the end of its file.
    BeyondEnd {
        /// Its name.
        name: String,
        /// Where it ends in the file.
        end: u64,
        /// Where the file ends.
        size: u64,
    },
    /// Two tensors share bytes.
    Overlap {
        /// The one that begins first.
        first: String,
        /// The one that begins before the first has ended.
        second: String,
    },
    /// The map of a divided model names a file for a tensor that is not there.
    NotInPart {
        /// The tensor.
        name: String,
        /// The file.
        file: String,
    },
    /// A divided model says of all its tensors how many they are, and is wrong.
    WrongCount {
        /// How many it says.
        said: u64,
        /// How many there are.
        found: u64,
    },
}

impl Fault {
    /// What the reader can do about it, if that is plain.
    pub fn help(&self) -> Option<&'static str> {
        match self {
            Fault::BeyondEnd { .. } => Some("the download may be incomplete: get the file again"),
            Fault::NotInPart { .. } | Fault::WrongCount { .. } => {
                Some("the files may be of different models: get all of them from one place")
            }
            Fault::Duplicate { .. } | Fault::LongName { .. } | Fault::Misaligned { .. } | Fault::Overlap { .. } => None,
        }
    }
}

impl fmt::Display for Fault {
    fn fmt(&self, f: &mut fmt::Formatter) -> fmt::Result {
        match self {
            Fault::Duplicate { name } => write!(f, "tensor `{name}` occurs twice"),
            Fault::LongName { name, length } => {
                write!(f, "tensor `{name}…` has a name of {length} bytes, at most {LONGEST_NAME} are allowed")
            }
            Fault::Misaligned { name, offset, alignment } => {
                write!(f, "tensor `{name}` begins at offset {offset}, which is no multiple of {alignment}")
            }
            Fault::BeyondEnd { name, end, size } => {
                write!(f, "tensor `{name}` ends at byte {end}, but the file has {size} bytes")
            }
            Fault::Overlap { first, second } => write!(f, "tensors `{first}` and `{second}` share bytes"),
            Fault::NotInPart { name, file } => write!(f, "tensor `{name}` is not in `{file}`, where it should be"),
            Fault::WrongCount { said, found } => {
                write!(f, "the files hold {found} tensors, and say that all of them together have {said}")
            }
        }
    }
}

/// Everything that is wrong with where the tensors of an index lie.
pub(super) fn faults_of(index: &Index) -> Vec<Fault> {
    let mut faults = Vec::new();
    for tensor in &index.tensors {
        let part = &index.parts[tensor.part];
        let name = || tensor.name.clone();
        if tensor.name.len() > LONGEST_NAME {
            let beginning = tensor.name.chars().take(40).collect();
            faults.push(Fault::LongName { name: beginning, length: tensor.name.len() });
        }
        let end = tensor.offset.saturating_add(tensor.length);
        if end > part.size {
            faults.push(Fault::BeyondEnd { name: name(), end, size: part.size });
        }
        if let Format::Gguf { alignment, .. } = index.format {
            let offset = tensor.offset.saturating_sub(part.data_start);
            if offset % alignment != 0 {
                faults.push(Fault::Misaligned { name: name(), offset, alignment });
            }
        }
    }
    let mut placed: Vec<_> = index.tensors.iter().filter(|tensor| tensor.length > 0).collect();
    placed.sort_by_key(|tensor| (tensor.part, tensor.offset));
    for pair in placed.windows(2) {
        let [first, second] = pair else { continue };
        if first.part == second.part && first.bytes().end > second.offset {
            faults.push(Fault::Overlap { first: first.name.clone(), second: second.name.clone() });
        }
    }
    faults
}
