//! Sizes that are not known as numbers: whole-number expressions over symbols,
//! in a normal form in which equal expressions are equal values. The editor
//! knows a size as `n + 1` before any run; a run knows every size as a number.
//! Nothing here guesses: what cannot be proved is `None`.

use std::cmp::Ordering;
use std::fmt;
use std::hash::{Hash, Hasher};
use std::sync::Arc;

use smallvec::{SmallVec, smallvec};

use crate::source::Span;

/// The most terms that a sum keeps; longer ones are given up.
const MOST_TERMS: usize = 16;

/// Where a symbol comes from.
#[derive(Clone, Debug, Default, PartialEq, Eq, Hash)]
pub struct Birth {
    /// The place.
    pub span: Span,
    /// What is there, as a clause without a full stop.
    pub message: String,
}

/// A whole number that has a name instead of a value. Two are equal if their
/// numbers are, whatever their names.
#[derive(Clone, Debug)]
pub struct Symbol {
    /// Its number, unique within one inference.
    pub id: u32,
    /// How readers see it.
    pub name: Arc<str>,
    /// Whether it is certainly not below 0, as sizes are.
    pub is_size: bool,
    /// Where it comes from.
    pub birth: Arc<Birth>,
}

impl PartialEq for Symbol {
    fn eq(&self, other: &Symbol) -> bool {
        self.id == other.id
    }
}

impl Eq for Symbol {}

impl Hash for Symbol {
    fn hash<H: Hasher>(&self, state: &mut H) {
        self.id.hash(state);
    }
}

impl PartialOrd for Symbol {
    fn partial_cmp(&self, other: &Symbol) -> Option<Ordering> {
        Some(self.cmp(other))
    }
}

impl Ord for Symbol {
    fn cmp(&self, other: &Symbol) -> Ordering {
        // By name first, so that sums read the same however often they were found.
        match self.id == other.id {
            true => Ordering::Equal,
            false => (&self.name, self.id).cmp(&(&other.name, other.id)),
        }
    }
}

/// A whole number, known or as an expression over symbols.
#[derive(Clone, Debug, PartialEq, Eq, Hash, PartialOrd, Ord)]
pub enum Size {
    /// A known number.
    Number(i64),
    /// A sum of products that contains at least one symbol.
    Sum(Arc<[Term]>),
}

/// One product of a sum.
#[derive(Clone, Debug, PartialEq, Eq, Hash, PartialOrd, Ord)]
pub struct Term {
    /// Its factors, sorted; none in the constant term.
    factors: Factors,
    /// What it is multiplied by, never 0.
    weight: i64,
}

/// The factors of a product: mostly one.
type Factors = SmallVec<[Factor; 1]>;

/// One factor of a product.
#[derive(Clone, Debug, PartialEq, Eq, Hash, PartialOrd, Ord)]
enum Factor {
    Symbol(Symbol),
    /// A quotient of Integers, rounded towards 0, that could not be simplified.
    Quotient(Arc<(Size, Size)>),
}

impl Size {
    /// The size that a symbol stands for.
    pub fn symbol(symbol: Symbol) -> Size {
        Size::Sum([Term { factors: smallvec![Factor::Symbol(symbol)], weight: 1 }].into())
    }

    /// The number, if it is known.
    pub fn known(&self) -> Option<i64> {
        match self {
            Size::Number(n) => Some(*n),
            Size::Sum(_) => None,
        }
    }

    /// The sum; `None` where it cannot be counted.
    pub fn plus(&self, other: &Size) -> Option<Size> {
        match (self, other) {
            (Size::Number(a), Size::Number(b)) => return a.checked_add(*b).map(Size::Number),
            (Size::Number(0), size) | (size, Size::Number(0)) => return Some(size.clone()),
            _ => {}
        }
        normal(self.terms().into_iter().chain(other.terms()))
    }

    /// The difference; `None` where it cannot be counted.
    pub fn minus(&self, other: &Size) -> Option<Size> {
        self.plus(&other.times(&Size::Number(-1))?)
    }

    /// The product; `None` where it cannot be counted.
    pub fn times(&self, other: &Size) -> Option<Size> {
        match (self, other) {
            (Size::Number(a), Size::Number(b)) => return a.checked_mul(*b).map(Size::Number),
            (Size::Number(0), _) | (_, Size::Number(0)) => return Some(Size::Number(0)),
            (Size::Number(1), size) | (size, Size::Number(1)) => return Some(size.clone()),
            (Size::Number(n), Size::Sum(terms)) | (Size::Sum(terms), Size::Number(n)) => return scaled(terms, *n),
            _ => {}
        }
        let (left, right) = (self.terms(), other.terms());
        if left.len() * right.len() > MOST_TERMS * 2 {
            return None;
        }
        let mut products = Vec::with_capacity(left.len() * right.len());
        for a in &left {
            for b in &right {
                let mut factors: Factors = a.factors.iter().chain(&b.factors).cloned().collect();
                factors.sort();
                products.push(Term { factors, weight: a.weight.checked_mul(b.weight)? });
            }
        }
        normal(products)
    }

