//! What a value has gone through before it arrives somewhere, as far as advice
//! needs it: where it got its shape, which weight it is, whether it carries queries
//! or keys, whether `rope` has turned it. Two histories join to what both share, and
//! nothing follows from what is not known.

use std::sync::Arc;

use super::equations::made_by;
use super::known::Known;
use super::passing::Translation;
use super::rare::Rare;
use crate::catalogue::Builtin;
use crate::catalogue::activation::Activation;
use crate::catalogue::arithmetic::Arithmetic;
use crate::catalogue::attention::Attention;
use crate::catalogue::axes::Axes;
use crate::catalogue::collection::Collection;
use crate::catalogue::conversion::Conversion;
use crate::catalogue::entry::Bound;
use crate::catalogue::fact::Fact;
use crate::catalogue::indexing::Indexing;
use crate::catalogue::linear_algebra::LinearAlgebra;
use crate::catalogue::mask::Mask;
use crate::catalogue::normalization::Normalization;
use crate::catalogue::position::Position;
use crate::catalogue::shaping::Shaping;
use crate::catalogue::tokenizer::Tokenizer;
use crate::program::tree::BinaryOperator;
use crate::source::Span;

/// The history of one value.
#[derive(Clone, Debug, Default, PartialEq)]
pub(super) struct History {
    /// The expression that gave it its shape, or loaded it.
    pub(super) birth: Option<Span>,
    /// What it is in a transformer.
    pub(super) role: Option<Role>,
    /// Whether `rope` has turned it.
    pub(super) turned: Option<bool>,
    /// How its element type came about.
    pub(super) typing: Option<Typing>,
    /// How many heads the model that it comes from has for queries, and for keys
    /// and values.
    pub(super) heads: Option<(usize, usize)>,
    /// What few values have, shared between copies; nothing instead of one without any.
    pub(super) rare: Option<Arc<Rare>>,
}

/// What a tensor is in a transformer.
#[derive(Clone, Debug, PartialEq)]
pub(super) enum Role {
    /// A weight as a file stores it, [out, in]: its name.
    Weight(Arc<str>),
    /// Such a weight with its axes exchanged.
    Transposed(Arc<str>),
    /// What attention compares or mixes.
    Stream(Stream),
    /// Products of queries and keys.
    Scores {
        /// The axis of the keys, counted from the last one.
        keys: usize,
        /// Whether only the form of one product says so.
        by_form: bool,
    },
    /// Scores behind softmax.
    Shares,
    /// 1 where attention may look, or what is made of that.
    Mask,
}

/// The three results of the projections of attention.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Stream {
    Queries,
    Keys,
    Values,
}

/// A division of Integers.
#[derive(Clone, Debug, PartialEq)]
pub(super) struct Division {
    pub(super) span: Span,
    pub(super) left: Fact,
    pub(super) right: Fact,
}

/// How an element type came about, from the least binding way.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub(super) enum Typing {
    /// Nothing names it.
    Weak,
    /// A file or the default of one names it.
    Strong,
    /// The script names it.
    Chosen,
}

/// How many tokens a tokenizer has, and where it is loaded.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) struct Vocabulary {
    pub(super) count: usize,
    pub(super) span: Span,
}

/// What is known of a text as a prompt.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) struct Prompt {
    /// Whether it begins with the token that begins texts; unknown for an empty text.
    pub(super) begins: Option<bool>,
    /// Whether it is empty, or may be: what stands behind it then begins the text.
    pub(super) may_be_empty: bool,
    /// Whether it holds the marks of a chat template.
    pub(super) is_template: bool,
    /// Where it was made tokens of, or where a token that begins texts was written.
    pub(super) place: Option<Span>,
}

impl History {
    /// That of a value that has this.
    pub(super) fn of(rare: Rare) -> History {
        History::default().having(rare)
    }

