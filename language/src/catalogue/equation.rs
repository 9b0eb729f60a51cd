//! The equation of an `einsum`, `"ihd,jhd->ihj"`: one letter names one size.
//! Repeated letters take a diagonal, letters that the result lacks are summed,
//! `...` stands for leading axes that broadcast. Without `->` the result has the
//! letters that occur once, in alphabetical order.

use crate::diagnostic::Code;
use crate::shape::{Dim, Mismatch, Shape, broadcast};

/// A parsed equation.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Equation {
    /// The axes of every operand.
    pub operands: Vec<Term>,
    /// The axes of the result.
    pub output: Term,
}

/// The axes of one operand.
#[derive(Clone, Debug, PartialEq, Eq, Default)]
pub struct Term {
    /// Their letters.
    pub letters: Vec<char>,
    /// Before which letter `...` stands.
    pub dots: Option<usize>,
}

impl Equation {
    /// Reads an equation, or says what is wrong with it.
    pub fn parse(text: &str) -> Result<Equation, Mismatch> {
        let wrong =
            |what: String| Mismatch::new(Code::EinsumMismatch, format!("`einsum` reads `{text}`: {what}")).argument(0);
        let mut sides = text.split("->");
        let (inputs, output) = (sides.next().unwrap_or_default(), sides.next());
        if sides.next().is_some() {
            return Err(wrong("`->` stands in it twice".into()));
        }
        let operands = inputs.split(',').map(Term::parse).collect::<Result<Vec<Term>, String>>().map_err(wrong)?;
        let output = match output {
            Some(output) => Term::parse(output).map_err(wrong)?,
            None => implicit_output(&operands),
        };
        for (at, letter) in output.letters.iter().enumerate() {
            if output.letters[..at].contains(letter) {
                return Err(wrong(format!("`{letter}` stands twice in the result")));
            }
            if !operands.iter().any(|term| term.letters.contains(letter)) {
                return Err(wrong(format!("`{letter}` of the result is in no operand")));
            }
        }
        if output.dots.is_some() && operands.iter().all(|term| term.dots.is_none()) {
            return Err(wrong("`...` of the result is in no operand".into()));
        }
        Ok(Equation { operands, output })
    }

    /// What to do where `letter` names heads that are fewer in one operand because
    /// several query heads share them: a letter of both operands and of the result,
    /// inside of tensors of three axes or more, of which one size divides the other.
    fn shared_heads(&self, letter: char, a: &Dim, b: &Dim) -> Option<String> {
        let (a, b) = (a.known()?, b.known()?);
        let (heads, shared) = (a.max(b), a.min(b));
        let everywhere = self.operands.iter().chain([&self.output]).all(|term| term.letters.contains(&letter));
        let batch = letter != 'h' && self.operands.iter().all(|term| term.letters.first() == Some(&letter));
        let is_head = self.operands.len() == 2 && self.operands.iter().all(|term| term.letters.len() > 2);
        (everywhere && is_head && !batch && shared > 0 && heads % shared == 0).then(|| {
            let times = heads / shared;
            format!(
                "repeat each of the {shared} key and value heads {times} times for the {heads} query heads: reshape to [s, {shared}, 1, d], `broadcast_to` [s, {shared}, {times}, d], reshape to [s, {heads}, d]"
            )
        })
    }

    /// The shape of the result. Blames the operand after `slot` that does not fit.
    pub fn shape(&self, text: &str, operands: &[Option<Shape>], slot: usize) -> Result<Option<Shape>, Mismatch> {
        if operands.len() != self.operands.len() {
            let message = format!(
                "`einsum` needs {} for `{text}`, found {}",
                counted(self.operands.len(), "operand"),
                operands.len()
            );
            return Err(Mismatch::new(Code::EinsumMismatch, message));
        }
        let mut sizes: Vec<(char, Dim, usize)> = Vec::new();
        let mut dots = Shape::default();
        for (index, (term, shape)) in self.operands.iter().zip(operands).enumerate() {
            let misfit = |message: String| Mismatch::new(Code::EinsumMismatch, message).argument(slot + index);
            let Some(shape) = shape else { continue };
            let letters = term.letters.len();
            if shape.rank() < letters || (term.dots.is_none() && shape.rank() > letters) {
                let least = if term.dots.is_some() { "at least " } else { "" };
                return Err(misfit(format!(
                    "`einsum` needs {least}{} for `{term}` in `{text}`, found operand {index} of shape {shape}",
                    counted(letters, "axis"),
                )));
            }
            let extra = shape.rank() - letters;
            let split = term.dots.unwrap_or(letters);
            let leading = Shape(shape.0[split..split + extra].to_vec());
            dots = broadcast(&dots, &leading).ok_or_else(|| {
                misfit(format!(
                    "`einsum` cannot broadcast the `...` of `{text}`: {dots} meets {leading} in operand {index}"
                ))
            })?;
            let named = shape.0[..split].iter().chain(&shape.0[split + extra..]);
            for (letter, size) in term.letters.iter().zip(named) {
                match sizes.iter_mut().find(|(known, ..)| known == letter) {
                    None => sizes.push((*letter, size.clone(), index)),
                    Some((_, known, first)) => {
                        *known = known.unify(size).ok_or_else(|| {
                            let message = format!(
                                "`einsum` needs one size for `{letter}` in `{text}`: operand {first} has {known}, operand {index} has {size}",
                            );
                            let fewer = if size.known() < known.known() { index } else { *first };
                            match self.shared_heads(*letter, known, size) {
                                Some(help) => Mismatch::new(Code::GqaExpansion, message).argument(slot + fewer).help(help),
                                None => misfit(message),
                            }
                        })?;
                    }
                }
            }
        }
        let dots_known = self.operands.iter().zip(operands).all(|(term, shape)| term.dots.is_none() || shape.is_some());
        if self.output.dots.is_some() && !dots_known {
            return Ok(None);
        }
        let size = |letter: &char| {
            sizes.iter().find(|(known, ..)| known == letter).map_or(Dim::Unknown, |(_, size, _)| size.clone())
        };
        let mut shape: Vec<Dim> = self.output.letters.iter().map(size).collect();
        if let Some(at) = self.output.dots {
            shape.splice(at..at, dots.0);
        }
        Ok(Some(Shape(shape)))
    }
}

