use super::*;

fn count(shape: &[usize]) -> Tensor {
    Tensor::arange(0, shape.iter().product::<usize>() as i64, Int64, &device()).unwrap().reshape(shape).unwrap()
}

#[test]
fn values_go_in_and_come_out() {
    exact(&floats(&[1.5, -2.0], &[2, 1]), &[1.5, -2.0], &[2, 1], Float32);
    exact(&halves(&[0.1, 1e6, 65504.0], &[3]), &[0.0999755859375, f64::INFINITY, 65504.0], &[3], Float16);
    exact(&whole(&[40000, -1], &[2], Int16), &[-25536.0, -1.0], &[2], Int16);
    exact(&whole(&[7, 0], &[2], Bool), &[1.0, 0.0], &[2], Bool);
    exact(&Tensor::filled(Number::Float(2.5), &[], Float32, &device()).unwrap(), &[2.5], &[], Float32);
    exact(&Tensor::filled(Number::Float(2.5), &[2], Int32, &device()).unwrap(), &[2.0, 2.0], &[2], Int32);
    exact(&Tensor::ones(&[0, 3], Float16, &device()).unwrap(), &[], &[0, 3], Float16);
    exact(&Tensor::arange(2, 5, Float32, &device()).unwrap(), &[2.0, 3.0, 4.0], &[3], Float32);
    exact(&Tensor::arange(5, 2, Int64, &device()).unwrap(), &[], &[0], Int64);
    assert_eq!(whole(&[1 << 40], &[], Int64).item().unwrap(), Number::Integer(1 << 40));
    assert_eq!(halves(&[0.5], &[1, 1]).item().unwrap(), Number::Float(0.5));
    assert_eq!(message(floats(&[1.0, 2.0], &[2]).item()), "expected one element, found a tensor of shape [2]");
    let wrong = Tensor::from_floats(vec![1.0], &[2], Float32, &device());
    assert_eq!(message(wrong), "shape [2] takes 2 values, found 1");
}

#[test]
fn what_memory_cannot_hold_is_refused() {
    for shape in [vec![usize::MAX, 2], vec![1 << 50], vec![1 << 31, 1 << 31]] {
        assert!(matches!(Tensor::zeros(&shape, Float32, &device()), Err(TensorError::TooLarge { .. })), "{shape:?}");
        assert!(matches!(floats(&[1.0], &[]).broadcast_to(&shape), Err(TensorError::TooLarge { .. })));
    }
    assert!(matches!(Tensor::arange(i64::MIN, i64::MAX, Float32, &device()), Err(TensorError::TooLarge { .. })));
    let (tall, wide) =
        (floats(&[1.0], &[1]).broadcast_to(&[1 << 25, 1]), floats(&[1.0], &[1]).broadcast_to(&[1, 1 << 25]));
    assert!(matches!(tall.unwrap().add(&wide.unwrap()), Err(TensorError::TooLarge { .. })));
}

#[test]
fn axes_move() {
    let x = count(&[2, 3]);
    exact(&x.transpose().unwrap(), &[0.0, 3.0, 1.0, 4.0, 2.0, 5.0], &[3, 2], Int64);
    exact(&x.transpose().unwrap().reshape(&[6]).unwrap(), &[0.0, 3.0, 1.0, 4.0, 2.0, 5.0], &[6], Int64);
    let y = random(&[2, 3, 4], 1);
    let z = y.permute(&[2, 0, 1]).unwrap();
    let (from, to) = (y.to_floats().unwrap(), z.to_floats().unwrap());
    for (a, b, c) in (0..24).map(|at| (at / 12, at / 4 % 3, at % 4)) {
        assert_eq!(from[a * 12 + b * 4 + c], to[c * 6 + a * 3 + b]);
    }
    exact(&x.unsqueeze(1).unwrap(), &[0.0, 1.0, 2.0, 3.0, 4.0, 5.0], &[2, 1, 3], Int64);
    assert_eq!(message(x.permute(&[0, 0])), "[0, 0] is no order of the axes of [2, 3]");
    assert_eq!(message(x.reshape(&[4])), "4 elements of [4] cannot be reshaped from [2, 3]");
    assert_eq!(message(count(&[3]).transpose()), "a transpose needs two axes, found shape [3]");
}

