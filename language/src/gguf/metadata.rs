//! Metadata values. Arrays stay in the file: only where their bytes are is kept,
//! and they are decoded when asked, since a vocabulary may take megabytes.

use std::borrow::Cow;
use std::io::{self, Read, SeekFrom};
use std::ops::Range;

use super::error::{GgufError, Part};
use super::reader::Reader;
use crate::files::Readable;

/// Arrays inside of arrays are followed to this depth.
const MAX_DEPTH: u32 = 4;

macro_rules! value_types {
    ($($variant:ident = $id:literal, $name:literal, $size:expr;)*) => {
        /// The type of a metadata value or of the elements of an array.
        #[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
        pub enum ValueType {
            $(#[doc = concat!("`", $name, "`.")] $variant,)*
        }

        impl ValueType {
            fn from_id(id: u32) -> Option<ValueType> {
                match id { $($id => Some(ValueType::$variant),)* _ => None }
            }

            /// Its name, as the specification writes it.
            pub fn name(self) -> &'static str {
                match self { $(ValueType::$variant => $name,)* }
            }

            /// The bytes of one value, if all values of the type take the same number.
            fn size(self) -> Option<usize> {
                match self { $(ValueType::$variant => $size,)* }
            }
        }
    };
}

value_types! {
    U8 = 0, "uint8", Some(1);
    I8 = 1, "int8", Some(1);
    U16 = 2, "uint16", Some(2);
    I16 = 3, "int16", Some(2);
    U32 = 4, "uint32", Some(4);
    I32 = 5, "int32", Some(4);
    F32 = 6, "float32", Some(4);
    Bool = 7, "bool", Some(1);
    String = 8, "string", None;
    Array = 9, "array", None;
    U64 = 10, "uint64", Some(8);
    I64 = 11, "int64", Some(8);
    F64 = 12, "float64", Some(8);
}

/// One metadata value.
#[derive(Clone, Debug, PartialEq)]
pub enum Value {
    /// `uint8`.
    U8(u8),
    /// `int8`.
    I8(i8),
    /// `uint16`.
    U16(u16),
    /// `int16`.
    I16(i16),
    /// `uint32`.
    U32(u32),
    /// `int32`.
    I32(i32),
    /// `float32`.
    F32(f32),
    /// `bool`.
    Bool(bool),
    /// `string`; bytes that are not UTF-8 are replaced.
    String(String),
    /// `array`, still in the file.
    Array(Array),
    /// `uint64`.
    U64(u64),
    /// `int64`.
    I64(i64),
    /// `float64`.
    F64(f64),
}

impl Value {
    /// Its type.
    pub fn value_type(&self) -> ValueType {
        match self {
            Value::U8(_) => ValueType::U8,
            Value::I8(_) => ValueType::I8,
            Value::U16(_) => ValueType::U16,
            Value::I16(_) => ValueType::I16,
            Value::U32(_) => ValueType::U32,
            Value::I32(_) => ValueType::I32,
            Value::F32(_) => ValueType::F32,
            Value::Bool(_) => ValueType::Bool,
            Value::String(_) => ValueType::String,
            Value::Array(_) => ValueType::Array,
            Value::U64(_) => ValueType::U64,
            Value::I64(_) => ValueType::I64,
            Value::F64(_) => ValueType::F64,
        }
    }

    /// The value as a signed integer, whatever width it is stored in.
    pub fn integer(&self) -> Option<i64> {
        Some(match self {
            Value::U8(value) => i64::from(*value),
            Value::I8(value) => i64::from(*value),
            Value::U16(value) => i64::from(*value),
            Value::I16(value) => i64::from(*value),
            Value::U32(value) => i64::from(*value),
            Value::I32(value) => i64::from(*value),
            Value::I64(value) => *value,
            Value::U64(value) => return i64::try_from(*value).ok(),
            _ => return None,
        })
    }

