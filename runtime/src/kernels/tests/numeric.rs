//! Numbers against references computed here in 64 bits.

use super::*;

#[test]
fn softmax_sums_to_one_along_its_axis() {
    let x = noise(&[3, 4, 5]);
    let values = values_of(&x);
    for (axis, size, stride) in [(2, 5, 1), (1, 4, 5), (0, 3, 20), (-1, 5, 1)] {
        let found = run().call("softmax", &[x.clone(), int(axis)]).unwrap();
        let expected: Vec<f64> = (0..values.len())
            .map(|at| {
                let first = at - at / stride % size * stride;
                let sum: f64 = (0..size).map(|i| values[first + i * stride].exp()).sum();
                values[at].exp() / sum
            })
            .collect();
        assert_near(&found, &expected, 1e-6);
    }
}

#[test]
fn rms_norm_divides_by_the_root_of_the_mean_square() {
    let (x, weight) = (noise(&[3, 2, 8]), noise(&[2, 8]));
    let found = run().call("rms_norm", &[x.clone(), weight.clone(), float(0.5)]).unwrap();
    let (values, weights) = (values_of(&x), values_of(&weight));
    let expected: Vec<f64> = values
        .chunks(16)
        .flat_map(|row| {
            let mean = row.iter().map(|x| x * x).sum::<f64>() / 16.0;
            row.iter().zip(&weights).map(move |(x, w)| x / (mean + 0.5).sqrt() * w)
        })
        .collect();
    assert_near(&found, &expected, 1e-5);
    // Without an epsilon: 1e-6.
    let tiny = tensor(&[0.001; 4], &[4]);
    let found = run().call("rms_norm", &[tiny, tensor(&[1.0; 4], &[4])]).unwrap();
    assert_near(&found, &[0.5f64.sqrt(); 4], 1e-6);
}

fn rotated(x: &[f64], position: f64, size: usize, base: f64, neox: bool) -> Vec<f64> {
    let mut turned = x.to_vec();
    for pair in 0..size / 2 {
        let (a, b) = if neox { (pair, pair + size / 2) } else { (2 * pair, 2 * pair + 1) };
        let (sin, cos) = (position * base.powf(-2.0 * pair as f64 / size as f64)).sin_cos();
        turned[a] = x[a] * cos - x[b] * sin;
        turned[b] = x[a] * sin + x[b] * cos;
    }
    turned
}

#[test]
fn rope_turns_pairs_by_position() {
    let x = noise(&[2, 5, 3, 8]);
    let values = values_of(&x);
    let expected = |position: &dyn Fn(usize) -> f64, base: f64, neox: bool| -> Vec<f64> {
        let heads = values.chunks(8).enumerate();
        heads.flat_map(|(at, head)| rotated(head, position(at / 3 % 5), 8, base, neox)).collect()
    };
    let found = run().call("rope", std::slice::from_ref(&x)).unwrap();
    assert_near(&found, &expected(&|row| row as f64, 10000.0, false), 1e-5);
    let found = run().call("apply_rope", &[x.clone(), int(7), float(500.0), string("neox")]).unwrap();
    assert_near(&found, &expected(&|row| row as f64 + 7.0, 500.0, true), 1e-5);
    let each = [9.0, 0.0, 4.0, 4.0, 1.0];
    let found = run().call("rope", &[x.clone(), floats(&each)]).unwrap();
    assert_near(&found, &expected(&|row| each[row], 10000.0, false), 1e-5);
    let found = run().call_named("rope", &[(None, x), (Some("base"), int(100))]).unwrap();
    assert_near(&found, &expected(&|row| row as f64, 100.0, false), 1e-5);
}

#[test]
fn rope_takes_tables() {
    let x = noise(&[3, 2, 4]);
    let table = |function: fn(f64) -> f64, wide: bool, neox: bool| {
        let angle = |row: usize, pair: usize| row as f64 * 10000f64.powf(-(pair as f64) / 2.0);
        let columns = if wide { 4 } else { 2 };
        let pair = |column: usize| {
            if !wide {
                column
            } else if neox {
                column % 2
            } else {
                column / 2
            }
        };
        let values: Vec<f32> =
            (0..6 * columns).map(|i| function(angle(i / columns, pair(i % columns))) as f32).collect();
        tensor(&values, &[6, columns])
    };
    let expected = values_of(&run().call("rope", std::slice::from_ref(&x)).unwrap());
    for wide in [true, false] {
        let found =
            run().call("rope", &[x.clone(), table(f64::cos, wide, false), table(f64::sin, wide, false)]).unwrap();
        assert_near(&found, &expected, 1e-6);
    }
    let expected = values_of(&run().call("rope", &[x.clone(), int(0), int(10000), string("neox")]).unwrap());
    let tables = [x, table(f64::cos, true, true), table(f64::sin, true, true), string("neox")];
    assert_near(&run().call("rope", &tables).unwrap(), &expected, 1e-6);
}

