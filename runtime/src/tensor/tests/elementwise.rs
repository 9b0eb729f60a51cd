use super::*;

type Op = fn(&Tensor, &Tensor) -> Result<Tensor>;
type Reference = fn(f64, f64) -> f64;
type UnaryReference = fn(f64) -> f64;

#[test]
fn operators_broadcast() {
    let cases: [(Op, Reference); 7] = [
        (Tensor::add, |a, b| a + b),
        (Tensor::sub, |a, b| a - b),
        (Tensor::mul, |a, b| a * b),
        (Tensor::div, |a, b| a / b),
        (Tensor::remainder, |a, b| a % b),
        (Tensor::maximum, f64::max),
        (Tensor::minimum, f64::min),
    ];
    let shapes: [(&[usize], &[usize]); 7] = [
        (&[2, 3], &[2, 3]),
        (&[2, 3], &[3]),
        (&[2, 1, 4], &[3, 1]),
        (&[], &[2]),
        (&[], &[]),
        (&[3, 5], &[]),
        (&[1, 300, 70], &[4, 1, 70]),
    ];
    for (operator, reference) in cases {
        for (left_shape, right_shape) in shapes {
            let (left, right) = (random(left_shape, 3), random(right_shape, 8));
            let shape = crate::tensor::layout::broadcast_shape(left_shape, right_shape).unwrap();
            let wide = |tensor: &Tensor| tensor.broadcast_to(&shape).unwrap().to_floats().unwrap();
            let expected: Vec<f64> = wide(&left)
                .iter()
                .zip(wide(&right))
                .map(|(a, b)| f64::from(reference(f64::from(*a), f64::from(b)) as f32))
                .collect();
            check(&operator(&left, &right).unwrap(), &expected, &shape, Float32, 1e-6);
        }
        exact(
            &operator(&Tensor::zeros(&[0, 3], Float32, &device()).unwrap(), &random(&[3], 1)).unwrap(),
            &[],
            &[0, 3],
            Float32,
        );
    }
    let wrong = random(&[2, 3], 1).add(&random(&[2], 1));
    assert_eq!(message(wrong), "shapes [2, 3] and [2] do not fit together");
}

#[test]
fn element_types_meet() {
    let (single, half) = (floats(&[1.0], &[1]), halves(&[0.1], &[1]));
    let (short, long, truth) = (whole(&[300], &[1], Int16), whole(&[2], &[1], Int64), truths(&[1]));
    exact(&half.add(&single).unwrap(), &[f64::from(1.099_975_6f32)], &[1], Float32);
    exact(&half.add(&single.clone().weak()).unwrap(), &[1.099609375], &[1], Float16);
    exact(&single.clone().weak().mul(&long).unwrap(), &[2.0], &[1], Float32);
    exact(&half.clone().weak().mul(&long).unwrap(), &[f64::from(0.099_975_586f32 * 2.0)], &[1], Float32);
    exact(&short.mul(&short).unwrap(), &[24464.0], &[1], Int16);
    exact(&short.mul(&long).unwrap(), &[600.0], &[1], Int64);
    exact(&truth.add(&truth).unwrap(), &[2.0], &[1], Int64);
    exact(&truth.mul(&short).unwrap(), &[300.0], &[1], Int16);
    exact(&long.div(&short).unwrap(), &[f64::from(2.0f32 / 300.0)], &[1], Float32);
    exact(&long.power(&long).unwrap(), &[4.0], &[1], Float32);
    assert!(single.clone().weak().add(&half.clone().weak()).unwrap().is_weak());
    assert!(!single.clone().weak().add(&half).unwrap().is_weak());
    assert_eq!(promote((Float32, true), (Float16, false)), (Float16, false));
    assert_eq!(promote((Int64, true), (Int16, false)), (Int16, false));
    assert_eq!(promote((Int64, true), (Bool, false)), (Int64, false));
    assert_eq!(promote((Float16, true), (Bool, false)), (Float32, false));
    assert_eq!(promote((Float16, true), (Int16, true)), (Float16, true));
}

