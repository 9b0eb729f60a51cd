//! Every operation against a plain reference in 64 bits. `TL_TEST_DEVICE`
//! names another device to run the same tests on.

mod elementwise;
mod products;
mod reductions;
mod shapes;
mod transformer;

use tensorlogic_language::shape::ElementType;

use super::*;

pub(super) use ElementType::*;

pub(super) fn device() -> Device {
    let name = std::env::var("TL_TEST_DEVICE").unwrap_or_else(|_| "cpu".to_owned());
    Device::choose(&name).unwrap()
}

/// Numbers between −1 and 1, the same ones each time.
pub(super) fn noise(count: usize, seed: u32) -> Vec<f32> {
    let mut state = seed.wrapping_mul(0x9e37_79b9) | 1;
    (0..count)
        .map(|_| {
            state ^= state << 13;
            state ^= state >> 17;
            state ^= state << 5;
            state as f32 / u32::MAX as f32 * 2.0 - 1.0
        })
        .collect()
}

pub(super) fn random(shape: &[usize], seed: u32) -> Tensor {
    floats(&noise(shape.iter().product(), seed), shape)
}

pub(super) fn floats(values: &[f32], shape: &[usize]) -> Tensor {
    Tensor::from_floats(values.to_vec(), shape, Float32, &device()).unwrap()
}

pub(super) fn halves(values: &[f32], shape: &[usize]) -> Tensor {
    Tensor::from_floats(values.to_vec(), shape, Float16, &device()).unwrap()
}

pub(super) fn whole(values: &[i64], shape: &[usize], element: ElementType) -> Tensor {
    Tensor::from_integers(values.to_vec(), shape, element, &device()).unwrap()
}

pub(super) fn truths(values: &[i64]) -> Tensor {
    whole(values, &[values.len()], Bool)
}

/// Values, shape and element type; integers are compared as they are.
pub(super) fn check(found: &Tensor, expected: &[f64], shape: &[usize], element: ElementType, tolerance: f64) {
    assert_eq!((found.shape(), found.element()), (shape, element));
    let values: Vec<f64> = if element.is_float() {
        found.to_floats().unwrap().into_iter().map(f64::from).collect()
    } else {
        found.to_integers().unwrap().into_iter().map(|value| value as f64).collect()
    };
    assert_eq!(values.len(), expected.len());
    for (at, (found, expected)) in values.iter().zip(expected).enumerate() {
        let same = found == expected
            || (found.is_nan() && expected.is_nan())
            || (found - expected).abs() <= tolerance * expected.abs().max(1.0);
        assert!(same, "element {at}: expected {expected}, found {found}");
    }
}

pub(super) fn exact(found: &Tensor, expected: &[f64], shape: &[usize], element: ElementType) {
    check(found, expected, shape, element, 0.0);
}

pub(super) fn message<T: std::fmt::Debug>(result: Result<T>) -> String {
    result.unwrap_err().to_string()
}