    /// The value as a count or an id, whatever width it is stored in.
    pub fn unsigned(&self) -> Option<u64> {
        match self {
            Value::U64(value) => Some(*value),
            other => u64::try_from(other.integer()?).ok(),
        }
    }

    /// The value as a number, integers included.
    pub fn number(&self) -> Option<f64> {
        match self {
            Value::F32(value) => Some(f64::from(*value)),
            Value::F64(value) => Some(*value),
            Value::U64(value) => Some(*value as f64),
            other => other.integer().map(|value| value as f64),
        }
    }

    /// The value as a truth value.
    pub fn truth(&self) -> Option<bool> {
        match self {
            Value::Bool(value) => Some(*value),
            _ => None,
        }
    }

    /// The value as text.
    pub fn text(&self) -> Option<&str> {
        match self {
            Value::String(value) => Some(value),
            _ => None,
        }
    }

    /// The value as an array.
    pub fn array(&self) -> Option<&Array> {
        match self {
            Value::Array(array) => Some(array),
            _ => None,
        }
    }
}

/// An array that was walked over and left in the file.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Array {
    /// The type of its elements.
    pub element: ValueType,
    /// How many there are.
    pub count: u64,
    /// The bytes of the elements, in the file.
    pub bytes: Range<u64>,
}

impl Array {
    /// Decodes the elements from the bytes of the same file. Ends early where
    /// `file` is another file, and at an array inside of the array; strings that
    /// are not UTF-8 are mended.
    pub fn values<'b>(&self, file: &'b [u8]) -> impl Iterator<Item = Value> + use<'b> {
        decoded(self.element, self.count, self.within(file).unwrap_or_default())
    }

    /// The elements as texts; `None` when they are not strings. Nothing is
    /// copied unless a string has to be mended.
    pub fn strings<'b>(&self, file: &'b [u8]) -> Option<Vec<Cow<'b, str>>> {
        if self.element != ValueType::String {
            return None;
        }
        let mut rest = self.within(file)?;
        (0..self.count).map(|_| Some(String::from_utf8_lossy(counted(&mut rest)?))).collect()
    }

    /// The elements as numbers; `None` when they are none.
    pub fn numbers(&self, file: &[u8]) -> Option<Vec<f64>> {
        let numbers: Option<Vec<f64>> = self.values(file).map(|value| value.number()).collect();
        numbers.filter(|numbers| numbers.len() as u64 == self.count)
    }

    /// The elements as integers; `None` when they are none.
    pub fn integers(&self, file: &[u8]) -> Option<Vec<i64>> {
        let integers: Option<Vec<i64>> = self.values(file).map(|value| value.integer()).collect();
        integers.filter(|integers| integers.len() as u64 == self.count)
    }

    /// The first `most` elements, or fewer, of an open file that is not in
    /// memory: for a glance, of which at most 64 KiB are read.
    pub fn glance(&self, file: &mut dyn Readable, most: usize) -> io::Result<Vec<Value>> {
        file.seek(SeekFrom::Start(self.bytes.start))?;
        let mut bytes = Vec::new();
        let length = (self.bytes.end - self.bytes.start).min(64 << 10);
        file.take(length).read_to_end(&mut bytes)?;
        Ok(decoded(self.element, self.count, &bytes).take(most).collect())
    }

    fn within<'b>(&self, file: &'b [u8]) -> Option<&'b [u8]> {
        file.get(usize::try_from(self.bytes.start).ok()?..usize::try_from(self.bytes.end).ok()?)
    }
}

/// The elements of an array, as far as `bytes` hold them.
fn decoded(element: ValueType, count: u64, mut bytes: &[u8]) -> impl Iterator<Item = Value> {
    (0..count).map_while(move |_| match element.size() {
        Some(size) => scalar(element, bytes.split_off(..size)?),
        None if element == ValueType::String => {
            Some(Value::String(String::from_utf8_lossy(counted(&mut bytes)?).into_owned()))
        }
        None => None,
    })
}