#[test]
fn numbers_take_the_type_of_the_tensor() {
    let (integer, float) = (Number::Integer, Number::Float);
    let half = halves(&[1.0], &[1]);
    exact(&half.add_number(float(0.1)).unwrap(), &[1.099609375], &[1], Float16);
    exact(&half.add_number(integer(2048)).unwrap(), &[2048.0], &[1], Float16);
    let long = whole(&[7, -7], &[2], Int64);
    exact(&long.add_number(integer(1)).unwrap(), &[8.0, -6.0], &[2], Int64);
    exact(&long.add_number(float(0.5)).unwrap(), &[7.5, -6.5], &[2], Float32);
    exact(&long.subtracted_from(integer(1)).unwrap(), &[-6.0, 8.0], &[2], Int64);
    exact(&long.subtracted_from(float(0.5)).unwrap(), &[-6.5, 7.5], &[2], Float32);
    exact(&long.mul_number(integer(3)).unwrap(), &[21.0, -21.0], &[2], Int64);
    exact(&long.sub_number(integer(3)).unwrap(), &[4.0, -10.0], &[2], Int64);
    exact(&long.div_number(integer(2)).unwrap(), &[3.5, -3.5], &[2], Float32);
    exact(&long.dividing(float(3.5)).unwrap(), &[0.5, -0.5], &[2], Float32);
    exact(&long.remainder_number(integer(4)).unwrap(), &[3.0, -3.0], &[2], Int64);
    exact(&long.remainder_of(integer(15)).unwrap(), &[1.0, 1.0], &[2], Int64);
    exact(&long.power_number(integer(3)).unwrap(), &[343.0, -343.0], &[2], Int64);
    exact(&long.power_number(integer(0)).unwrap(), &[1.0, 1.0], &[2], Int64);
    check(&long.power_number(integer(-1)).unwrap(), &[1.0 / 7.0, -1.0 / 7.0], &[2], Float32, 1e-6);
    check(&floats(&[2.0, 9.0], &[2]).power_number(float(0.5)).unwrap(), &[2f64.sqrt(), 3.0], &[2], Float32, 1e-6);
    check(&floats(&[-2.0, 3.0], &[2]).power_number(integer(2)).unwrap(), &[4.0, 9.0], &[2], Float32, 1e-6);
    check(&floats(&[-1.0, 3.0], &[2]).exponent_of(integer(2)).unwrap(), &[0.5, 8.0], &[2], Float32, 1e-6);
    exact(&truths(&[1, 0]).add_number(integer(1)).unwrap(), &[2.0, 1.0], &[2], Int64);
    exact(&long.neg().unwrap(), &[-7.0, 7.0], &[2], Int64);
    exact(&truths(&[1, 0]).neg().unwrap(), &[-1.0, 0.0], &[2], Int64);
    exact(&whole(&[i64::from(i16::MIN)], &[1], Int16).neg().unwrap(), &[f64::from(i16::MIN)], &[1], Int16);
    assert_eq!(message(long.remainder_number(integer(0))), "integers have no remainder by zero");
    check(
        &floats(&[5.5, -5.5, 1.0], &[3]).remainder(&floats(&[2.0, 2.0, 0.0], &[3])).unwrap(),
        &[1.5, -1.5, f64::NAN],
        &[3],
        Float32,
        0.0,
    );
    assert!(floats(&[1.0], &[1]).weak().mul_number(float(2.0)).unwrap().is_weak());
}