#[test]
fn einsums_sum_over_what_the_result_lacks() {
    let (a, b) = (noise(&[3, 2, 4]), noise(&[5, 2, 4]));
    let (x, y) = (values_of(&a), values_of(&b));
    let found = run().call("einsum", &[string("ihd,jhd->ihj"), a.clone(), b.clone()]).unwrap();
    assert_eq!(shape_of(&found), [3, 2, 5]);
    let mut expected = Vec::new();
    for i in 0..3 {
        for h in 0..2 {
            for j in 0..5 {
                expected.push((0..4).map(|d| x[i * 8 + h * 4 + d] * y[j * 8 + h * 4 + d]).sum::<f64>());
            }
        }
    }
    assert_near(&found, &expected, 1e-5);
    let square = tensor(&[1.0, 2.0, 3.0, 4.0], &[2, 2]);
    check("einsum", &[string("ii"), square.clone()], Ok("5"));
    check("einsum", &[string("ii->i"), square.clone()], Ok("[1, 4]"));
    check("einsum", &[string("ij,ij,i->j"), square.clone(), square.clone(), ints(&[1, 10])], Ok("[91, 164]"));
    check("einsum", &[string("i,j->ji"), ints(&[1, 2]), ints(&[3, 4])], Ok("[[3, 6], [4, 8]]"));
    let message = "`einsum` needs one size for `i` in `ii->i`: operand 0 has 2, operand 0 has 3";
    check("einsum", &[string("ii->i"), noise(&[2, 3])], Err((Code::EinsumMismatch, message)));
}

#[test]
fn products_take_vectors() {
    let m = tensor(&[1.0, 2.0, 3.0, 4.0], &[2, 2]);
    check("matmul", &[m.clone(), m.clone()], Ok("[[7, 10], [15, 22]]"));
    check("matmul", &[ints(&[1, 1]), m.clone()], Ok("[4, 6]"));
    check("matmul", &[m.clone(), ints(&[1, 1])], Ok("[3, 7]"));
    check("matmul", &[ints(&[1, 2]), ints(&[3, 4])], Ok("11"));
    check("linear", &[ints(&[1, 1]), m.clone()], Ok("[3, 7]"));
    check("linear", &[m.clone(), m.clone(), ints(&[100, 200])], Ok("[[105, 211], [111, 225]]"));
    check("linear", &[noise(&[0, 2]), m.clone()], Ok("float32[0, 2]"));
    let half = typed(&[1.0, 0.5], &[2], ElementType::Float16);
    let product = run().call("linear", &[half.clone(), m]).unwrap();
    assert_eq!(product.fact().element(), Some(ElementType::Float32));
    // A weak operand gives way.
    let product = run().call("linear", &[half, ints(&[3, 4])]);
    assert_eq!(failure(product.unwrap_err()).code, Code::RankMismatch);
}

#[test]
fn rows_are_looked_up() {
    let table = tensor(&[0.0, 1.0, 2.0, 3.0, 4.0, 5.0], &[3, 2]);
    check("embedding", &[table.clone(), tokens(&[2, 0])], Ok("[[4, 5], [0, 1]]"));
    check("embedding", &[tokens(&[2, 0]), table.clone()], Ok("[[4, 5], [0, 1]]"));
    check("embedding", &[table.clone(), int(1)], Ok("[[2, 3]]"));
    check("embedding", &[table.clone(), tensor(&[1.0], &[])], Ok("[[2, 3]]"));
    check("embedding", &[table.clone(), tensor(&[1.0, 2.0], &[2, 1])], Ok("[[[2, 3]], [[4, 5]]]"));
    check("embedding", &[table.clone(), ints(&[])], Ok("float32[0, 2]"));
    let message = "`embedding` finds no row for the id 3: the table has 3 rows";
    check("embedding", &[table.clone(), tokens(&[0, 3])], Err((Code::IndexOutOfRange, message)));
    let message = "`embedding` needs whole numbers for `ids`, found float32[2] with the entry 0.5";
    check("embedding", &[table, tensor(&[0.5, 1.0], &[2])], Err((Code::ArgumentType, message)));
}