    /// What few values have.
    pub(super) fn rare(&self) -> &Rare {
        static NONE: Rare = Rare::NONE;
        self.rare.as_deref().unwrap_or(&NONE)
    }

    /// The same with this in place of what few values have.
    fn having(self, rare: Rare) -> History {
        History { rare: (rare != Rare::NONE).then(|| Arc::new(rare)), ..self }
    }

    /// The same with a change of what few values have.
    pub(super) fn changed(self, change: impl FnOnce(&mut Rare)) -> History {
        let mut rare = self.rare().clone();
        change(&mut rare);
        self.having(rare)
    }

    /// The same of a value that another model may be behind.
    pub(super) fn without_absent(self) -> History {
        if self.rare().absent.is_none() {
            return self;
        }
        self.changed(|rare| rare.absent = None)
    }

    /// What both share.
    pub(super) fn join(&self, other: &History) -> History {
        let joined = History {
            birth: same(&self.birth, &other.birth),
            role: join_roles(self.role.as_ref(), other.role.as_ref()),
            turned: same(&self.turned, &other.turned),
            typing: same(&self.typing, &other.typing),
            heads: same(&self.heads, &other.heads),
            rare: None,
        };
        match (&self.rare, &other.rare) {
            (None, None) => joined,
            (Some(a), Some(b)) if Arc::ptr_eq(a, b) => History { rare: Some(a.clone()), ..joined },
            _ => joined.having(self.rare().join(other.rare())),
        }
    }

    /// The same as the history of a list with such entries.
    pub(super) fn with_entry(self, entry: Option<Arc<Known>>) -> History {
        if entry.is_none() && self.rare().entry.is_none() {
            return self;
        }
        self.changed(|rare| rare.entry = entry)
    }

    /// The same as a function sees it that it is passed to: not where it was made,
    /// of a weight not of which layer, and of rows not of which prompt, so that calls that
    /// do the same look alike.
    pub(super) fn inside(&self, fact: &Fact) -> History {
        let role = match &self.role {
            Some(Role::Weight(name)) => Some(Role::Weight(of_any_layer(name))),
            Some(Role::Transposed(name)) => Some(Role::Transposed(of_any_layer(name))),
            role => role.clone(),
        };
        let inside = History { birth: None, role, ..self.clone() };
        let (Rare { from_0, prompt, .. }, is_tensor) = (self.rare(), matches!(fact, Fact::Tensor { .. }));
        if from_0.is_none() && !(is_tensor && prompt.is_some()) {
            return inside;
        }
        inside.changed(|rare| {
            rare.from_0 = None;
            rare.prompt = rare.prompt.filter(|_| !is_tensor);
        })
    }

    /// The same in the role of another one.
    pub(super) fn in_the_role_of(self, other: &History) -> History {
        History { role: other.role.clone(), turned: other.turned, heads: other.heads, ..self }
    }

    /// The same as that of an entry of a list: what holds wherever the list goes.
    pub(super) fn of_entry(&self) -> History {
        let role = self.role.clone().filter(|role| matches!(role, Role::Stream(_)));
        let History { turned, typing, heads, .. } = *self;
        History { role, turned, typing, heads, ..History::default() }
    }

    /// The same with its symbols and places as they are somewhere else.
    pub(super) fn translated(self, with: &mut dyn Translation) -> History {
        let birth = self.birth.map(|place| with.place(place));
        let rare = self.rare.map(|rare| Arc::new(rare.translated(with)));
        History { birth, rare, ..self }
    }

    /// That of a weight in a file.
    pub(super) fn of_weight(name: &str, typing: Typing, heads: Option<(usize, usize)>) -> History {
        let role = name.ends_with("weight").then(|| Role::Weight(name.into()));
        History { role, typing: Some(typing), heads, ..History::default() }
    }