#[test]
fn parts_are_cut_out() {
    let x = count(&[3, 4]);
    exact(&x.slice(&[1..3, 1..3]).unwrap(), &[5.0, 6.0, 9.0, 10.0], &[2, 2], Int64);
    exact(&x.slice(std::slice::from_ref(&(2..3))).unwrap(), &[8.0, 9.0, 10.0, 11.0], &[1, 4], Int64);
    exact(&x.narrow(1, 3..4).unwrap(), &[3.0, 7.0, 11.0], &[3, 1], Int64);
    exact(&x.narrow(1, 2..2).unwrap(), &[], &[3, 0], Int64);
    exact(&x.entry(0, 1).unwrap(), &[4.0, 5.0, 6.0, 7.0], &[4], Int64);
    exact(&x.entry(1, 0).unwrap().entry(0, 2).unwrap(), &[8.0], &[], Int64);
    assert_eq!(x.element_at(&[1, 2]).unwrap(), Number::Integer(6));
    assert_eq!(floats(&[2.5], &[]).element_at(&[]).unwrap(), Number::Float(2.5));
    assert_eq!(message(x.narrow(1, 3..5)), "3..5 lies outside of axis 1 of shape [3, 4]");
    assert!(x.entry(0, usize::MAX).is_err());
    let part = x.transpose().unwrap().slice(&[1..3, 0..2]).unwrap();
    exact(&part, &[1.0, 5.0, 2.0, 6.0], &[2, 2], Int64);
    exact(
        &x.clone().with_part(&[1..2, 1..3], &whole(&[-1], &[], Int64)).unwrap().entry(0, 1).unwrap(),
        &[4.0, -1.0, -1.0, 7.0],
        &[4],
        Int64,
    );
}

#[test]
fn tensors_join() {
    let (a, b) = (count(&[1, 2]), count(&[2, 2]));
    exact(&Tensor::concatenate(&[a.clone(), b.clone()], 0).unwrap(), &[0.0, 1.0, 0.0, 1.0, 2.0, 3.0], &[3, 2], Int64);
    let empty = Tensor::zeros(&[0, 2], Int64, &device()).unwrap();
    exact(&Tensor::concatenate(&[empty.clone(), a.clone(), empty.clone()], 0).unwrap(), &[0.0, 1.0], &[1, 2], Int64);
    exact(&Tensor::concatenate(&[empty.clone(), empty], 0).unwrap(), &[], &[0, 2], Int64);
    exact(&Tensor::stack(&[a.clone(), a.clone()], 2).unwrap(), &[0.0, 0.0, 1.0, 1.0], &[1, 2, 2], Int64);
    let mixed = Tensor::concatenate(&[floats(&[0.5, 1.0], &[1, 2]).weak(), halves(&[0.1, 2.0], &[1, 2])], 1).unwrap();
    exact(&mixed, &[0.5, 1.0, 0.0999755859375, 2.0], &[1, 4], Float16);
    assert_eq!(message(Tensor::concatenate(&[a, b], 1)), "[1, 2] and [2, 2] do not fit together along axis 1");
}

#[test]
fn values_repeat() {
    let row = count(&[1, 2]);
    exact(&row.broadcast_to(&[2, 2, 2]).unwrap(), &[0.0, 1.0].repeat(4), &[2, 2, 2], Int64);
    let heads = random(&[2, 2, 1, 3], 5);
    let wide = heads.broadcast_to(&[2, 2, 4, 3]).unwrap().reshape(&[2, 8, 3]).unwrap();
    let (from, to) = (heads.to_floats().unwrap(), wide.to_floats().unwrap());
    for at in 0..48 {
        assert_eq!(to[at], from[at / 24 * 6 + at % 24 / 12 * 3 + at % 3]);
    }
    exact(&Tensor::zeros(&[1, 0], Float32, &device()).unwrap().broadcast_to(&[3, 0]).unwrap(), &[], &[3, 0], Float32);
    assert_eq!(message(row.broadcast_to(&[3])), "shape [1, 2] cannot be broadcast to [3]");
}

