//! A text as a row of tokens: what each one is, how it stands in the text, and
//! which brackets and which item of them it belongs to. Semicolons that a line
//! end replaces are left out here.

use crate::syntax::{Kind, Node};

/// The number of a token in its row.
pub(super) type Index = usize;

/// The group of what stands outside of all brackets.
pub(super) const ROOT: usize = 0;

/// All tokens of a text and the brackets around them.
pub(super) struct Tokens<'t> {
    /// In the order of the text.
    pub all: Vec<Token<'t>>,
    /// The whole text, then each pair of brackets in the order of the opening ones.
    pub groups: Vec<Group>,
}

/// One token, or one comment.
#[derive(Clone)]
pub(super) struct Token<'t> {
    pub text: &'t str,
    /// What it is.
    pub kind: Kind,
    /// What it is a part of.
    pub parent: Kind,
    /// Its column in the text.
    pub column: usize,
    /// How many characters part it from the token before it, if that stands on the same line.
    pub gap: usize,
    /// How many lines end before it.
    pub lines: usize,
    /// The innermost brackets around it; a bracket stands outside of its own.
    pub group: usize,
    /// What begins with it, if that is an item of its group: a statement, an argument.
    pub item: Option<Kind>,
    /// Whether it stands among the items of its group rather than in one of them.
    pub between_items: bool,
    /// The brackets that it opens or closes.
    pub bracket: Option<Bracket>,
    /// The token on whose line a line that begins with this one is lined up, if
    /// it neither begins nor continues an item.
    pub anchor: Option<Index>,
}

#[derive(Clone, Copy, PartialEq, Eq)]
pub(super) enum Bracket {
    Opens(usize),
    Closes(usize),
}

/// A pair of brackets.
pub(super) struct Group {
    /// What the brackets belong to.
    pub kind: Kind,
    pub open: Index,
    pub close: Index,
    /// The group around it.
    pub outer: usize,
    /// The token on whose line the closing bracket is lined up.
    pub anchor: Index,
    /// Whether each item has its line, as statements have.
    pub lines: bool,
    /// Whether it is written on one line, and may be.
    pub flat: bool,
    /// How many items it has, and how many of them need a line of their own.
    pub items: usize,
    pub statements: usize,
    /// Whether it holds nothing at all.
    pub empty: bool,
    /// The first of them.
    pub first: Option<Index>,
    /// How deep the node of its brackets lies in the tree.
    depth: usize,
}

impl Token<'_> {
    pub fn is_comment(&self) -> bool {
        self.ends_line() || self.kind == Kind::BlockComment
    }

    /// Whether nothing can follow it on its line.
    pub fn ends_line(&self) -> bool {
        matches!(self.kind, Kind::LineComment | Kind::InvalidHashComment)
    }

    /// The spelling of a keyword, an operator or a bracket; empty for all else.
    pub fn symbol(&self) -> &str {
        if self.kind == Kind::Token { self.text } else { "" }
    }

    pub fn opens(&self) -> Option<usize> {
        self.bracket.and_then(|bracket| match bracket {
            Bracket::Opens(group) => Some(group),
            Bracket::Closes(_) => None,
        })
    }

    pub fn closes(&self) -> Option<usize> {
        self.bracket.and_then(|bracket| match bracket {
            Bracket::Closes(group) => Some(group),
            Bracket::Opens(_) => None,
        })
    }
}

/// Finds the tokens of a tree without faults on a walk over it.
pub(super) struct Collector<'t> {
    text: &'t str,
    tokens: Vec<Token<'t>>,
    groups: Vec<Group>,
    /// The groups that are open, innermost last.
    open: Vec<usize>,
    /// The first token of each ancestor; for a chain of `else if`, of the whole chain.
    starts: Vec<Index>,
    /// An item has begun, and its first token comes next.
    item: Option<Kind>,
    /// Where the last token ends, and in which column.
    end: usize,
    column: usize,
}

