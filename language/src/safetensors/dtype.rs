//! The element types of safetensors files, as their reference names them.

use std::fmt;

macro_rules! dtypes {
    ($($variant:ident = $bits:literal, $summary:literal;)*) => {
        /// The type of a tensor's elements.
        #[allow(non_camel_case_types)]
        #[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
        pub enum Dtype {
            $(#[doc = $summary] $variant,)*
        }

        impl Dtype {
            /// Every type that the format has.
            pub const ALL: &[Dtype] = &[$(Dtype::$variant,)*];

            /// The type of this name in the file.
            pub fn of_name(name: &str) -> Option<Dtype> {
                match name { $(stringify!($variant) => Some(Dtype::$variant),)* _ => None }
            }

            /// Its name, such as `BF16`.
            pub fn name(self) -> &'static str {
                match self { $(Dtype::$variant => stringify!($variant),)* }
            }

            /// How many bits one element takes.
            pub fn bits(self) -> u64 {
                match self { $(Dtype::$variant => $bits,)* }
            }
        }
    };
}

dtypes! {
    BOOL = 8, "A truth value in a byte.";
    F4 = 4, "4-bit float, two in a byte.";
    F6_E2M3 = 6, "6-bit float with 2 bits of exponent, four in three bytes.";
    F6_E3M2 = 6, "6-bit float with 3 bits of exponent, four in three bytes.";
    U8 = 8, "8-bit unsigned integer.";
    I8 = 8, "8-bit signed integer.";
    F8_E5M2 = 8, "8-bit float with 5 bits of exponent.";
    F8_E4M3 = 8, "8-bit float with 4 bits of exponent.";
    F8_E8M0 = 8, "A power of two in 8 bits.";
    F8_E4M3FNUZ = 8, "8-bit float with 4 bits of exponent and one zero.";
    F8_E5M2FNUZ = 8, "8-bit float with 5 bits of exponent and one zero.";
    I16 = 16, "16-bit signed integer.";
    U16 = 16, "16-bit unsigned integer.";
    F16 = 16, "IEEE 754 half precision.";
    BF16 = 16, "The upper half of an IEEE 754 single.";
    I32 = 32, "32-bit signed integer.";
    U32 = 32, "32-bit unsigned integer.";
    F32 = 32, "IEEE 754 single precision.";
    C64 = 64, "A complex number of two 32-bit floats.";
    F64 = 64, "IEEE 754 double precision.";
    I64 = 64, "64-bit signed integer.";
    U64 = 64, "64-bit unsigned integer.";
}

impl fmt::Display for Dtype {
    fn fmt(&self, f: &mut fmt::Formatter) -> fmt::Result {
        f.write_str(self.name())
    }
}