    /// The quotient where the division certainly leaves no remainder, provided
    /// that `divisor` is not 0; `None` where that cannot be proved.
    pub fn exactly(&self, divisor: &Size) -> Option<Size> {
        if self == divisor {
            return Some(Size::Number(1));
        }
        if let (Size::Number(a), Size::Number(b)) = (self, divisor) {
            let divides = *b != 0 && a.checked_rem(*b) == Some(0);
            return if divides { a.checked_div(*b).map(Size::Number) } else { None };
        }
        let divisor = divisor.terms();
        let [by] = &divisor[..] else { return None };
        let quotients = self.terms().into_iter().map(|mut term| {
            if term.weight.checked_rem(by.weight) != Some(0) {
                return None;
            }
            for factor in &by.factors {
                let at = term.factors.iter().position(|own| own == factor)?;
                term.factors.remove(at);
            }
            Some(Term { weight: term.weight.checked_div(by.weight)?, ..term })
        });
        normal(quotients.collect::<Option<Vec<Term>>>()?)
    }

    /// The quotient of Integers, rounded towards 0; `None` for a division by 0.
    pub fn divided(&self, divisor: &Size) -> Option<Size> {
        match (self, divisor) {
            (_, Size::Number(0)) => None,
            (Size::Number(a), Size::Number(b)) => a.checked_div(*b).map(Size::Number),
            _ => self.exactly(divisor).or_else(|| {
                let factors = smallvec![Factor::Quotient(Arc::new((self.clone(), divisor.clone())))];
                Some(Size::Sum([Term { factors, weight: 1 }].into()))
            }),
        }
    }

    /// Whether it is certainly not below 0.
    pub fn is_natural(&self) -> bool {
        match self {
            Size::Number(n) => *n >= 0,
            Size::Sum(terms) => terms.iter().all(|term| {
                term.weight >= 0
                    && term.factors.iter().all(|factor| match factor {
                        Factor::Symbol(symbol) => symbol.is_size,
                        Factor::Quotient(parts) => parts.0.is_natural() && parts.1.is_natural(),
                    })
            }),
        }
    }

    /// Calls `visit` for every symbol in it.
    pub fn symbols(&self, visit: &mut dyn FnMut(&Symbol)) {
        let Size::Sum(terms) = self else { return };
        for factor in terms.iter().flat_map(|term| &term.factors) {
            match factor {
                Factor::Symbol(symbol) => visit(symbol),
                Factor::Quotient(parts) => {
                    parts.0.symbols(visit);
                    parts.1.symbols(visit);
                }
            }
        }
    }

    /// Whether it takes away what is no known number.
    pub fn takes_symbols(&self) -> bool {
        let Size::Sum(terms) = self else { return false };
        terms.iter().any(|term| term.weight < 0 && !term.factors.is_empty())
    }

    /// The same with every symbol replaced by what `with` says; `None` where
    /// the result cannot be counted.
    pub fn replace(&self, with: &mut dyn FnMut(&Symbol) -> Option<Size>) -> Option<Size> {
        let Size::Sum(terms) = self else { return Some(self.clone()) };
        let mut sum = Size::Number(0);
        for term in terms.iter() {
            let mut product = Size::Number(term.weight);
            for factor in &term.factors {
                let factor = match factor {
                    Factor::Symbol(symbol) => with(symbol)?,
                    Factor::Quotient(parts) => parts.0.replace(with)?.divided(&parts.1.replace(with)?)?,
                };
                product = product.times(&factor)?;
            }
            sum = sum.plus(&product)?;
        }
        Some(sum)
    }

    fn terms(&self) -> Vec<Term> {
        match self {
            Size::Number(0) => Vec::new(),
            Size::Number(n) => vec![Term { factors: Factors::new(), weight: *n }],
            Size::Sum(terms) => terms.to_vec(),
        }
    }
}

impl From<i64> for Size {
    fn from(n: i64) -> Size {
        Size::Number(n)
    }
}

/// A sum in its normal form times a number other than 0, which is normal as well.
fn scaled(terms: &[Term], by: i64) -> Option<Size> {
    let scaled = |term: &Term| Some(Term { factors: term.factors.clone(), weight: term.weight.checked_mul(by)? });
    Some(Size::Sum(terms.iter().map(scaled).collect::<Option<_>>()?))
}

/// The normal form of a sum: sorted, equal products joined, none with weight 0.
fn normal(terms: impl IntoIterator<Item = Term>) -> Option<Size> {
    let mut all: Vec<Term> = terms.into_iter().collect();
    all.sort_by(|a, b| a.factors.cmp(&b.factors));
    let mut joined: Vec<Term> = Vec::with_capacity(all.len());
    for term in all {
        match joined.last_mut() {
            Some(last) if last.factors == term.factors => last.weight = last.weight.checked_add(term.weight)?,
            _ => joined.push(term),
        }
    }
    joined.retain(|term| term.weight != 0);
    match &joined[..] {
        [] => Some(Size::Number(0)),
        [term] if term.factors.is_empty() => Some(Size::Number(term.weight)),
        _ if joined.len() > MOST_TERMS => None,
        _ => Some(Size::Sum(joined.into())),
    }
}

