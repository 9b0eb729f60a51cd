//! Models whose file is not at hand. Their weights have names that tell what their axes
//! are, so the sizes are named after the metadata that would say them: a script is shown
//! `[n, embedding_length]` until the file is there. What the names do not tell is open.

use std::sync::Arc;

use super::history::{History, Typing};
use super::known::Known;
use super::passing::Translation;
use super::rare::Rare;
use super::symbols::Site;
use super::walk::Walk;
use crate::catalogue::fact::{Fact, HandleKind};
use crate::shape::{Dim, ElementType, Shape};
use crate::size::{Birth, Size};
use crate::source::Span;

/// A place in the names of a model whose file is not at hand.
#[derive(Clone, Debug, PartialEq)]
pub(super) struct Absent {
    /// Where the model is loaded.
    load: Span,
    /// What its weights are used as, and whether the script says so.
    element: ElementType,
    chosen: bool,
    /// Its sizes, in the order of [`SIZES`]: another model has others.
    sizes: Arc<[Size]>,
    /// The path from the model, parts joined by dots.
    path: Arc<str>,
}

/// What the sizes of a model are called.
const SIZES: [&str; 7] = [
    "embedding_length",
    "feed_forward_length",
    "vocab_size",
    "attn_q_length",
    "attn_k_length",
    "attn_v_length",
    "attn_output_length",
];

/// The axes of a weight by the last part of its name before `weight`, as numbers in [`SIZES`].
fn axes_of(name: &str) -> Option<&'static [usize]> {
    Some(match name {
        "token_embd" | "output" => &[2, 0],
        "output_norm" | "attn_norm" | "ffn_norm" => &[0],
        "attn_q" => &[3, 0],
        "attn_k" => &[4, 0],
        "attn_v" => &[5, 0],
        "attn_output" => &[0, 6],
        "ffn_gate" | "ffn_up" => &[1, 0],
        "ffn_down" => &[0, 1],
        _ => return None,
    })
}

impl Absent {
    fn at(&self, path: &str) -> Absent {
        Absent { path: path.into(), ..self.clone() }
    }

    /// The same with its symbols and places as they are somewhere else.
    pub(super) fn translated(&self, with: &mut dyn Translation) -> Absent {
        let sizes = self.sizes.iter().map(|size| size.replace(&mut |symbol| Some(with.symbol(symbol))));
        let sizes = sizes.zip(&*self.sizes).map(|(size, before)| size.unwrap_or_else(|| before.clone())).collect();
        Absent { load: with.place(self.load), sizes, ..self.clone() }
    }

    /// The tensor of a full name; nothing where the name does not tell its axes.
    pub(super) fn tensor(&self, name: &str) -> Option<Known> {
        let (of, property) = name.rsplit_once('.')?;
        let axes = axes_of(of.rsplit('.').next()?)?;
        let axes = match property {
            "weight" => axes,
            "bias" => &axes[..1],
            _ => return None,
        };
        let sizes = axes.iter().map(|size| Dim::of(&self.sizes[*size]).unwrap_or(Dim::Unknown)).collect();
        let typing = if self.chosen { Typing::Chosen } else { Typing::Strong };
        let history = History::of_weight(name, typing, None);
        Some(Known::of(Fact::tensor(self.element, Shape(sizes))).with(history))
    }

    /// The weight that a feature stands for where a tensor is needed.
    pub(super) fn weight(&self) -> Option<Known> {
        self.tensor(&format!("{}.weight", self.path))
    }

    /// One step along its names.
    pub(super) fn step(&self, kind: HandleKind, name: &str) -> Option<Known> {
        let path = if self.path.is_empty() { name.to_string() } else { format!("{}.{name}", self.path) };
        let next = match kind {
            HandleKind::Model if name == "blk" => HandleKind::Layers,
            HandleKind::Model | HandleKind::Layer if axes_of(name).is_some() => HandleKind::Feature,
            HandleKind::Feature => return self.tensor(&path),
            _ => return None,
        };
        Some(self.handle(next, &path))
    }

    /// Any of its layers.
    pub(super) fn layer(&self) -> Known {
        self.handle(HandleKind::Layer, &format!("{}.*", self.path))
    }

    fn handle(&self, kind: HandleKind, path: &str) -> Known {
        let absent = Some(Arc::new(self.at(path)));
        Known::of(Fact::Handle(kind))
            .with(History { birth: Some(self.load), ..History::of(Rare { absent, ..Rare::default() }) })
    }

    /// The size that the metadata of this key is.
    pub(super) fn metadata(&self, key: &str) -> Option<Size> {
        let name = key.rsplit('.').next()?;
        let at = SIZES[..3].iter().position(|size| *size == name)?;
        Some(self.sizes[at].clone())
    }
}

impl Walk<'_> {
    /// The model that is loaded here from a file that is not at hand.
    pub(super) fn absent_model(&mut self, load: Span, element: ElementType, chosen: bool) -> Arc<Absent> {
        let sizes = SIZES.iter().enumerate().map(|(index, name)| {
            let birth = Birth { span: load, message: format!("`{name}` of the model, whose file is not at hand") };
            self.symbols.named(Site::Weight(load, index), name, true, birth)
        });
        Arc::new(Absent { load, element, chosen, sizes: sizes.collect(), path: "".into() })
    }
}

#[cfg(test)]
mod tests {
    use super::super::tests::check_script;

    #[test]
    fn sizes_of_a_missing_model_have_its_names() {
        check_script(
            "fn gate(x: Tensor, layer: Layer) -> Tensor {\nlinear(x, layer.ffn_gate.weight)\n}\n\
             main {\nlet model = load_model(\"missing.gguf\") // warning[model-not-found]\n\
             let x = embedding(model.token_embd.weight, [1, 2]) // : [2, embedding_length]\n\
             for i in range(22) {\n\
             let h = rms_norm(x, model.blk[i].attn_norm) // : [2, embedding_length]\n\
             let g = gate(h, model.blk[i]) // : [2, feed_forward_length]\n\
             let q = linear(h, get_tensor(model, \"blk.\" + str(i) + \".attn_q.weight\")) // : [2, attn_q_length]\n\
             let o = linear(reshape(q, [2, 2048]), model.blk[i].attn_output.weight) // : [2, embedding_length]\n\
             x = x + o + linear(g, model.blk[i].ffn_down.weight) // : [2, embedding_length]\n}\n\
             print(x)\n}",
        );
    }

    #[test]
    fn two_missing_models_share_no_size() {
        check_script(
            "main {\nlet a = load_model(\"a.gguf\") // warning[model-not-found]\n\
             let b = load_model(\"b.gguf\") // warning[model-not-found]\n\
             let x = embedding(a.token_embd.weight, [1]) // : [1, embedding_length]\n\
             let y = embedding(b.token_embd.weight, [1]) // : [1, embedding_length2]\nprint(x, y)\n}",
        );
    }
}
