//! The lens over `main`, which runs the script, or stops it while it runs. It
//! stands in its place whatever happens, so that no line moves.

use crate::script::Script;
use crate::text::Bytes;

/// A lens.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct CodeLens {
    /// Over what it stands.
    pub bytes: Bytes,
    /// What it does.
    pub action: Action,
}

/// What a lens does.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Action {
    /// Starts a run.
    Run,
    /// Ends it.
    Stop,
}

impl Action {
    /// What the user reads.
    pub fn title(self) -> &'static str {
        match self {
            Action::Run => "▶ Run",
            Action::Stop => "■ Stop",
        }
    }
}

/// The lenses of a script that runs or not.
pub fn code_lenses(script: &Script, is_running: bool) -> Vec<CodeLens> {
    let action = if is_running { Action::Stop } else { Action::Run };
    script.main().map(|bytes| CodeLens { bytes, action }).into_iter().collect()
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::script::tests::script;

    fn check(text: &str, is_running: bool, expected: &[(usize, &str)]) {
        let lenses = code_lenses(&script(text).0, is_running);
        let found: Vec<_> = lenses.iter().map(|lens| (lens.bytes.start, lens.action.title())).collect();
        assert_eq!(found, expected, "{text}");
    }

    #[test]
    fn main_can_be_run_and_stopped() {
        check("main { }", false, &[(0, "▶ Run")]);
        check("main { }", true, &[(0, "■ Stop")]);
        check("// a\nmain {\n  let x = \"unterminated\n}", false, &[(5, "▶ Run")]);
        check("fn f() { }", false, &[]);
        check("", false, &[]);
    }
}