impl Term {
    fn parse(text: &str) -> Result<Term, String> {
        let mut term = Term::default();
        let mut rest = text.trim_start();
        while let Some(letter) = rest.chars().next() {
            if let Some(behind) = rest.strip_prefix("...") {
                if term.dots.replace(term.letters.len()).is_some() {
                    return Err("`...` stands twice in one operand".into());
                }
                rest = behind;
            } else if letter.is_ascii_alphabetic() {
                term.letters.push(letter);
                rest = &rest[1..];
            } else if letter.is_whitespace() {
                rest = rest.trim_start();
            } else {
                return Err(format!("`{letter}` is no letter"));
            }
        }
        Ok(term)
    }
}

impl std::fmt::Display for Term {
    fn fmt(&self, f: &mut std::fmt::Formatter) -> std::fmt::Result {
        for (at, letter) in self.letters.iter().enumerate() {
            if self.dots == Some(at) {
                f.write_str("...")?;
            }
            write!(f, "{letter}")?;
        }
        if self.dots == Some(self.letters.len()) { f.write_str("...") } else { Ok(()) }
    }
}

fn implicit_output(operands: &[Term]) -> Term {
    let all: Vec<char> = operands.iter().flat_map(|term| term.letters.iter().copied()).collect();
    let mut letters: Vec<char> =
        all.iter().copied().filter(|letter| all.iter().filter(|other| *other == letter).count() == 1).collect();
    letters.sort_unstable();
    Term { letters, dots: operands.iter().any(|term| term.dots.is_some()).then_some(0) }
}

fn counted(count: usize, what: &str) -> String {
    match (count, what) {
        (1, _) => format!("1 {what}"),
        (_, "axis") => format!("{count} axes"),
        _ => format!("{count} {what}s"),
    }
}

#[cfg(test)]
mod tests {
    use super::super::rules::testing::shape;
    use super::*;

    fn check(equation: &str, operands: &[&str], expected: Result<&str, &str>) {
        let shapes: Vec<Option<Shape>> = operands.iter().map(|sizes| Some(shape(sizes))).collect();
        let found = Equation::parse(equation).and_then(|parsed| parsed.shape(equation, &shapes, 1));
        assert_eq!(found.map_err(|m| m.message), expected.map(|sizes| Some(shape(sizes))).map_err(String::from));
    }

    #[test]
    fn letters_name_sizes() {
        check("ihd,jhd->ihj", &["5 4 8", "7 4 8"], Ok("5 4 7"));
        check("ihj,jhd->ihd", &["5 4 7", "7 4 8"], Ok("5 4 8"));
        check("ij,jk", &["2 3", "3 4"], Ok("2 4"));
        check("ba", &["2 3"], Ok("3 2"));
        check("ii->i", &["3 3"], Ok("3"));
        check("ii", &["3 3"], Ok(""));
        check(" ij -> ji ", &["2 3"], Ok("3 2"));
        check("...ij,...jk->...ik", &["2 1 3 4", "5 4 6"], Ok("2 5 3 6"));
        check("ihd,jhd->ihj", &["? 4 8", "7 ? 8"], Ok("? 4 7"));
    }

    #[test]
    fn what_does_not_fit_is_told() {
        check(
            "ihd,jhd->ihj",
            &["5 4 8", "7 2 8"],
            Err("`einsum` needs one size for `h` in `ihd,jhd->ihj`: operand 0 has 4, operand 1 has 2"),
        );
        check(
            "ihd,jhd->ihj",
            &["5 32", "7 2 8"],
            Err("`einsum` needs 3 axes for `ihd` in `ihd,jhd->ihj`, found operand 0 of shape [5, 32]"),
        );
        check("ij,jk->ik", &["2 3"], Err("`einsum` needs 2 operands for `ij,jk->ik`, found 1"));
        check("ij->ik", &["2 3"], Err("`einsum` reads `ij->ik`: `k` of the result is in no operand"));
        check("ij->ii", &["2 3"], Err("`einsum` reads `ij->ii`: `i` stands twice in the result"));
        check("i->j->k", &["2"], Err("`einsum` reads `i->j->k`: `->` stands in it twice"));
        check("i1->i", &["2 3"], Err("`einsum` reads `i1->i`: `1` is no letter"));
        check(
            "...i,...i->...i",
            &["2 4", "3 4"],
            Err("`einsum` cannot broadcast the `...` of `...i,...i->...i`: [2] meets [3] in operand 1"),
        );
    }
}
