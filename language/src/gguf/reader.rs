//! Reads the numbers and texts of a header, and says where a header ends too
//! early.

use super::error::{GgufError, Part};
use crate::files::{Readable, Shortfall, Window};

/// A position in the header of a file.
pub(super) struct Reader<'f> {
    window: Window<'f>,
}

impl<'f> Reader<'f> {
    /// At the beginning of an open file, whose header ends before byte `end`.
    pub(super) fn new(file: &'f mut dyn Readable, end: u64) -> Result<Reader<'f>, GgufError> {
        let window = Window::new(file, end).map_err(|error| GgufError::Unreadable { reason: error.to_string() })?;
        Ok(Reader { window })
    }

    pub(super) fn position(&self) -> u64 {
        self.window.position()
    }

    /// The next `most` bytes, or as many as there are.
    pub(super) fn beginning(&mut self, most: u64) -> Result<Vec<u8>, GgufError> {
        let length = most.min(self.window.left());
        Ok(self.take(length, Part::Preamble)?.to_vec())
    }

    /// The next `length` bytes.
    pub(super) fn take(&mut self, length: u64, part: Part) -> Result<&[u8], GgufError> {
        self.window.take(length).map_err(|shortfall| told(shortfall, part))
    }

    /// Passes over `length` bytes.
    pub(super) fn skip(&mut self, length: u64, part: Part) -> Result<(), GgufError> {
        self.window.skip(length).map_err(|shortfall| told(shortfall, part))
    }

    /// Passes over strings by their lengths.
    pub(super) fn skip_strings(&mut self, count: u64, part: Part) -> Result<(), GgufError> {
        self.window.skip_strings(count).map_err(|shortfall| told(shortfall, part))
    }

    /// Refuses a count of entries that the rest of the bytes cannot hold.
    pub(super) fn expect_entries(&self, count: u64, smallest: u64, part: Part) -> Result<(), GgufError> {
        let left = self.window.left();
        match count.checked_mul(smallest) {
            Some(needed) if needed <= left => Ok(()),
            needed => Err(GgufError::Truncated { part, needed: needed.unwrap_or(u64::MAX), left }),
        }
    }

    pub(super) fn u32(&mut self, part: Part) -> Result<u32, GgufError> {
        Ok(self.take(4, part)?.try_into().map_or(0, u32::from_le_bytes))
    }

    pub(super) fn u64(&mut self, part: Part) -> Result<u64, GgufError> {
        self.window.u64().map_err(|shortfall| told(shortfall, part))
    }

    /// A length and that many bytes.
    pub(super) fn counted(&mut self, part: Part) -> Result<&[u8], GgufError> {
        let length = self.u64(part)?;
        self.take(length, part)
    }

    /// A length and that many bytes of UTF-8.
    pub(super) fn string(&mut self, part: Part) -> Result<String, GgufError> {
        let bytes = self.counted(part)?;
        match std::str::from_utf8(bytes) {
            Ok(text) => Ok(text.to_owned()),
            Err(_) => Err(GgufError::NotUtf8 { part, found: String::from_utf8_lossy(bytes).into_owned() }),
        }
    }
}

fn told(shortfall: Shortfall, part: Part) -> GgufError {
    match shortfall {
        Shortfall::Io(error) => GgufError::Unreadable { reason: error.to_string() },
        Shortfall::Ends { needed, left } => GgufError::Truncated { part, needed, left },
    }
}
