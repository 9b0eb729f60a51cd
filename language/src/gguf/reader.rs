//! Walks over the bytes of a header without ever reading past their end.

use super::error::{GgufError, Part};

/// A position in the bytes of a file.
pub(super) struct Reader<'b> {
    bytes: &'b [u8],
    position: usize,
}

impl<'b> Reader<'b> {
    pub(super) fn new(bytes: &'b [u8]) -> Reader<'b> {
        Reader { bytes, position: 0 }
    }

    pub(super) fn position(&self) -> u64 {
        self.position as u64
    }

    pub(super) fn rest(&self) -> &'b [u8] {
        &self.bytes[self.position..]
    }

    /// The next `length` bytes.
    pub(super) fn take(&mut self, length: u64, part: Part) -> Result<&'b [u8], GgufError> {
        let rest = self.rest();
        match usize::try_from(length).ok().and_then(|length| rest.get(..length)) {
            Some(taken) => {
                self.position += taken.len();
                Ok(taken)
            }
            None => Err(GgufError::Truncated { part, needed: length, left: rest.len() as u64 }),
        }
    }

    /// Refuses a count of entries that the rest of the bytes cannot hold.
    pub(super) fn expect_entries(&self, count: u64, smallest: u64, part: Part) -> Result<(), GgufError> {
        let left = self.rest().len() as u64;
        match count.checked_mul(smallest) {
            Some(needed) if needed <= left => Ok(()),
            needed => Err(GgufError::Truncated { part, needed: needed.unwrap_or(u64::MAX), left }),
        }
    }

    fn array<const N: usize>(&mut self, part: Part) -> Result<[u8; N], GgufError> {
        let taken = self.take(N as u64, part)?;
        let mut array = [0; N];
        array.copy_from_slice(taken);
        Ok(array)
    }

    pub(super) fn u8(&mut self, part: Part) -> Result<u8, GgufError> {
        Ok(self.array::<1>(part)?[0])
    }

    pub(super) fn u16(&mut self, part: Part) -> Result<u16, GgufError> {
        Ok(u16::from_le_bytes(self.array(part)?))
    }

    pub(super) fn u32(&mut self, part: Part) -> Result<u32, GgufError> {
        Ok(u32::from_le_bytes(self.array(part)?))
    }

    pub(super) fn u64(&mut self, part: Part) -> Result<u64, GgufError> {
        Ok(u64::from_le_bytes(self.array(part)?))
    }

    /// A length and that many bytes.
    pub(super) fn counted(&mut self, part: Part) -> Result<&'b [u8], GgufError> {
        let length = self.u64(part)?;
        self.take(length, part)
    }

    /// A length and that many bytes of UTF-8.
    pub(super) fn string(&mut self, part: Part) -> Result<&'b str, GgufError> {
        let bytes = self.counted(part)?;
        std::str::from_utf8(bytes)
            .map_err(|_| GgufError::NotUtf8 { part, found: String::from_utf8_lossy(bytes).into_owned() })
    }
}
