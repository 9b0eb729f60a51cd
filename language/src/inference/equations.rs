//! What the equation of an `einsum` says of two operands with a history: a projection
//! by a stored weight, products of queries and keys, keys or values that are repeated.

use std::sync::Arc;

use super::history::{Role, Stream, projected};
use super::known::Known;
use crate::catalogue::equation::{Equation, Term};
use crate::shape::Dim;

/// A product with a weight: one of its letters is summed over, one stays.
pub(super) struct Projection {
    /// Which operand the weight is.
    pub(super) weight: usize,
    /// What it is called.
    pub(super) name: Arc<str>,
    /// Whether it is multiplied by as it is, and not by its transpose.
    pub(super) straight: bool,
    /// The equation with the letters of the weight exchanged.
    pub(super) exchanged: String,
}

/// The projection that an equation makes of its operands.
pub(super) fn projection(equation: &Equation, operands: [&Known; 2]) -> Option<Projection> {
    let is_weight = |known: &&Known| matches!(known.history.role, Some(Role::Weight(_) | Role::Transposed(_)));
    let weight = operands.iter().position(is_weight)?;
    let (Some(Role::Weight(name) | Role::Transposed(name)), false) =
        (&operands[weight].history.role, is_weight(&operands[1 - weight]))
    else {
        return None;
    };
    let (own, other) = (equation.operands.get(weight)?, equation.operands.get(1 - weight)?);
    let [first, second] = own.letters[..] else { return None };
    let is_summed = |letter: &char| other.letters.contains(letter) && !equation.output.letters.contains(letter);
    let stays = |letter: &char| !other.letters.contains(letter) && equation.output.letters.contains(letter);
    let straight = match (is_summed(&first) && stays(&second), stays(&first) && is_summed(&second)) {
        (true, _) => true,
        (_, true) => false,
        _ => return None,
    };
    let mut terms: Vec<Term> = equation.operands.clone();
    terms[weight].letters.swap(0, 1);
    let [left, right] = &terms[..] else { return None };
    let exchanged = format!("{left},{right}->{}", equation.output);
    Some(Projection { weight, name: name.clone(), straight, exchanged })
}

/// What a result is in a transformer, and whether `rope` has turned it.
pub(super) fn made_by(text: &str, operands: &[&Known]) -> (Option<Role>, Option<bool>) {
    let ([first, second], Ok(equation)) = (operands, Equation::parse(text)) else { return (None, None) };
    if let Some(found) = projection(&equation, [first, second]) {
        let role = operands[found.weight].history.role.as_ref();
        return (projected(role, found.straight), Some(false));
    }
    if let Some(role) = scores(&equation, [first, second]) {
        return (Some(role), None);
    }
    kept(&equation, [first, second]).map_or((None, None), |(at, _)| {
        let history = &operands[at].history;
        (history.role.clone(), history.turned)
    })
}

/// Whether an equation makes scores: heads in both operands and in the result, one
/// letter summed over, one letter of each operand alone.
fn scores(equation: &Equation, [first, second]: [&Known; 2]) -> Option<Role> {
    let [left, right] = &equation.operands[..] else { return None };
    let output = &equation.output.letters;
    let alone = |own: &[char], other: &[char]| -> Vec<char> {
        own.iter().copied().filter(|letter| !other.contains(letter) && output.contains(letter)).collect()
    };
    let (of_left, of_right) = (alone(&left.letters, &right.letters), alone(&right.letters, &left.letters));
    let stream = |known: &Known, stream: Stream| known.history.role == Some(Role::Stream(stream));
    let swapped = stream(first, Stream::Keys) && stream(second, Stream::Queries);
    let by_role = swapped || (stream(first, Stream::Queries) && stream(second, Stream::Keys));
    let summed: Vec<char> = left.letters.iter().copied().filter(|letter| !output.contains(letter)).collect();
    let heads = left.letters.iter().any(|letter| right.letters.contains(letter) && output.contains(letter));
    let by_form = heads && summed.len() == 1 && left.letters.last() == right.letters.last();
    let [keys] = (if swapped { of_left } else { of_right })[..] else { return None };
    let keys = output.iter().rev().position(|letter| *letter == keys)?;
    (by_role || by_form).then_some(Role::Scores { keys, by_form: !by_role })
}

/// How many queries and how many keys an equation compares: the letters of each operand
/// that the other one does not have.
pub(super) fn compared(text: &str, [queries, keys]: [&Known; 2], are_swapped: bool) -> Option<(Dim, Dim)> {
    let equation = Equation::parse(text).ok()?;
    let [left, right] = &equation.operands[..] else { return None };
    let (of_queries, of_keys) = if are_swapped { (right, left) } else { (left, right) };
    let own = |term: &Term, other: &Term, known: &Known| {
        let mut alone = (0..term.letters.len()).filter(|at| !other.letters.contains(&term.letters[*at]));
        let (at, None) = (alone.next()?, alone.next()) else { return None };
        known.fact.shape()?.0.get(at).cloned()
    };
    Some((own(of_queries, of_keys, queries)?, own(of_keys, of_queries, keys)?))
}

/// The operand that is queries, keys or values and of which nothing is summed, while
/// the other one says nothing; with the letters of the result that are not its own.
pub(super) fn kept(equation: &Equation, operands: [&Known; 2]) -> Option<(usize, Vec<char>)> {
    let at = operands.iter().position(|known| matches!(known.history.role, Some(Role::Stream(_))))?;
    let own = &equation.operands.get(at)?.letters;
    let output = &equation.output.letters;
    let is_whole = operands[1 - at].history.role.is_none() && own.iter().all(|letter| output.contains(letter));
    is_whole.then(|| (at, output.iter().copied().filter(|letter| !own.contains(letter)).collect()))
}
