//! The pages of codes for a terminal: sentences broken into lines, scripts
//! indented.

use tensorlogic_language::diagnostic::pages::{GROUPS, Page, Part};
use tensorlogic_language::diagnostic::{Code, Severity};

/// How long a line of sentences may be.
const WIDTH: usize = 88;

/// A page.
pub fn page(page: &Page, colour: bool) -> String {
    let paint = Paint { colour };
    let code = page.code;
    let severity = code.default_severity();
    let mut text = format!("{}: {}\n", paint.severity(severity, code.name()), paint.bold(code.summary()));
    for part in page.parts() {
        text.push('\n');
        text += &match part {
            Part::Heading(title) => format!("{}\n", paint.bold(title)),
            Part::Text(sentences) => format!("{}\n", wrapped(sentences)),
            Part::Script(script) => paint.script(script),
            Part::File(name, script) => format!("with `{name}` beside it:\n\n{}", paint.script(script)),
        };
    }
    text
}

/// Every code, by subject.
pub fn list(colour: bool) -> String {
    let paint = Paint { colour };
    let width = Code::ALL.iter().map(|code| code.name().len()).max().unwrap_or_default();
    let mut text = String::new();
    for group in GROUPS {
        text += &format!("{}\n", paint.bold(group.title));
        for page in group.pages {
            let (name, severity) = (page.code.name(), page.code.default_severity());
            let gap = " ".repeat("warning".len() - severity.name().len());
            let shown = paint.severity(severity, severity.name());
            text += &format!("  {name:width$}  {shown}{gap}  {}\n", page.code.summary());
        }
        text.push('\n');
    }
    text + "`tl explain CODE` tells more about one.\n"
}

struct Paint {
    colour: bool,
}

impl Paint {
    fn with(&self, code: &str, text: &str) -> String {
        if self.colour { format!("\x1b[{code}m{text}\x1b[0m") } else { text.to_owned() }
    }

    fn bold(&self, text: &str) -> String {
        self.with("1", text)
    }

    fn severity(&self, severity: Severity, text: &str) -> String {
        let code = match severity {
            Severity::Error => "1;31",
            Severity::Warning => "1;33",
            Severity::Hint => "1;36",
        };
        self.with(code, text)
    }

    fn script(&self, script: &str) -> String {
        let line =
            |line: &str| if line.is_empty() { "\n".to_owned() } else { format!("    {}\n", self.with("36", line)) };
        script.lines().map(line).collect()
    }
}

/// Sentences in lines that are not too long.
fn wrapped(sentences: &str) -> String {
    let (mut text, mut width) = (String::new(), 0);
    for word in sentences.split_whitespace() {
        let length = word.chars().count();
        if width > 0 && width + 1 + length > WIDTH {
            text.push('\n');
            width = 0;
        } else if width > 0 {
            text.push(' ');
            width += 1;
        }
        text += word;
        width += length;
    }
    text
}