impl<'t> Collector<'t> {
    pub fn new(text: &'t str) -> Collector<'t> {
        let root = Group {
            kind: Kind::SourceFile,
            open: 0,
            close: Index::MAX,
            outer: ROOT,
            anchor: 0,
            lines: true,
            flat: false,
            items: 0,
            statements: 0,
            empty: true,
            first: None,
            depth: 0,
        };
        Collector {
            text,
            tokens: Vec::new(),
            groups: vec![root],
            open: vec![ROOT],
            starts: vec![0],
            item: None,
            end: 0,
            column: 0,
        }
    }

    /// Takes a node in; says whether its children are tokens of their own.
    pub fn visit(&mut self, node: Node, ancestors: &[Node]) -> bool {
        let depth = ancestors.len();
        let parent = ancestors.last().map_or(Kind::SourceFile, |parent| parent.kind());
        self.starts.truncate(depth);
        let goes_on = node.kind() == Kind::IfExpression && parent == Kind::IfExpression;
        let start = if goes_on { self.starts[depth - 1] } else { self.tokens.len() };
        self.starts.push(start);

        let between_items = self.innermost().depth + 1 == depth;
        if between_items && node.is_named() && is_item(node.kind()) {
            self.item = Some(node.kind());
        }
        if !is_atom(node) {
            return true;
        }
        let text = node.text(self.text);
        if !text.is_empty() {
            self.push(node, text, parent, depth, between_items);
        }
        false
    }

    fn push(&mut self, node: Node, text: &'t str, parent: Kind, depth: usize, between_items: bool) {
        let start = node.span().start();
        let between = self.text.get(self.end..start).unwrap_or_default();
        self.column = column_after(self.column, between);
        let mut token = Token {
            text,
            kind: if node.is_named() && node.kind() == Kind::Token { Kind::Identifier } else { node.kind() },
            parent,
            column: self.column,
            gap: between.chars().count(),
            lines: between.bytes().filter(|byte| *byte == b'\n').count(),
            group: self.open.last().copied().unwrap_or(ROOT),
            item: None,
            between_items,
            bracket: None,
            anchor: None,
        };
        if token.kind != Kind::Semicolon && !(between_items && matches!(text, ")" | "]" | "}")) {
            self.groups[token.group].empty = false;
        }
        self.end = start + text.len();
        self.column = column_after(self.column, text);

        if token.is_comment() {
            if token.ends_line() {
                token.text = text.trim_end();
            }
            token.anchor = self.anchor_inside(parent, depth);
            self.tokens.push(token);
            return;
        }
        match token.symbol() {
            "(" | "[" | "{" => token.bracket = Some(Bracket::Opens(self.open_group(&token, depth))),
            ")" | "]" | "}" if between_items && self.open.len() > 1 => {
                let group = self.open.pop().unwrap_or(ROOT);
                self.groups[group].close = self.tokens.len();
                token.group = self.groups[group].outer;
                token.bracket = Some(Bracket::Closes(group));
            }
            "else" => token.anchor = self.anchor_inside(parent, depth),
            "," => return self.push_comma(token),
            _ => {}
        }
        if token.symbol() == "{" {
            token.anchor = token.opens().map(|group| self.groups[group].anchor);
        }
        self.begin_item(&mut token);
        self.tokens.push(token);
    }

    /// A comma stands behind its item, in front of the comments that follow it.
    fn push_comma(&mut self, comma: Token<'t>) {
        let code = self.tokens.iter().rposition(|token| !token.is_comment()).map_or(0, |last| last + 1);
        self.tokens.insert(code, comma);
    }

    fn begin_item(&mut self, token: &mut Token<'t>) {
        if token.kind == Kind::Semicolon {
            return;
        }
        token.item = self.item.take();
        if token.item.is_none() {
            return;
        }
        let index = self.tokens.len();
        let parted = self.tokens.last().is_some_and(|last| last.kind == Kind::Semicolon);
        let group = &mut self.groups[token.group];
        group.first.get_or_insert(index);
        group.items += 1;
        group.statements += usize::from(!token.item.is_some_and(is_field));
        group.flat &= !parted;
    }

    fn open_group(&mut self, token: &Token, depth: usize) -> usize {
        let kind = token.parent;
        let lines = token.text == "{" && !matches!(kind, Kind::EntitySet | Kind::StructLiteral | Kind::StructPattern);
        // A body is lined up with what it belongs to, a list with its own line.
        let is_body = matches!(kind, Kind::Block | Kind::LearnBlock | Kind::StructBody | Kind::ImplBody);
        let anchor = match (lines, is_body) {
            (false, _) => self.tokens.len(),
            (true, false) => self.starts[depth - 1],
            (true, true) => self.body_owner(depth),
        };
        let group = self.groups.len();
        self.groups.push(Group {
            kind,
            open: self.tokens.len(),
            close: Index::MAX,
            outer: token.group,
            anchor,
            lines,
            flat: true,
            items: 0,
            statements: 0,
            empty: true,
            first: None,
            depth: depth - 1,
        });
        self.open.push(group);
        group
    }

    /// The first token of what a body belongs to; a block that stands alone
    /// belongs to itself.
    fn body_owner(&self, depth: usize) -> Index {
        let alone = self.innermost().depth + 2 == depth && self.innermost().lines;
        self.starts[if alone || depth < 2 { depth - 1 } else { depth - 2 }]
    }

    /// Where `else`, and a comment before it, is lined up.
    fn anchor_inside(&self, parent: Kind, depth: usize) -> Option<Index> {
        (parent == Kind::IfExpression).then(|| self.starts[depth - 1])
    }

    fn innermost(&self) -> &Group {
        &self.groups[self.open.last().copied().unwrap_or(ROOT)]
    }

    /// The tokens of all nodes that were taken in.
    pub fn finish(mut self) -> Tokens<'t> {
        self.find_flat_groups();
        self.drop_semicolons();
        Tokens { all: self.tokens, groups: self.groups }
    }

