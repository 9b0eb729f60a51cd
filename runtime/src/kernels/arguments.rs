//! Reading arguments: each method takes what its parameter may be given and
//! returns what the kernel computes with, or says by name why it cannot.

use tensorlogic_language::catalogue::entry::{Accepts, Bound, Entry};
use tensorlogic_language::catalogue::rules;
use tensorlogic_language::diagnostic::Code;

use crate::context::Context;
use crate::failure::Failure;
use crate::model::Model;
use crate::tensor::{Number as TensorNumber, Tensor};
use crate::value::{Array, Value};

/// The arguments of one call, in the slots of their parameters.
pub struct Arguments<'a> {
    /// The declaration they belong to.
    pub entry: &'static Entry,
    /// The values.
    pub values: &'a Bound<Value>,
    /// Whether the first one is a format, so that its `{}` are to be filled.
    pub template: bool,
}

impl Arguments<'_> {
    /// The value of a parameter, if it was passed.
    pub fn get(&self, index: usize) -> Option<&Value> {
        self.values.get(index)
    }

    /// The value of a parameter; void if it was not passed.
    pub fn value(&self, index: usize) -> &Value {
        self.get(index).unwrap_or(&Value::Void)
    }

    /// The values of the variadic parameter.
    pub fn rest(&self) -> &[Value] {
        self.values.rest()
    }

    /// The same arguments with what stands for something simpler replaced by it:
    /// a one-element tensor for a number, a list of sizes in a tensor or Tokens,
    /// a feature for its weight. `None` if there is nothing of the kind, which
    /// is the rule.
    pub fn resolved(&self) -> Result<Option<Bound<Value>>, Failure> {
        use Accepts::{Boolean, Ids, Integer, Number, SizeOrSizes, Sizes, Tensor, TensorOrIds};
        let stands_for_another = |(slot, value): (usize, &Value)| {
            matches!(
                (self.entry.accepts(slot), value),
                (Integer | Number | Boolean, Value::Tensor(_))
                    | (Sizes | SizeOrSizes, Value::Tensor(_) | Value::Tokens(_))
                    | (Tensor | Ids | TensorOrIds, Value::Feature(..))
            )
        };
        if !self.values.slots().any(stands_for_another) {
            return Ok(None);
        }
        let replaced = self.values.try_map(|slot, value| {
            let wrong = |found: String| self.wrong(slot, self.entry.accepts(slot).describe(), &found);
            Ok(match (self.entry.accepts(slot), value) {
                (Integer | Number, Value::Tensor(tensor)) => number(tensor)?,
                (SizeOrSizes, Value::Tensor(tensor)) if tensor.rank() == 0 => number(tensor)?,
                (Boolean, Value::Tensor(_)) => Value::Boolean(value.to_boolean().map_err(wrong)?),
                (Sizes | SizeOrSizes, Value::Tensor(_) | Value::Tokens(_)) => {
                    Value::integers(value.to_integers().map_err(wrong)?)
                }
                (Tensor | Ids | TensorOrIds, Value::Feature(model, path)) => {
                    Value::Weight(model.clone(), model.weight(&format!("{path}.weight"))?)
                }
                _ => value.clone(),
            })
        });
        replaced.map(Some)
    }

    /// A tensor: weights are decoded, arrays and numbers converted.
    pub fn tensor(&self, context: &Context, index: usize) -> Result<Tensor, Failure> {
        context.tensor(self.value(index))
    }

    /// A whole number.
    pub fn integer(&self, index: usize) -> Result<i64, Failure> {
        self.value(index).to_integer().map_err(|found| self.wrong(index, "a whole number", &found))
    }

    /// A whole number, if one was passed.
    pub fn optional_integer(&self, index: usize) -> Result<Option<i64>, Failure> {
        self.get(index).map(|_| self.integer(index)).transpose()
    }

    /// A whole number that is at least zero.
    pub fn size(&self, index: usize) -> Result<usize, Failure> {
        let size = self.integer(index)?;
        usize::try_from(size).map_err(|_| self.wrong(index, "a size of at least 0", &size.to_string()))
    }

    /// A number.
    pub fn float(&self, index: usize) -> Result<f64, Failure> {
        self.value(index).to_float().map_err(|found| self.wrong(index, "a number", &found))
    }

    /// A truth value, if one was passed; numbers count as Booleans.
    pub fn flag(&self, index: usize, default: bool) -> Result<bool, Failure> {
        match self.get(index) {
            None => Ok(default),
            Some(value) => value.to_boolean().map_err(|found| self.wrong(index, "a Boolean", &found)),
        }
    }

    /// A text.
    pub fn string(&self, index: usize) -> Result<&str, Failure> {
        match self.value(index) {
            Value::String(text) => Ok(text),
            other => Err(self.wrong(index, "a String", &other.describe())),
        }
    }

    /// A list of whole numbers, such as a shape; -1 is left to the caller.
    pub fn integers(&self, index: usize) -> Result<Vec<i64>, Failure> {
        self.value(index).to_integers().map_err(|found| self.wrong(index, "an array of sizes", &found))
    }

    /// A model.
    pub fn model(&self, index: usize) -> Result<&Model, Failure> {
        match self.value(index) {
            Value::Model(model) => Ok(model),
            other => Err(self.wrong(index, "a Model", &other.describe())),
        }
    }

    /// Whole numbers that are token ids or rows, and the shape they stand in;
    /// a single number stands in none.
    pub fn ids(&self, index: usize) -> Result<(Vec<i64>, Vec<usize>), Failure> {
        let value = self.value(index);
        let ids = match value {
            Value::Tensor(tensor) => {
                let flat = Value::Tensor(tensor.reshape(&[tensor.count()])?);
                return match flat.to_integers() {
                    Ok(ids) => Ok((ids, tensor.shape().to_vec())),
                    Err(found) => Err(self.wrong(index, "whole numbers", &found)),
                };
            }
            _ => value.to_integers().map_err(|found| self.wrong(index, "token ids", &found))?,
        };
        let shape = match value {
            Value::Integer(_) | Value::Float(_) => Vec::new(),
            _ => vec![ids.len()],
        };
        Ok((ids, shape))
    }

    /// Token ids: whole numbers that 32 bits hold.
    pub fn token_ids(&self, index: usize) -> Result<Vec<u32>, Failure> {
        let (ids, _) = self.ids(index)?;
        let id = |id: i64| {
            u32::try_from(id).map_err(|_| {
                let message = format!("`{}` needs token ids of at least 0, found {id}", self.entry.name);
                Failure { argument: Some(index), ..Failure::new(Code::IndexOutOfRange, message) }
            })
        };
        ids.into_iter().map(id).collect()
    }

    /// The axis that a parameter names on a value of `rank` axes, if passed.
    pub fn axis(&self, index: usize, rank: usize) -> Result<Option<usize>, Failure> {
        let Some(axis) = self.optional_integer(index)? else { return Ok(None) };
        Ok(Some(rules::axis(self.entry.name, axis, rank, index)?))
    }

    /// The failure of an argument that is not what its parameter needs.
    pub fn wrong(&self, index: usize, expected: &str, found: &str) -> Failure {
        let parameter = self.entry.parameters.get(index).map_or("value", |p| p.name);
        let message = format!("`{}` needs {expected} for `{parameter}`, found {found}", self.entry.name);
        Failure { argument: Some(index), ..Failure::new(Code::ArgumentType, message) }
    }
}

