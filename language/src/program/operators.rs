//! What operators make of shapes and element types: the counterpart of the
//! catalogue for `+`, `@`, `==` and their like. The interpreter applies the rule
//! to real operands before it computes, the editor to what it knows of them.

use super::tree::BinaryOperator;
use crate::catalogue::fact::{ArrayKind, Fact, Real};
use crate::diagnostic::Code;
use crate::shape::{ElementType, Mismatch, Shape, broadcast};
use crate::size::Size;

/// The fact of `left operator right`, or why the operands do not fit.
pub fn binary(operator: BinaryOperator, left: &Fact, right: &Fact) -> Result<Fact, Mismatch> {
    use BinaryOperator::*;
    if *left == Fact::Unknown || *right == Fact::Unknown {
        return Ok(Fact::Unknown);
    }
    match operator {
        MatrixMultiply => matrix_multiply(left, right),
        OuterProduct => outer_product(left, right),
        Add | Subtract | Multiply | Divide | Remainder | Power => arithmetic(operator, left, right),
        Equal | NotEqual | Approximately | Less | LessEqual | Greater | GreaterEqual => {
            comparison(operator, left, right)
        }
    }
}

fn arithmetic(operator: BinaryOperator, left: &Fact, right: &Fact) -> Result<Fact, Mismatch> {
    match (left, right) {
        (Fact::String(a), Fact::String(b)) if operator == BinaryOperator::Add => {
            Ok(Fact::String(a.as_ref().zip(b.as_ref()).map(|(a, b)| format!("{a}{b}"))))
        }
        (Fact::Integer(a), Fact::Integer(b)) => Ok(integers(operator, a.as_ref(), b.as_ref())),
        (Fact::Integer(_) | Fact::Float(_), Fact::Integer(_) | Fact::Float(_)) => {
            Ok(Fact::Float(floats(operator, left, right)))
        }
        _ if is_numeric(left) && is_numeric(right) => elementwise(operator, left, right),
        _ => Err(incompatible(operator, left, right)),
    }
}

/// The Integer that two of them give; a power may also be a Float.
fn integers(operator: BinaryOperator, a: Option<&Size>, b: Option<&Size>) -> Fact {
    let known = a.and_then(Size::known).zip(b.and_then(Size::known));
    match (operator, known) {
        (BinaryOperator::Power, Some((a, b))) if b >= 0 => {
            Fact::Integer(u32::try_from(b).ok().and_then(|b| a.checked_pow(b)).map(Size::Number))
        }
        (BinaryOperator::Power, Some((a, b))) => Fact::float((a as f64).powf(b as f64)),
        (BinaryOperator::Power, None) => Fact::Unknown,
        (BinaryOperator::Remainder, known) => {
            Fact::Integer(known.and_then(|(a, b)| a.checked_rem(b)).map(Size::Number))
        }
        _ => Fact::Integer(a.zip(b).and_then(|(a, b)| match operator {
            BinaryOperator::Add => a.plus(b),
            BinaryOperator::Subtract => a.minus(b),
            BinaryOperator::Multiply => a.times(b),
            _ => a.divided(b),
        })),
    }
}

/// The Float that two numbers give. A division keeps whole numbers whole only
/// where it certainly leaves no remainder.
fn floats(operator: BinaryOperator, left: &Fact, right: &Fact) -> Option<Real> {
    use BinaryOperator::*;
    if let Some((a, b)) = left.number().zip(right.number()) {
        return match operator {
            Add => Some(a + b),
            Subtract => Some(a - b),
            Multiply => Some(a * b),
            Divide if b != 0.0 => Some(a / b),
            Remainder if b != 0.0 => Some(a % b),
            Power => Some(a.powf(b)),
            _ => None,
        }
        .map(Real::Number);
    }
    let (a, b) = (left.size()?, right.size()?);
    let whole = match operator {
        Add => a.plus(&b),
        Subtract => a.minus(&b),
        Multiply => a.times(&b),
        Divide => a.exactly(&b),
        _ => None,
    };
    whole.map(|size| Real::of(&size))
}

fn elementwise(operator: BinaryOperator, left: &Fact, right: &Fact) -> Result<Fact, Mismatch> {
    let shape = match (left.shape(), right.shape()) {
        (Some(a), Some(b)) => Some(broadcast(&a, &b).ok_or_else(|| no_broadcast(operator, left, right, &a, &b))?),
        _ => None,
    };
    let number = |fact: &Fact| matches!(fact, Fact::Integer(_) | Fact::Float(_));
    let element = match (left.element(), right.element()) {
        (Some(a), Some(b)) if a == b => Some(a),
        (Some(a), None) if a.is_float() && number(right) => Some(a),
        (None, Some(b)) if b.is_float() && number(left) => Some(b),
        _ => None,
    };
    let element = match element {
        Some(element) if !element.is_float() && operator == BinaryOperator::Divide => Some(ElementType::Float32),
        Some(ElementType::Bool) => None,
        element => element,
    };
    Ok(Fact::Tensor { element, shape })
}