#[test]
fn masks_keep_or_drop() {
    check("causal_mask", &[int(2), int(3)], Ok("[[1, 1, 0], [1, 1, 1]]"));
    let half = typed(&[1.0, 2.0, 3.0, 4.0], &[2, 1, 2], ElementType::Float16);
    let mask = run().call("causal_mask", &[int(2)]).unwrap();
    check("apply_attention_mask", &[half, mask], Ok("[[[1, -65500]], [[3, 4]]]"));
    let one_row = tensor(&[1.0, 0.0], &[1, 2]);
    let found = run().call("apply_attention_mask", &[noise(&[2, 2, 2]), one_row]).unwrap();
    assert_eq!(values_of(&found).iter().filter(|x| **x == f64::from(f32::MIN)).count(), 4);
}

#[test]
fn greedy_takes_the_first_largest() {
    check("temperature_sample", &[floats(&[1.0, 3.0, 3.0]), float(0.0)], Ok("1"));
    check("temperature_sample", &[tensor(&[9.0, 0.0, 0.0, 9.0], &[2, 2]), float(1e-4)], Ok("1"));
    check("temperature_sample", &[floats(&[0.0, f64::INFINITY, f64::INFINITY]), float(0.0)], Ok("1"));
    let message = "`temperature_sample` cannot draw from logits with NaN: the first is at index 1";
    check("temperature_sample", &[floats(&[0.0, f64::NAN]), float(1.0)], Err((Code::RuntimeError, message)));
    let message = "`temperature_sample` finds no token to draw: every logit is -inf";
    check("temperature_sample", &[floats(&[f64::NEG_INFINITY; 2]), float(1.0)], Err((Code::RuntimeError, message)));
}

#[test]
fn draws_follow_the_softmax() {
    let mut run = run();
    let logits = floats(&[0.0, f64::NEG_INFINITY, 1.0, 2.0]);
    let mut counts = [0u32; 4];
    for _ in 0..20_000 {
        match run.call("sample_token", &[logits.clone(), float(2.0)]).unwrap() {
            Value::Integer(id) => counts[id as usize] += 1,
            other => panic!("{other:?}"),
        }
    }
    let total = 1.0 + 0.5f64.exp() + 1f64.exp();
    for (count, share) in counts.iter().zip([1.0, 0.0, 0.5f64.exp(), 1f64.exp()]) {
        assert!((f64::from(*count) / 20_000.0 - share / total).abs() < 0.012, "{counts:?}");
    }
    assert_eq!(run.events.iter().filter(|event| matches!(event, Event::Sampled { .. })).count(), 20_000);
}

#[test]
fn seeds_repeat_draws() {
    let mut run = run();
    let draws = |run: &mut Run| -> Vec<String> {
        run.call("set_seed", &[int(5)]).unwrap();
        let mut draw = || run.call("temperature_sample", &[noise(&[50]), float(1.5)]).unwrap().describe();
        (0..20).map(|_| draw()).collect()
    };
    assert_eq!(draws(&mut run), draws(&mut run));
}

#[test]
fn flat_logits_are_told_once() {
    let mut run = run();
    for _ in 0..3 {
        run.call("temperature_sample", &[floats(&[0.0; 4]), float(0.0)]).unwrap();
    }
    let notices: Vec<&Event> = run.events.iter().filter(|event| matches!(event, Event::Notice(_))).collect();
    assert_eq!(notices, [&Event::Notice("all 4 logits are 0: every token is equally likely".into())]);
}

#[test]
fn larger_of_two_takes_tensors_of_one_element() {
    let two = tensor(&[2.0], &[]);
    check("max", &[two.clone(), float(2.5)], Ok("2.5"));
    check("min", &[float(2.5), two.clone()], Ok("2"));
    check("max", &[int(3), int(5)], Ok("5"));
    check(
        "max",
        &[tensor(&[1.0, 7.0, 3.0, 4.0], &[2, 2]), two],
        Err((Code::IndexOutOfRange, "`max` finds no axis 2: the tensor has axes 0 to 1")),
    );
}
