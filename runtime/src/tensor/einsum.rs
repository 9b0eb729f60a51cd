//! Einstein summation, `"ihd,jhd->ihj"`: any letters, repeated letters as
//! diagonals, `...` for leading axes that broadcast, and an implicit output.
//!
//! The rules are NumPy's. Operands are combined from left to right; each pair
//! becomes one batched matrix product after a permutation of its axes.

use super::reduction::Fold;
use super::{Result, Tensor, unfit};

/// The name of an axis: a letter, or a place inside of `...`, counted from the right.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
enum Label {
    Dots(usize),
    Letter(char),
}

struct Term {
    letters: Vec<char>,
    /// Before which letter `...` stands.
    dots: Option<usize>,
}

/// An operand and the names of its axes.
#[derive(Clone)]
struct Named {
    tensor: Tensor,
    labels: Vec<Label>,
}

impl Tensor {
    /// Computes `equation` over `operands`, one for each term on its left side.
    pub fn einsum(equation: &str, operands: &[Tensor]) -> Result<Tensor> {
        let (terms, output) = parse(equation)?;
        if terms.len() != operands.len() || operands.is_empty() {
            return unfit(format!("`{equation}` takes {} operands, found {}", terms.len(), operands.len()));
        }
        let named = terms
            .iter()
            .zip(operands)
            .map(|(term, tensor)| Ok(Named { tensor: tensor.clone(), labels: label(equation, term, tensor)? }))
            .collect::<Result<Vec<Named>>>()?;
        let output = output_labels(equation, output, &named)?;
        let sizes = sizes(equation, &named)?;
        let mut rest: Vec<Named> = named
            .into_iter()
            .map(|named| without_diagonals(named)?.without_stretched(&sizes))
            .collect::<Result<_>>()?;
        rest.reverse();
        let Some(mut result) = rest.pop() else { return unfit("nothing to sum") };
        while let Some(next) = rest.pop() {
            let needed =
                |label: &Label| output.contains(label) || rest.iter().any(|named| named.labels.contains(label));
            result = multiply(result, next, &needed)?;
        }
        let summed = result.sum_but(&|label| output.contains(label))?;
        let axes: Vec<usize> =
            output.iter().filter_map(|wanted| summed.labels.iter().position(|label| label == wanted)).collect();
        summed.tensor.permute(&axes)
    }
}

fn parse(equation: &str) -> Result<(Vec<Term>, Option<Term>)> {
    let compact: String = equation.chars().filter(|character| !character.is_whitespace()).collect();
    let (left, right) = match compact.split_once("->") {
        Some((left, right)) => (left, Some(right)),
        None => (compact.as_str(), None),
    };
    let terms = left.split(',').map(|term| parse_term(equation, term)).collect::<Result<_>>()?;
    let output = right.map(|term| parse_term(equation, term)).transpose()?;
    Ok((terms, output))
}

fn parse_term(equation: &str, term: &str) -> Result<Term> {
    let (before, after) = match term.split_once("...") {
        Some((before, after)) => (before, Some(after)),
        None => (term, None),
    };
    let letters: Vec<char> = before.chars().chain(after.unwrap_or_default().chars()).collect();
    if let Some(strange) = letters.iter().find(|letter| !letter.is_alphabetic()) {
        return unfit(format!("`{equation}` names axes by letters, found `{strange}`"));
    }
    Ok(Term { letters, dots: after.map(|_| before.chars().count()) })
}

/// Names every axis of an operand.
fn label(equation: &str, term: &Term, tensor: &Tensor) -> Result<Vec<Label>> {
    let rank = tensor.rank();
    let fits = if term.dots.is_some() { rank >= term.letters.len() } else { rank == term.letters.len() };
    if !fits {
        let named: String = term.letters.iter().collect();
        return unfit(format!("`{named}` in `{equation}` does not name the axes of shape {:?}", tensor.shape()));
    }
    Ok(place(term, rank - term.letters.len()))
}

