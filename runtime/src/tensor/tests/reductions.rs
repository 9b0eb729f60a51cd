use super::*;

#[test]
fn all_elements_fold() {
    let x = floats(&[1.5, -2.0, 0.25], &[3]);
    exact(&x.fold(Fold::Sum).unwrap(), &[-0.25], &[], Float32);
    exact(&x.fold(Fold::Mean).unwrap(), &[f64::from(-0.25f32 / 3.0)], &[], Float32);
    exact(&x.fold(Fold::Max).unwrap(), &[1.5], &[], Float32);
    exact(&x.fold(Fold::Min).unwrap(), &[-2.0], &[], Float32);
    exact(&halves(&[60000.0, 60000.0], &[2]).fold(Fold::Sum).unwrap(), &[120_000.0], &[], Float32);
    exact(&whole(&[1, 2, 4], &[3], Int16).fold(Fold::Sum).unwrap(), &[7.0], &[], Int64);
    exact(&whole(&[1, 2, 4], &[3], Int16).fold(Fold::Mean).unwrap(), &[f64::from(7.0f32 / 3.0)], &[], Float32);
    exact(&truths(&[1, 1, 0]).fold(Fold::Sum).unwrap(), &[2.0], &[], Int64);
    exact(&truths(&[1, 0]).fold(Fold::Max).unwrap(), &[1.0], &[], Int64);
    let nan = floats(&[1.0, f32::NAN, 3.0], &[3]);
    for fold in [Fold::Sum, Fold::Mean, Fold::Max, Fold::Min] {
        exact(&nan.fold(fold).unwrap(), &[f64::NAN], &[], Float32);
    }
    let empty = Tensor::zeros(&[0, 2], Float32, &device()).unwrap();
    exact(&empty.fold(Fold::Sum).unwrap(), &[0.0], &[], Float32);
    exact(&empty.fold(Fold::Mean).unwrap(), &[f64::NAN], &[], Float32);
    assert_eq!(message(empty.fold(Fold::Max)), "a tensor of shape [0, 2] has no largest or smallest element");
    assert!((floats(&[3.0, -4.0], &[2]).norm().unwrap() - 5.0).abs() < 1e-9);
}

#[test]
fn one_axis_folds() {
    let shape = [3, 5, 4];
    let x = random(&shape, 6);
    let values = x.to_floats().unwrap();
    for axis in 0..3 {
        let inner: usize = shape[axis + 1..].iter().product();
        let outer: usize = shape[..axis].iter().product();
        let size = shape[axis];
        let mut left: Vec<usize> = shape.to_vec();
        left.remove(axis);
        let lines: Vec<Vec<f64>> = (0..outer * inner)
            .map(|at| (0..size).map(|i| f64::from(values[(at / inner * size + i) * inner + at % inner])).collect())
            .collect();
        let expect = |f: &dyn Fn(&[f64]) -> f64| -> Vec<f64> { lines.iter().map(|line| f(line)).collect() };
        let sum = expect(&|line| line.iter().sum());
        let largest = expect(&|line| line.iter().copied().fold(f64::MIN, f64::max));
        check(&x.fold_axis(Fold::Sum, axis, false).unwrap(), &sum, &left, Float32, 1e-6);
        let mean: Vec<f64> = sum.iter().map(|sum| sum / size as f64).collect();
        check(&x.fold_axis(Fold::Mean, axis, false).unwrap(), &mean, &left, Float32, 1e-6);
        let mut kept = shape;
        kept[axis] = 1;
        exact(&x.fold_axis(Fold::Max, axis, true).unwrap(), &largest, &kept, Float32);
        let first = expect(&|line| {
            line.iter().position(|x| *x == line.iter().copied().fold(f64::MIN, f64::max)).unwrap() as f64
        });
        exact(&x.arg_axis(true, axis, false).unwrap(), &first, &left, Int64);
    }
    exact(&whole(&[1, 2, 3, 4], &[2, 2], Int32).fold_axis(Fold::Sum, 0, false).unwrap(), &[4.0, 6.0], &[2], Int32);
    exact(&truths(&[1, 1]).fold_axis(Fold::Sum, 0, false).unwrap(), &[2.0], &[], Int64);
    let empty = Tensor::zeros(&[0, 2], Float32, &device()).unwrap();
    exact(&empty.fold_axis(Fold::Sum, 0, false).unwrap(), &[0.0, 0.0], &[2], Float32);
    exact(&empty.fold_axis(Fold::Max, 1, false).unwrap(), &[], &[0], Float32);
    assert!(empty.fold_axis(Fold::Max, 0, false).is_err());
    assert_eq!(message(x.fold_axis(Fold::Sum, 3, false)), "a tensor of shape [3, 5, 4] has no axis 3");
}

#[test]
fn the_first_extreme_counts() {
    let x = floats(&[1.0, 3.0, 3.0, -1.0, -1.0], &[5]);
    assert_eq!((x.argmax().unwrap(), x.argmin().unwrap()), (1, 3));
    let minus = floats(&[f32::NEG_INFINITY; 3], &[3]);
    assert_eq!((minus.argmax().unwrap(), minus.argmin().unwrap()), (0, 0));
    assert_eq!(floats(&[1.0, f32::NAN, 5.0], &[3]).argmax().unwrap(), 1);
    assert_eq!(whole(&[5, 7, 7], &[3], Int64).argmax().unwrap(), 1);
    let logits = whole(&[0; 4], &[2, 2], Int64).arg_axis(false, 1, true).unwrap();
    exact(&logits, &[0.0, 0.0], &[2, 1], Int64);
    assert!(Tensor::zeros(&[0], Float32, &device()).unwrap().argmax().is_err());
}