fn comparison(operator: BinaryOperator, left: &Fact, right: &Fact) -> Result<Fact, Mismatch> {
    use BinaryOperator::*;
    let equality = matches!(operator, Equal | NotEqual | Approximately);
    let number = |fact: &Fact| matches!(fact, Fact::Integer(_) | Fact::Float(_));
    let list = |fact: &Fact| matches!(fact, Fact::Array { .. } | Fact::Tokens(_));
    let tensor = |fact: &Fact| matches!(fact, Fact::Tensor { .. });
    match (left, right) {
        _ if number(left) && number(right) => Ok(Fact::Boolean(compared(operator, left, right))),
        (Fact::String(_), Fact::String(_)) if operator != Approximately => Ok(Fact::Boolean(None)),
        (Fact::Boolean(_), Fact::Boolean(_)) if matches!(operator, Equal | NotEqual) => Ok(Fact::Boolean(None)),
        _ if list(left) && list(right) && equality => Ok(Fact::Boolean(None)),
        _ if (tensor(left) || tensor(right) || !equality) && is_numeric(left) && is_numeric(right) => {
            match elementwise(operator, left, right)? {
                Fact::Tensor { shape, .. } => Ok(Fact::Tensor { element: Some(ElementType::Bool), shape }),
                other => Ok(other),
            }
        }
        _ => Err(incompatible(operator, left, right)),
    }
}

/// The truth of a comparison of two known numbers.
fn compared(operator: BinaryOperator, left: &Fact, right: &Fact) -> Option<bool> {
    let ordering = match (left, right) {
        (Fact::Integer(a), Fact::Integer(b)) => a.as_ref()?.known()?.partial_cmp(&b.as_ref()?.known()?),
        _ => left.number()?.partial_cmp(&right.number()?),
    };
    match operator {
        BinaryOperator::Equal => Some(ordering.is_some_and(|o| o.is_eq())),
        BinaryOperator::NotEqual => Some(ordering.is_none_or(|o| o.is_ne())),
        BinaryOperator::Less => Some(ordering.is_some_and(|o| o.is_lt())),
        BinaryOperator::LessEqual => Some(ordering.is_some_and(|o| o.is_le())),
        BinaryOperator::Greater => Some(ordering.is_some_and(|o| o.is_gt())),
        BinaryOperator::GreaterEqual => Some(ordering.is_some_and(|o| o.is_ge())),
        _ => None,
    }
}

fn matrix_multiply(left: &Fact, right: &Fact) -> Result<Fact, Mismatch> {
    if !is_numeric(left) || !is_numeric(right) {
        return Err(incompatible(BinaryOperator::MatrixMultiply, left, right));
    }
    crate::catalogue::linear_algebra::matmul_rule("@", left, right)
}

fn outer_product(left: &Fact, right: &Fact) -> Result<Fact, Mismatch> {
    if !is_numeric(left) || !is_numeric(right) {
        return Err(incompatible(BinaryOperator::OuterProduct, left, right));
    }
    let shape = left.shape().zip(right.shape()).map(|(a, b)| Shape(a.0.into_iter().chain(b.0).collect()));
    Ok(Fact::shaped(shape))
}

/// Whether the value can be an operand of tensor arithmetic.
fn is_numeric(fact: &Fact) -> bool {
    matches!(
        fact,
        Fact::Integer(_)
            | Fact::Float(_)
            | Fact::Tensor { .. }
            | Fact::Handle(crate::catalogue::fact::HandleKind::Feature)
            | Fact::Array { kind: None | Some(ArrayKind::Integer | ArrayKind::Float), .. }
    )
}

fn no_broadcast(operator: BinaryOperator, left: &Fact, right: &Fact, a: &Shape, b: &Shape) -> Mismatch {
    let rank = a.rank().max(b.rank());
    let aligned = |shape: &Shape| {
        let missing = rank - shape.rank();
        let sizes = shape.0.iter().map(|d| d.to_string());
        std::iter::repeat_n(String::new(), missing).chain(sizes).collect::<Vec<_>>()
    };
    let (first, second) = (aligned(a), aligned(b));
    let axis = (0..rank)
        .rev()
        .find(|i| {
            !first[*i].is_empty()
                && !second[*i].is_empty()
                && first[*i] != second[*i]
                && first[*i] != "1"
                && second[*i] != "1"
        })
        .unwrap_or(0);
    let message = format!(
        "`{}` needs sizes that are equal or 1: left is {}, right is {}; {} meets {} on axis {}",
        operator.symbol(),
        left.describe(),
        right.describe(),
        first[axis],
        second[axis],
        axis as i64 - rank as i64,
    );
    Mismatch::new(Code::ShapeMismatch, message).argument(1)
}