    /// The result of a builtin.
    pub(super) fn of_call(builtin: Builtin, arguments: &Bound<&Known>, fact: &Fact) -> History {
        let all: Vec<&Known> = arguments.slots().map(|(_, known)| *known).collect();
        let role = |slot: usize| arguments.get(slot).and_then(|known| known.history.role.as_ref());
        let none = History::default();
        let first = arguments.get(0).map_or(&none, |known| &known.history);
        let stream = || first.role.clone().filter(|role| matches!(role, Role::Stream(_) | Role::Mask));
        let mut turned = first.turned;
        let role = match builtin {
            Builtin::LinearAlgebra(LinearAlgebra::Linear) => projected(role(1), false),
            Builtin::LinearAlgebra(LinearAlgebra::Matmul) => product(role(0), role(1)),
            Builtin::LinearAlgebra(LinearAlgebra::Einsum) => match arguments.fact_of(0) {
                Fact::String(Some(text)) => {
                    let role;
                    (role, turned) = made_by(text, arguments.rest());
                    role
                }
                _ => None,
            },
            Builtin::Shaping(Shaping::Reshape | Shaping::BroadcastTo)
            | Builtin::Axes(Axes::Permute | Axes::Squeeze | Axes::Unsqueeze)
            | Builtin::Indexing(Indexing::Slice | Indexing::GetLastPosition)
            | Builtin::Attention(Attention::RepeatKv)
            | Builtin::Normalization(Normalization::RmsNorm) => stream(),
            // Scores of which some are hidden.
            Builtin::Arithmetic(Arithmetic::Where) => match (role(1), role(2)) {
                (Some(Role::Scores { keys, .. }), None) | (None, Some(Role::Scores { keys, .. })) => {
                    Some(Role::Scores { keys: *keys, by_form: false })
                }
                _ => None,
            },
            Builtin::Shaping(Shaping::Transpose) => match &first.role {
                Some(Role::Weight(name)) => Some(Role::Transposed(name.clone())),
                Some(Role::Transposed(name)) => Some(Role::Weight(name.clone())),
                _ => stream(),
            },
            Builtin::Shaping(Shaping::Concat) => {
                let is_joined = |known: &&&Known| !matches!(known.fact, Fact::Integer(_) | Fact::Float(_));
                let parts = all.iter().filter(is_joined).map(|known| (*known).clone());
                let joined = parts.reduce(|a, b| a.join(&b)).map(|known| known.history).unwrap_or_default();
                turned = joined.turned;
                joined.role.filter(|role| matches!(role, Role::Stream(_)))
            }
            Builtin::Position(Position::Rope) => {
                turned = Some(true);
                stream()
            }
            Builtin::Activation(Activation::Softmax) => {
                first.role.clone().filter(|role| matches!(role, Role::Scores { .. })).map(|_| Role::Shares)
            }
            Builtin::Mask(Mask::CausalMask) => Some(Role::Mask),
            Builtin::Mask(Mask::ApplyAttentionMask) => match &first.role {
                Some(Role::Scores { keys, .. }) => Some(Role::Scores { keys: *keys, by_form: false }),
                _ => Some(Role::Scores { keys: 0, by_form: false }),
            },
            _ => None,
        };
        if projects(builtin) {
            turned = Some(false);
        }
        // What `rope` itself gives is turned, whatever it is.
        let is_turned = builtin == Builtin::Position(Position::Rope);
        let turned = turned.filter(|_| is_turned || matches!(role, Some(Role::Stream(_))));
        let from_0 = first.rare().from_0.filter(|_| turned == Some(true));
        let vocabulary = match builtin {
            Builtin::Tokenizer(Tokenizer::Tokenize)
            | Builtin::Collection(Collection::Append)
            | Builtin::Shaping(Shaping::Concat)
            | Builtin::Indexing(Indexing::Slice) => all.first().and_then(|known| known.history.rare().vocabulary),
            _ => None,
        };
        let prompt = match builtin {
            Builtin::Collection(Collection::Append) | Builtin::Shaping(Shaping::Concat) => first.rare().prompt,
            Builtin::LinearAlgebra(LinearAlgebra::Embedding) => {
                all.iter().find_map(|known| known.history.rare().prompt)
            }
            Builtin::Tokenizer(Tokenizer::BosId) => Some(Prompt::BEGINNING),
            Builtin::Tokenizer(Tokenizer::IntToTokenids) => first.rare().prompt,
            _ => None,
        };
        let entry = match (builtin, &all[..]) {
            (Builtin::Collection(Collection::Append), [list, element]) => list.entry_with(element),
            _ => None,
        };
        let pattern = match (builtin, &all[..]) {
            (Builtin::Conversion(Conversion::Str), [Known { fact: Fact::Integer(_), .. }]) => Some("*".into()),
            _ => None,
        };
        let rare = Rare { from_0, prompt, vocabulary, entry, pattern, ..Rare::NONE };
        History { role, turned, ..History::made_of(&all, fact) }.having(rare)
    }

