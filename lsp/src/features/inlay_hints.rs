//! The shape of a tensor behind the name that a `let` binds to it. Short, since
//! it moves the text; the rest is said when the pointer rests on it.

use tensorlogic_language::inference::BindingKind;

use super::hover::origins;
use crate::script::Script;
use crate::text::Bytes;

/// A hint.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct InlayHint {
    /// The byte before which it stands.
    pub offset: usize,
    /// What it says.
    pub label: String,
    /// What it says when asked.
    pub tooltip: String,
}

/// The hints of a part of a script.
pub fn inlay_hints(script: &Script, within: &Bytes) -> Vec<InlayHint> {
    let lets = script.checked.inference.bindings().iter().filter(|binding| binding.kind == BindingKind::Let);
    let placed =
        lets.filter(|binding| script.is_own(binding.span)).map(|binding| (script.bytes(binding.span).end, binding));
    let inside = placed.filter(|(offset, _)| within.start <= *offset && *offset <= within.end);
    let hints = inside.filter_map(|(offset, binding)| {
        let says_itself = script.text()[offset..].trim_start().starts_with(':');
        let label = binding.known.hint().filter(|_| !says_itself)?;
        let mut tooltip = vec![binding.known.fact.describe()];
        tooltip.extend(origins(script, &binding.known));
        Some(InlayHint { offset, label: format!(": {label}"), tooltip: tooltip.join("\n\n") })
    });
    hints.collect()
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::script::tests::script;

    /// Puts the hints into the text.
    fn check(text: &str, expected: &str) {
        let (script, end) = script(text);
        let mut shown = text.to_owned();
        for hint in inlay_hints(&script, &(0..end)).iter().rev() {
            shown.insert_str(hint.offset, &hint.label);
        }
        assert_eq!(shown, expected);
    }

    #[test]
    fn tensors_show_their_shapes() {
        check("main { let x = zeros([2, 3]) let n = 3 }", "main { let x: [2, 3] = zeros([2, 3]) let n = 3 }");
        check("main { let x: f32[2] = zeros([2]) }", "main { let x: f32[2] = zeros([2]) }");
        check("main { let x = 1 ", "main { let x = 1 ");
    }

    #[test]
    fn weights_show_the_shapes_of_their_file() {
        let start = "main { let model = load_model(\"models/stories-f16.gguf\") ";
        check(
            &format!("{start}let w = model.blk[0].attn_k.weight }}"),
            &format!("{start}let w: [64, 192] = model.blk[0].attn_k.weight }}"),
        );
    }

    #[test]
    fn only_the_part_that_is_asked_for() {
        let (script, end) = script("main { let x = zeros([2])\nlet y = zeros([3]) }");
        let hints = |start, end| inlay_hints(&script, &(start..end)).len();
        assert_eq!((hints(0, end), hints(0, 20), hints(20, end)), (2, 1, 1));
    }

    #[test]
    fn a_hint_says_where_a_size_comes_from() {
        let (script, end) = script("fn f(x: float32[n]) -> float32[n] { let y = x * 2 y }");
        let hints = inlay_hints(&script, &(0..end));
        assert!(hints[0].tooltip.contains("`n`"), "{hints:?}");
    }
}
