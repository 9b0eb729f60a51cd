use super::*;

fn softmax(line: &[f64]) -> Vec<f64> {
    let largest = line.iter().copied().fold(f64::MIN, f64::max);
    let powers: Vec<f64> = line.iter().map(|x| (x - largest).exp()).collect();
    let sum: f64 = powers.iter().sum();
    powers.iter().map(|power| power / sum).collect()
}

fn wide(values: &[f32]) -> Vec<f64> {
    values.iter().copied().map(f64::from).collect()
}

#[test]
fn softmax_runs_along_an_axis() {
    let values: Vec<f32> = noise(3000, 3).iter().map(|x| x * 20.0).collect();
    let rows = floats(&values, &[30, 100]).softmax(1).unwrap();
    let expected: Vec<f64> = wide(&values).chunks(100).flat_map(softmax).collect();
    check(&rows, &expected, &[30, 100], Float32, 1e-6);
    let columns = floats(&values, &[30, 100]).transpose().unwrap().softmax(0).unwrap();
    let found = columns.transpose().unwrap();
    check(&found, &expected, &[30, 100], Float32, 1e-6);
    let logs: Vec<f64> = expected.iter().map(|x| x.ln()).collect();
    check(&floats(&values, &[30, 100]).log_softmax(1).unwrap(), &logs, &[30, 100], Float32, 1e-5);
    let minus = f32::NEG_INFINITY;
    exact(&floats(&[minus, minus, 1.0, minus], &[2, 2]).softmax(1).unwrap(), &[0.0, 0.0, 1.0, 0.0], &[2, 2], Float32);
    exact(&floats(&[f32::MIN, f32::MIN], &[2]).softmax(0).unwrap(), &[0.5, 0.5], &[2], Float32);
    exact(&halves(&[0.0, 0.0, 0.0], &[3]).softmax(0).unwrap(), &[0.333251953125; 3], &[3], Float16);
    exact(&Tensor::zeros(&[2, 0], Float32, &device()).unwrap().softmax(1).unwrap(), &[], &[2, 0], Float32);
    let nan = floats(&[f32::NAN, 1.0], &[2]).softmax(0).unwrap();
    assert!(nan.to_floats().unwrap().iter().all(|x| x.is_nan()));
    if device().is_cpu() {
        let infinite = floats(&[f32::INFINITY, 1.0, f32::INFINITY], &[3]).softmax(0).unwrap();
        exact(&infinite, &[0.5, 0.0, 0.5], &[3], Float32);
    }
}

#[test]
fn norms_follow_their_formulas() {
    let (x, w, b) = (noise(6 * 300, 1), noise(300, 2), noise(300, 3));
    let rms: Vec<f64> = wide(&x)
        .chunks(300)
        .flat_map(|row| {
            let scale = (row.iter().map(|x| x * x).sum::<f64>() / 300.0 + 1e-5).sqrt();
            row.iter().zip(wide(&w)).map(|(x, w)| x / scale * w).collect::<Vec<f64>>()
        })
        .collect();
    let tensor = floats(&x, &[2, 3, 300]);
    check(&tensor.rms_norm(Some(&floats(&w, &[300])), 1e-5).unwrap(), &rms, &[2, 3, 300], Float32, 1e-6);
    let last_two = floats(&x, &[6, 30, 10]).rms_norm(Some(&floats(&w, &[30, 10])), 1e-5).unwrap();
    check(&last_two, &rms, &[6, 30, 10], Float32, 1e-6);
    let layer: Vec<f64> = wide(&x)
        .chunks(300)
        .flat_map(|row| {
            let mean = row.iter().sum::<f64>() / 300.0;
            let scale = (row.iter().map(|x| (x - mean).powi(2)).sum::<f64>() / 300.0 + 1e-5).sqrt();
            let parts = row.iter().zip(wide(&w)).zip(wide(&b));
            parts.map(|((x, w), b)| (x - mean) / scale * w + b).collect::<Vec<f64>>()
        })
        .collect();
    let (gamma, beta) = (floats(&w, &[300]), floats(&b, &[300]));
    check(&tensor.layer_norm(Some(&gamma), Some(&beta), 1e-5).unwrap(), &layer, &[2, 3, 300], Float32, 2e-6);
    check(
        &floats(&[3.0, 4.0], &[2]).rms_norm(None, 0.0).unwrap(),
        &[3.0 / 12.5f64.sqrt(), 4.0 / 12.5f64.sqrt()],
        &[2],
        Float32,
        1e-6,
    );
    let half = tensor.rms_norm(Some(&halves(&w, &[300])), 1e-5).unwrap();
    assert_eq!(half.element(), Float32);
    assert_eq!(tensor.clone().weak().rms_norm(Some(&halves(&w, &[300])), 1e-5).unwrap().element(), Float16);
    let wrong = tensor.rms_norm(Some(&floats(&w[..4], &[4])), 1e-5);
    assert_eq!(message(wrong), "a weight of shape [4] does not fit the last axes of [2, 3, 300]");
}