/// Conversions that hold everywhere in the language. The error is a description
/// of what was found instead.
impl Value {
    /// The whole number this is: an Integer, a whole Float or a one-element
    /// tensor of a whole value.
    pub fn to_integer(&self) -> Result<i64, String> {
        match self {
            Value::Integer(n) => Ok(*n),
            Value::Float(x) => whole(*x).ok_or_else(|| format!("the Float {x}")),
            Value::Tensor(tensor) if tensor.count() == 1 => {
                let x = match tensor.item().map_err(|error| error.to_string())? {
                    TensorNumber::Integer(n) => return Ok(n),
                    TensorNumber::Float(x) => x,
                };
                whole(x).ok_or_else(|| format!("{} with the value {x}", self.describe()))
            }
            other => Err(other.describe()),
        }
    }

    /// The number this is: an Integer, a Float or a one-element tensor.
    pub fn to_float(&self) -> Result<f64, String> {
        match self {
            Value::Integer(n) => Ok(*n as f64),
            Value::Float(x) => Ok(*x),
            Value::Tensor(tensor) if tensor.count() == 1 => item(tensor),
            other => Err(other.describe()),
        }
    }

    /// The truth value this is: a Boolean, or a one-element tensor or number
    /// that is not NaN.
    pub fn to_boolean(&self) -> Result<bool, String> {
        match self {
            Value::Boolean(b) => Ok(*b),
            Value::Integer(n) => Ok(*n != 0),
            Value::Tensor(tensor) if tensor.count() == 1 => match item(tensor)? {
                x if x.is_nan() => Err("NaN".into()),
                x => Ok(x != 0.0),
            },
            other => Err(other.describe()),
        }
    }

    /// The list of whole numbers this is.
    pub fn to_integers(&self) -> Result<Vec<i64>, String> {
        let all = |values: &mut dyn Iterator<Item = f64>| {
            values.map(|x| whole(x).ok_or_else(|| format!("{} with the entry {x}", self.describe()))).collect()
        };
        match self {
            Value::Array(array) => match &**array {
                Array::Integer(values) => Ok(values.clone()),
                Array::Float(values) => all(&mut values.iter().copied()),
                _ => Err(self.describe()),
            },
            Value::Tokens(ids) => Ok(ids.iter().map(|id| i64::from(*id)).collect()),
            Value::Tensor(tensor) if tensor.rank() <= 1 && !tensor.element().is_float() => {
                tensor.to_integers().map_err(|error| error.to_string())
            }
            Value::Tensor(tensor) if tensor.rank() <= 1 => {
                let values = tensor.to_floats().map_err(|error| error.to_string())?;
                all(&mut values.into_iter().map(f64::from))
            }
            Value::Integer(_) | Value::Float(_) => self.to_integer().map(|n| vec![n]),
            other => Err(other.describe()),
        }
    }
}

/// The number that a one-element tensor holds.
fn number(tensor: &Tensor) -> Result<Value, Failure> {
    Ok(match tensor.item()? {
        TensorNumber::Integer(n) => Value::Integer(n),
        TensorNumber::Float(x) => Value::Float(x),
    })
}

/// The value of a one-element tensor.
fn item(tensor: &Tensor) -> Result<f64, String> {
    tensor.item().map(TensorNumber::float).map_err(|error| error.to_string())
}

/// `x` as a whole number, if it is one that 64 bits hold.
fn whole(x: f64) -> Option<i64> {
    const BOUND: f64 = (1u64 << 63) as f64;
    (x.fract() == 0.0 && (-BOUND..BOUND).contains(&x)).then_some(x as i64)
}