#[test]
fn element_types_convert() {
    let x = floats(&[1.9, -1.9, 1e30, f32::NEG_INFINITY], &[4]);
    exact(&x.cast(Int32).unwrap(), &[1.0, -1.0, f64::from(i32::MAX), f64::from(i32::MIN)], &[4], Int32);
    exact(&x.cast(Int16).unwrap(), &[1.0, -1.0, 32767.0, -32768.0], &[4], Int16);
    exact(&x.cast(Bool).unwrap(), &[1.0; 4], &[4], Bool);
    exact(&floats(&[2049.0], &[]).cast(Float16).unwrap(), &[2048.0], &[], Float16);
    exact(&whole(&[3, 0], &[2], Int64).cast(Float32).unwrap(), &[3.0, 0.0], &[2], Float32);
    exact(&whole(&[70000], &[1], Int64).cast(Float16).unwrap(), &[f64::INFINITY], &[1], Float16);
    exact(&whole(&[70000], &[1], Int64).cast(Int16).unwrap(), &[4464.0], &[1], Int16);
    assert!(!floats(&[1.0], &[1]).weak().cast(Float32).unwrap().is_weak());
    let nan = floats(&[f32::NAN], &[1]);
    assert_eq!(message(nan.cast(Int64)), "NaN cannot be converted to int64");
    assert_eq!(floats(&[f32::NAN, f32::INFINITY, 1.0, f32::NAN], &[4]).count_non_finite().unwrap(), (2, 1));
}

#[test]
fn values_are_picked() {
    let table = random(&[5, 3], 9);
    let values = table.to_floats().unwrap();
    let expected: Vec<f64> = [4, 0, 4].iter().flat_map(|row| &values[row * 3..][..3]).map(|v| f64::from(*v)).collect();
    exact(&table.rows(&[4, 0, 4]).unwrap(), &expected, &[3, 3], Float32);
    exact(&table.rows(&[]).unwrap(), &[], &[0, 3], Float32);
    assert_eq!(message(table.rows(&[5])), "row 5 lies outside of shape [5, 3]");
    let x = count(&[2, 3]);
    exact(&x.gather(1, &whole(&[2, 0, 1, 1], &[2, 2], Int64)).unwrap(), &[2.0, 0.0, 4.0, 4.0], &[2, 2], Int64);
    let y = x.scatter(1, &floats(&[2.0, 0.0], &[2, 1]), &whole(&[10, 20], &[2, 1], Int64)).unwrap();
    exact(&y, &[0.0, 1.0, 10.0, 20.0, 4.0, 5.0], &[2, 3], Int64);
    assert_eq!(message(x.gather(1, &whole(&[3], &[1, 1], Int64))), "index 3 lies outside of axis 1 of shape [2, 3]");
    assert_eq!(message(x.gather(1, &floats(&[0.5], &[1, 1]))), "indices are whole numbers");
    let mask = truths(&[1, 0, 1]);
    let chosen = Tensor::select_where(&mask, &floats(&[1.0, 2.0, 3.0], &[3]), &floats(&[-1.0], &[1]).weak()).unwrap();
    exact(&chosen, &[1.0, -1.0, 3.0], &[3], Float32);
    let kept = floats(&[1.0, 2.0, 3.0, 4.0, 5.0, 6.0], &[2, 3]).keep_where(&mask, f32::MIN).unwrap();
    exact(&kept, &[1.0, f64::from(f32::MIN), 3.0, 4.0, f64::from(f32::MIN), 6.0], &[2, 3], Float32);
    let cube = random(&[2, 3, 4], 8);
    for mask_shape in [&[2, 3, 4][..], &[4], &[3, 1], &[2, 1, 4], &[1, 1, 1], &[2, 1, 1], &[]] {
        let mask = random(mask_shape, 3).compare_number(Comparison::Greater, Number::Integer(0)).unwrap();
        let expected: Vec<f64> = (mask.broadcast_to(&[2, 3, 4]).unwrap().to_integers().unwrap().iter())
            .zip(cube.to_floats().unwrap())
            .map(|(kept, value)| if *kept == 1 { f64::from(value) } else { -7.0 })
            .collect();
        exact(&cube.keep_where(&mask, -7.0).unwrap(), &expected, &[2, 3, 4], Float32);
        let turned = cube.permute(&[0, 2, 1]).unwrap().permute(&[0, 2, 1]).unwrap();
        exact(&turned.keep_where(&mask, -7.0).unwrap(), &expected, &[2, 3, 4], Float32);
    }
    assert!(cube.keep_where(&random(&[2], 1), 0.0).is_err());
    let mask = Tensor::causal_mask(2, 4, Float32, &device()).unwrap();
    exact(&mask, &[1.0, 1.0, 1.0, 0.0, 1.0, 1.0, 1.0, 1.0], &[2, 4], Float32);
    assert!(mask.is_weak());
    exact(&Tensor::causal_mask(3, 1, Bool, &device()).unwrap(), &[0.0, 0.0, 1.0], &[3, 1], Bool);
}