fn incompatible(operator: BinaryOperator, left: &Fact, right: &Fact) -> Mismatch {
    let message = format!("`{}` cannot combine {} and {}", operator.symbol(), left.describe(), right.describe());
    let mismatch = Mismatch::new(Code::ArgumentType, message);
    let is_text = |fact: &Fact| matches!(fact, Fact::String(_));
    if operator != BinaryOperator::Add || is_text(left) == is_text(right) {
        return mismatch;
    }
    let other = match if is_text(left) { right } else { left } {
        Fact::Integer(Some(n)) => n.to_string(),
        Fact::Float(Some(Real::Number(x))) => x.to_string(),
        _ => "…".to_string(),
    };
    let help = format!("write `str({other})`, which makes text of every value");
    mismatch.argument(usize::from(is_text(left))).help(help)
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::catalogue::fact::agrees;
    use crate::size::Symbol;
    use BinaryOperator::*;

    fn tensor(sizes: &[usize]) -> Fact {
        Fact::tensor(ElementType::Float32, Shape::known(sizes))
    }

    fn check(operator: BinaryOperator, left: Fact, right: Fact, expected: Result<Fact, &str>) {
        assert_eq!(binary(operator, &left, &right).map_err(|m| m.message), expected.map_err(String::from));
    }

    #[test]
    fn tensors_broadcast() {
        check(Add, tensor(&[2, 3]), tensor(&[3]), Ok(tensor(&[2, 3])));
        check(Multiply, tensor(&[2, 3]), Fact::int(2), Ok(tensor(&[2, 3])));
        check(
            Add,
            tensor(&[2, 3]),
            tensor(&[2]),
            Err(
                "`+` needs sizes that are equal or 1: left is float32[2, 3], right is float32[2]; 3 meets 2 on axis -1",
            ),
        );
    }

    #[test]
    fn texts_and_numbers_do_not_mix() {
        check(Add, Fact::String(None), Fact::Integer(None), Err("`+` cannot combine a String and an Integer"));
        check(Equal, Fact::String(None), Fact::Integer(None), Err("`==` cannot combine a String and an Integer"));
        check(Less, Fact::Integer(None), Fact::Float(None), Ok(Fact::Boolean(None)));
    }

    #[test]
    fn whole_numbers_are_followed() {
        check(Divide, Fact::int(7), Fact::int(2), Ok(Fact::int(3)));
        check(Divide, Fact::int(7), Fact::int(0), Ok(Fact::Integer(None)));
        check(Power, Fact::int(2), Fact::int(-1), Ok(Fact::float(0.5)));
        let n = Size::symbol(Symbol { id: 0, name: "n".into(), is_size: true, birth: Default::default() });
        let whole = |size: &Size| Fact::Float(Some(Real::Whole(size.clone())));
        let before = n.minus(&1.into()).unwrap();
        check(Subtract, Fact::Integer(Some(n.clone())), Fact::float(1.0), Ok(whole(&before)));
        check(Add, whole(&before), Fact::float(1.0), Ok(whole(&n)));
        check(Divide, whole(&n), Fact::float(2.0), Ok(Fact::Float(None)));
        check(Less, Fact::int(2), Fact::float(2.5), Ok(Fact::Boolean(Some(true))));
    }

    #[test]
    fn tensor_comparisons_give_bool() {
        let expected = Fact::tensor(ElementType::Bool, Shape::known(&[4]));
        check(Less, tensor(&[4]), Fact::float(0.5), Ok(expected));
    }

    #[test]
    fn what_is_said_of_less_holds_for_more() {
        use crate::catalogue::soundness::{less_known, values};
        let operators = [
            Add,
            Subtract,
            Multiply,
            Divide,
            Remainder,
            Power,
            MatrixMultiply,
            OuterProduct,
            Equal,
            NotEqual,
            Less,
            LessEqual,
            Greater,
            GreaterEqual,
            Approximately,
        ];
        for operator in operators {
            for (left, right) in values().iter().flat_map(|left| values().into_iter().map(move |right| (left, right))) {
                let Ok(whole) = binary(operator, left, &right) else { continue };
                let less = [less_known(left, 'm'), vec![left.clone()]].concat();
                for (a, b) in less.iter().flat_map(|a| less_known(&right, 'n').into_iter().map(move |b| (a, b))) {
                    let told = binary(operator, a, &b);
                    let call = |a: &Fact, b: &Fact| format!("{} {} {}", a.describe(), operator.symbol(), b.describe());
                    let (whole_call, less_call) = (call(left, &right), call(a, &b));
                    let holds = matches!(&told, Ok(told) if agrees(told, &whole));
                    assert!(holds, "{whole_call} is {}, {less_call} is {told:?}", whole.describe());
                }
            }
        }
    }
}