    /// The result of `left operator right`.
    pub(super) fn of_binary(operator: BinaryOperator, [left, right]: [&Known; 2], fact: &Fact, span: Span) -> History {
        use BinaryOperator::*;
        let made = History::made_of(&[left, right], fact);
        let integers = matches!((&left.fact, &right.fact), (Fact::Integer(_), Fact::Integer(_)));
        match (operator, fact) {
            (Divide, Fact::Integer(_)) if integers => {
                let exact = left.fact.size().zip(right.fact.size()).is_some_and(|(a, b)| a.exactly(&b).is_some());
                let division = Division { span, left: left.fact.clone(), right: right.fact.clone() };
                made.having(Rare { division: (!exact).then(|| Arc::new(division)), ..Rare::NONE })
            }
            (Add | Subtract | Multiply, Fact::Integer(_)) => {
                let (left, right) = (left.history.rare(), right.history.rare());
                let division = left.division.clone().or_else(|| right.division.clone());
                made.having(Rare { division, ..Rare::NONE })
            }
            (Add, Fact::String(_)) => {
                let pattern = pattern(left).zip(pattern(right)).map(|(a, b)| format!("{a}{b}").into());
                made.having(Rare { prompt: Prompt::joined(left, right), pattern, ..Rare::NONE })
            }
            (MatrixMultiply, _) => {
                let role = product(left.history.role.as_ref(), right.history.role.as_ref());
                let turned = role.as_ref().filter(|role| matches!(role, Role::Stream(_))).map(|_| false);
                History { role, turned, ..made }
            }
            (Add | Subtract | Multiply | Divide, Fact::Tensor { .. }) => {
                let (kept, other) = if is_plain(left) { (right, left) } else { (left, right) };
                let role = combined(operator, kept, other).or_else(|| combined(operator, other, kept));
                // A product with another tensor may have turned it by hand.
                let turned = kept.history.turned.filter(|_| matches!(role, Some(Role::Stream(_))) && is_plain(other));
                let from_0 = kept.history.rare().from_0.filter(|_| turned == Some(true));
                History { role, turned, ..made }.having(Rare { from_0, ..Rare::NONE })
            }
            _ => made,
        }
    }

    /// The parts that every operation treats alike: a result has its shape from the
    /// operand that has the same, its element type from the most binding one.
    fn made_of(parts: &[&Known], fact: &Fact) -> History {
        let Fact::Tensor { shape, .. } = fact else { return History::default() };
        let tensors = || parts.iter().filter(|part| matches!(part.fact, Fact::Tensor { .. }));
        let typing = match tensors().map(|part| part.history.typing).reduce(|a, b| Some(a?.max(b?))) {
            Some(typing) => typing,
            None => Some(Typing::Weak),
        };
        let heads = tensors().find_map(|part| part.history.heads);
        let alike =
            |part: &&&Known| matches!(&part.fact, Fact::Tensor { shape: Some(own), .. } if Some(own) == shape.as_ref());
        let birth = tensors().find(alike);
        History { birth: birth.and_then(|part| part.history.birth), typing, heads, ..History::default() }
    }
}

