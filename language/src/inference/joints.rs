//! Where two ways through a program meet: behind a branch, at the end of a function that
//! returns from several places. A number or a size that both ways know and that differs
//! is known under a name behind it, whichever way is taken.

use super::known::{Known, has_unknown};
use super::symbols::Site;
use super::walk::Walk;
use crate::catalogue::fact::Fact;
use crate::shape::{Dim, Shape};
use crate::size::{Birth, Size};
use crate::source::Span;

/// What it is that two ways bring to where they meet.
#[derive(Clone, Copy)]
pub(super) enum Joint {
    /// The value of what stands at this place.
    Value(Span),
    /// A variable, by its slot.
    Slot(Span, usize),
}

impl Joint {
    fn span(self) -> Span {
        match self {
            Joint::Value(span) | Joint::Slot(span, _) => span,
        }
    }

    /// Where the symbol of a size is born, by its number. A number that may be below 0 is
    /// another one.
    fn site(self, number: usize, is_size: bool) -> Site {
        let number = 2 * number + usize::from(is_size);
        match self {
            Joint::Value(span) => Site::Joined(span, None, number),
            Joint::Slot(span, slot) => Site::Joined(span, Some(slot), number),
        }
    }
}

impl Walk<'_> {
    /// What holds for both, with a name for what differs, or the reason why it is lost.
    pub(super) fn joined(&mut self, [a, b]: [&Known; 2], joint: Joint, message: &str) -> Known {
        let mut known = a.join_because(b, message, joint.span());
        if a.fails || b.fails || known.fact == a.fact {
            return known;
        }
        match (&mut known.fact, &a.fact, &b.fact) {
            (Fact::Integer(size @ None), Fact::Integer(Some(a)), Fact::Integer(Some(b))) => {
                *size = Some(self.one_of([a, b], joint, 0, a.is_natural() && b.is_natural()));
            }
            (Fact::Tensor { shape: Some(shape), .. }, a, b) => {
                let (Some(Shape(a)), Some(Shape(b))) = (a.shape(), b.shape()) else { return known };
                for (axis, size) in shape.0.iter_mut().enumerate() {
                    self.one_dim_of(size, [&a[axis], &b[axis]], joint, axis);
                }
            }
            (Fact::Array { len, .. } | Fact::Tokens(len), a, b) => {
                self.one_dim_of(len, [&a.list_len(), &b.list_len()], joint, 0);
            }
            _ => {}
        }
        known.reason = known.reason.filter(|_| has_unknown(&known.fact));
        known
    }

    fn one_dim_of(&mut self, size: &mut Dim, [a, b]: [&Dim; 2], joint: Joint, number: usize) {
        if let (Dim::Unknown, Some(a), Some(b)) = (&size, a.size(), b.size()) {
            *size = Dim::of(&self.one_of([&a, &b], joint, number, true)).unwrap_or(Dim::Unknown);
        }
    }

    fn one_of(&mut self, [a, b]: [&Size; 2], joint: Joint, number: usize, is_size: bool) -> Size {
        let birth = Birth { span: joint.span(), message: format!("{a} or {b}, as it comes") };
        self.symbols.lettered_as(joint.site(number, is_size), is_size, birth)
    }
}
