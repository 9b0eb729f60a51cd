//! Models before a run: which weight file a script means, the walk along its
//! names, and what its index says of weights and metadata.

use std::path::PathBuf;
use std::sync::{Arc, Mutex, PoisonError};

use rustc_hash::{FxHashMap, FxHashSet};

use super::World;
use super::history::{History, Typing};
use super::known::{Handle, Known, Text};
use super::memory::Paths;
use crate::catalogue::fact::{ArrayKind, Fact, HandleKind};
use crate::diagnostic::{Code, did_you_mean};
use crate::files::SearchPath;
use crate::gguf::{Array, Value, ValueType};
use crate::shape::{Dim, ElementType, Shape, resolve_index};
use crate::size::Size;
use crate::source::Span;
use crate::weights::{Found, Index, TensorInfo, look_up, near_keys};

/// The models that a script opens.
#[derive(Clone, Debug, Default)]
pub(super) struct Models {
    all: Vec<Model>,
    /// Where models and tokenizers were looked for.
    pub(super) paths: Paths,
}

#[derive(Clone, Debug)]
struct Model {
    /// Where it was found.
    path: PathBuf,
    /// What its weights are used as.
    element: ElementType,
    /// Whether the script says so.
    chosen: bool,
    index: Arc<Index>,
    /// How many heads it has for queries, and for keys and values.
    heads: Option<(usize, usize)>,
    /// What steps along its names have led to: over all layers, each is long.
    steps: Arc<Mutex<FxHashMap<String, Known>>>,
}

/// What is wrong with a name or a file: what a problem says, without a place.
pub(super) struct Fault {
    pub(super) code: Code,
    pub(super) message: String,
    pub(super) notes: Vec<String>,
    pub(super) help: Option<String>,
    /// The name that was probably meant at its place.
    pub(super) close: Option<String>,
}

impl Models {
    /// Opens the file that a script names, or the one that is given instead.
    pub(super) fn open(
        &mut self,
        world: &World,
        named: Option<&Text>,
        element: ElementType,
        chosen: bool,
    ) -> Result<Option<Handle>, Fault> {
        let path = match (world.model, named) {
            (Some(path), _) => path.to_owned(),
            (None, Some(text)) => self.find(world, "model", &text.content)?,
            (None, None) => return Ok(None),
        };
        let same = |model: &Model| model.path == path && (model.element, model.chosen) == (element, chosen);
        let at = match self.all.iter().position(same) {
            Some(at) => at,
            None => {
                self.paths.note(world.files, &path);
                let index = world.indexes.get(world.files, &path).map_err(|error| Fault {
                    code: Code::ModelUnreadable,
                    message: format!("`{}` cannot be used as a model: {error}", path.display()),
                    notes: Vec::new(),
                    help: error.help(),
                    close: None,
                })?;
                let heads = heads_of(&index);
                self.all.push(Model { path, element, chosen, index, heads, steps: Arc::default() });
                self.all.len() - 1
            }
        };
        Ok(Some(Handle { model: at, path: "".into() }))
    }

    /// The only one of the models that are opened; where none is, the one that is
    /// given.
    pub(super) fn only(&mut self, world: &World, opened: &FxHashSet<usize>) -> Option<Handle> {
        let mut opened = opened.iter();
        match (opened.next(), opened.next()) {
            (None, _) => self.open(world, None, world.default_element, false).ok().flatten(),
            (Some(model), None) => Some(Handle { model: *model, path: "".into() }),
            (Some(_), Some(_)) => None,
        }
    }

    /// The file that a relative path of a script means.
    pub(super) fn find(&mut self, world: &World, what: &str, name: &str) -> Result<PathBuf, Fault> {
        let search = SearchPath::of_script(world.script);
        search.candidates(name).iter().for_each(|path| self.paths.note(world.files, path));
        search.find(world.files, name).map_err(|tried| Fault {
            code: Code::ModelNotFound,
            message: format!("no {what} is found at `{name}`"),
            notes: tried.iter().map(|path| format!("tried `{}`", path.display())).collect(),
            help: Some("check the path, or set `TL_MODELS` to the folder of your models".to_string()),
            close: None,
        })
    }

    /// One step along a model's names, as the interpreter makes it: to a layer
    /// collection, a feature or a weight.
    pub(super) fn step(&self, handle: &Handle, name: &str) -> Result<Known, Fault> {
        let model = &self.all[handle.model];
        let full = joined(&handle.path, name);
        // A step stays what it is, also where a thread has failed while it held the lock.
        let mut steps = model.steps.lock().unwrap_or_else(PoisonError::into_inner);
        if let Some(known) = steps.get(&full) {
            return Ok(known.clone());
        }
        let mut inner: Option<Known> = None;
        let mut weights = Vec::new();
        for path in model.paths(&full) {
            let kind = if model.index.tree().layer_count(&path).is_some() {
                HandleKind::Layers
            } else if model.index.tree().has_path(&path) {
                HandleKind::Feature
            } else {
                weights.extend(model.index.find(&path));
                continue;
            };
            let step = Known::of(Fact::Handle(kind));
            inner = Some(inner.map_or(step.clone(), |inner| inner.join(&step)));
        }
        let weight = model.weight_of_all(&weights);
        let found = match (inner, weight) {
            (Some(inner), Some(weight)) => Some(inner.join(&weight)),
            (inner, weight) => inner.or(weight),
        };
        let mut found = found.ok_or_else(|| model.unknown(&full))?;
        if let Fact::Handle(_) = found.fact {
            found.handle = Some(Handle { model: handle.model, path: full.as_str().into() });
        }
        steps.insert(full, found.clone());
        Ok(found)
    }

