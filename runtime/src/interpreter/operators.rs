//! Operators and casts on values. Shapes are judged by the language's rule
//! first, so what is left here is arithmetic.

use tensorlogic_language::diagnostic::Code;
use tensorlogic_language::program::operators as rules;
use tensorlogic_language::program::tree::{BinaryOperator, CastType, UnaryOperator};
use tensorlogic_language::shape::ElementType;
use tensorlogic_language::source::Span;

use super::{Flow, Interpreter};
use crate::context::Context;
use crate::failure::Failure;
use crate::kernels::{conversion, equality, linear_algebra};
use crate::tensor::{Comparison, Number, Tensor, Unary};
use crate::value::{Array, Value};

/// `≈` holds within this distance.
const NEARLY: f64 = 1e-3;

impl Interpreter<'_, '_, '_> {
    /// `left operator right`.
    pub(super) fn binary(&mut self, operator: BinaryOperator, left: Value, right: Value, span: Span) -> Flow {
        let value = binary(operator, left, right, self.context);
        self.at(span, value)
    }

    /// `-value`, `!value`.
    pub(super) fn unary(&mut self, operator: UnaryOperator, value: Value, span: Span) -> Flow {
        match operator {
            UnaryOperator::Not => self.truth(&value, span).map(|truth| Value::Boolean(!truth)),
            UnaryOperator::Negate => {
                let negated = negate(&value, self.context);
                self.at(span, negated)
            }
        }
    }

    /// `value as to`.
    pub(super) fn cast(&mut self, value: Value, to: CastType, span: Span) -> Flow {
        let cast = cast(value, to, self.context);
        self.at(span, cast)
    }
}

fn binary(operator: BinaryOperator, left: Value, right: Value, context: &Context) -> Result<Value, Failure> {
    match (&left, &right) {
        (Value::Integer(a), Value::Integer(b)) => return integers(operator, *a, *b),
        (Value::Integer(_) | Value::Float(_), Value::Integer(_) | Value::Float(_)) => {
            if let (Ok(a), Ok(b)) = (left.to_float(), right.to_float()) {
                return floats(operator, a, b);
            }
        }
        (Value::String(a), Value::String(b)) if operator == BinaryOperator::Add => {
            return Ok(Value::string(format!("{a}{b}")));
        }
        _ => {}
    }
    rules::binary(operator, &left.fact(), &right.fact())?;
    if let Some(ordering) = comparison(operator) {
        return compare(operator, ordering, &left, &right, context);
    }
    let number = |value: &Value| match value {
        Value::Integer(n) => Some(Number::Integer(*n)),
        Value::Float(x) => Some(Number::Float(*x)),
        _ => None,
    };
    let result = match (operator, number(&left), number(&right)) {
        (BinaryOperator::MatrixMultiply, ..) => return matrix_multiply(&left, &right, context),
        (BinaryOperator::OuterProduct, ..) => {
            let (a, b) = (context.tensor(&left)?, context.tensor(&right)?);
            let shape: Vec<usize> = a.shape().iter().copied().chain(vec![1; b.rank()]).collect();
            a.reshape(&shape)?.mul(&b)
        }
        (_, None, Some(b)) => tensor_and_number(operator, &context.tensor(&left)?, b),
        (_, Some(a), None) => number_and_tensor(operator, a, &context.tensor(&right)?),
        _ => {
            let (a, b) = (context.tensor(&left)?, context.tensor(&right)?);
            // A 0-d tensor stands for a number, so it takes the other's type.
            let (a, b) = match (a.rank(), b.rank()) {
                (0, 1..) => (a.weak(), b),
                (1.., 0) => (a, b.weak()),
                _ => (a, b),
            };
            tensors(operator, &a, &b)
        }
    };
    Ok(Value::Tensor(result?))
}

