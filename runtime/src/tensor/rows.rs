//! A tensor that grows at the end of axis 0, as key and value caches do.
//!
//! Rows are written into room that was made ahead, so that a step costs what it
//! adds and not what is there already. What was handed out never changes: when
//! somebody still holds it, the next addition works on a copy.

use tensorlogic_language::shape::ElementType;

use super::{Result, Tensor, room_for, unfit};

/// At least so many rows are made room for.
const FEWEST: usize = 32;

/// A growing tensor, `[length, …]`.
#[derive(Clone, Debug)]
pub struct Rows {
    /// The rows and the room after them.
    buffer: Tensor,
    length: usize,
}

impl Rows {
    /// Begins with these rows; all others take their element type and weakness.
    pub fn new(rows: Tensor) -> Result<Rows> {
        let length = rows.size(0)?;
        Ok(Rows { buffer: rows, length })
    }

    /// The number of rows.
    pub fn len(&self) -> usize {
        self.length
    }

    /// Whether there are no rows.
    pub fn is_empty(&self) -> bool {
        self.length == 0
    }

    /// The element type of all rows.
    pub fn element(&self) -> ElementType {
        self.buffer.element
    }

    /// Adds rows at the end, converted to the type of the others. Their other
    /// sizes are equal to those of the rows before.
    pub fn append(&mut self, rows: &Tensor) -> Result<()> {
        let added = rows.size(0)?;
        if rows.shape[1..] != self.buffer.shape[1..] {
            let expected = self.tensor()?;
            return unfit(format!("{:?} and {:?} do not fit together along axis 0", expected.shape, rows.shape));
        }
        let length = self.length + added;
        if length > self.buffer.shape[0] {
            self.grow(length)?;
        }
        // Taken out, so that nobody but us holds the buffer while it changes.
        let nothing = self.buffer.narrow(0, 0..0)?;
        let buffer = std::mem::replace(&mut self.buffer, nothing);
        // If the device fails, the rows are gone with it.
        let before = std::mem::take(&mut self.length);
        self.buffer = buffer.with_part(std::slice::from_ref(&(before..length)), rows)?;
        self.length = length;
        Ok(())
    }

    /// All rows, `[length, …]`.
    pub fn tensor(&self) -> Result<Tensor> {
        self.buffer.narrow(0, 0..self.length)
    }

    fn grow(&mut self, length: usize) -> Result<()> {
        let mut shape = self.buffer.shape.clone();
        shape[0] = length.saturating_add(self.length).max(FEWEST);
        room_for(&shape)?;
        let wider = Tensor::zeros(&shape, self.buffer.element, &self.buffer.device)?;
        let wider = Tensor { weak: self.buffer.weak, ..wider };
        self.buffer = wider.with_part(std::slice::from_ref(&(0..self.length)), &self.tensor()?)?;
        Ok(())
    }
}
