//! A walk over the beginning of a file, of which only a small window is in
//! memory: the header of a weight file of 40 GB is read, and nothing else. What
//! is passed over beyond the window is never read at all.

use std::fmt;
use std::io::{self, SeekFrom};

use super::Readable;

/// How many bytes are read at once: enough to ask the system seldom, few enough
/// to stay in the processor's cache.
const CHUNK: usize = 128 << 10;

/// A position in a file, and the bytes around it that are in memory.
pub struct Window<'f> {
    file: &'f mut dyn Readable,
    /// The bytes of the file from `start` on; behind `filled` they mean nothing.
    buffer: Vec<u8>,
    filled: usize,
    /// Where the buffer begins in the file.
    start: u64,
    /// The position, in the buffer.
    at: usize,
    /// Where the walk must end, in the file.
    end: u64,
}

/// Why bytes could not be read.
#[derive(Debug)]
pub enum Shortfall {
    /// The system refuses.
    Io(io::Error),
    /// There are fewer.
    Ends {
        /// How many bytes were asked for.
        needed: u64,
        /// How many there are.
        left: u64,
    },
}

impl fmt::Display for Shortfall {
    fn fmt(&self, f: &mut fmt::Formatter) -> fmt::Result {
        match self {
            Shortfall::Io(error) => write!(f, "{error}"),
            Shortfall::Ends { needed, left } => write!(f, "{needed} more bytes are needed, {left} are left"),
        }
    }
}

impl std::error::Error for Shortfall {}

impl<'f> Window<'f> {
    /// A walk over the first `end` bytes of an open file.
    pub fn new(file: &'f mut dyn Readable, end: u64) -> io::Result<Window<'f>> {
        file.seek(SeekFrom::Start(0))?;
        Ok(Window { file, buffer: Vec::new(), filled: 0, start: 0, at: 0, end })
    }

    /// The position, in bytes from the beginning of the file.
    pub fn position(&self) -> u64 {
        self.start + self.at as u64
    }

    /// How many bytes follow.
    pub fn left(&self) -> u64 {
        self.end - self.position()
    }

    /// The next `length` bytes. Memory is taken only for bytes that are there.
    pub fn take(&mut self, length: u64) -> Result<&[u8], Shortfall> {
        self.check(length)?;
        let length = usize::try_from(length).map_err(|_| Shortfall::Ends { needed: length, left: self.left() })?;
        self.fill(length).map_err(Shortfall::Io)?;
        self.at += length;
        Ok(&self.buffer[self.at - length..self.at])
    }

    /// The next eight bytes as a number.
    pub fn u64(&mut self) -> Result<u64, Shortfall> {
        Ok(self.take(8)?.try_into().map_or(0, u64::from_le_bytes))
    }

    /// Passes over `length` bytes.
    pub fn skip(&mut self, length: u64) -> Result<(), Shortfall> {
        self.check(length)?;
        match usize::try_from(length) {
            Ok(length) if length <= self.filled - self.at => self.at += length,
            _ => {
                let position = self.position() + length;
                self.file.seek(SeekFrom::Start(position)).map_err(Shortfall::Io)?;
                (self.start, self.at, self.filled) = (position, 0, 0);
            }
        }
        Ok(())
    }

    /// Passes over a string: eight bytes that say how many follow, and those.
    /// Most of a header are these, so whole runs of them are passed inside of the
    /// window, where nothing but their lengths is looked at.
    pub fn skip_strings(&mut self, count: u64) -> Result<(), Shortfall> {
        let mut left = count;
        while left > 0 {
            let passed = self.skip_strings_inside(left);
            left -= passed;
            if left > 0 {
                let length = self.u64()?;
                self.skip(length)?;
                left -= 1;
            }
        }
        Ok(())
    }

    /// Passes over the strings that end inside of the window, at most `count`;
    /// tells how many they were.
    fn skip_strings_inside(&mut self, count: u64) -> u64 {
        let mut rest = &self.buffer[self.at..self.filled];
        let mut passed = 0;
        while passed < count
            && let Some((length, behind)) = rest.split_first_chunk()
            && let Ok(length) = usize::try_from(u64::from_le_bytes(*length))
            && let Some(behind) = behind.get(length..)
        {
            rest = behind;
            passed += 1;
        }
        self.at = self.filled - rest.len();
        passed
    }

    fn check(&self, needed: u64) -> Result<(), Shortfall> {
        let left = self.left();
        if needed <= left { Ok(()) } else { Err(Shortfall::Ends { needed, left }) }
    }

    /// Brings `length` bytes from the position on into the buffer; they are there.
    fn fill(&mut self, length: usize) -> io::Result<()> {
        if length <= self.filled - self.at {
            return Ok(());
        }
        self.buffer.copy_within(self.at..self.filled, 0);
        self.filled -= self.at;
        self.start += self.at as u64;
        self.at = 0;
        let size = usize::try_from(self.left()).map_or(CHUNK, |left| left.min(CHUNK)).max(length);
        if self.buffer.len() < size {
            self.buffer.resize(size, 0);
        }
        self.file.read_exact(&mut self.buffer[self.filled..size])?;
        self.filled = size;
        Ok(())
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use std::io::Cursor;

    /// Strings of lengths around those of the window, each followed by others.
    #[test]
    fn strings_are_passed_wherever_the_window_ends() {
        let lengths = [0, 1, 7, CHUNK - 40, 3, CHUNK, 0, CHUNK + 1, 5, 3 * CHUNK, 2, 9];
        let mut bytes = Vec::new();
        for length in lengths {
            bytes.extend((length as u64).to_le_bytes());
            bytes.resize(bytes.len() + length, b'x');
        }
        bytes.push(7);
        for first in 0..lengths.len() as u64 {
            let mut file = Cursor::new(&bytes);
            let mut window = Window::new(&mut file, bytes.len() as u64).unwrap();
            window.skip_strings(first).unwrap();
            window.skip_strings(lengths.len() as u64 - first).unwrap();
            assert_eq!((window.left(), window.take(1).unwrap()), (1, &[7][..]));
            assert!(matches!(window.skip_strings(1), Err(Shortfall::Ends { needed: 8, left: 0 })));
        }
    }

    #[test]
    fn nothing_is_taken_that_is_not_there() {
        let mut file = Cursor::new([0xff; 20]);
        let mut window = Window::new(&mut file, 20).unwrap();
        assert!(matches!(window.take(u64::MAX), Err(Shortfall::Ends { left: 20, .. })));
        assert!(matches!(window.skip_strings(2), Err(Shortfall::Ends { needed: u64::MAX, left: 12 })));
        assert_eq!(window.position(), 8);
        // A file that was shortened meanwhile.
        let mut file = Cursor::new([0; 20]);
        let mut window = Window::new(&mut file, 30).unwrap();
        assert!(matches!(window.take(25), Err(Shortfall::Io(_))));
    }
}
