//! What the project of a script has chosen in `tl.toml`, and what is wrong with
//! that file.

use std::path::Path;

use tensorlogic_language::configuration::{Configuration, ConfigurationFile};
use tensorlogic_language::diagnostic::Severity;
use tensorlogic_language::files::Disk;

use crate::terminal::{diagnostics, errors_are_colourful, tell};

/// What the project of a script has chosen. What is wrong with the file is told;
/// the run goes on with the rest.
pub fn configuration(script: &Path) -> Configuration {
    let Some(file) = ConfigurationFile::of_script(&Disk, script) else { return Configuration::default() };
    tell_faults(&file, Severity::Warning);
    file.configuration
}

/// Tells what is wrong with a file.
pub fn tell_faults(file: &ConfigurationFile, severity: Severity) {
    for fault in &file.faults {
        tell(&diagnostics::render_fault(file, fault, severity, errors_are_colourful()));
    }
}