    /// `layers[index]`; without a number it is any of them.
    pub(super) fn layer(&self, layers: &Handle, index: Option<i64>) -> Result<Known, Fault> {
        let model = &self.all[layers.model];
        let count = self.layer_count(layers).unwrap_or(0);
        let part = match index {
            None => "*".to_string(),
            Some(index) => match resolve_index(index, count) {
                Some(index) => index.to_string(),
                None => {
                    return Err(Fault {
                        code: Code::LayerOutOfRange,
                        message: format!("the model has layers 0 to {}, found layer {index}", count.saturating_sub(1)),
                        notes: vec![model.note()],
                        help: None,
                        close: None,
                    });
                }
            },
        };
        let mut layer = Known::of(Fact::Handle(HandleKind::Layer));
        layer.handle = Some(Handle { model: layers.model, path: joined(&layers.path, &part).into() });
        Ok(layer)
    }

    /// How many layers a collection has.
    pub(super) fn layer_count(&self, layers: &Handle) -> Option<usize> {
        self.all[layers.model].index.tree().layer_count(&layers.path)
    }

    /// The weight that a feature stands for where a tensor is needed.
    pub(super) fn weight_of(&self, feature: &Handle) -> Option<Known> {
        self.step(feature, "weight").ok().filter(|found| matches!(found.fact, Fact::Tensor { .. }))
    }

    /// The tensor of a full name, or the fault of a name that does not exist.
    pub(super) fn tensor(&self, model: &Handle, name: &str) -> Result<Known, Fault> {
        let model = &self.all[model.model];
        model.index.find(name).map(|info| model.weight(info)).ok_or_else(|| model.unknown(name))
    }

    /// What holds for the tensors of a name in which the number of the layer is open;
    /// nothing unless every layer has one, a fault where none has.
    pub(super) fn tensor_of_any_layer(&self, model: &Handle, pattern: &str) -> Result<Option<Known>, Fault> {
        let model = &self.all[model.model];
        let names = model.paths(pattern);
        let found: Vec<&TensorInfo> = names.iter().filter_map(|name| model.index.find(name)).collect();
        match (&names[..], found.len()) {
            ([first, ..], 0) => Err(model.unknown(first)),
            ([], _) => Ok(None),
            (_, count) if count < names.len() => Ok(None),
            _ => Ok(model.weight_of_all(&found)),
        }
    }

    /// The metadata value of a key; nothing where the script's default holds.
    pub(super) fn metadata(&self, model: &Handle, key: &str, has_default: bool) -> Result<Option<Fact>, Fault> {
        let model = &self.all[model.model];
        match look_up(&model.index, key, has_default) {
            Found::Value(value) => Ok(Some(fact_of(value))),
            Found::Default(number) => Ok(Some(Fact::float(number))),
            Found::Absent if has_default => Ok(None),
            Found::Absent => {
                let near = near_keys(&model.index, key);
                let help = match near.is_empty() {
                    true => format!("pass a default: `metadata(model, \"{key}\", …)`"),
                    false => format!("did you mean `{}`?", near.join("` or `")),
                };
                let message = format!("the model has no metadata `{key}`");
                Err(Fault {
                    code: Code::RuntimeError,
                    message,
                    notes: vec![model.note()],
                    help: Some(help),
                    close: None,
                })
            }
        }
    }

    /// What may be written behind a handle and a dot, best first.
    pub(super) fn names_after(&self, handle: &Handle) -> Vec<NameAfter> {
        let model = &self.all[handle.model];
        let mut found: Vec<NameAfter> = Vec::new();
        for path in model.paths(&handle.path) {
            let inside = if path.is_empty() { String::new() } else { format!("{path}.") };
            for info in model.index.tensors() {
                let Some(rest) = info.name.strip_prefix(&inside) else { continue };
                let collection = rest.split_once('.').map(|(first, _)| joined(&path, first));
                let layers = collection.filter(|collection| model.index.tree().layer_count(collection).is_some());
                let (label, tensor) = match layers {
                    Some(_) => (rest.split('.').next().unwrap_or_default(), None),
                    None => (rest, Some(info.clone())),
                };
                if !found.iter().any(|name| name.label == label) {
                    found.push(NameAfter { label: label.to_string(), tensor });
                }
            }
        }
        found
    }

