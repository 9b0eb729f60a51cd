//! Functions that call themselves. The inner call is walked for arguments that stand
//! for those of every deeper one, with a result that is assumed of these: first that
//! none of them comes back, then what the walk before gave, until nothing changes. The
//! sizes in it are those of the arguments, so it may hold for a deeper call of others.

use std::sync::Arc;

use super::known::Known;
use super::notes::{Notes, Outcome, Walked};
use super::walk::Walk;
use crate::program::names::TopLevel;
use crate::program::tree::Function;

/// How often a function is walked before its recursion is given up.
const MOST_TRIES: usize = 8;

/// How many recursions may lie in one another.
const DEEPEST: usize = 3;

/// A function that is being walked for every depth at once.
pub(super) struct Recursion {
    number: TopLevel,
    /// What holds for the arguments of every depth, as far as is known.
    arguments: Vec<Known>,
    /// The same of the result; nothing as long as no call has come back.
    result: Option<Known>,
    /// What holds for the arguments if some call did not fit.
    grown: Option<Vec<Known>>,
}

impl<'w> Walk<'w> {
    /// Does not follow a call: its function is walked for any arguments besides.
    pub(super) fn cut(&mut self, number: TopLevel) -> Option<Arc<Walked>> {
        self.widened.insert(number);
        self.cuts += 1;
        None
    }

    /// A call of a function that is being walked already.
    pub(super) fn recursion(
        &mut self,
        number: TopLevel,
        function: &'w Function,
        arguments: Arc<[Known]>,
    ) -> Option<Arc<Walked>> {
        let mut arguments: Vec<Known> = arguments.iter().cloned().map(without_reason).collect();
        if let Some(at) = self.recursions.iter().rposition(|recursion| recursion.number == number) {
            return self.assumed(at, function, arguments);
        }
        if self.recursions.len() >= DEEPEST {
            return self.cut(number);
        }
        let mut result: Option<Known> = None;
        for _ in 0..MOST_TRIES {
            let (general, assumed) = (arguments.clone(), result.clone());
            self.recursions.push(Recursion { number, arguments: general.clone(), result: assumed, grown: None });
            let walked = self.walk_over(number, function, general.into());
            let recursion = self.recursions.pop()?;
            let walked = walked.filter(|_| !self.is_exhausted())?;
            if let Some(grown) = recursion.grown {
                (arguments, result) = (grown, None);
                continue;
            }
            let found = (!walked.outcome.ends_always).then(|| without_reason(walked.outcome.result.clone()));
            let both = match (&result, found) {
                (Some(before), Some(found)) => Some(without_reason(before.join(&found))),
                (before, found) => before.clone().or(found),
            };
            if both == result {
                return Some(Arc::new(walked));
            }
            result = both;
        }
        self.cut(number)
    }

    /// What is assumed of a deeper call: if its arguments fit, the result so far.
    fn assumed(&mut self, at: usize, function: &Function, arguments: Vec<Known>) -> Option<Arc<Walked>> {
        self.cuts += 1;
        let text = function.name.id.text;
        let resolution = self.analysis.names.resolution(text)?;
        let recursion = &mut self.recursions[at];
        let before = recursion.grown.as_ref().unwrap_or(&recursion.arguments);
        let both = before.iter().zip(&arguments).map(|(a, b)| without_reason(a.join(b)));
        let both: Vec<Known> = both.collect();
        if both != *before {
            recursion.grown = Some(both);
        }
        let result = recursion.result.clone();
        let ends_always = result.is_none();
        let outcome = Outcome { result: result.unwrap_or_else(Known::unknown), ends_always, ends_sometimes: true };
        Some(Arc::new(Walked {
            function: Some(recursion.number),
            text,
            name: function.name.text.clone(),
            resolution,
            arguments: arguments.into(),
            reach: self.reach,
            may_end: self.may_end,
            outcome,
            notes: Arc::new(Notes::default()),
            calls: Vec::new(),
            needs: Vec::new(),
            recursive: true,
            loads: false,
            points_to: Vec::new(),
            is_silent: true,
            tells_callers: false,
        }))
    }
}

/// The same with nothing said of why a part is open: that changes from walk to walk.
fn without_reason(known: Known) -> Known {
    Known { reason: None, ..known }
}