/// What two of an optional part share.
pub(super) fn same<T: Clone + PartialEq>(a: &Option<T>, b: &Option<T>) -> Option<T> {
    if a == b { a.clone() } else { None }
}

impl Bound<&Known> {
    fn fact_of(&self, slot: usize) -> &Fact {
        self.get(slot).map_or(&Fact::Unknown, |known| &known.fact)
    }
}

impl Prompt {
    /// The token that begins texts, alone.
    pub(super) const BEGINNING: Prompt =
        Prompt { begins: Some(true), may_be_empty: false, is_template: false, place: None };

    /// What a literal text is as a prompt.
    pub(super) fn of(text: &str) -> Prompt {
        const BEGINS: &[&str] = &["<s>", "<|begin_of_text|>", "<bos>"];
        const MARKS: &[&str] =
            &["<|user|>", "<|assistant|>", "<|system|>", "[INST]", "<|start_header_id|>", "<start_of_turn>"];
        Prompt {
            begins: (!text.is_empty()).then(|| BEGINS.iter().any(|begin| text.starts_with(begin))),
            may_be_empty: text.is_empty(),
            is_template: MARKS.iter().any(|mark| text.contains(mark)),
            place: None,
        }
    }

    /// What holds for a text that is one of these.
    pub(super) fn or(self, other: Prompt) -> Option<Prompt> {
        let is_empty = |prompt: &Prompt| prompt.may_be_empty && prompt.begins.is_none();
        let begins = match (is_empty(&self), is_empty(&other)) {
            (true, _) => other.begins,
            (_, true) => self.begins,
            _ => self.begins.filter(|_| self.begins == other.begins),
        };
        let joined = Prompt {
            begins,
            may_be_empty: self.may_be_empty || other.may_be_empty,
            is_template: self.is_template && other.is_template,
            place: self.place,
        };
        (self.place == other.place).then_some(joined)
    }

    /// What two texts are one behind the other.
    fn joined(left: &Known, right: &Known) -> Option<Prompt> {
        let (a, b) = (left.history.rare().prompt, right.history.rare().prompt);
        let behind = || b.and_then(|b| b.begins);
        let begins = match a {
            Some(Prompt { begins: None, may_be_empty: true, .. }) => behind(),
            Some(Prompt { begins, may_be_empty: true, .. }) => begins.filter(|_| begins == behind()),
            Some(Prompt { begins, .. }) => begins,
            None => None,
        };
        let may_be_empty = [a, b].into_iter().all(|prompt| prompt.is_none_or(|prompt| prompt.may_be_empty));
        let is_template = [a, b].into_iter().flatten().any(|prompt| prompt.is_template);
        Some(Prompt { begins, may_be_empty, is_template, place: None })
    }
}

/// A text with its unknown numbers written `*`.
fn pattern(known: &Known) -> Option<Arc<str>> {
    match &known.fact {
        Fact::String(Some(text)) => Some(text.as_str().into()),
        _ => known.history.rare().pattern.clone(),
    }
}

fn projects(builtin: Builtin) -> bool {
    matches!(builtin, Builtin::LinearAlgebra(LinearAlgebra::Linear | LinearAlgebra::Matmul))
}

/// Whether a value is a number, or a tensor of one axis such as a bias.
fn is_plain(known: &Known) -> bool {
    known.fact.shape().is_some_and(|shape| shape.rank() < 2)
}

/// What `kept` is behind an operation with `other`.
fn combined(operator: BinaryOperator, kept: &Known, other: &Known) -> Option<Role> {
    let adds = matches!(operator, BinaryOperator::Add | BinaryOperator::Subtract);
    match (&kept.history.role, &other.history.role) {
        (Some(Role::Scores { keys, .. }), _) if is_plain(other) || adds => {
            Some(Role::Scores { keys: *keys, by_form: false })
        }
        (role @ Some(Role::Stream(_) | Role::Mask | Role::Weight(_) | Role::Transposed(_)), _) if is_plain(other) => {
            role.clone()
        }
        (role @ Some(Role::Stream(_)), other) if other.is_none() || role == other => role.clone(),
        _ => None,
    }
}