fn rope(style: RopeStyle, rotated: usize) -> Rope {
    Rope { style, base: 10000.0, rotated, divisors: None }
}

#[test]
fn heads_turn() {
    let shape = [2, 3, 2, 8];
    let x = random(&shape, 4);
    let values = wide(&x.to_floats().unwrap());
    for (style, rotated) in
        [(RopeStyle::Interleaved, 8), (RopeStyle::Interleaved, 4), (RopeStyle::Neox, 8), (RopeStyle::Neox, 6)]
    {
        let each = [5i64, 0, 900];
        let mut expected = values.clone();
        for head in 0..12 {
            let row = head / 2 % 3;
            for pair in 0..rotated / 2 {
                let (a, b) = match style {
                    RopeStyle::Interleaved => (2 * pair, 2 * pair + 1),
                    RopeStyle::Neox => (pair, pair + rotated / 2),
                };
                let angle = each[row] as f64 * 10000f64.powf(-2.0 * pair as f64 / rotated as f64);
                let (x, y) = (values[head * 8 + a], values[head * 8 + b]);
                expected[head * 8 + a] = x * angle.cos() - y * angle.sin();
                expected[head * 8 + b] = x * angle.sin() + y * angle.cos();
            }
        }
        let found = x.rope(&Positions::Each(each.to_vec()), &rope(style, rotated)).unwrap();
        check(&found, &expected, &shape, Float32, 1e-6);
    }
    let from = x.rope(&Positions::From(4), &rope(RopeStyle::Neox, 8)).unwrap().to_floats().unwrap();
    let each = x.rope(&Positions::Each(vec![4, 5, 6]), &rope(RopeStyle::Neox, 8)).unwrap().to_floats().unwrap();
    assert_eq!(from, each);
    let mut slow = rope(RopeStyle::Interleaved, 8);
    slow.divisors = Some(vec![2.0; 4]);
    let divided = x.rope(&Positions::Each(vec![8, 10, 12]), &slow).unwrap();
    let plain = x.rope(&Positions::Each(vec![4, 5, 6]), &rope(RopeStyle::Interleaved, 8)).unwrap();
    check(&divided, &wide(&plain.to_floats().unwrap()), &shape, Float32, 1e-6);
    let tables = (floats(&[1.0; 12], &[3, 4]), floats(&[0.0; 12], &[3, 4]));
    exact(&x.rope_by_tables(&tables.0, &tables.1, RopeStyle::Neox).unwrap(), &values, &shape, Float32);
    let empty = Tensor::zeros(&[0, 4, 64], Float16, &device()).unwrap();
    exact(&empty.rope(&Positions::From(0), &rope(RopeStyle::Interleaved, 64)).unwrap(), &[], &[0, 4, 64], Float16);
    assert_eq!(
        message(random(&[3, 4], 1).rope(&Positions::From(0), &rope(RopeStyle::Neox, 4))),
        "rope needs three axes, found shape [3, 4]"
    );
    assert_eq!(
        message(x.rope(&Positions::Each(vec![1]), &rope(RopeStyle::Neox, 8))),
        "rope needs one position for each of 3 rows, found 1"
    );
}
