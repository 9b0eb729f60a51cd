//! Functions that call themselves. The inner call is walked for arguments that stand
//! for those of every deeper one, with a result that is assumed of these: first that
//! none of them comes back, then what the walk before gave, until nothing changes. The
//! sizes in it are those of the arguments, so it may hold for a deeper call of others.
//! What was found on the way holds as long as the same is assumed, and is forgotten then.

use std::sync::Arc;

use rustc_hash::FxHashMap;

use super::known::Known;
use super::notes::{Notes, Outcome, Walked};
use super::walk::{Reach, Walk};
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
    /// The walks that stand on this and on no assumption inside of it.
    solved: Solved,
}

/// Calls and the walks that were found for them.
#[derive(Default)]
pub(super) struct Solved {
    of: FxHashMap<TopLevel, Vec<Answer>>,
}

/// The walk of a call: in a recursion its arguments may be more general.
struct Answer {
    arguments: Arc<[Known]>,
    reach: Reach,
    may_end: bool,
    walked: Arc<Walked>,
    leans: Option<Leans>,
}

/// Which recursions something stands on, by their depth.
#[derive(Clone, Copy)]
pub(super) struct Leans {
    lowest: usize,
    highest: usize,
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
        let general = arguments.iter().cloned().map(without_reason).collect();
        if let Some(at) = self.recursions.iter().rposition(|recursion| recursion.number == number) {
            return self.assumed(at, function, general);
        }
        if let Some(walked) = self.solved(number, &arguments) {
            return Some(walked);
        }
        if self.recursions.len() >= DEEPEST {
            return self.cut(number);
        }
        let (walked, leans) = self.leaning(|walk| walk.solve(number, function, general));
        if let Some(walked) = &walked {
            self.keep(number, arguments, walked.clone(), leans);
        }
        walked
    }

    /// The walk of a call that was made before, while the same was assumed.
    pub(super) fn solved(&mut self, number: TopLevel, arguments: &Arc<[Known]>) -> Option<Arc<Walked>> {
        let fits = |answer: &&Answer| {
            (answer.reach, answer.may_end) == (self.reach, self.may_end) && answer.arguments == *arguments
        };
        let levels = self.recursions.iter().rev().map(|recursion| &recursion.solved).chain([&self.solved]);
        let answer = levels.filter_map(|solved| solved.of.get(&number)).find_map(|all| all.iter().find(fits))?;
        let (walked, leans) = (answer.walked.clone(), answer.leans);
        if leans.is_some() {
            self.cuts += 1;
            self.lean(leans);
        }
        Some(walked)
    }

    /// Keeps the walk of a call for as long as what it stands on is assumed.
    pub(super) fn keep(
        &mut self,
        number: TopLevel,
        arguments: Arc<[Known]>,
        walked: Arc<Walked>,
        leans: Option<Leans>,
    ) {
        let answer = Answer { arguments, reach: self.reach, may_end: self.may_end, walked, leans };
        let solved = match leans {
            Some(leans) => self.recursions.get_mut(leans.highest).map(|recursion| &mut recursion.solved),
            None => Some(&mut self.solved),
        };
        if let Some(solved) = solved {
            solved.of.entry(number).or_default().push(answer);
        }
    }

    /// What `find` gives, and which of the recursions around it that stands on.
    pub(super) fn leaning<T>(&mut self, find: impl FnOnce(&mut Self) -> T) -> (T, Option<Leans>) {
        let outer = self.leans.take();
        let found = find(self);
        let inner = std::mem::replace(&mut self.leans, outer);
        self.lean(inner);
        (found, inner)
    }

    /// Notes that what is being found stands on these as well.
    fn lean(&mut self, leans: Option<Leans>) {
        self.leans = match (self.leans, leans) {
            (Some(a), Some(b)) => Some(Leans { lowest: a.lowest.min(b.lowest), highest: a.highest.max(b.highest) }),
            (a, b) => a.or(b),
        };
    }

    /// Ends the innermost recursion: nothing stands on it any more.
    fn leave_recursion(&mut self) -> Option<Recursion> {
        let recursion = self.recursions.pop()?;
        let depth = self.recursions.len();
        self.leans = self.leans.filter(|leans| leans.lowest < depth);
        self.leans = self.leans.map(|leans| Leans { highest: leans.highest.min(depth - 1), ..leans });
        Some(recursion)
    }

    /// The walk of a recursion for what holds for the arguments of every depth, at
    /// first these.
    fn solve(&mut self, number: TopLevel, function: &'w Function, mut arguments: Vec<Known>) -> Option<Arc<Walked>> {
        let mut result: Option<Known> = None;
        for _ in 0..MOST_TRIES {
            let (general, assumed) = (arguments.clone(), result.clone());
            let solved = Solved::default();
            self.recursions.push(Recursion {
                number,
                arguments: general.clone(),
                result: assumed,
                grown: None,
                solved,
            });
            let walked = self.walk_over(number, function, general.into());
            let recursion = self.leave_recursion()?;
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
        self.lean(Some(Leans { lowest: at, highest: at }));
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
