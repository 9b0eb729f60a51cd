//! Names that begin with `cndl_`, where the function of the plain name takes other
//! arguments. The others are spellings of the plain name.

use crate::catalogue::entry::{Accepts, Bound, Entry, Parameter};
use crate::catalogue::fact::{Fact, HandleKind};
use crate::catalogue::operands::{axes, like_first, number};
use crate::diagnostic::Code;
use crate::shape::{Dim, ElementType, Mismatch, Shape};

pub(super) const ENTRIES: &[Entry] = &[
    Entry {
        name: "cndl_layer_norm",
        spellings: &[],
        parameters: &[
            X,
            Parameter::required("normalized_shape", Accepts::SizeOrSizes),
            Parameter::optional("weight", Accepts::Any, "no effect"),
            Parameter::optional("bias", Accepts::Any, "no effect"),
            Parameter::optional("eps", Accepts::Number, "1e-5"),
        ],
        result: "a tensor of the same shape",
        summary: "(x - mean) / sqrt(variance + eps) along the last axis; weight and bias have no effect.",
        documentation: "`layer_norm` scales and shifts.",
        example: "print(cndl_layer_norm([[1, 3]], 2, eps = 0))",
        prints: "[[-1, 1]]",
        rule: |a| normalized("cndl_layer_norm", 4, a),
    },
    Entry {
        name: "cndl_rms_norm",
        spellings: &[],
        parameters: &[
            X,
            Parameter::optional("weight", Accepts::Any, "no effect"),
            Parameter::optional("eps", Accepts::Number, "1e-5"),
        ],
        result: "a tensor of the same shape",
        summary: "x / sqrt(mean(x²) + eps) along the last axis; the weight has no effect.",
        documentation: "`rms_norm` multiplies by its weight.",
        example: "print(cndl_rms_norm([[3, -3]], eps = 0))",
        prints: "[[1, -1]]",
        rule: |a| normalized("cndl_rms_norm", 2, a),
    },
    Entry {
        name: "cndl_embedding",
        spellings: &[],
        parameters: &[Parameter::required("ids", Accepts::Ids), Parameter::required("table", Accepts::Tensor)],
        result: "a tensor with one row for each id",
        summary: "Looks up rows of a table [v, d]: one id gives [d], other ids their shape and d behind it.",
        documentation: "`embedding` takes the table first and gives [1, d] for one id.",
        example: "print(cndl_embedding(1, [[0, 1], [2, 3]]))",
        prints: "[2, 3]",
        rule: embedding,
    },
    Entry {
        name: "cndl_rope",
        spellings: &[],
        parameters: &[
            X,
            Parameter::optional("position", Accepts::Integer, "0"),
            Parameter::optional("theta", Accepts::Number, "10000"),
        ],
        result: "a tensor of the same shape",
        summary: "Turns the halves of every head of x [..., s, heads, d], as `rope(x, position, theta, \"neox\")`.",
        documentation: "Element i is paired with element i + d/2.",
        example: "let x = reshape([1, 0, 1, 0], [1, 1, 4])\nprint(cndl_rope(x))",
        prints: "[[[1, 0, 1, 0]]]",
        rule: rope,
    },
    Entry {
        name: "cndl_load_safetensor",
        spellings: &[],
        parameters: FROM_FILE,
        result: "a tensor",
        summary: "Reads one tensor of a safetensors file by its name.",
        documentation: "",
        example: "let path = \"/tmp/tensorlogic-example.safetensors\"\ncndl_save_safetensor([1.0, 2.0], path, \"x\")\nprint(cndl_load_safetensor(path, \"x\"))",
        prints: "[1, 2]",
        rule: |_| Ok(Fact::shaped(None)),
    },
    Entry {
        name: "cndl_save_safetensor",
        spellings: &[],
        parameters: &[X, PATH, Parameter::required("name", Accepts::String)],
        result: "nothing",
        summary: "Writes a safetensors file that holds one tensor.",
        documentation: "A file of that name is overwritten.",
        example: "let path = \"/tmp/tensorlogic-example-saved.safetensors\"\ncndl_save_safetensor([[1.0, 2.0]], path, \"x\")\nprint(shape(cndl_load_safetensor(path, \"x\")))",
        prints: "[1, 2]",
        rule: |_| Ok(Fact::Void),
    },
    Entry {
        name: "cndl_list_safetensors",
        spellings: &[],
        parameters: &[PATH],
        result: "nothing",
        summary: "Prints name, element type and shape of each tensor of a safetensors file.",
        documentation: "",
        example: "let path = \"/tmp/tensorlogic-example-listed.safetensors\"\ncndl_save_safetensor([1.0, 2.0], path, \"x\")\ncndl_list_safetensors(path)",
        prints: "x: float32[2]",
        rule: |_| Ok(Fact::Void),
    },
    Entry {
        name: "cndl_load_gguf_tensor",
        spellings: &[],
        parameters: FROM_FILE,
        result: "a float32 tensor",
        summary: "Reads one tensor of a GGUF file by its name, decoded.",
        documentation: "Shapes are row-major: a weight from k to n features is [n, k].",
        example: "print(shape(cndl_load_gguf_tensor(\"models/stories-f16.gguf\", \"output_norm.weight\")))",
        prints: "[192]",
        rule: |_| Ok(Fact::Tensor { element: Some(ElementType::Float32), shape: None }),
    },
    Entry {
        name: "cndl_list_gguf_tensors",
        spellings: &[],
        parameters: &[PATH],
        result: "nothing",
        summary: "Prints name, type and shape of each tensor of a GGUF file.",
        documentation: "",
        example: "let path = arg(\"weights\", \"\")\nif path != \"\" { cndl_list_gguf_tensors(path) }",
        prints: "",
        rule: |_| Ok(Fact::Void),
    },
    Entry {
        name: "cndl_load_model_safetensor",
        spellings: &[],
        parameters: &[PATH],
        result: "a Model",
        summary: "Opens a safetensors file as a model.",
        documentation: "The element type is that of its first tensor.",
        example: "let path = arg(\"weights\", \"\")\nif path != \"\" { print(cndl_load_model_safetensor(path)) }",
        prints: "",
        rule: |_| Ok(Fact::Handle(HandleKind::Model)),
    },
    Entry {
        name: "cndl_save_model_safetensor",
        spellings: &[],
        parameters: &[Parameter::required("model", Accepts::Handle(HandleKind::Model)), PATH],
        result: "nothing",
        summary: "Writes all weights of a model to a safetensors file.",
        documentation: "Weights in blocks are decoded. A file of that name is overwritten.",
        example: "let path = arg(\"weights\", \"\")\nif path != \"\" { cndl_save_model_safetensor(load_model(\"models/stories-f16.gguf\"), path) }",
        prints: "",
        rule: |_| Ok(Fact::Void),
    },
];

