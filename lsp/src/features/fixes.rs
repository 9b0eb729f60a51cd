//! The edits that repair what is wrong at a place of a script, and those that can
//! be applied everywhere without a look.

use tensorlogic_language::diagnostic::{Diagnostic, Edit, Fix};
use tensorlogic_language::source::FileSpan;

use crate::script::Script;
use crate::text::Bytes;

/// The problems that touch a part of the text and have a fix.
pub fn fixes<'s>(script: &'s Script, bytes: &Bytes) -> Vec<(&'s Diagnostic, &'s Fix)> {
    let here = own(script).filter(|problem| {
        let place = script.checked.sources.place(problem.place);
        place.start <= bytes.end && bytes.start <= place.end
    });
    here.filter_map(|problem| Some((problem, problem.fix.as_ref()?))).collect()
}

/// The edits of all fixes that are safe; where two overlap, those of the first.
pub fn safe_edits(script: &Script) -> Vec<&Edit> {
    let mut taken: Vec<FileSpan> = Vec::new();
    let mut edits = Vec::new();
    for fix in own(script).filter_map(|problem| problem.fix.as_ref()).filter(|fix| fix.safe) {
        let places: Vec<FileSpan> = fix.edits.iter().map(|edit| script.checked.sources.place(edit.place)).collect();
        if places.iter().any(|place| taken.iter().any(|other| meet(place, other))) {
            continue;
        }
        taken.extend(places);
        edits.extend(&fix.edits);
    }
    edits
}

/// Whether two edits would change the same text, or put theirs at the same place.
fn meet(a: &FileSpan, b: &FileSpan) -> bool {
    (a.start < b.end && b.start < a.end) || a.start == b.start
}

/// The problems of the script itself, not those of files that it imports.
fn own(script: &Script) -> impl Iterator<Item = &Diagnostic> {
    let problems = script.checked.analysis.problems.iter();
    problems.filter(|problem| script.checked.sources.place(problem.place).file == script.checked.file)
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::script::tests::script;

    /// The titles of the fixes at the cursor.
    fn check(marked: &str, expected: &[&str]) {
        let (script, offset) = script(marked);
        let titles: Vec<&str> = fixes(&script, &(offset..offset)).iter().map(|(_, fix)| fix.title.as_str()).collect();
        assert_eq!(titles, expected, "{marked}");
    }

    #[test]
    fn a_fix_is_offered_where_its_problem_is() {
        check("main {\n  pr$0nt(1)\n}", &["replace `prnt` with `print`"]);
        check("main {\n  prnt$0(1)\n}", &["replace `prnt` with `print`"]);
        check("main {\n  prnt(1$0)\n}", &[]);
        check("main {\n  total :$0= 1\n}", &["replace `:=` with `=`"]);
    }

    #[test]
    fn all_safe_fixes_are_those_that_do_not_meet() {
        let (script, _) = script("main {\n  total := 0x1F\n  prnt(total);\n  print(total[0..1])\n}");
        let texts: Vec<&str> = safe_edits(&script).iter().map(|edit| edit.text.as_str()).collect();
        assert_eq!(texts, ["=", "31", "", ":"]);
    }
}
