//! The text of values.

use super::*;

#[track_caller]
fn check_text(value: &Value, expected: &str) {
    assert_eq!(run().text(value), expected);
}

#[test]
fn numbers_have_the_fewest_digits() {
    check_text(&Value::Void, "void");
    check_text(&float(1.0), "1");
    check_text(&float(0.1), "0.1");
    check_text(&float(1e21), "1000000000000000000000");
    check_text(&float(1e-7), "0.0000001");
    check_text(&float(f64::NEG_INFINITY), "-inf");
    check_text(&float(f64::NAN), "NaN");
    check_text(&tensor(&[0.1, 1e10, 1e-5, 3.0], &[4]), "[0.1, 10000000000, 0.00001, 3]");
    let half = |x: f32, expected: &str| check_text(&typed(&[x], &[], ElementType::Float16), expected);
    half(0.1, "0.1");
    half(65504.0, "65500");
    half(2049.0, "2048");
    half(1.0 / 3.0, "0.3333");
    half(1e-7, "0.0000001");
    half(0.0, "0");
    half(f32::NAN, "NaN");
    half(-1.5, "-1.5");
}

#[test]
fn every_half_reads_back() {
    for bits in 0..=u16::MAX {
        let half = half::f16::from_bits(bits);
        if half.is_finite() {
            let text = run_free(half.to_f32());
            assert_eq!(half::f16::from_f64(text.parse().unwrap()), half, "{text}");
        }
    }
}

/// The text of one float16 without a tensor around it.
fn run_free(value: f32) -> String {
    crate::text::half_text(value)
}

#[test]
fn tensors_nest_up_to_64_elements() {
    check_text(&tensor(&[1.0, 2.0, 3.0, 4.5], &[2, 2]), "[[1, 2], [3, 4.5]]");
    check_text(&tensor(&[1.0, 2.0], &[1, 2, 1]), "[[[1], [2]]]");
    check_text(&tensor(&[7.5], &[]), "7.5");
    check_text(&typed(&[1.0, 0.0], &[2], ElementType::Bool), "[1, 0]");
    check_text(&tensor(&[], &[0, 4, 64]), "float32[0, 4, 64]");
    check_text(&tensor(&[1.0; 65], &[65]), "float32[65] min 1 max 1 mean 1");
    let mut values = vec![0.0; 70];
    (values[0], values[1]) = (0.123456, 1234.5678);
    check_text(&tensor(&values, &[7, 10]), "float32[7, 10] min 0 max 1235 mean 17.64");
    (values[2], values[3], values[4]) = (f32::NAN, f32::INFINITY, f32::NEG_INFINITY);
    check_text(&tensor(&values, &[70]), "float32[70] min 0 max 1235 mean 18.43 nan 1 inf 2");
    check_text(&tensor(&[f32::NAN; 65], &[65]), "float32[65] nan 65");
    let whole: Vec<f32> = (0..100).map(|n| (n * 317) as f32).collect();
    check_text(&typed(&whole, &[100], ElementType::Int64), "int64[100] min 0 max 31383 mean 15690");
}

#[test]
fn lists_are_shortened() {
    check_text(&ints(&[1, 2, 3]), "[1, 2, 3]");
    check_text(&floats(&[1.0, 2.5]), "[1, 2.5]");
    check_text(&strings(&["a\"b", "c\nd"]), "[\"a\\\"b\", \"c\\nd\"]");
    check_text(&ints(&(1..=12).collect::<Vec<i64>>()), "[1, 2, ..., 12] (len=12)");
    check_text(&ints(&(1..=10).collect::<Vec<i64>>()), "[1, 2, 3, 4, 5, 6, 7, 8, 9, 10]");
    check_text(&tokens(&(1..=12).collect::<Vec<u32>>()), "[1, 2, 3, 4, 5, 6, 7, 8, 9, 10, 11, 12]");
    check_text(&Value::Array(Arc::new(Array::Boolean(vec![true, false]))), "[true, false]");
}
