//! What editors know of captures, and what they call the things that have a colour.

/// What an editor knows of captures, by the name of the query's file.
pub struct Editor {
    /// Its folder in `queries/`.
    pub folder: &'static str,
    pub captures: &'static [(&'static str, Known)],
}

/// Captures that are known.
#[derive(Clone, Copy)]
pub enum Known {
    /// These and no others.
    Only(&'static [&'static str]),
    /// These, and those that begin with one of them and a dot: `function.call` is drawn
    /// as `function`.
    Under(&'static [&'static str]),
}

pub use Known::{Only, Under};

/// Every editor. A list states where it is from.
pub const EDITORS: [Editor; 4] = [
    Editor {
        folder: "",
        captures: &[
            // The vocabulary of Neovim, which goes on from that of tree-sitter.
            ("highlights", Under(NVIM_HIGHLIGHTS)),
            // tree-sitter's manual, "Syntax highlighting: local variables, language injection",
            // and the crate `tree-sitter-highlight`.
            ("locals", Only(&["local.scope", "local.definition", "local.reference"])),
            ("injections", Only(&["injection.content", "injection.language"])),
            // tree-sitter's manual, "Code navigation systems", and the crate `tree-sitter-tags`.
            ("tags", Under(&["name", "doc", "definition", "reference"])),
            // tree-sitter has no names for these; Neovim's are the most widely read ones.
            ("folds", Only(&["fold"])),
            ("indents", Only(NVIM_INDENTS)),
            ("textobjects", Only(NVIM_TEXTOBJECTS)),
        ],
    },
    Editor {
        folder: "nvim",
        captures: &[
            ("highlights", Under(NVIM_HIGHLIGHTS)),
            ("locals", Under(NVIM_LOCALS)),
            ("folds", Only(&["fold"])),
            ("indents", Only(NVIM_INDENTS)),
            ("injections", Only(&["injection.content", "injection.language", "injection.filename"])),
            ("textobjects", Only(NVIM_TEXTOBJECTS)),
        ],
    },
    Editor {
        folder: "helix",
        captures: &[
            ("highlights", Under(HELIX_SCOPES)),
            // Helix, `book/src/guides`: "Adding indent queries", "Adding textobject queries",
            // "Adding injection queries", "Adding tags queries", "Adding rainbow bracket queries".
            (
                "indents",
                Only(&[
                    "indent",
                    "indent.always",
                    "outdent",
                    "outdent.always",
                    "align",
                    "extend",
                    "extend.prevent-once",
                    "anchor",
                ]),
            ),
            ("textobjects", Only(HELIX_TEXTOBJECTS)),
            (
                "injections",
                Only(&["injection.content", "injection.language", "injection.filename", "injection.shebang"]),
            ),
            ("tags", Only(HELIX_TAGS)),
            ("rainbows", Only(&["rainbow.scope", "rainbow.bracket"])),
            // A definition goes on with the scope that its references are drawn in.
            ("locals", Under(&["local.scope", "local.reference", "local.definition"])),
        ],
    },
    Editor {
        folder: "zed",
        captures: &[
            // Zed's documentation, "Language extensions".
            ("highlights", Under(ZED_HIGHLIGHTS)),
            ("brackets", Only(&["open", "close"])),
            ("outline", Only(&["name", "item", "context", "context.extra", "annotation"])),
            ("indents", Only(&["indent", "start", "end", "outdent"])),
            ("injections", Only(&["injection.content", "injection.language", "content", "language"])),
            // Free names, as `config.toml` has them; `inclusive` counts the end in.
            ("overrides", Only(&["comment.inclusive", "string"])),
            (
                "textobjects",
                Only(&[
                    "function.around",
                    "function.inside",
                    "class.around",
                    "class.inside",
                    "comment.around",
                    "comment.inside",
                ]),
            ),
            ("runnables", Only(&["run"])),
        ],
    },
];

/// Neovim 0.11, `:help treesitter-highlight-groups`. `error` is a group of the plugin in
/// `editors/nvim`.
const NVIM_HIGHLIGHTS: &[&str] = &[
    "attribute",
    "boolean",
    "character",
    "character.special",
    "comment",
    "constant",
    "constructor",
    "error",
    "function",
    "keyword",
    "label",
    "module",
    "nospell",
    "number",
    "operator",
    "property",
    "punctuation.bracket",
    "punctuation.delimiter",
    "punctuation.special",
    "spell",
    "string",
    "type",
    "variable",
];

/// nvim-treesitter, `CONTRIBUTING.md`, "Locals".
const NVIM_LOCALS: &[&str] = &["local.scope", "local.reference", "local.definition"];

/// nvim-treesitter, `CONTRIBUTING.md`, "Indents".
const NVIM_INDENTS: &[&str] = &[
    "indent.begin",
    "indent.end",
    "indent.align",
    "indent.dedent",
    "indent.branch",
    "indent.ignore",
    "indent.auto",
    "indent.zero",
];