/// What the product with a weight gives, by the weight's name.
pub(super) fn projected(weight: Option<&Role>, straight: bool) -> Option<Role> {
    let name = match weight? {
        Role::Weight(name) if !straight => name,
        Role::Transposed(name) if straight => name,
        _ => return None,
    };
    let is = |names: &[&str]| name.split('.').any(|part| names.contains(&part));
    if is(&["attn_q", "q_proj", "wq"]) {
        Some(Role::Stream(Stream::Queries))
    } else if is(&["attn_k", "k_proj", "wk"]) {
        Some(Role::Stream(Stream::Keys))
    } else if is(&["attn_v", "v_proj", "wv"]) {
        Some(Role::Stream(Stream::Values))
    } else {
        None
    }
}

/// What a matrix product gives.
fn product(left: Option<&Role>, right: Option<&Role>) -> Option<Role> {
    match (left, right) {
        (Some(Role::Stream(Stream::Queries)), Some(Role::Stream(Stream::Keys))) => {
            Some(Role::Scores { keys: 0, by_form: false })
        }
        _ => projected(right, true),
    }
}

fn join_roles(a: Option<&Role>, b: Option<&Role>) -> Option<Role> {
    match (a?, b?) {
        (a, b) if a == b => Some(a.clone()),
        (Role::Weight(a), Role::Weight(b)) => joined_names(a, b).map(Role::Weight),
        (Role::Transposed(a), Role::Transposed(b)) => joined_names(a, b).map(Role::Transposed),
        _ => None,
    }
}

/// The name that two weights of different layers share.
fn joined_names(a: &Arc<str>, b: &Arc<str>) -> Option<Arc<str>> {
    let (a, b) = (of_any_layer(a), of_any_layer(b));
    (a == b).then_some(a)
}

/// The name with `*` for the number of the layer.
fn of_any_layer(name: &Arc<str>) -> Arc<str> {
    let is_number = |part: &str| !part.is_empty() && part.bytes().all(|byte| byte.is_ascii_digit());
    if !name.split('.').any(is_number) {
        return name.clone();
    }
    let mut any = String::with_capacity(name.len());
    for (at, part) in name.split('.').enumerate() {
        any.push_str(if at > 0 { "." } else { "" });
        any.push_str(if is_number(part) { "*" } else { part });
    }
    any.into()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn weights_of_different_layers_share_a_name() {
        let of = |name: &str| History::of_weight(name, Typing::Strong, Some((32, 4)));
        let joined = of("blk.0.attn_q.weight").join(&of("blk.3.attn_q.weight"));
        assert_eq!(joined, of("blk.*.attn_q.weight"));
        assert_eq!(of("blk.0.attn_q.weight").join(&of("blk.0.attn_k.weight")).role, None);
        assert_eq!(of("blk.0.attn_q.weight").inside(&Fact::Unknown), of("blk.*.attn_q.weight"));
    }

    #[test]
    fn prompts_are_recognised() {
        assert_eq!(
            Prompt::of("<s>[INST] a"),
            Prompt { begins: Some(true), may_be_empty: false, is_template: true, place: None }
        );
        assert_eq!(
            Prompt::of("once"),
            Prompt { begins: Some(false), may_be_empty: false, is_template: false, place: None }
        );
        let joined =
            |a: &str, b: &str| Prompt::joined(&Known::text(a, Span::default()), &Known::text(b, Span::default()));
        assert_eq!(joined("", "<s>"), Some(Prompt::of("<s>")));
        assert_eq!(
            joined("a", "<|user|>"),
            Some(Prompt { begins: Some(false), may_be_empty: false, is_template: true, place: None })
        );
    }
}