impl fmt::Display for Size {
    fn fmt(&self, f: &mut fmt::Formatter) -> fmt::Result {
        let terms = match self {
            Size::Number(n) => return write!(f, "{n}"),
            Size::Sum(terms) => terms,
        };
        // The constant term is the first of the normal form and the last to be read, unless
        // all others are taken away from it.
        let is_constant = |term: &&Term| term.factors.is_empty();
        let takes_all = terms.iter().filter(|term| !is_constant(term)).all(|term| term.weight < 0);
        let (first, last) = terms.iter().partition::<Vec<&Term>, _>(|term| is_constant(term) == takes_all);
        for (at, term) in first.into_iter().chain(last).enumerate() {
            match (at, term.weight < 0) {
                (0, false) => {}
                (0, true) => f.write_str("-")?,
                (_, false) => f.write_str(" + ")?,
                (_, true) => f.write_str(" - ")?,
            }
            let weight = term.weight.unsigned_abs();
            if weight != 1 || term.factors.is_empty() {
                write!(f, "{weight}")?;
            }
            for (at, factor) in term.factors.iter().enumerate() {
                if at > 0 || weight != 1 {
                    f.write_str(" * ")?;
                }
                write!(f, "{factor}")?;
            }
        }
        Ok(())
    }
}

impl fmt::Display for Factor {
    fn fmt(&self, f: &mut fmt::Formatter) -> fmt::Result {
        let part = |size: &Size| match size {
            Size::Sum(terms) if terms.len() > 1 || terms[0].factors.len() > 1 || terms[0].weight != 1 => {
                format!("({size})")
            }
            _ => size.to_string(),
        };
        match self {
            Factor::Symbol(symbol) => f.write_str(&symbol.name),
            Factor::Quotient(parts) => write!(f, "{} / {}", part(&parts.0), part(&parts.1)),
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn symbol(id: u32, name: &str) -> Size {
        Size::symbol(Symbol { id, name: name.into(), is_size: true, birth: Default::default() })
    }

    fn n() -> Size {
        symbol(0, "n")
    }

    fn t() -> Size {
        symbol(1, "t")
    }

    #[track_caller]
    fn check(found: Option<Size>, expected: &str) {
        assert_eq!(found.map_or("?".to_string(), |size| size.to_string()), expected);
    }

    #[test]
    fn sums_have_one_form() {
        let grown = n().plus(&t()).unwrap();
        assert_eq!(grown, t().plus(&n()).unwrap());
        check(grown.plus(&1.into()), "n + t + 1");
        check(grown.minus(&n()), "t");
        check(n().plus(&n()), "2 * n");
        check(n().minus(&n()), "0");
        check(n().minus(&t().plus(&2.into()).unwrap()), "n - t - 2");
        check(Size::Number(i64::MAX).plus(&1.into()), "?");
    }

    #[test]
    fn products_multiply_out() {
        check(n().plus(&1.into()).unwrap().times(&3.into()), "3 * n + 3");
        check(n().times(&t()).unwrap().times(&2.into()), "2 * n * t");
        check(n().times(&0.into()), "0");
    }

    #[test]
    fn divisions_are_exact_or_kept() {
        check(n().times(&192.into()).unwrap().exactly(&32.into()), "6 * n");
        check(n().times(&192.into()).unwrap().exactly(&n().times(&6.into()).unwrap()), "32");
        check(n().exactly(&2.into()), "?");
        check(n().divided(&2.into()), "n / 2");
        check(Size::Number(7).divided(&2.into()), "3");
        check(Size::Number(7).exactly(&2.into()), "?");
        check(n().divided(&0.into()), "?");
        check(n().plus(&1.into()).unwrap().divided(&t()), "(n + 1) / t");
        assert_eq!(n().divided(&t()), n().divided(&t()));
    }

    #[test]
    fn symbols_are_replaced() {
        let half = n().plus(&t()).unwrap().divided(&2.into()).unwrap();
        let mut with = |symbol: &Symbol| Some(Size::Number(if symbol.id == 0 { 6 } else { 2 }));
        check(half.replace(&mut with), "4");
    }

    #[test]
    fn sizes_are_not_below_0() {
        assert!(n().plus(&1.into()).unwrap().is_natural());
        assert!(!n().minus(&1.into()).unwrap().is_natural());
        let any = Size::symbol(Symbol { id: 2, name: "i".into(), is_size: false, birth: Default::default() });
        assert!(!any.is_natural());
        assert!(n().divided(&t()).unwrap().is_natural());
    }
}