#[test]
fn comparisons_are_truths() {
    use Comparison::*;
    let (a, b) = (floats(&[1.0, 2.0, f32::NAN], &[3]), floats(&[2.0, 2.0, 2.0], &[3]));
    let cases = [
        (Equal, [0.0, 1.0, 0.0]),
        (NotEqual, [1.0, 0.0, 1.0]),
        (Less, [1.0, 0.0, 0.0]),
        (LessOrEqual, [1.0, 1.0, 0.0]),
        (Greater, [0.0, 0.0, 0.0]),
        (GreaterOrEqual, [0.0, 1.0, 0.0]),
    ];
    for (comparison, expected) in cases {
        exact(&a.compare(comparison, &b).unwrap(), &expected, &[3], Bool);
        exact(&a.compare_number(comparison, Number::Float(2.0)).unwrap(), &expected, &[3], Bool);
    }
    let long = whole(&[1, 2], &[2], Int64);
    exact(&long.compare_number(Equal, Number::Float(1.5)).unwrap(), &[0.0, 0.0], &[2], Bool);
    exact(&long.compare_number(Greater, Number::Float(1.5)).unwrap(), &[0.0, 1.0], &[2], Bool);
    exact(&long.compare_number(Equal, Number::Float(2.0)).unwrap(), &[0.0, 1.0], &[2], Bool);
    exact(&halves(&[0.1], &[1]).compare_number(Equal, Number::Float(0.1)).unwrap(), &[1.0], &[1], Bool);
    exact(&truths(&[1, 0]).compare(Equal, &whole(&[1, 2], &[2], Int32)).unwrap(), &[1.0, 0.0], &[2], Bool);
    let empty = Tensor::zeros(&[2, 0], Float32, &device()).unwrap();
    exact(&empty.compare_number(Less, Number::Integer(1)).unwrap(), &[], &[2, 0], Bool);
    exact(&floats(&[0.0, -0.5, f32::NAN], &[3]).truth().unwrap(), &[0.0, 1.0, 1.0], &[3], Bool);
    assert!(empty.all().unwrap() && !empty.any().unwrap());
    assert!(!long.sub_number(Number::Integer(1)).unwrap().all().unwrap() && long.any().unwrap());
}

#[test]
fn functions_of_one_element() {
    use Unary::*;
    let cases: [(Unary, UnaryReference); 16] = [
        (Exp, f64::exp),
        (Log, f64::ln),
        (Sqrt, f64::sqrt),
        (Sin, f64::sin),
        (Cos, f64::cos),
        (Tan, f64::tan),
        (Tanh, f64::tanh),
        (Sigmoid, |x| 1.0 / (1.0 + (-x).exp())),
        (Silu, |x| x / (1.0 + (-x).exp())),
        (Gelu, |x| 0.5 * x * (1.0 + ((2.0 / std::f64::consts::PI).sqrt() * (x + 0.044715 * x.powi(3))).tanh())),
        (Relu, |x| x.max(0.0)),
        (Abs, f64::abs),
        (Floor, f64::floor),
        (Ceil, f64::ceil),
        (Round, f64::round),
        (Sign, |x| if x == 0.0 { 0.0 } else { x.signum() }),
    ];
    let tolerance = if device().is_cpu() { 1e-6 } else { 1e-4 };
    for (function, reference) in cases {
        let mut values: Vec<f32> = noise(40, 2).iter().map(|x| x * 4.0).collect();
        values.extend([0.0, -2.5, 2.5, 0.5, -0.5]);
        let log = function == Log || function == Sqrt;
        let values: Vec<f32> = values.iter().map(|x| if log { x.abs() + 0.01 } else { *x }).collect();
        let expected: Vec<f64> = values.iter().map(|x| reference(f64::from(*x))).collect();
        check(&floats(&values, &[5, 9]).map(function).unwrap(), &expected, &[5, 9], Float32, tolerance);
        let empty = Tensor::zeros(&[0], Float32, &device()).unwrap();
        exact(&empty.map(function).unwrap(), &[], &[0], Float32);
    }
    exact(&whole(&[-3, 4], &[2], Int16).map(Abs).unwrap(), &[3.0, 4.0], &[2], Int16);
    exact(&whole(&[-3, 4], &[2], Int64).map(Relu).unwrap(), &[0.0, 4.0], &[2], Int64);
    exact(&whole(&[-3, 0], &[2], Int64).map(Sign).unwrap(), &[-1.0, 0.0], &[2], Int64);
    check(&whole(&[1], &[1], Int64).map(Exp).unwrap(), &[1f64.exp()], &[1], Float32, 1e-6);
    exact(&halves(&[2.0], &[1]).map(Sqrt).unwrap(), &[1.4140625], &[1], Float16);
    check(
        &random(&[300, 301], 4).map(Silu).unwrap().fold(Fold::Mean).unwrap(),
        &[noise(300 * 301, 4).iter().map(|x| f64::from(*x) / (1.0 + f64::from(-x).exp())).sum::<f64>() / 90300.0],
        &[],
        Float32,
        1e-5,
    );
}
