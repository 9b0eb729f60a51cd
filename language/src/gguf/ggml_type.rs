//! How the elements of a tensor are stored. Ids, names and block sizes are those
//! of `ggml.h` and `ggml-common.h` in <https://github.com/ggml-org/llama.cpp>.

use std::fmt;

macro_rules! types {
    ($($variant:ident = $id:literal, $elements:literal in $bytes:literal, $summary:literal;)*) => {
        /// How the elements of a tensor are stored: one by one, or in blocks that
        /// share scales. Blocks run along the last axis of the row-major shape.
        #[allow(non_camel_case_types)]
        #[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
        pub enum GgmlType {
            $(#[doc = $summary] $variant,)*
        }

        impl GgmlType {
            /// Every type that the format has.
            pub const ALL: &[GgmlType] = &[$(GgmlType::$variant,)*];

            /// The type of this number in the file.
            pub fn from_id(id: u32) -> Option<GgmlType> {
                match id { $($id => Some(GgmlType::$variant),)* _ => None }
            }

            /// Its number in the file.
            pub fn id(self) -> u32 {
                match self { $(GgmlType::$variant => $id,)* }
            }

            /// Its usual name, such as `Q4_0`.
            pub fn name(self) -> &'static str {
                match self { $(GgmlType::$variant => stringify!($variant),)* }
            }

            /// How many elements one block holds.
            pub fn block_elements(self) -> u64 {
                match self { $(GgmlType::$variant => $elements,)* }
            }

            /// How many bytes one block takes.
            pub fn block_bytes(self) -> u64 {
                match self { $(GgmlType::$variant => $bytes,)* }
            }
        }
    };
}

types! {
    F32 = 0, 1 in 4, "IEEE 754 single precision.";
    F16 = 1, 1 in 2, "IEEE 754 half precision.";
    Q4_0 = 2, 32 in 18, "4 bits around a common scale.";
    Q4_1 = 3, 32 in 20, "4 bits with scale and minimum.";
    Q5_0 = 6, 32 in 22, "5 bits around a common scale.";
    Q5_1 = 7, 32 in 24, "5 bits with scale and minimum.";
    Q8_0 = 8, 32 in 34, "8 bits around a common scale.";
    Q8_1 = 9, 32 in 36, "8 bits with scale and sum; intermediate results only.";
    Q2_K = 10, 256 in 84, "2 bits with 4-bit scales and minima for every 16.";
    Q3_K = 11, 256 in 110, "3 bits with 6-bit scales for every 16.";
    Q4_K = 12, 256 in 144, "4 bits with 6-bit scales and minima for every 32.";
    Q5_K = 13, 256 in 176, "5 bits with 6-bit scales and minima for every 32.";
    Q6_K = 14, 256 in 210, "6 bits with 8-bit scales for every 16.";
    Q8_K = 15, 256 in 292, "8 bits with sums; intermediate results only.";
    IQ2_XXS = 16, 256 in 66, "2.06 bits from a codebook.";
    IQ2_XS = 17, 256 in 74, "2.31 bits from a codebook.";
    IQ3_XXS = 18, 256 in 98, "3.06 bits from a codebook.";
    IQ1_S = 19, 256 in 50, "1.56 bits from a codebook.";
    IQ4_NL = 20, 32 in 18, "4 bits from a table of unequal steps.";
    IQ3_S = 21, 256 in 110, "3.44 bits from a codebook.";
    IQ2_S = 22, 256 in 82, "2.56 bits from a codebook.";
    IQ4_XS = 23, 256 in 136, "4.25 bits from a table of unequal steps.";
    I8 = 24, 1 in 1, "8-bit signed integer.";
    I16 = 25, 1 in 2, "16-bit signed integer.";
    I32 = 26, 1 in 4, "32-bit signed integer.";
    I64 = 27, 1 in 8, "64-bit signed integer.";
    F64 = 28, 1 in 8, "IEEE 754 double precision.";
    IQ1_M = 29, 256 in 56, "1.75 bits from a codebook.";
    BF16 = 30, 1 in 2, "The upper half of an IEEE 754 single.";
    TQ1_0 = 34, 256 in 54, "Ternary values, 1.69 bits.";
    TQ2_0 = 35, 256 in 66, "Ternary values, 2.06 bits.";
    MXFP4 = 39, 32 in 17, "4-bit floats with a power-of-two scale.";
    NVFP4 = 40, 64 in 36, "4-bit floats with 8-bit float scales for every 16.";
    Q1_0 = 41, 128 in 18, "1 bit around a common scale.";
}

impl GgmlType {
    /// The name of a type that old files may have and the format gave up.
    pub fn removed(id: u32) -> Option<&'static str> {
        Some(match id {
            4 => "Q4_2",
            5 => "Q4_3",
            31 => "Q4_0_4_4",
            32 => "Q4_0_4_8",
            33 => "Q4_0_8_8",
            36 => "IQ4_NL_4_4",
            37 => "IQ4_NL_4_8",
            38 => "IQ4_NL_8_8",
            _ => return None,
        })
    }
}

impl fmt::Display for GgmlType {
    fn fmt(&self, f: &mut fmt::Formatter) -> fmt::Result {
        f.write_str(self.name())
    }
}