/// The letters of a term with `dots` axes in the place of its `...`.
fn place(term: &Term, dots: usize) -> Vec<Label> {
    let mut labels: Vec<Label> = term.letters.iter().copied().map(Label::Letter).collect();
    if let Some(at) = term.dots {
        labels.splice(at..at, (0..dots).rev().map(Label::Dots));
    }
    labels
}

fn output_labels(equation: &str, output: Option<Term>, named: &[Named]) -> Result<Vec<Label>> {
    let all = || named.iter().flat_map(|named| named.labels.iter().copied());
    let dots =
        all().filter_map(|label| if let Label::Dots(at) = label { Some(at + 1) } else { None }).max().unwrap_or(0);
    let Some(term) = output else {
        // Without `->`: the leading axes, then every letter that stands once, in order.
        let mut letters: Vec<Label> = all().filter(|label| matches!(label, Label::Letter(_))).collect();
        letters.sort_unstable();
        let once = letters.chunk_by(|a, b| a == b).filter(|group| group.len() == 1).flatten().copied();
        return Ok((0..dots).rev().map(Label::Dots).chain(once).collect());
    };
    let labels = place(&term, dots);
    for (at, label) in labels.iter().enumerate() {
        let Label::Letter(letter) = label else { continue };
        if labels[..at].contains(label) {
            return unfit(format!("`{letter}` stands twice in the result of `{equation}`"));
        }
        if !all().any(|known| known == *label) {
            return unfit(format!("`{letter}` stands only in the result of `{equation}`"));
        }
    }
    Ok(labels)
}

/// The size of every label; 1 stretches to any other size.
fn sizes(equation: &str, named: &[Named]) -> Result<Vec<(Label, usize)>> {
    let mut sizes: Vec<(Label, usize)> = Vec::new();
    for operand in named {
        for (label, size) in operand.labels.iter().zip(operand.tensor.shape()) {
            match sizes.iter_mut().find(|(known, _)| known == label) {
                None => sizes.push((*label, *size)),
                Some((_, known)) if *known == 1 => *known = *size,
                Some((_, known)) if *size == 1 || known == size => {}
                Some((_, known)) => {
                    let name = match label {
                        Label::Letter(letter) => format!("`{letter}`"),
                        Label::Dots(_) => "`...`".to_owned(),
                    };
                    return unfit(format!("{name} in `{equation}` is {known} and {size}"));
                }
            }
        }
    }
    Ok(sizes)
}

/// Takes the diagonal where a label names two axes.
fn without_diagonals(mut named: Named) -> Result<Named> {
    while let Some((first, second)) = repeated(&named.labels) {
        let mut axes: Vec<usize> = (0..named.labels.len()).filter(|axis| *axis != first && *axis != second).collect();
        axes.extend([first, second]);
        let moved = named.tensor.permute(&axes)?;
        named.labels = axes.iter().map(|axis| named.labels[*axis]).collect();
        named.labels.pop();
        let (lead, last) = moved.shape().split_at(axes.len() - 2);
        let lead = lead.to_vec();
        named.tensor = match *last {
            [a, b] if a == b => diagonal(&moved, &lead, a)?,
            // A size of 1 stretches: the diagonal is the other axis.
            [1, b] => moved.reshape(&[lead.as_slice(), &[b]].concat())?,
            [a, 1] => moved.reshape(&[lead.as_slice(), &[a]].concat())?,
            _ => return unfit(format!("a diagonal needs equal sizes, found shape {:?}", moved.shape())),
        };
    }
    Ok(named)
}

fn repeated(labels: &[Label]) -> Option<(usize, usize)> {
    labels.iter().enumerate().find_map(|(second, label)| {
        labels[..second].iter().position(|earlier| earlier == label).map(|first| (first, second))
    })
}

