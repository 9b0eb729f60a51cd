//! The tree of names that scripts walk along a model:
//! `model.blk[i].attn_q.weight` stands for the tensor `blk.2.attn_q.weight`.
//! It knows names alone; what lies behind them is the index's matter.

use std::collections::{BTreeMap, BTreeSet};

/// A model without an output matrix of its own uses its embedding table for it.
const TIED: (&str, &str) = ("output", "token_embd");

/// The names of a file's tensors, part by part.
#[derive(Clone, Debug, Default)]
pub struct NameTree {
    /// The names that may follow each path; the empty path is the model.
    children: BTreeMap<String, BTreeSet<String>>,
    /// How many layers each collection has.
    layers: BTreeMap<String, usize>,
}

impl NameTree {
    /// The tree of these full names.
    pub fn of<'n>(names: impl IntoIterator<Item = &'n str>) -> NameTree {
        let mut children: BTreeMap<String, BTreeSet<String>> = BTreeMap::new();
        for name in names {
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
        NameTree { children, layers }
    }

    /// Whether tensors have names that begin with `path` and a dot.
    pub fn has_path(&self, path: &str) -> bool {
        self.children.contains_key(path) || (path == TIED.0 && self.children.contains_key(TIED.1))
    }

    /// How many layers the collection at `path` has; `None` if it is none.
    pub fn layer_count(&self, path: &str) -> Option<usize> {
        self.layers.get(path).copied()
    }

    /// The names that may follow `path`, in alphabetical order.
    pub fn names_under(&self, path: &str) -> Vec<&str> {
        self.children.get(path).into_iter().flatten().map(String::as_str).collect()
    }
}

/// The name that stands in for `name` in a model that ties its output matrix.
pub(super) fn tied(name: &str) -> Option<String> {
    let rest = name.strip_prefix(TIED.0).filter(|rest| rest.starts_with('.'))?;
    Some(format!("{}{rest}", TIED.1))
}

/// The number of layers, if every name is the number of one: 0, 1, 2, …
fn layer_count(names: &BTreeSet<String>) -> Option<usize> {
    let mut numbers = names.iter().map(|name| name.parse::<usize>().ok()).collect::<Option<Vec<_>>>()?;
    numbers.sort_unstable();
    numbers.last().map(|last| last.saturating_add(1))
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
        assert!(tree.has_path("blk.1") && !tree.has_path("blk.2"));
        assert!(tree.has_path("output"), "the output matrix is tied");
        assert_eq!(tied("output.weight").as_deref(), Some("token_embd.weight"));
        assert_eq!(tied("output_norm.weight"), None);
    }
}
