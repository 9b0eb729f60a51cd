//! The tree of names that scripts walk along a model:
//! `model.blk[i].attn_q.weight` stands for the tensor `blk.2.attn_q.weight`.
//! It knows names alone; what lies behind them is the index's matter.

use std::collections::BTreeMap;

/// A model without an output matrix of its own uses its embedding table for it.
const TIED: (&str, &str) = ("output", "token_embd");

/// A longer name is no tensor's that a script could mean, in bytes. It also
/// bounds how deep the tree is.
pub(super) const LONGEST_NAME: usize = 1024;

/// More layers are no model's: a file that names one has not all those before.
const MOST_LAYERS: usize = 1 << 14;

/// The names of a model's tensors, part by part.
#[derive(Clone, Debug, Default)]
pub struct NameTree {
    /// What may follow, in alphabetical order; nothing behind a whole name.
    children: BTreeMap<String, NameTree>,
    /// How many layers, if the children are layers.
    layers: Option<usize>,
}

impl NameTree {
    /// The tree of these full names.
    pub fn of<'n>(names: impl IntoIterator<Item = &'n str>) -> NameTree {
        let mut root = NameTree::default();
        for name in names.into_iter().filter(|name| name.len() <= LONGEST_NAME) {
            let mut node = &mut root;
            for part in name.split('.') {
                if !node.children.contains_key(part) {
                    node.children.insert(part.to_owned(), NameTree::default());
                }
                let Some(next) = node.children.get_mut(part) else { break };
                node = next;
            }
        }
        root.count_layers();
        root
    }

    fn count_layers(&mut self) {
        self.layers = layer_count(self.children.keys());
        self.children.values_mut().for_each(NameTree::count_layers);
    }

    fn at(&self, path: &str) -> Option<&NameTree> {
        let mut parts = path.split('.').filter(|_| !path.is_empty());
        parts.try_fold(self, |node, part| node.children.get(part)).filter(|node| !node.children.is_empty())
    }

    /// Whether tensors have names that begin with `path` and a dot.
    pub fn has_path(&self, path: &str) -> bool {
        self.at(path).is_some() || (path == TIED.0 && self.at(TIED.1).is_some())
    }

    /// How many layers the collection at `path` has; `None` if it is none.
    pub fn layer_count(&self, path: &str) -> Option<usize> {
        self.at(path)?.layers
    }

    /// The names that may follow `path`, in alphabetical order.
    pub fn names_under(&self, path: &str) -> Vec<&str> {
        self.at(path).map(|node| node.children.keys().map(String::as_str).collect()).unwrap_or_default()
    }
}

/// The name that stands in for `name` in a model that ties its output matrix.
pub(super) fn tied(name: &str) -> Option<String> {
    let rest = name.strip_prefix(TIED.0).filter(|rest| rest.starts_with('.'))?;
    Some(format!("{}{rest}", TIED.1))
}

/// The number of layers, if every name is the number of one: 0, 1, 2, …
fn layer_count<'n>(names: impl Iterator<Item = &'n String>) -> Option<usize> {
    let numbers = names.map(|name| name.parse::<usize>().ok()).collect::<Option<Vec<_>>>()?;
    numbers.into_iter().max().filter(|last| *last < MOST_LAYERS).map(|last| last + 1)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn names_are_walked_part_by_part() {
        let tree =
            NameTree::of(["token_embd.weight", "blk.0.attn_q.weight", "blk.0.attn_q.bias", "blk.1.ffn_up.weight"]);
        assert_eq!(tree.names_under(""), ["blk", "token_embd"]);
        assert_eq!(tree.layer_count("blk"), Some(2));
        assert_eq!(tree.layer_count(""), None);
        assert_eq!(tree.names_under("blk.0.attn_q"), ["bias", "weight"]);
        assert!(tree.has_path("blk.1") && !tree.has_path("blk.2") && !tree.has_path("blk.1.ffn_up.weight"));
        assert!(tree.has_path("output"), "the output matrix is tied");
        assert_eq!(tied("output.weight").as_deref(), Some("token_embd.weight"));
        assert_eq!(tied("output_norm.weight"), None);
    }

    /// A number or a depth that no model has costs nothing.
    #[test]
    fn names_that_lie_make_no_work() {
        assert_eq!(NameTree::of(["blk.18446744073709551615.a"]).layer_count("blk"), None);
        assert!(NameTree::of([&*"a.".repeat(1 << 20)]).names_under("").is_empty());
        let deep = ".".repeat(LONGEST_NAME);
        assert!(NameTree::of([&*deep]).clone().has_path(&deep[1..]));
    }
}
