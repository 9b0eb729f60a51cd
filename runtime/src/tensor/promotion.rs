//! The element type of a result whose operands differ in theirs.

use tensorlogic_language::shape::ElementType;

use super::{Number, Tensor};

/// How far a type reaches: truth values, integers, floats.
fn reach(element: ElementType) -> u8 {
    match element {
        ElementType::Bool => 0,
        ElementType::Int16 | ElementType::Int32 | ElementType::Int64 => 1,
        ElementType::Float16 | ElementType::Float32 => 2,
    }
}

/// The element type in which two operands meet, and whether it is weak. Two
/// strong or two weak types give the wider one; a weak one gives way to a
/// strong one, except that a weak float makes integers and truth values
/// float32, and a weak integer makes truth values integers.
pub fn promote(left: (ElementType, bool), right: (ElementType, bool)) -> (ElementType, bool) {
    let ((weak, strong), is_weak) = match (left, right) {
        ((left, false), (right, false)) => return (left.wider(right), false),
        ((left, true), (right, true)) => return (left.wider(right), true),
        ((left, true), (right, false)) => ((left, right), false),
        ((left, false), (right, true)) => ((right, left), false),
    };
    let element = match (reach(weak), reach(strong)) {
        (weak_reach, strong_reach) if weak_reach <= strong_reach => strong,
        (2, _) => ElementType::Float32,
        _ => weak,
    };
    (element, is_weak)
}

impl Tensor {
    /// The type of a result of two tensors.
    pub(super) fn promoted(&self, other: &Tensor) -> (ElementType, bool) {
        promote((self.element, self.weak), (other.element, other.weak))
    }

    /// The type of a result of a tensor and a number, which is weak.
    pub(super) fn promoted_number(&self, number: Number) -> (ElementType, bool) {
        let weak = match number {
            Number::Integer(_) => ElementType::Int64,
            Number::Float(_) => ElementType::Float32,
        };
        let (element, _) = promote((self.element, false), (weak, true));
        (element, self.weak)
    }
}

/// Where truth values are computed with, they are integers.
pub(super) fn computable(element: ElementType) -> ElementType {
    if element == ElementType::Bool { ElementType::Int64 } else { element }
}