/// A length and that many bytes, taken from the beginning.
fn counted<'b>(bytes: &mut &'b [u8]) -> Option<&'b [u8]> {
    let length = u64::from_le_bytes(bytes.split_off(..8)?.try_into().ok()?);
    bytes.split_off(..usize::try_from(length).ok()?)
}

/// A value of a type whose values all take the same number of bytes.
fn scalar(value_type: ValueType, bytes: &[u8]) -> Option<Value> {
    Some(match value_type {
        ValueType::U8 => Value::U8(u8::from_le_bytes(bytes.try_into().ok()?)),
        ValueType::I8 => Value::I8(i8::from_le_bytes(bytes.try_into().ok()?)),
        ValueType::U16 => Value::U16(u16::from_le_bytes(bytes.try_into().ok()?)),
        ValueType::I16 => Value::I16(i16::from_le_bytes(bytes.try_into().ok()?)),
        ValueType::U32 => Value::U32(u32::from_le_bytes(bytes.try_into().ok()?)),
        ValueType::I32 => Value::I32(i32::from_le_bytes(bytes.try_into().ok()?)),
        ValueType::F32 => Value::F32(f32::from_le_bytes(bytes.try_into().ok()?)),
        ValueType::U64 => Value::U64(u64::from_le_bytes(bytes.try_into().ok()?)),
        ValueType::I64 => Value::I64(i64::from_le_bytes(bytes.try_into().ok()?)),
        ValueType::F64 => Value::F64(f64::from_le_bytes(bytes.try_into().ok()?)),
        ValueType::Bool => match bytes {
            [0] => Value::Bool(false),
            [1] => Value::Bool(true),
            _ => return None,
        },
        ValueType::String | ValueType::Array => return None,
    })
}

/// A type and a value of it.
pub(super) fn read_value(reader: &mut Reader, key: &str, part: Part) -> Result<Value, GgufError> {
    let value_type = read_type(reader, key, part)?;
    match (value_type, value_type.size()) {
        (ValueType::Array, _) => Ok(Value::Array(skip_array(reader, key, part, MAX_DEPTH)?)),
        (_, None) => Ok(Value::String(String::from_utf8_lossy(reader.counted(part)?).into_owned())),
        (_, Some(size)) => {
            let bytes = reader.take(size as u64, part)?;
            // Only a truth value can be no value of its type.
            let found = bytes.first().copied().unwrap_or_default();
            scalar(value_type, bytes).ok_or_else(|| GgufError::BadBool { key: key.to_owned(), found })
        }
    }
}

fn read_type(reader: &mut Reader, key: &str, part: Part) -> Result<ValueType, GgufError> {
    let id = reader.u32(part)?;
    ValueType::from_id(id).ok_or_else(|| GgufError::UnknownValueType { key: key.to_owned(), id })
}

/// Passes over an array and notes where it is.
fn skip_array(reader: &mut Reader, key: &str, part: Part, depth: u32) -> Result<Array, GgufError> {
    if depth == 0 {
        return Err(GgufError::NestedTooDeep { key: key.to_owned() });
    }
    let element = read_type(reader, key, part)?;
    let count = reader.u64(part)?;
    let start = reader.position();
    match element.size() {
        Some(size) => {
            reader.expect_entries(count, size as u64, part)?;
            reader.skip(count * size as u64, part)?;
        }
        None if element == ValueType::String => {
            reader.expect_entries(count, 8, part)?;
            reader.skip_strings(count, part)?;
        }
        None => {
            // An array is at least a type and a count.
            reader.expect_entries(count, 4 + 8, part)?;
            for _ in 0..count {
                skip_array(reader, key, part, depth - 1)?;
            }
        }
    }
    Ok(Array { element, count, bytes: start..reader.position() })
}

/// The beginning of a text that may be long.
pub(super) fn shorten(text: &str) -> String {
    match text.char_indices().nth(40) {
        Some((at, _)) => format!("{}…", &text[..at]),
        None => text.to_owned(),
    }
}