fn integers(operator: BinaryOperator, a: i64, b: i64) -> Result<Value, Failure> {
    use BinaryOperator::*;
    let overflow = || {
        let message = format!("{a} {} {b} does not fit into a 64-bit Integer", operator.symbol());
        Failure::runtime(message).help("compute with Floats")
    };
    let result = match operator {
        Add => a.checked_add(b),
        Subtract => a.checked_sub(b),
        Multiply => a.checked_mul(b),
        Divide | Remainder if b == 0 => return Err(division_by_zero(operator, &a.to_string())),
        Divide => a.checked_div(b),
        // The one overflow, of the smallest Integer by -1, leaves no remainder.
        Remainder => Some(a.checked_rem(b).unwrap_or(0)),
        Power if b < 0 => return floats(operator, a as f64, b as f64),
        Power => u32::try_from(b).ok().and_then(|b| a.checked_pow(b)),
        Equal => return Ok(Value::Boolean(a == b)),
        NotEqual => return Ok(Value::Boolean(a != b)),
        Less => return Ok(Value::Boolean(a < b)),
        LessEqual => return Ok(Value::Boolean(a <= b)),
        Greater => return Ok(Value::Boolean(a > b)),
        GreaterEqual => return Ok(Value::Boolean(a >= b)),
        Approximately => return floats(operator, a as f64, b as f64),
        MatrixMultiply | OuterProduct => return Err(needs_tensors(operator)),
    };
    result.map(Value::Integer).ok_or_else(overflow)
}

fn floats(operator: BinaryOperator, a: f64, b: f64) -> Result<Value, Failure> {
    use BinaryOperator::*;
    Ok(match operator {
        Add => Value::Float(a + b),
        Subtract => Value::Float(a - b),
        Multiply => Value::Float(a * b),
        Divide | Remainder if b == 0.0 => return Err(division_by_zero(operator, &a.to_string())),
        Divide => Value::Float(a / b),
        Remainder => Value::Float(a % b),
        Power => Value::Float(a.powf(b)),
        Equal => Value::Boolean(a == b),
        NotEqual => Value::Boolean(a != b),
        Less => Value::Boolean(a < b),
        LessEqual => Value::Boolean(a <= b),
        Greater => Value::Boolean(a > b),
        GreaterEqual => Value::Boolean(a >= b),
        Approximately => Value::Boolean((a - b).abs() <= NEARLY),
        MatrixMultiply | OuterProduct => return Err(needs_tensors(operator)),
    })
}

fn division_by_zero(operator: BinaryOperator, left: &str) -> Failure {
    Failure::new(Code::DivisionByZero, format!("{left} {} 0 has no value", operator.symbol()))
}

fn needs_tensors(operator: BinaryOperator) -> Failure {
    Failure::new(Code::ArgumentType, format!("`{}` needs tensors, found two numbers", operator.symbol()))
        .help("multiply numbers with `*`")
}

fn tensors(operator: BinaryOperator, a: &Tensor, b: &Tensor) -> crate::tensor::Result<Tensor> {
    match operator {
        BinaryOperator::Subtract => a.sub(b),
        BinaryOperator::Multiply => a.mul(b),
        BinaryOperator::Divide => a.div(b),
        BinaryOperator::Remainder => a.remainder(b),
        BinaryOperator::Power => a.power(b),
        _ => a.add(b),
    }
}

fn tensor_and_number(operator: BinaryOperator, a: &Tensor, b: Number) -> crate::tensor::Result<Tensor> {
    match operator {
        BinaryOperator::Subtract => a.sub_number(b),
        BinaryOperator::Multiply => a.mul_number(b),
        BinaryOperator::Divide => a.div_number(b),
        BinaryOperator::Remainder => a.remainder_number(b),
        BinaryOperator::Power => a.power_number(b),
        _ => a.add_number(b),
    }
}

fn number_and_tensor(operator: BinaryOperator, a: Number, b: &Tensor) -> crate::tensor::Result<Tensor> {
    match operator {
        BinaryOperator::Subtract => b.subtracted_from(a),
        BinaryOperator::Multiply => b.mul_number(a),
        BinaryOperator::Divide => b.dividing(a),
        BinaryOperator::Remainder => b.remainder_of(a),
        BinaryOperator::Power => b.exponent_of(a),
        _ => b.add_number(a),
    }
}

/// `a @ b`, the same product as the builtin `matmul`.
fn matrix_multiply(left: &Value, right: &Value, context: &Context) -> Result<Value, Failure> {
    Ok(Value::Tensor(linear_algebra::matmul(&context.tensor(left)?, &context.tensor(right)?)?))
}

fn comparison(operator: BinaryOperator) -> Option<Comparison> {
    Some(match operator {
        BinaryOperator::Equal | BinaryOperator::Approximately => Comparison::Equal,
        BinaryOperator::NotEqual => Comparison::NotEqual,
        BinaryOperator::Less => Comparison::Less,
        BinaryOperator::LessEqual => Comparison::LessOrEqual,
        BinaryOperator::Greater => Comparison::Greater,
        BinaryOperator::GreaterEqual => Comparison::GreaterOrEqual,
        _ => return None,
    })
}

