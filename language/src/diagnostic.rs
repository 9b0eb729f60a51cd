//! Problems as data: a stable code, a severity, a message and the places it
//! speaks of. Made where a problem is found, shown by the terminal and the
//! editor; nothing here prints.

pub mod pages;
mod severities;

use serde::{Deserialize, Serialize};

pub use severities::Severities;

use crate::source::Span;

/// How much a problem matters.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash, PartialOrd, Ord, Serialize, Deserialize)]
#[serde(rename_all = "lowercase")]
pub enum Severity {
    /// The run certainly fails, or the program is not well formed.
    Error,
    /// The program runs, but surely not as meant.
    Warning,
    /// Something to know; nothing breaks.
    Hint,
}

impl Severity {
    /// The word for it.
    pub fn name(self) -> &'static str {
        match self {
            Severity::Error => "error",
            Severity::Warning => "warning",
            Severity::Hint => "hint",
        }
    }
}

macro_rules! codes {
    ($($variant:ident = $name:literal, $severity:ident, $summary:literal;)*) => {
        /// The stable name of a kind of problem.
        #[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
        pub enum Code {
            $(#[doc = $summary] $variant,)*
        }

        impl Code {
            /// Every code, in the order of its declaration.
            pub const ALL: &[Code] = &[$(Code::$variant,)*];

            /// The code that is spelled so.
            pub fn from_name(name: &str) -> Option<Code> {
                Code::ALL.iter().copied().find(|code| code.name() == name)
            }

            /// The spelling in messages and in `// tl: allow(…)`.
            pub fn name(self) -> &'static str {
                match self { $(Code::$variant => $name,)* }
            }

            /// What the code stands for, in one sentence.
            pub fn summary(self) -> &'static str {
                match self { $(Code::$variant => $summary,)* }
            }

            /// How severe a problem of this kind is unless configured otherwise.
            pub fn default_severity(self) -> Severity {
                match self { $(Code::$variant => Severity::$severity,)* }
            }
        }
    };
}

