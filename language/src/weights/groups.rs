//! Tensors that are the same in every layer, under one name:
//! `blk.{0..21}.attn_q.weight`.

use std::collections::{BTreeSet, HashMap};

use super::{Storage, TensorInfo};

/// The longest list of numbers that is shown in full, in characters.
const LONGEST_LIST: usize = 24;

/// Tensors of one shape and type whose names differ in numbers only.
#[derive(Clone, Debug)]
pub struct Group<'i> {
    /// What all of them are called; the numbers that differ stand in braces.
    pub name: String,
    /// The tensors, at least one, in the order of the index.
    pub tensors: Vec<&'i TensorInfo>,
}

/// The groups of these tensors, in the order of their first ones.
pub fn groups(tensors: &[TensorInfo]) -> Vec<Group<'_>> {
    let mut groups: Vec<Vec<&TensorInfo>> = Vec::new();
    let mut known: HashMap<(Vec<&str>, &[usize], Storage), usize> = HashMap::new();
    for tensor in tensors {
        let at = *known.entry((pattern(&tensor.name), &tensor.shape, tensor.storage)).or_insert(groups.len());
        match groups.get_mut(at) {
            Some(group) => group.push(tensor),
            None => groups.push(vec![tensor]),
        }
    }
    groups.into_iter().map(|tensors| Group { name: common_name(&tensors), tensors }).collect()
}

/// The parts of a name, an empty one in the place of each number.
fn pattern(name: &str) -> Vec<&str> {
    name.split('.').map(|part| if number(part).is_some() { "" } else { part }).collect()
}

fn number(part: &str) -> Option<u64> {
    part.parse().ok().filter(|_| part.bytes().all(|byte| byte.is_ascii_digit()))
}

fn common_name(tensors: &[&TensorInfo]) -> String {
    let mut parts: Vec<(&str, BTreeSet<u64>)> = Vec::new();
    for tensor in tensors {
        for (at, part) in tensor.name.split('.').enumerate() {
            if at == parts.len() {
                parts.push((part, BTreeSet::new()));
            }
            parts[at].1.extend(number(part));
        }
    }
    let shown: Vec<String> = parts
        .into_iter()
        .map(|(part, numbers)| if numbers.len() > 1 { format!("{{{}}}", list(&numbers)) } else { part.to_owned() })
        .collect();
    shown.join(".")
}

/// Numbers as runs, `0..3,6,8..9`; a long list ends in `…`.
fn list(numbers: &BTreeSet<u64>) -> String {
    let mut runs: Vec<(u64, u64)> = Vec::new();
    for number in numbers {
        match runs.last_mut() {
            Some((_, last)) if last.checked_add(1) == Some(*number) => *last = *number,
            _ => runs.push((*number, *number)),
        }
    }
    let mut shown = String::new();
    for (first, last) in runs {
        let run = if first == last { first.to_string() } else { format!("{first}..{last}") };
        let comma = if shown.is_empty() { "" } else { "," };
        if shown.len() + comma.len() + run.len() > LONGEST_LIST {
            return shown + comma + "…";
        }
        shown = shown + comma + &run;
    }
    shown
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::gguf::GgmlType;

    fn check(tensors: &[(&str, usize)], expected: &[&str]) {
        let info = |(name, size): &(&str, usize)| TensorInfo {
            name: (*name).to_owned(),
            shape: vec![*size],
            storage: Storage::Ggml(GgmlType::F32),
            part: 0,
            offset: 0,
            length: 0,
        };
        let tensors: Vec<TensorInfo> = tensors.iter().map(info).collect();
        let found: Vec<String> =
            groups(&tensors).iter().map(|group| format!("{} {}", group.tensors.len(), group.name)).collect();
        assert_eq!(found, expected);
    }

    #[test]
    fn layers_are_folded_where_they_are_alike() {
        check(&[("a.weight", 1), ("blk.0.q", 2), ("blk.1.q", 2)], &["1 a.weight", "2 blk.{0..1}.q"]);
        check(&[("blk.0.q", 2), ("blk.1.q", 3), ("blk.2.q", 2)], &["2 blk.{0,2}.q", "1 blk.1.q"]);
        check(&[("l.0.e.0.w", 2), ("l.0.e.1.w", 2)], &["2 l.0.e.{0..1}.w"]);
        let many: Vec<String> = (0..40).map(|layer| format!("blk.{}.q", layer * 2)).collect();
        let many: Vec<(&str, usize)> = many.iter().map(|name| (name.as_str(), 1)).collect();
        check(&many, &["40 blk.{0,2,4,6,8,10,12,14,16,18,…}.q"]);
    }
}