/// Comparisons of anything but two numbers.
fn compare(
    operator: BinaryOperator,
    ordering: Comparison,
    left: &Value,
    right: &Value,
    context: &Context,
) -> Result<Value, Failure> {
    let is_tensor = |value: &Value| matches!(value, Value::Tensor(_) | Value::Weight(..) | Value::Feature(..));
    let is_order =
        !matches!(operator, BinaryOperator::Equal | BinaryOperator::NotEqual | BinaryOperator::Approximately);
    let is_array = |value: &Value| matches!(value, Value::Array(_));
    if is_tensor(left) || is_tensor(right) || is_order && (is_array(left) || is_array(right)) {
        let (mut a, mut b) = (context.tensor(left)?, context.tensor(right)?);
        if operator == BinaryOperator::Approximately {
            let distance = a.sub(&b)?.map(Unary::Abs)?;
            return Ok(Value::Tensor(distance.compare_number(Comparison::LessOrEqual, Number::Float(NEARLY))?));
        }
        // A number or array is first rounded to the element type of the tensor.
        if !is_tensor(right) && a.element().is_float() {
            b = b.cast(a.element())?;
        } else if !is_tensor(left) && b.element().is_float() {
            a = a.cast(b.element())?;
        }
        return Ok(Value::Tensor(a.compare(ordering, &b)?));
    }
    if let (Value::String(a), Value::String(b)) = (left, right) {
        return Ok(Value::Boolean(match ordering {
            Comparison::Equal => a == b,
            Comparison::NotEqual => a != b,
            Comparison::Less => a < b,
            Comparison::LessOrEqual => a <= b,
            Comparison::Greater => a > b,
            Comparison::GreaterOrEqual => a >= b,
        }));
    }
    let equal = match operator {
        BinaryOperator::Approximately => nearly_equal(left, right),
        _ => equality::equal(left, right, context)?,
    };
    Ok(Value::Boolean(equal != (ordering == Comparison::NotEqual)))
}

/// Whether two lists of numbers have equal lengths and nearly equal entries.
fn nearly_equal(left: &Value, right: &Value) -> bool {
    let (a, b) = (elements(left), elements(right));
    let near = |a: &Value, b: &Value| match (a.to_float(), b.to_float()) {
        (Ok(a), Ok(b)) => (a - b).abs() <= NEARLY,
        _ => false,
    };
    a.len() == b.len() && a.iter().zip(&b).all(|(a, b)| near(a, b))
}

fn elements(list: &Value) -> Vec<Value> {
    match list {
        Value::Array(array) => (0..array.len()).filter_map(|index| array.get(index)).collect(),
        Value::Tokens(ids) => ids.iter().map(|id| Value::Integer(i64::from(*id))).collect(),
        _ => Vec::new(),
    }
}

fn negate(value: &Value, context: &Context) -> Result<Value, Failure> {
    match value {
        Value::Integer(n) => n.checked_neg().map(Value::Integer).ok_or_else(|| {
            Failure::runtime(format!("-({n}) does not fit into a 64-bit Integer")).help("compute with Floats")
        }),
        Value::Float(x) => Ok(Value::Float(-x)),
        Value::Tensor(_) | Value::Weight(..) | Value::Feature(..) => Ok(Value::Tensor(context.tensor(value)?.neg()?)),
        Value::Array(array) if matches!(**array, Array::Integer(_) | Array::Float(_)) => {
            Ok(Value::Tensor(context.tensor(value)?.neg()?))
        }
        other => {
            Err(Failure::new(Code::ArgumentType, format!("`-` needs a number or a tensor, found {}", other.describe())))
        }
    }
}

fn cast(value: Value, to: CastType, context: &Context) -> Result<Value, Failure> {
    let is_tensor = matches!(value, Value::Tensor(_) | Value::Weight(..) | Value::Feature(..) | Value::Array(_));
    match to {
        CastType::Integer => conversion::to_int(&value).map(Value::Integer),
        CastType::Integer32 => {
            conversion::to_int(&value).map(|n| Value::Integer(n.clamp(i64::from(i32::MIN), i64::from(i32::MAX))))
        }
        CastType::Float => conversion::to_float(&value).map(Value::Float),
        CastType::Float32 if !is_tensor => conversion::to_float(&value).map(|x| Value::Float(f64::from(x as f32))),
        CastType::Float32 => Ok(Value::Tensor(context.tensor(&value)?.cast(ElementType::Float32)?)),
        CastType::Element(element) => Ok(Value::Tensor(context.tensor(&value)?.cast(element)?)),
    }
}