codes! {
    SyntaxError = "syntax-error", Error, "The text is not a TensorLogic program.";
    UnknownName = "unknown-name", Error, "A name is used that nothing declares.";
    UnknownFunction = "unknown-function", Error, "A function is called that does not exist.";
    UnknownField = "unknown-field", Error, "A value has no property of this name.";
    UnknownTensor = "unknown-tensor", Error, "The model holds no tensor of this name.";
    Arity = "arity", Error, "A call has too few, too many or wrongly named arguments.";
    ArgumentType = "argument-type", Error, "An argument is of a kind that the function does not take.";
    ReturnType = "return-type", Error, "A function returns something else than it declares.";
    DuplicateName = "duplicate-name", Error, "Two declarations share a name.";
    UnusedVariable = "unused-variable", Hint, "A variable is declared and never read.";
    NoEffect = "no-effect", Warning, "A statement computes something that nobody uses.";
    UnreachableCode = "unreachable-code", Warning, "A statement can never be executed.";
    MissingReturn = "missing-return", Error, "A function that declares a result may end without one.";
    CapturedCallerVariable = "captured-caller-variable", Error, "A function reads a variable that only its caller has.";
    BlockLocalAssignment = "block-local-assignment", Error, "A variable is first assigned inside a block and used after it.";
    LostUpdate = "lost-update", Warning, "A `let` in a loop makes a new variable where the outer one was to change.";
    LoopVariableOverwritten = "loop-variable-overwritten", Warning, "A loop's variable is assigned in its body, which the loop does not notice.";
    OutsideMain = "outside-main", Error, "A statement stands outside of `main { }`.";
    BreakOutsideLoop = "break-outside-loop", Error, "A `break` or `continue` stands outside of a loop.";
    ReturnOutsideFunction = "return-outside-function", Error, "A `return` with a value stands outside of a function.";
    MalformedNumber = "malformed-number", Error, "A number is written in a way that has no meaning.";
    FormatArguments = "format-arguments", Error, "The arguments do not fit the `{}` of a format string.";
    LegacySyntax = "legacy-syntax", Hint, "An old or foreign spelling is accepted.";
    ShadowedBuiltin = "shadowed-builtin", Hint, "A function of the script has the name of a builtin.";
    NotSupportedYet = "not-supported-yet", Hint, "The program uses something that cannot be executed yet.";
    UnusedAllow = "unused-allow", Warning, "A `// tl: allow(…)` silences nothing.";
    ImportNotFound = "import-not-found", Error, "An imported file does not exist.";
    ImportCycle = "import-cycle", Error, "Files import each other in a circle.";
    ModelNotFound = "model-not-found", Error, "A model or tokenizer file does not exist.";
    ModelUnreadable = "model-unreadable", Error, "A weight file exists and cannot be used.";
    TokenizerMismatch = "tokenizer-mismatch", Warning, "The tokenizer does not belong to the model.";
    BosToken = "bos-token", Warning, "A prompt begins without the token that the model expects, or with two of them.";
    NoEosCheck = "no-eos-check", Warning, "A loop generates text and never looks for its end.";
    QuadraticRecompute = "quadratic-recompute", Hint, "A loop computes the whole growing sequence again for every token.";
    LayerCountMismatch = "layer-count-mismatch", Warning, "A loop runs over fewer layers than the model has.";
    LayerOutOfRange = "layer-out-of-range", Error, "The model has no layer of this number.";
    ShapeMismatch = "shape-mismatch", Error, "Sizes that must be equal differ.";
    RankMismatch = "rank-mismatch", Error, "A tensor has more or fewer axes than the operation takes.";
    EinsumMismatch = "einsum-mismatch", Error, "The operands do not fit the equation of an einsum.";
    DtypeMix = "dtype-mix", Hint, "Tensors of different element types meet.";
    TransposedWeight = "transposed-weight", Error, "A weight is multiplied the wrong way round.";
    GqaExpansion = "gqa-expansion", Error, "Keys or values have fewer heads than the queries.";
    MaskShape = "mask-shape", Error, "A mask does not fit the attention scores.";
    RopePosition = "rope-position", Warning, "A rotary embedding starts at 0 although tokens came before.";
    RopeInput = "rope-input", Error, "The input of a rotary embedding is unfit for it.";
    SoftmaxAxis = "softmax-axis", Warning, "Attention scores are normalised over another axis than the keys.";
    ArgmaxFlat = "argmax-flat", Warning, "An `argmax` without axis counts through all rows.";
    IntegerDivision = "integer-division", Warning, "A division of Integers drops the fraction that is needed afterwards.";
    IndexOutOfRange = "index-out-of-range", Error, "An index, axis or bound lies outside of the value.";
    DivisionByZero = "division-by-zero", Error, "A number is divided by zero.";
    LearnNoParameters = "learn-no-parameters", Error, "A `learn` block finds no tensor that may learn.";
    LearnObjective = "learn-objective", Error, "The objective of `learn` is no single number that depends on a parameter.";
    OptimizerArgument = "optimizer-argument", Error, "An optimizer or scheduler has no such argument.";
    SingletonLogicVariable = "singleton-logic-variable", Warning, "A variable of a rule occurs only once.";
    RelationArity = "relation-arity", Error, "A relation is used with more or fewer arguments than it declares.";
    RuntimeError = "runtime-error", Error, "The run cannot go on.";
}

/// A second place and what it has to do with the problem.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Label {
    /// Where.
    pub place: Span,
    /// What is there.
    pub message: String,
}

/// A change of the text that repairs a problem.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Fix {
    /// What it does, as a command: ``replace `:=` with `=` ``.
    pub title: String,
    /// Whether the program certainly means the same afterwards, or what was
    /// meant; else a person has to look at it.
    pub safe: bool,
    /// What to replace: places of the text as it is, which do not overlap.
    pub edits: Vec<Edit>,
}

/// A piece of text that another one replaces.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Edit {
    /// What goes; an empty place inserts.
    pub place: Span,
    /// What comes.
    pub text: String,
}

impl Fix {
    /// A fix that a person has to look at, still without edits.
    pub fn likely(title: impl Into<String>) -> Fix {
        Fix { title: title.into(), safe: false, edits: Vec::new() }
    }

    /// A fix that can be applied without a look at it, still without edits.
    pub fn safe(title: impl Into<String>) -> Fix {
        Fix { safe: true, ..Fix::likely(title) }
    }

    /// The same, with other text at a place.
    pub fn replace(mut self, place: Span, text: impl Into<String>) -> Fix {
        self.edits.push(Edit { place, text: text.into() });
        self
    }

    /// The same, without the text at a place.
    pub fn remove(self, place: Span) -> Fix {
        self.replace(place, "")
    }

    /// The same, with more text before a place.
    pub fn insert_before(self, place: Span, text: impl Into<String>) -> Fix {
        self.replace(place.with(place.start(), place.start()), text)
    }