const X: Parameter = Parameter::required("x", Accepts::Tensor);
const PATH: Parameter = Parameter::required("path", Accepts::String);
const FROM_FILE: &[Parameter] = &[PATH, Parameter::required("name", Accepts::String)];

fn normalized(function: &str, eps: usize, arguments: &Bound<Fact>) -> Result<Fact, Mismatch> {
    number(function, (eps, "eps", "a number of at least 0"), arguments, |eps| eps >= 0.0)?;
    if arguments.shape(0).is_some_and(|shape| shape.rank() == 0) {
        let message = format!("`{function}` needs a tensor with axes, found {}", arguments.fact(0).describe());
        return Err(Mismatch::new(Code::RankMismatch, message).argument(0));
    }
    like_first(arguments)
}

fn embedding(arguments: &Bound<Fact>) -> Result<Fact, Mismatch> {
    let table = axes::<2>("cndl_embedding", (1, "table", "[v, d]"), arguments)?;
    let width = table.map_or(Dim::Unknown, |[_, width]| width);
    let shape = arguments.shape(0).map(|ids| Shape([ids.0, vec![width]].concat()));
    Ok(Fact::Tensor { element: arguments.fact(1).element(), shape })
}

fn rope(arguments: &Bound<Fact>) -> Result<Fact, Mismatch> {
    if let Some(shape) = arguments.shape(0) {
        crate::catalogue::position::check_input("cndl_rope", arguments.fact(0), &shape)?;
    }
    number("cndl_rope", (2, "theta", "a base above 0"), arguments, |theta| theta > 0.0)?;
    like_first(arguments)
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::catalogue::rules::testing::*;

    #[test]
    fn rows_are_looked_up() {
        let entry = crate::catalogue::find("cndl_embedding").unwrap().entry();
        check(entry, &[int(1), tensor("v 8")], Ok(tensor("8")));
        check(entry, &[ints(&[1, 2]), tensor("v 8")], Ok(tensor("2 8")));
        let message = "`cndl_embedding` needs 2 axes, [v, d], for `table`, found float32[8]";
        check(entry, &[int(1), tensor("8")], Err((Code::RankMismatch, message)));
    }

    #[test]
    fn heads_are_turned_in_pairs() {
        let entry = crate::catalogue::find("cndl_rope").unwrap().entry();
        check(entry, &[tensor("n 4 64"), int(3)], Ok(tensor("n 4 64")));
        let message = "`cndl_rope` turns pairs and needs an even head size, found 7 in float32[2, 4, 7]";
        check(entry, &[tensor("2 4 7")], Err((Code::RopeInput, message)));
    }
}
