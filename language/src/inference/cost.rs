//! What repeated work costs: the note of `quadratic-recompute`, in multiplications and
//! additions of the model that the script runs.

use super::Inference;
use crate::catalogue::fact::Fact;
use crate::diagnostic::{Code, Diagnostic};
use crate::program::parts::parts;
use crate::program::tree::*;
use crate::program::visit;
use crate::source::Span;

/// Adds what it costs to every problem of repeated work.
pub(super) fn add_notes(program: &Program, problems: &mut [Diagnostic], inference: &Inference) {
    let Some(weights) = inference.models.multiplied_weights() else { return };
    for problem in problems.iter_mut().filter(|problem| problem.code == Code::QuadraticRecompute) {
        problem.notes.push(note(weights, rounds(program, problem.place, inference)));
    }
}

/// A row that meets a weight matrix takes a multiplication and an addition for each of
/// its elements. The list has at least as many entries as there were rounds.
fn note(weights: usize, rounds: Option<usize>) -> String {
    let token = 2.0 * weights as f64;
    let rounds = rounds.filter(|rounds| *rounds > 1).unwrap_or(100) as f64;
    let (all, new) = (token * rounds * (rounds + 1.0) / 2.0, token * rounds);
    let (token, all, new) = (operations(token), operations(all), operations(new));
    format!("a token takes about {token} in this model: {rounds} rounds take {all} or more, where {new} would do")
}

/// How often a `for` runs, where that is known.
fn rounds(program: &Program, header: Span, inference: &Inference) -> Option<usize> {
    let mut found = None;
    let mut look = |statement: &Statement| {
        if let StatementKind::For { iterable, header: other, .. } = &statement.kind
            && *other == header
        {
            found = inference.of(iterable.span).and_then(|known| match &known.fact {
                Fact::Array { len, .. } => len.known(),
                _ => None,
            });
        }
    };
    let around = parts(program).filter(|part| part.text() == header.text);
    around.for_each(|part| visit::statements_of_part(part, &mut look));
    found
}

/// A number of operations as a reader says it.
fn operations(count: f64) -> String {
    let units = [("P", 1e15), ("T", 1e12), ("G", 1e9), ("M", 1e6), ("k", 1e3)];
    let (unit, size) = units.into_iter().find(|(_, size)| count >= *size).unwrap_or(("", 1.0));
    let value = count / size;
    if value < 10.0 { format!("{value:.1} {unit}FLOP") } else { format!("{value:.0} {unit}FLOP") }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_note_has_numbers_that_a_reader_can_say() {
        let expected =
            "a token takes about 2.2 GFLOP in this model: 200 rounds take 44 TFLOP or more, where 440 GFLOP would do";
        assert_eq!(note(1_100_000_000, Some(200)), expected);
        assert_eq!(operations(4_100_000.0), "4.1 MFLOP");
        assert_eq!(operations(12.0), "12 FLOP");
    }
}
