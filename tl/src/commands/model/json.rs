//! The index of a weight file as one object of JSON: `tl/MODEL.md` says what it
//! holds.

use std::path::Path;

use serde_json::{Map, Value as Json, json};
use tensorlogic_language::gguf::Value;
use tensorlogic_language::weights::{Check, Format, Index, Memory, Part, TensorInfo, Verdict};

use super::glance;
use crate::terminal::model::totals;

/// The object, ended by a line break.
pub fn text(index: &Index, checks: Option<&[Check]>, path: &Path) -> String {
    let (format, version, alignment) = match index.format {
        Format::Gguf { version, alignment } => ("gguf", Some(version), Some(alignment)),
        Format::Safetensors => ("safetensors", None, None),
    };
    let memory = Memory::of(index);
    let metadata: Map<String, Json> =
        index.metadata().map(|(key, value)| (key.to_owned(), entry(index, value))).collect();
    let types: Vec<Json> = totals(index)
        .into_iter()
        .map(|total| {
            json!({
                "type": total.name,
                "tensors": total.tensors,
                "parameters": total.parameters,
                "bytes": total.bytes,
            })
        })
        .collect();
    let object = json!({
        "v": 1,
        "path": path.to_string_lossy(),
        "format": format,
        "version": version,
        "alignment": alignment,
        "architecture": index.architecture(),
        "parameters": index.parameters(),
        "bytes": index.file_bytes(),
        "files": index.parts.iter().map(part).collect::<Vec<_>>(),
        "metadata": metadata,
        "tensors": index.tensors().iter().map(tensor).collect::<Vec<_>>(),
        "types": types,
        "memory": {
            "weights": memory.weights,
            "context": memory.context,
            "cache": memory.cache,
            "step": memory.step,
            "prompt": memory.prompt,
            "total": memory.total(),
        },
        "checks": checks.map(|checks| checks.iter().map(check).collect::<Vec<_>>()),
    });
    format!("{object}\n")
}

fn part(part: &Part) -> Json {
    json!({"path": part.path.to_string_lossy(), "bytes": part.size, "data": part.data_start})
}

fn tensor(tensor: &TensorInfo) -> Json {
    json!({
        "name": tensor.name,
        "shape": tensor.shape,
        "ne": tensor.ne(),
        "type": tensor.storage.name(),
        "file": tensor.part,
        "offset": tensor.offset,
        "bytes": tensor.length,
    })
}

fn check(check: &Check) -> Json {
    let verdict = match check.verdict {
        Verdict::Holds => "holds",
        Verdict::Note => "note",
        Verdict::Fails => "fails",
    };
    json!({"subject": check.subject, "verdict": verdict, "message": check.message})
}

/// A metadata value with its type; of an array the beginning.
fn entry(index: &Index, value: &Value) -> Json {
    match value {
        Value::Array(array) => json!({
            "type": "array",
            "element": array.element.name(),
            "count": array.count,
            "first": glance(index, array).iter().map(plain).collect::<Vec<_>>(),
        }),
        other => json!({"type": other.value_type().name(), "value": plain(other)}),
    }
}

/// The value alone; null for floats that JSON does not have.
fn plain(value: &Value) -> Json {
    match value {
        Value::String(text) => json!(text),
        Value::Bool(truth) => json!(truth),
        // The shortest decimal of a 32-bit float: 1e-5 and not 9.999999747378752e-6.
        Value::F32(number) => json!(number.to_string().parse::<f64>().ok().filter(|number| number.is_finite())),
        Value::F64(number) => json!(number),
        Value::U64(number) => json!(number),
        other => json!(other.integer()),
    }
}
