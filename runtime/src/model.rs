//! A loaded model: a weight file, the element type it computes in, and the tree
//! of names that scripts walk (`model.blk[i].attn_q.weight`).

use std::collections::{BTreeMap, BTreeSet, HashMap};
use std::fmt;
use std::path::Path;
use std::sync::Arc;

use tensorlogic_language::diagnostic::{Code, did_you_mean};
use tensorlogic_language::shape::ElementType;

use crate::failure::Failure;
use crate::weights::{Weight, WeightFile};

/// A loaded model; a cheap handle.
#[derive(Clone)]
pub struct Model {
    inner: Arc<Inner>,
}

struct Inner {
    file: WeightFile,
    element: ElementType,
    weights: HashMap<String, Weight>,
    /// The names that may follow each path; the empty path is the model.
    children: HashMap<String, BTreeSet<String>>,
    /// How many layers each collection has.
    layers: BTreeMap<String, usize>,
}

/// Where the rows of a tied output matrix lie instead.
const TIED: (&str, &str) = ("output", "token_embd");

impl Model {
    /// A model of the weights in `file`, computing in `element`.
    pub fn new(file: WeightFile, element: ElementType) -> Model {
        let weights: HashMap<String, Weight> =
            file.weights(element).map(|weight| (weight.name().to_string(), weight)).collect();
        let mut children: HashMap<String, BTreeSet<String>> = HashMap::new();
        for name in weights.keys() {
            let mut path = String::new();
            for part in name.split('.') {
                children.entry(path.clone()).or_default().insert(part.to_string());
                if !path.is_empty() {
                    path.push('.');
                }
                path.push_str(part);
            }
        }
        let layers = children.iter().filter_map(|(path, names)| Some((path.clone(), layer_count(names)?))).collect();
        Model { inner: Arc::new(Inner { file, element, weights, children, layers }) }
    }

    /// The weight file.
    pub fn file(&self) -> &WeightFile {
        &self.inner.file
    }

    /// Where the file was opened.
    pub fn path(&self) -> &Path {
        self.inner.file.path()
    }

    /// What its weights are decoded to.
    pub fn element(&self) -> ElementType {
        self.inner.element
    }

    /// The weight of this full name. A model without output matrix uses its
    /// embedding table for it.
    pub fn weight(&self, name: &str) -> Result<Weight, Failure> {
        let tied = || {
            let rest = name.strip_prefix(TIED.0)?;
            self.inner.weights.get(&format!("{}{rest}", TIED.1))
        };
        self.inner.weights.get(name).or_else(tied).cloned().ok_or_else(|| self.unknown(name))
    }

    /// Whether a tensor has exactly this name.
    pub fn has(&self, name: &str) -> bool {
        self.weight(name).is_ok()
    }

    /// Whether tensors have names that begin with `path` and a dot.
    pub fn has_path(&self, path: &str) -> bool {
        self.inner.children.contains_key(path) || (path == TIED.0 && self.inner.children.contains_key(TIED.1))
    }

    /// How many layers the collection at `path` has; `None` if it is none.
    pub fn layer_count(&self, path: &str) -> Option<usize> {
        self.inner.layers.get(path).copied()
    }

    /// The names that may follow `path`.
    pub fn names_under(&self, path: &str) -> Vec<&str> {
        self.inner.children.get(path).into_iter().flatten().map(String::as_str).collect()
    }

    /// The failure of a name that the model does not have.
    pub fn unknown(&self, name: &str) -> Failure {
        let (path, last) = name.rsplit_once('.').unwrap_or(("", name));
        let message = format!("the model has no tensor `{name}`");
        let failure =
            Failure::new(Code::UnknownTensor, message).note(format!("the model is {}", self.path().display()));
        let beside = self.names_under(path);
        match did_you_mean(last, beside.iter().copied()) {
            Some(close) => failure.help(format!("did you mean `{close}`?")),
            None if beside.is_empty() => failure,
            None => failure.help(format!("choose one of {}", beside.join(", "))),
        }
    }
}

/// The number of layers, if every name is the number of one: 0, 1, 2, …
fn layer_count(names: &BTreeSet<String>) -> Option<usize> {
    let mut numbers = names.iter().map(|name| name.parse::<usize>().ok()).collect::<Option<Vec<_>>>()?;
    numbers.sort_unstable();
    numbers.last().map(|last| last.saturating_add(1))
}

impl fmt::Debug for Model {
    fn fmt(&self, f: &mut fmt::Formatter) -> fmt::Result {
        write!(f, "Model({})", self.path().display())
    }
}