    /// The same, with more text behind a place.
    pub fn insert_after(self, place: Span, text: impl Into<String>) -> Fix {
        self.replace(place.with(place.end(), place.end()), text)
    }
}

/// One problem, complete: one mistake is one diagnostic.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Diagnostic {
    /// Its kind.
    pub code: Code,
    /// How much it matters.
    pub severity: Severity,
    /// What is wrong: lower case, no full stop, names in backquotes.
    pub message: String,
    /// The smallest text at fault.
    pub place: Span,
    /// The other side of the conflict.
    pub related: Vec<Label>,
    /// Facts that explain it.
    pub notes: Vec<String>,
    /// What to do, beginning with a verb.
    pub helps: Vec<String>,
    /// The change that repairs it, where one change does.
    pub fix: Option<Fix>,
}

impl Diagnostic {
    /// A problem of `code` at `place` with the code's own severity.
    pub fn new(code: Code, place: Span, message: impl Into<String>) -> Diagnostic {
        Diagnostic {
            code,
            severity: code.default_severity(),
            message: message.into(),
            place,
            related: Vec::new(),
            notes: Vec::new(),
            helps: Vec::new(),
            fix: None,
        }
    }

    /// The same with each of its places replaced by what `with` makes of it.
    pub fn with_places(mut self, with: &mut dyn FnMut(Span) -> Span) -> Diagnostic {
        self.place = with(self.place);
        self.related.iter_mut().for_each(|label| label.place = with(label.place));
        let edits = self.fix.iter_mut().flat_map(|fix| &mut fix.edits);
        edits.for_each(|edit| edit.place = with(edit.place));
        self
    }

    /// Looks at each of its places.
    pub fn for_each_place(&self, look: &mut dyn FnMut(Span)) {
        look(self.place);
        self.related.iter().for_each(|label| look(label.place));
        self.fix.iter().flat_map(|fix| &fix.edits).for_each(|edit| look(edit.place));
    }

    /// The same with another severity.
    pub fn severity(mut self, severity: Severity) -> Diagnostic {
        self.severity = severity;
        self
    }

    /// The same with the severity that somebody has chosen for its code; none if
    /// nothing is to be heard of it.
    pub fn chosen(&self, severities: &Severities) -> Option<Diagnostic> {
        let severity = severities.of(self.code, self.severity)?;
        Some(Diagnostic { severity, ..self.clone() })
    }

    /// The same with a second place.
    pub fn related(mut self, place: Span, message: impl Into<String>) -> Diagnostic {
        self.related.push(Label { place, message: message.into() });
        self
    }

    /// The same with a fact that explains it.
    pub fn note(mut self, note: impl Into<String>) -> Diagnostic {
        self.notes.push(note.into());
        self
    }

    /// The same with advice.
    pub fn help(mut self, help: impl Into<String>) -> Diagnostic {
        self.helps.push(help.into());
        self
    }

    /// The same with the change that repairs it.
    pub fn fix(mut self, fix: Fix) -> Diagnostic {
        self.fix = Some(fix);
        self
    }

    /// The same with advice to use a similar name, and the change that does it.
    pub fn did_you_mean(self, written: &str, close: &str) -> Diagnostic {
        let fix = Fix::likely(format!("replace `{written}` with `{close}`")).replace(self.place, close);
        self.help(format!("did you mean `{close}`?")).fix(fix)
    }
}

/// The candidate that `word` most likely meant, if one is close enough; of equally close
/// ones the first in the alphabet. Where half of a word is another letter it is another
/// word: `b` is no misspelt `a`, unlike `A` and `aa`.
pub fn did_you_mean<'a>(word: &str, candidates: impl IntoIterator<Item = &'a str>) -> Option<&'a str> {
    let length = word.chars().count();
    let allowed = (length / 3).clamp(1, 3);
    let is_same_word = |distance: usize, candidate: &str| {
        let other = candidate.chars().count();
        2 * distance < length.max(other) || length.abs_diff(other) == distance || word.eq_ignore_ascii_case(candidate)
    };
    // What is being typed may have no name yet.
    candidates
        .into_iter()
        .filter(|candidate| !candidate.is_empty())
        .map(|candidate| (strsim::damerau_levenshtein(word, candidate), candidate))
        .filter(|(distance, candidate)| *distance <= allowed && is_same_word(*distance, candidate))
        .min()
        .map(|(_, candidate)| candidate)
}
