//! Positions: see the catalogue's family of the same name.

use tensorlogic_language::catalogue::position::Position;
use tensorlogic_language::diagnostic::Code;

use super::arguments::Arguments;
use crate::context::Context;
use crate::failure::{Failure, Stop};
use crate::model::Model;
use crate::tensor::{Positions, Rope, RopeStyle, Tensor};
use crate::value::Value;

/// The base where neither script nor model says.
const BASE: f64 = 10000.0;

/// Runs one position encoding.
pub fn call(which: Position, context: &mut Context, arguments: &Arguments) -> Result<Value, Stop> {
    match which {
        Position::Rope => Ok(Value::Tensor(rope(context, arguments)?)),
        Position::PositionalEncoding => {
            let (positions, width) = (arguments.size(0)?, arguments.size(1)?);
            let at = |column: usize, angle: f64| if column.is_multiple_of(2) { angle.sin() } else { angle.cos() };
            Ok(Value::Tensor(table(context, positions, width, BASE, at)?))
        }
        Position::RopeCos | Position::RopeSin => {
            let (size, positions) = (arguments.size(0)?, arguments.size(1)?);
            let base = if arguments.get(2).is_some() { arguments.float(2)? } else { BASE };
            let at = |_, angle: f64| if which == Position::RopeCos { angle.cos() } else { angle.sin() };
            Ok(Value::Tensor(table(context, positions, size, base, at)?))
        }
    }
}

/// A weak tensor `[positions, width]`: `at` of each column and its angle, which is
/// position · base^(-2i/width) for the columns 2i and 2i + 1.
fn table(
    context: &Context,
    positions: usize,
    width: usize,
    base: f64,
    at: impl Fn(usize, f64) -> f64,
) -> Result<Tensor, Failure> {
    let speeds: Vec<f64> = (0..width).map(|column| base.powf(-((column / 2 * 2) as f64) / width as f64)).collect();
    let mut values = Vec::with_capacity(positions * width);
    for position in 0..positions {
        values.extend(speeds.iter().enumerate().map(|(column, speed)| at(column, position as f64 * speed) as f32));
    }
    Ok(Tensor::from_floats(values, &[positions, width], context.default_element, &context.device)?.weak())
}

fn rope(context: &Context, arguments: &Arguments) -> Result<Tensor, Failure> {
    let x = arguments.tensor(context, 0)?;
    let style = match arguments.get(3) {
        Some(_) if arguments.string(3)? == "neox" => RopeStyle::Neox,
        _ => RopeStyle::Interleaved,
    };
    if let (Value::Tensor(cos), Value::Tensor(sin)) = (arguments.value(1), arguments.value(2))
        && cos.rank() == 2
        && sin.rank() == 2
    {
        return by_tables(&x, cos, sin, style);
    }
    let size = x.shape().last().copied().unwrap_or(0);
    let defaults = Defaults::of_models(&context.models)?;
    let rope = match arguments.get(2) {
        Some(base) => {
            let base = base.to_float().map_err(|found| arguments.wrong(2, "a number", &found))?;
            Rope { style, base, rotated: size, divisors: None }
        }
        None => {
            Rope { style, base: defaults.base, rotated: defaults.rotated.unwrap_or(size), divisors: defaults.divisors }
        }
    };
    Ok(x.rope(&positions(arguments)?, &fitted(rope, size))?)
}

/// Where the rows stand.
fn positions(arguments: &Arguments) -> Result<Positions, Failure> {
    let Some(position) = arguments.get(1) else { return Ok(Positions::From(0)) };
    if let Ok(first) = position.to_integer() {
        return Ok(Positions::From(first));
    }
    let each = position.to_integers().map_err(|found| arguments.wrong(1, "whole numbers", &found))?;
    Ok(Positions::Each(each))
}

/// The rotation for heads of `size` elements. Heads smaller than the model's,
/// as in a small test, turn completely, without its divisors.
fn fitted(rope: Rope, size: usize) -> Rope {
    let rotated = if rope.rotated <= size && rope.rotated.is_multiple_of(2) { rope.rotated } else { size };
    let divisors = rope.divisors.filter(|divisors| divisors.len() == rotated / 2);
    Rope { rotated, divisors, ..rope }
}

/// Turns by tables of `[rows or more, size]`, where each angle stands twice, or
/// `[rows or more, size / 2]`.
fn by_tables(x: &Tensor, cos: &Tensor, sin: &Tensor, style: RopeStyle) -> Result<Tensor, Failure> {
    let (rows, size) = match x.shape() {
        [.., rows, _, size] => (*rows, *size),
        _ => (0, 0),
    };
    let table = |table: &Tensor| -> Result<Tensor, Failure> {
        let table = table.narrow(0, 0..rows)?;
        if table.shape()[1] != size {
            return Ok(table);
        }
        Ok(match style {
            RopeStyle::Neox => table.narrow(1, 0..size / 2)?,
            RopeStyle::Interleaved => table.reshape(&[rows, size / 2, 2])?.entry(2, 0)?,
        })
    };
    Ok(x.rope_by_tables(&table(cos)?, &table(sin)?, style)?)
}

/// What the loaded models say about their rotation.
#[derive(Clone, Debug, PartialEq)]
struct Defaults {
    base: f64,
    rotated: Option<usize>,
    divisors: Option<Vec<f32>>,
}

impl Defaults {
    fn of_models(models: &[Model]) -> Result<Defaults, Failure> {
        let Some((first, others)) = models.split_first() else {
            return Ok(Defaults { base: BASE, rotated: None, divisors: None });
        };
        let defaults = Defaults::of(first)?;
        for other in others.iter().filter(|other| other.path() != first.path()) {
            let found = Defaults::of(other)?;
            if found != defaults {
                let message = format!(
                    "`rope` finds different rotations in the loaded models: base {} in `{}`, base {} in `{}`",
                    defaults.base,
                    first.path().display(),
                    found.base,
                    other.path().display()
                );
                let failure = Failure::new(Code::RopeInput, message);
                return Err(failure.help("pass the base: `rope(x, position, base = …)`"));
            }
        }
        Ok(defaults)
    }

    fn of(model: &Model) -> Result<Defaults, Failure> {
        const DIVISORS: &str = "rope_freqs.weight";
        let index = model.file().index();
        let number = |key: &str| index.of_architecture(key).and_then(|value| value.number());
        let rotated = index.of_architecture("rope.dimension_count").and_then(|value| value.unsigned());
        let divisors = match index.tensor(DIVISORS) {
            Some(_) => Some(model.weight(DIVISORS)?.decode_all()?),
            None => None,
        };
        Ok(Defaults {
            base: number("rope.freq_base").filter(|base| *base > 0.0).unwrap_or(BASE),
            rotated: rotated.and_then(|rotated| usize::try_from(rotated).ok()).filter(|rotated| *rotated > 0),
            divisors,
        })
    }
}