    /// A group is flat if its text is on one line, if that is allowed for its
    /// kind, and if all groups inside of it are flat, and so are those that
    /// belong to the same thing.
    fn find_flat_groups(&mut self) {
        let mut lines_before = 0;
        let mut opened = vec![0; self.groups.len()];
        for token in &self.tokens {
            lines_before += token.lines;
            match token.bracket {
                Some(Bracket::Opens(group)) => opened[group] = lines_before,
                Some(Bracket::Closes(group)) => self.groups[group].flat &= opened[group] == lines_before,
                None => {}
            }
        }
        for group in (1..self.groups.len()).rev() {
            let Group { lines, items, statements, empty, outer, .. } = self.groups[group];
            let may_be_flat = !lines || items <= 1 || statements == 0;
            let flat = (self.groups[group].flat && may_be_flat) || (lines && empty);
            self.groups[group].flat = flat;
            self.groups[outer].flat &= flat;
        }
        let mut broken = vec![false; self.tokens.len()];
        for group in self.groups[1..].iter().filter(|group| group.lines && !group.flat) {
            if let Some(broken) = broken.get_mut(group.anchor) {
                *broken = true;
            }
        }
        for index in (1..self.groups.len()).rev() {
            let group = &mut self.groups[index];
            // An empty block needs no lines of its own.
            if group.lines && broken[group.anchor] && !group.empty {
                group.flat = false;
            }
            let Group { flat, outer, .. } = *group;
            self.groups[outer].flat &= flat;
        }
    }

    /// Leaves out each semicolon that a line end, or nothing at all, follows. One
    /// remains: before a `-`, which would go on with the line above it.
    fn drop_semicolons(&mut self) {
        let mut places = Vec::with_capacity(self.tokens.len() + 1);
        let mut kept: Vec<Token<'t>> = Vec::with_capacity(self.tokens.len());
        let mut lines = 0;
        for (index, token) in self.tokens.iter().enumerate() {
            places.push(kept.len());
            if token.kind == Kind::Semicolon {
                let next = self.tokens[index + 1..].iter().find(|next| !next.is_comment());
                let is_first = kept.last().is_none_or(|last| last.opens().is_some());
                if is_first || next.is_none_or(|next| next.symbol() != "-") {
                    lines = lines.max(token.lines);
                    continue;
                }
            }
            let mut token = token.clone();
            token.lines = token.lines.max(lines);
            token.anchor = token.anchor.map(|anchor| places[anchor]);
            lines = 0;
            kept.push(token);
        }
        places.push(kept.len());
        for group in &mut self.groups {
            let place = |index: Index| places.get(index).copied().unwrap_or(kept.len());
            group.open = place(group.open);
            group.close = place(group.close);
            group.anchor = place(group.anchor);
            group.first = group.first.map(place);
        }
        self.tokens = kept;
    }
}

/// Whether a named child of a group's node is one of its items.
fn is_item(kind: Kind) -> bool {
    !matches!(
        kind,
        Kind::LineComment | Kind::BlockComment | Kind::InvalidHashComment | Kind::Semicolon | Kind::StrayComma
    )
}

/// Whether a node is one token, whatever it consists of.
pub(super) fn is_atom(node: Node) -> bool {
    node.is_leaf() || matches!(node.kind(), Kind::Semicolon | Kind::StrayComma | Kind::String)
}

/// Whether an item may share its line with others where its group is flat.
fn is_field(kind: Kind) -> bool {
    matches!(kind, Kind::EmbeddingField | Kind::FieldDeclaration | Kind::LearnField | Kind::MatchArm)
}

/// The column behind `text` that begins in `column`.
pub(super) fn column_after(column: usize, text: &str) -> usize {
    text.chars().fold(column, |column, c| if c == '\n' { 0 } else { column + 1 })
}