#[test]
fn rows_are_added() {
    let mut rows = Rows::new(random(&[2, 2, 3], 1).weak()).unwrap();
    let mut expected = random(&[2, 2, 3], 1).to_floats().unwrap();
    let mut held = Vec::new();
    for step in 0..70 {
        let before = rows.tensor().unwrap();
        if step % 3 == 0 {
            held.push((before.clone(), expected.clone()));
        }
        drop(before);
        let new = random(&[step % 3, 2, 3], 5 + step as u32);
        expected.extend(new.to_floats().unwrap());
        rows.append(&new).unwrap();
        assert_eq!(rows.len() * 6, expected.len());
    }
    let all = rows.tensor().unwrap();
    assert!(all.is_weak() && !rows.is_empty());
    assert_eq!((all.to_floats().unwrap(), all.shape()), (expected.clone(), [expected.len() / 6, 2, 3].as_slice()));
    for (tensor, values) in held {
        assert_eq!(tensor.to_floats().unwrap(), values);
    }
    let mut copy = rows.clone();
    copy.append(&random(&[1, 2, 3], 3)).unwrap();
    assert_eq!(rows.tensor().unwrap().to_floats().unwrap(), expected);
    assert_eq!(message(rows.append(&random(&[1, 3], 1))), "[71, 2, 3] and [1, 3] do not fit together along axis 0");
    let mut empty = Rows::new(Tensor::zeros(&[0, 3], Float16, &device()).unwrap()).unwrap();
    exact(&empty.tensor().unwrap(), &[], &[0, 3], Float16);
    empty.append(&floats(&[0.1, 1.0, 2.0], &[1, 3])).unwrap();
    exact(&empty.tensor().unwrap(), &[0.0999755859375, 1.0, 2.0], &[1, 3], Float16);
}

#[test]
fn adding_a_row_does_not_copy_the_others() {
    if !device().is_cpu() {
        return;
    }
    let mut rows = Rows::new(random(&[1 << 14, 256], 1)).unwrap();
    let row = random(&[1, 256], 2);
    rows.append(&row).unwrap();
    let start = std::time::Instant::now();
    (0..2000).for_each(|_| rows.append(&row).unwrap());
    // Copying 16 MiB 2,000 times would take seconds.
    assert!(start.elapsed().as_secs_f64() < 1.0, "{:?}", start.elapsed());
}
