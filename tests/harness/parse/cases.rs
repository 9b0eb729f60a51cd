//! What a case of `tl parse` is.

/// A text and the program that it means.
pub struct Case {
    /// What it shows.
    pub title: &'static str,
    /// The text: statements of `main`, or a whole script.
    pub source: &'static str,
    /// The canonical text of the same.
    pub printed: &'static str,
    /// Whether the text is a whole script.
    pub whole: bool,
    /// Whether it is refused.
    pub refused: bool,
}

impl Case {
    /// Statements, which stand in `main`.
    pub const fn main(title: &'static str, source: &'static str, printed: &'static str) -> Case {
        Case { title, source, printed, whole: false, refused: false }
    }

    /// A whole script.
    pub const fn script(title: &'static str, source: &'static str, printed: &'static str) -> Case {
        Case { title, source, printed, whole: true, refused: false }
    }

    /// The same, with a message that refuses it.
    pub const fn refused(self) -> Case {
        Case { refused: true, ..self }
    }

    /// The whole script.
    pub fn text(&self) -> String {
        if self.whole { self.source.to_owned() } else { format!("main {{\n{}\n}}\n", self.source) }
    }

    /// The whole canonical text.
    pub fn expected(&self) -> String {
        if self.whole {
            return format!("{}\n", self.printed);
        }
        let lines: String = self.printed.lines().map(|line| format!("    {line}\n")).collect();
        format!("main {{\n{lines}}}\n")
    }
}