/// nvim-treesitter-textobjects, `README.md`, "Built-in textobjects".
const NVIM_TEXTOBJECTS: &[&str] = &[
    "assignment.inner",
    "assignment.lhs",
    "assignment.outer",
    "assignment.rhs",
    "attribute.inner",
    "attribute.outer",
    "block.inner",
    "block.outer",
    "call.inner",
    "call.outer",
    "class.inner",
    "class.outer",
    "comment.inner",
    "comment.outer",
    "conditional.inner",
    "conditional.outer",
    "frame.inner",
    "frame.outer",
    "function.inner",
    "function.outer",
    "loop.inner",
    "loop.outer",
    "number.inner",
    "parameter.inner",
    "parameter.outer",
    "regex.inner",
    "regex.outer",
    "return.inner",
    "return.outer",
    "scopename.inner",
    "statement.outer",
];

/// Helix, `book/src/themes.md`, "Scopes". `error` is there among the interface's.
const HELIX_SCOPES: &[&str] = &[
    "attribute",
    "comment",
    "constant",
    "constructor",
    "error",
    "function",
    "keyword",
    "label",
    "namespace",
    "operator",
    "punctuation",
    "special",
    "string",
    "tag",
    "type",
    "variable",
];

const HELIX_TEXTOBJECTS: &[&str] = &[
    "function.inside",
    "function.around",
    "function.movement",
    "class.inside",
    "class.around",
    "class.movement",
    "test.inside",
    "test.around",
    "test.movement",
    "parameter.inside",
    "parameter.around",
    "parameter.movement",
    "comment.inside",
    "comment.around",
    "comment.movement",
    "entry.inside",
    "entry.around",
    "entry.movement",
];

const HELIX_TAGS: &[&str] = &[
    "name",
    "definition.class",
    "definition.constant",
    "definition.field",
    "definition.function",
    "definition.interface",
    "definition.macro",
    "definition.module",
    "definition.struct",
    "definition.type",
];

const ZED_HIGHLIGHTS: &[&str] = &[
    "attribute",
    "boolean",
    "comment",
    "constant",
    "constructor",
    "embedded",
    "enum",
    "function",
    "hint",
    "keyword",
    "label",
    "namespace",
    "number",
    "operator",
    "predictive",
    "preproc",
    "primary",
    "property",
    "punctuation",
    "string",
    "tag",
    "type",
    "variable",
    "variant",
];

/// What the common query calls a thing, and what Helix and Zed call it.
pub const NAMES: &[[&str; 3]] = &[
    ["boolean", "constant.builtin.boolean", "boolean"],
    ["character.special", "comment.unused", "punctuation.special"],
    ["comment", "comment.block", "comment"],
    ["comment", "comment.line", "comment"],
    ["constant", "constant", "constant"],
    ["error", "error", ""],
    ["error", "error", "number"],
    ["error", "error", "punctuation.delimiter"],
    ["error", "error", "variable"],
    ["function", "function", "function"],
    ["function.builtin", "function.builtin", "function.builtin"],
    ["function.call", "function", "function"],
    ["function.method", "function.method", "function.method"],
    ["function.method.call", "function.method", "function.method"],
    ["keyword", "keyword", "keyword"],
    ["keyword", "keyword.operator", "keyword"],
    ["keyword", "keyword.storage", "keyword"],
    ["keyword", "keyword.storage.type", "keyword"],
    ["keyword.conditional", "keyword.control.conditional", "keyword"],
    ["keyword.function", "keyword.function", "keyword"],
    ["keyword.import", "keyword.control.import", "keyword"],
    ["keyword.modifier", "keyword.storage.modifier", "keyword"],
    ["keyword.operator", "keyword.operator", "keyword.operator"],
    ["keyword.repeat", "keyword.control.repeat", "keyword"],
    ["keyword.return", "keyword.control.return", "keyword"],
    ["keyword.type", "keyword.storage.type", "keyword"],
    ["label", "label", "label"],
    ["module", "namespace", "namespace"],
    ["number", "constant.numeric.integer", "number"],
    ["number.float", "constant.numeric.float", "number"],
    ["operator", "operator", "operator"],
    ["property", "variable.other.member", "property"],
    ["punctuation.bracket", "punctuation.bracket", "punctuation.bracket"],
    ["punctuation.delimiter", "punctuation.delimiter", "punctuation.delimiter"],
    ["string", "string", "string"],
    ["string.escape", "constant.character.escape", "string.escape"],
    ["string.special.path", "string.special.path", "string.special"],
    ["type", "type", "type"],
    ["type.builtin", "type.builtin", "type.builtin"],
    ["type.definition", "type", "type"],
    ["variable", "variable", "variable"],
    ["variable.builtin", "variable.builtin", "variable.special"],
    ["variable.member", "variable.other.member", "property"],
    ["variable.parameter", "variable.parameter", "variable.parameter"],
];