    /// How many elements of weight matrices each row goes through, if the script runs
    /// one model: all of them but the table that rows are looked up in.
    pub(super) fn multiplied_weights(&self) -> Option<usize> {
        let [model] = &self.all[..] else { return None };
        let is_tied = model.index.tensor("output.weight").is_none();
        let matrices = model.index.tensors().iter().filter(|tensor| tensor.shape.len() == 2);
        let multiplied = matrices.filter(|tensor| is_tied || tensor.name != "token_embd.weight");
        Some(multiplied.map(|tensor| tensor.count()).sum()).filter(|count| *count > 0)
    }

    /// Where the model of a handle lies.
    pub(super) fn path(&self, handle: &Handle) -> &std::path::Path {
        &self.all[handle.model].path
    }
}

/// What may be written behind a model, a layer or a feature and a dot.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct NameAfter {
    /// The rest of the path, such as `attn_q.weight` or `blk`.
    pub label: String,
    /// The tensor that it names; for the layers of any number, that of the first.
    pub tensor: Option<TensorInfo>,
}

impl Model {
    /// Every path that a path may be: one for each layer where a layer is open.
    fn paths(&self, path: &str) -> Vec<String> {
        match path.split_once("*") {
            None => vec![path.to_string()],
            Some((before, behind)) => {
                let collection = before.trim_end_matches('.');
                let count = self.index.tree().layer_count(collection).unwrap_or(0);
                (0..count).map(|layer| format!("{before}{layer}{behind}")).collect()
            }
        }
    }

    fn weight(&self, info: &TensorInfo) -> Known {
        let typing = if self.chosen { Typing::Chosen } else { Typing::Strong };
        let weight = Known::of(Fact::tensor(self.element, Shape::known(&info.shape)));
        weight.with(History::of_weight(&info.name, typing, self.heads))
    }

    /// What holds for the weights of several layers. Behind the second one, which takes
    /// the number out of the name, only another shape changes that.
    fn weight_of_all(&self, layers: &[&TensorInfo]) -> Option<Known> {
        let mut all = None;
        for (at, info) in layers.iter().enumerate() {
            if at < 2 || info.shape != layers[at - 1].shape {
                let weight = self.weight(info);
                all = Some(all.map_or_else(|| weight.clone(), |all: Known| all.join(&weight)));
            }
        }
        all
    }

    fn note(&self) -> String {
        format!("the model is {}", self.path.display())
    }

    /// The fault of a name that the model does not have.
    fn unknown(&self, name: &str) -> Fault {
        let (path, last) = name.rsplit_once('.').unwrap_or(("", name));
        let first = self.paths(path).into_iter().next().unwrap_or_default();
        let beside = self.index.tree().names_under(&first);
        let close = did_you_mean(last, beside.iter().copied());
        let help = match close {
            Some(close) => Some(format!("did you mean `{close}`?")),
            None if beside.is_empty() => None,
            None => Some(format!("choose one of {}", beside.join(", "))),
        };
        let message = format!("the model has no tensor `{name}`");
        Fault { code: Code::UnknownTensor, message, notes: vec![self.note()], help, close: close.map(str::to_owned) }
    }
}

/// How many heads a model has for queries, and for keys and values.
fn heads_of(index: &Index) -> Option<(usize, usize)> {
    let counted = |count: Option<u64>| count.and_then(|count| usize::try_from(count).ok()).filter(|count| *count > 0);
    counted(index.head_count()).zip(counted(index.head_count_kv()))
}

/// The name of the symbol that an integer of a model stands for while the model
/// is not at hand, and whether it is a size.
pub(super) fn symbol_of(key: &str) -> Option<(&str, bool)> {
    let name = key.rsplit('.').next().filter(|name| !name.is_empty())?;
    let counts = ["_length", "_count", "_count_kv"];
    counts.iter().any(|end| name.ends_with(end)).then_some((name, true))
}

fn joined(path: &str, name: &str) -> String {
    if path.is_empty() { name.to_string() } else { format!("{path}.{name}") }
}

/// What is known of a metadata value.
fn fact_of(value: &Value) -> Fact {
    match value {
        Value::String(text) => Fact::String(Some(text.clone())),
        Value::Bool(truth) => Fact::Boolean(Some(*truth)),
        // The shortest decimal of a 32-bit float is what the run makes of it.
        Value::F32(x) => x.to_string().parse().map_or(Fact::Float(None), Fact::float),
        Value::F64(x) => Fact::float(*x),
        Value::Array(Array { element, count, .. }) => Fact::Array {
            kind: match element {
                ValueType::String => Some(ArrayKind::String),
                ValueType::Bool => Some(ArrayKind::Boolean),
                ValueType::F32 | ValueType::F64 => Some(ArrayKind::Float),
                ValueType::Array => None,
                _ => Some(ArrayKind::Integer),
            },
            len: usize::try_from(*count).map_or(Dim::Unknown, Dim::Known),
            integers: None,
        },
        other => Fact::Integer(other.integer().map(Size::Number)),
    }
}

/// A text as the place of a file: what it says and where it stands.
pub(super) fn place_of(known: &Known, argument: Span) -> Span {
    known.text.as_ref().map_or(argument, |text| text.span)
}
