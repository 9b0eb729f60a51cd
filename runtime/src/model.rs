//! A loaded model: a weight file, the element type it computes in, and the tree
//! of names that scripts walk (`model.blk[i].attn_q.weight`).

use std::collections::HashMap;
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
}

impl Model {
    /// A model of the weights in `file`, computing in `element`.
    pub fn new(file: WeightFile, element: ElementType) -> Model {
        let weights: HashMap<String, Weight> =
            file.weights(element).map(|weight| (weight.name().to_string(), weight)).collect();
        Model { inner: Arc::new(Inner { file, element, weights }) }
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
        let found = self.file().index().find(name).and_then(|info| self.inner.weights.get(&info.name));
        found.cloned().ok_or_else(|| self.unknown(name))
    }

    /// Whether a tensor has exactly this name.
    pub fn has(&self, name: &str) -> bool {
        self.file().index().find(name).is_some()
    }

    /// Whether tensors have names that begin with `path` and a dot.
    pub fn has_path(&self, path: &str) -> bool {
        self.file().index().tree().has_path(path)
    }

    /// How many layers the collection at `path` has; `None` if it is none.
    pub fn layer_count(&self, path: &str) -> Option<usize> {
        self.file().index().tree().layer_count(path)
    }

    /// The names that may follow `path`.
    pub fn names_under(&self, path: &str) -> Vec<&str> {
        self.file().index().tree().names_under(path)
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

impl fmt::Debug for Model {
    fn fmt(&self, f: &mut fmt::Formatter) -> fmt::Result {
        write!(f, "Model({})", self.path().display())
    }
}