/// `[…, n, n]` to `[…, n]`. With n zeros after its n² values a matrix becomes
/// one of rows that are longer by one, whose first column is the diagonal.
fn diagonal(matrix: &Tensor, lead: &[usize], n: usize) -> Result<Tensor> {
    let flat = matrix.reshape(&[lead, &[n * n]].concat())?;
    let tail = Tensor::zeros(&[lead, &[n]].concat(), matrix.element(), matrix.device())?;
    let tail = if matrix.is_weak() { tail.weak() } else { tail };
    let wide = Tensor::concatenate(&[flat, tail], lead.len())?.reshape(&[lead, &[n, n + 1]].concat())?;
    wide.entry(lead.len() + 1, 0)
}

impl Named {
    /// Drops axes of size 1 that another operand stretches.
    fn without_stretched(self, sizes: &[(Label, usize)]) -> Result<Named> {
        let keep: Vec<bool> = self
            .labels
            .iter()
            .zip(self.tensor.shape())
            .map(|(label, size)| sizes.iter().any(|(known, wanted)| known == label && wanted == size))
            .collect();
        let kept = |at: &usize| keep[*at];
        let labels = (0..keep.len()).filter(kept).map(|at| self.labels[at]).collect();
        let shape: Vec<usize> = (0..keep.len()).filter(kept).map(|at| self.tensor.shape()[at]).collect();
        Ok(Named { tensor: self.tensor.reshape(&shape)?, labels })
    }

    /// Sums over every axis whose label is not needed.
    fn sum_but(mut self, needed: &dyn Fn(&Label) -> bool) -> Result<Named> {
        for axis in (0..self.labels.len()).rev() {
            if !needed(&self.labels[axis]) {
                self.tensor = self.tensor.fold_axis(Fold::Sum, axis, false)?;
                self.labels.remove(axis);
            }
        }
        Ok(self)
    }

    /// The axes in the order of three groups of labels, each group one axis.
    fn grouped(&self, groups: [&[Label]; 3]) -> Result<Tensor> {
        let position = |label: &Label| self.labels.iter().position(|own| own == label);
        let axes: Vec<usize> = groups.iter().flat_map(|group| group.iter()).filter_map(position).collect();
        let shape = groups.map(|group| group.iter().map(|label| self.size(label)).product());
        self.tensor.permute(&axes)?.reshape(&shape)
    }

    fn size(&self, label: &Label) -> usize {
        self.labels.iter().position(|own| own == label).map_or(1, |axis| self.tensor.shape()[axis])
    }
}

/// The product of two operands, summed over the labels that are not needed later.
fn multiply(left: Named, right: Named, needed: &dyn Fn(&Label) -> bool) -> Result<Named> {
    let left_needed = |label: &Label| needed(label) || right.labels.contains(label);
    let left = left.sum_but(&left_needed)?;
    let right_needed = |label: &Label| needed(label) || left.labels.contains(label);
    let right = right.sum_but(&right_needed)?;
    let pick = |labels: &[Label], wanted: &dyn Fn(&Label) -> bool| -> Vec<Label> {
        labels.iter().copied().filter(|label| wanted(label)).collect()
    };
    let batch = pick(&left.labels, &|label| right.labels.contains(label) && needed(label));
    let inner = pick(&left.labels, &|label| right.labels.contains(label) && !needed(label));
    let rows = pick(&left.labels, &|label| !right.labels.contains(label));
    let columns = pick(&right.labels, &|label| !left.labels.contains(label));
    let shape: Vec<usize> = [(&batch, &left), (&rows, &left), (&columns, &right)]
        .iter()
        .flat_map(|(labels, named)| labels.iter().map(|label| named.size(label)))
        .collect();
    let product = left.grouped([&batch, &rows, &inner])?.matmul(&right.grouped([&batch, &inner, &columns])?)?;
    Ok(Named { tensor: product.reshape(&shape)?, labels: [batch, rows, columns].concat() })
}
