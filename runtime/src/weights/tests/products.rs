use super::*;

fn vectors(count: usize, size: usize) -> Vec<f32> {
    random_bytes(count * size, 77).into_iter().map(|byte| (f32::from(byte) - 127.5) / 100.0).collect()
}

/// `x · wᵀ` in 64 bits, with the sum of the sizes of all products as a measure.
fn reference(x: &[f32], w: &[f64], k: usize) -> Vec<(f64, f64)> {
    x.chunks(k)
        .flat_map(|x| {
            w.chunks(k).map(move |w| {
                let products = x.iter().zip(w).map(|(x, w)| f64::from(*x) * w);
                products.fold((0.0, 0.0), |(sum, size), product| (sum + product, size + product.abs()))
            })
        })
        .collect()
}

fn check(ggml_type: GgmlType, count: usize, n: usize, k: usize) {
    let (weight, bytes) = weight(ggml_type, &[n, k], 11);
    let x = vectors(count, k);
    let tensor = Tensor::from_floats(x.clone(), &[count, k], ElementType::Float32, &device()).unwrap();
    let found = linear(&tensor, &weight).unwrap();
    assert_eq!((found.shape(), found.element()), ([count, n].as_slice(), ElementType::Float32));
    let expected = reference(&x, &super::reference::decode(ggml_type, &bytes), k);
    for (at, (found, (expected, size))) in found.to_floats().unwrap().iter().zip(expected).enumerate() {
        let error = (f64::from(*found) - expected).abs() / size.max(1e-3);
        assert!(error < 2e-6, "{ggml_type} {count}×{n}×{k}, element {at}: expected {expected}, found {found}");
    }
}

#[test]
fn products_match_in_every_type() {
    for ggml_type in TYPES {
        for count in [1, 2, 3, 5, 8, 9, 23] {
            check(ggml_type, count, 50, 512);
        }
    }
}

#[test]
fn sizes_need_not_be_round() {
    for ggml_type in [GgmlType::F32, GgmlType::F16, GgmlType::BF16] {
        for (count, n, k) in [(1, 1, 1), (1, 7, 33), (4, 3, 31), (9, 25, 7), (17, 5, 1000), (12, 40, 515)] {
            check(ggml_type, count, n, k);
        }
    }
    for (count, n, k) in [(1, 1, 32), (1, 300, 1024), (3, 77, 96), (40, 77, 96), (9, 24, 544)] {
        check(GgmlType::Q4_0, count, n, k);
        check(GgmlType::Q8_0, count, n, k);
    }
}

#[test]
fn the_plain_kernels_agree() {
    for ggml_type in TYPES {
        let (_, bytes) = weight(ggml_type, &[1, 512], 4);
        let x = vectors(1, 512);
        let expected = reference(&x, &super::reference::decode(ggml_type, &bytes), 512)[0];
        let mut row = vec![0.0; 512];
        blocks::decode(ggml_type, &bytes, &mut row);
        let mut product = [0.0];
        portable::dots(&row, &x, &mut product);
        assert!((f64::from(product[0]) - expected.0).abs() < 2e-6 * expected.1, "{ggml_type}");
    }
}

#[test]
fn shapes_and_types_of_products() {
    use ElementType::{Float16, Float32, Int64};
    let (weight, _) = weight(GgmlType::F32, &[3, 4], 2);
    let ones = |shape: &[usize], element| Tensor::ones(shape, element, &device()).unwrap();
    let shape = |x: &Tensor, w: &Weight| {
        let product = linear(x, w).unwrap();
        (product.shape().to_vec(), product.element(), product.is_weak())
    };
    assert_eq!(shape(&ones(&[4], Float32), &weight), (vec![3], Float32, false));
    assert_eq!(shape(&ones(&[2, 5, 4], Float32), &weight), (vec![2, 5, 3], Float32, false));
    assert_eq!(shape(&ones(&[0, 4], Float32), &weight), (vec![0, 3], Float32, false));
    assert_eq!(shape(&ones(&[4], Float16), &weight.computing_in(Float16)), (vec![3], Float16, false));
    assert_eq!(shape(&ones(&[4], Float16), &weight), (vec![3], Float32, false));
    assert_eq!(shape(&ones(&[4], Float32).weak(), &weight.computing_in(Float16)), (vec![3], Float16, false));
    assert_eq!(shape(&ones(&[4], Int64), &weight), (vec![3], Float32, false));
    assert_eq!(
        linear(&ones(&[2, 3], Float32), &weight).unwrap_err().to_string(),
        "linear needs rows of 4 elements for `w` of [3, 4]: x is [2, 3]"
    );
}

/// The time that the threads of this process have computed, in seconds.
fn computed() -> f64 {
    let threads = std::fs::read_dir("/proc/self/task").into_iter().flatten().flatten();
    let nanoseconds = threads.filter_map(|thread| {
        let text = std::fs::read_to_string(thread.path().join("schedstat")).ok()?;
        text.split(' ').next()?.parse::<f64>().ok()
    });
    nanoseconds.sum::<f64>() / 1e9
}

/// Run by hand: `cargo test --release -- --ignored --nocapture speed`. Tells
/// the best time of a call, and what a core does in a second of its own time,
/// which other programs disturb less. `TL_SPEED` names the only type to measure.
#[test]
#[ignore = "measures time"]
fn speed_of_products() {
    let (n, k) = (5632, 2048);
    let only = std::env::var("TL_SPEED").unwrap_or_default();
    for ggml_type in TYPES.into_iter().filter(|ggml_type| only.is_empty() || ggml_type.name() == only) {
        let bytes = weight(ggml_type, &[n, k], 0).0.bytes().len();
        // Several copies, so that none is read from the cache.
        let copies: Vec<Weight> =
            (0..(96 << 20) / bytes as u64 + 1).map(|seed| weight(ggml_type, &[n, k], seed).0).collect();
        for count in [1, 2, 4, 8, 64] {
            let x = Tensor::from_floats(vectors(count, k), &[count, k], ElementType::Float32, &device()).unwrap();
            let (mut best, mut calls, before) = (f64::INFINITY, 0.0, computed());
            while calls < 20.0 || computed() - before < 0.3 {
                let start = std::time::Instant::now();
                linear(&x, &copies[calls as usize % copies.len()]).unwrap();
                best = best.min(start.elapsed().as_secs_f64());
                calls += 1.0;
            }
            let each = (computed() - before) / calls;
            let operations = 2.0 * (n * k * count) as f64;
            println!(
                "{ggml_type:>5} m={count:<3} best {:8.3} ms {:6.1} GB/s {:6.1} GFLOP/s; per core {:6.1} GB/s {:6.1} GFLOP/s",
                best * 1e3,
                bytes as f64 / best / 1e9,
                operations / best / 1e9,
                bytes as f64 / each / 1e9,
                operations / each / 1e9
            );
        }
    }
}
