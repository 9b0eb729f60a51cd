//! Devices and memory, which older scripts manage themselves. Here a run does it;
//! these functions exist so that those scripts work.

use crate::catalogue::entry::{Accepts, Bound, Entry, Parameter};
use crate::catalogue::fact::{Fact, HandleKind};
use crate::catalogue::operands::number;
use crate::catalogue::rules::requested_shape;
use crate::shape::Mismatch;

pub(super) const ENTRIES: &[Entry] = &[
    Entry {
        name: "new_tensor_buffer",
        spellings: &[],
        parameters: &[Parameter::required("capacity", Accepts::Integer)],
        result: "a TensorBuffer",
        summary: "Memory for so many bytes of tensors.",
        documentation: "The size is a promise only: a run finds the memory that it needs.",
        example: "let buffer = new_tensor_buffer(1024)\nprint(buffer.zeros([2]))",
        prints: "[0, 0]",
        rule: |a| {
            number("new_tensor_buffer", (0, "capacity", "a size of at least 0"), a, |n| n >= 0.0)?;
            Ok(Fact::Handle(HandleKind::TensorBuffer))
        },
    },
    Entry {
        name: "TensorBuffer.alloc",
        spellings: &[],
        parameters: &[
            BUFFER,
            SHAPE,
            Parameter::required("count", Accepts::Integer),
            Parameter::required("element_size", Accepts::Integer),
        ],
        result: "nothing",
        summary: "Sets memory aside for `count` tensors of a shape, with so many bytes for each element.",
        documentation: "",
        example: "let buffer = new_tensor_buffer(1024)\nbuffer.alloc([2, 3], 4, 4)\nprint(shape(buffer.ones([2, 3])))",
        prints: "[2, 3]",
        rule: |a| filled("TensorBuffer.alloc", a).map(|_| Fact::Void),
    },
    Entry {
        name: "TensorBuffer.zeros",
        spellings: &[],
        parameters: &[BUFFER, SHAPE],
        result: "a tensor of the shape",
        summary: "A tensor of zeros, as `zeros(shape)`.",
        documentation: "",
        example: "print(new_tensor_buffer(64).zeros([2]))",
        prints: "[0, 0]",
        rule: |a| filled("TensorBuffer.zeros", a),
    },
    Entry {
        name: "TensorBuffer.ones",
        spellings: &[],
        parameters: &[BUFFER, SHAPE],
        result: "a tensor of the shape",
        summary: "A tensor of ones, as `ones(shape)`.",
        documentation: "",
        example: "print(new_tensor_buffer(64).ones([2]))",
        prints: "[1, 1]",
        rule: |a| filled("TensorBuffer.ones", a),
    },
    Entry {
        name: "get_metal_device",
        spellings: &[],
        parameters: &[],
        result: "a Device",
        summary: "What the run computes on, whatever it is.",
        documentation: "`--device` chooses it; nothing in a script has to.",
        example: "let device = get_metal_device()\nprint(\"ready\")",
        prints: "ready",
        rule: |_| Ok(Fact::Handle(HandleKind::Device)),
    },
    Entry {
        name: "cleanup",
        spellings: &[],
        parameters: &[Parameter::variadic("keep", Accepts::String, 0)],
        result: "nothing",
        summary: "Does nothing: memory is given back as soon as no variable holds it.",
        documentation: "Older scripts name the variables to keep.",
        example: "let x = [1, 2]\ncleanup(\"x\")\nprint(x)",
        prints: "[1, 2]",
        rule: |_| Ok(Fact::Void),
    },
];

const BUFFER: Parameter = Parameter::required("buffer", Accepts::Handle(HandleKind::TensorBuffer));
const SHAPE: Parameter = Parameter::required("shape", Accepts::Sizes);

fn filled(function: &str, arguments: &Bound<Fact>) -> Result<Fact, Mismatch> {
    Ok(Fact::shaped(requested_shape(function, arguments, 1)?))
}
