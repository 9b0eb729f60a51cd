//! The text of a script, from a file or from standard input.

use std::io::{self, Read};
use std::path::Path;

/// What standard input is called in messages.
pub const STANDARD_INPUT: &str = "<stdin>";

/// The text of the script at `path`, or why there is none.
pub fn read(path: &Path) -> Result<String, String> {
    let shown = path.display();
    match std::fs::read(path) {
        Ok(bytes) => text(bytes, &format!("`{shown}`")),
        Err(error) if error.kind() == io::ErrorKind::NotFound => Err(format!("there is no file `{shown}`")),
        Err(error) => Err(format!("`{shown}` cannot be read: {error}")),
    }
}

/// The same, where `-` stands for standard input.
pub fn read_or_input(path: &Path) -> Result<String, String> {
    if path != Path::new("-") {
        return read(path);
    }
    let mut bytes = Vec::new();
    match io::stdin().lock().read_to_end(&mut bytes) {
        Ok(_) => text(bytes, "standard input"),
        Err(error) => Err(format!("standard input cannot be read: {error}")),
    }
}

fn text(bytes: Vec<u8>, shown: &str) -> Result<String, String> {
    String::from_utf8(bytes).map_err(|error| {
        let valid = error.utf8_error().valid_up_to();
        format!("{shown} is not a text: byte {valid} is not UTF-8; save the script as UTF-8")
    })
}
