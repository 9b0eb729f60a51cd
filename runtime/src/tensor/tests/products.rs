use super::*;

fn reference(left: &Tensor, right: &Tensor, m: usize, k: usize, n: usize) -> Vec<f64> {
    let (left, right) = (left.to_floats().unwrap(), right.to_floats().unwrap());
    let batches = left.len() / (m * k);
    let at = |b: usize, i: usize, j: usize| {
        (0..k).map(|l| f64::from(left[(b * m + i) * k + l]) * f64::from(right[(b * k + l) * n + j])).sum::<f64>()
    };
    (0..batches * m * n).map(|flat| at(flat / (m * n), flat / n % m, flat % n)).collect()
}

#[test]
fn matrices_multiply() {
    for (m, k, n) in [(1, 1, 1), (2, 3, 4), (1, 64, 33), (65, 130, 40)] {
        let (left, right) = (random(&[3, m, k], 1), random(&[3, k, n], 2));
        let expected = reference(&left, &right, m, k, n);
        check(&left.matmul(&right).unwrap(), &expected, &[3, m, n], Float32, 1e-5);
        let turned = right.transpose().unwrap();
        let copy = floats(&turned.to_floats().unwrap(), turned.shape());
        check(&left.matmul(&copy.transpose().unwrap()).unwrap(), &expected, &[3, m, n], Float32, 1e-5);
    }
    let (left, right) = (random(&[2, 1, 2, 3], 1), random(&[4, 3, 2], 2));
    let (wide_left, wide_right) =
        (left.broadcast_to(&[2, 4, 2, 3]).unwrap(), right.broadcast_to(&[2, 4, 3, 2]).unwrap());
    let expected = reference(&wide_left, &wide_right, 2, 3, 2);
    check(&left.matmul(&right).unwrap(), &expected, &[2, 4, 2, 2], Float32, 1e-5);
    let integers = whole(&[1, 2, 3, 4], &[2, 2], Int32);
    exact(&integers.matmul(&integers).unwrap(), &[7.0, 10.0, 15.0, 22.0], &[2, 2], Int32);
    let none = Tensor::zeros(&[2, 0], Float32, &device()).unwrap();
    exact(&none.matmul(&none.transpose().unwrap()).unwrap(), &[0.0; 4], &[2, 2], Float32);
    exact(&none.transpose().unwrap().matmul(&none).unwrap(), &[], &[0, 0], Float32);
    exact(
        &halves(&[0.1, 0.2], &[1, 2]).matmul(&halves(&[1.0, 1.0], &[2, 1])).unwrap(),
        &[f64::from(half::f16::from_f32(0.099_975_59 + 0.199_951_17).to_f32())],
        &[1, 1],
        Float16,
    );
    let wrong = random(&[3, 4], 1).matmul(&random(&[5, 2], 1));
    assert_eq!(message(wrong), "matmul needs equal inner sizes: left is [3, 4], right is [5, 2]");
}

/// Sums over every assignment of sizes to letters, whatever the equation.
fn brute_force(terms: &[&str], output: &str, operands: &[Tensor]) -> (Vec<f64>, Vec<usize>) {
    let mut letters: Vec<char> = terms.concat().chars().collect();
    letters.sort_unstable();
    letters.dedup();
    let size = |letter: char| {
        let sizes = terms.iter().zip(operands).flat_map(|(term, tensor)| term.chars().zip(tensor.shape().to_vec()));
        sizes.filter(|(name, _)| *name == letter).map(|(_, size)| size).max().unwrap()
    };
    let sizes: Vec<usize> = letters.iter().map(|letter| size(*letter)).collect();
    let shape: Vec<usize> = output.chars().map(size).collect();
    let values: Vec<Vec<f32>> = operands.iter().map(|tensor| tensor.to_floats().unwrap()).collect();
    let mut result = vec![0.0; shape.iter().product()];
    for flat in 0..sizes.iter().product() {
        let mut rest = flat;
        let place: Vec<usize> = sizes
            .iter()
            .map(|size| {
                let at = rest % size;
                rest /= size;
                at
            })
            .collect();
        let at = |letter: char| place[letters.iter().position(|name| *name == letter).unwrap()];
        let index = |term: &str, shape: &[usize]| {
            term.chars().zip(shape).fold(0, |flat, (letter, size)| flat * size + at(letter).min(size - 1))
        };
        let product: f64 = terms
            .iter()
            .zip(operands)
            .zip(&values)
            .map(|((term, tensor), values)| f64::from(values[index(term, tensor.shape())]))
            .product();
        result[index(output, &shape)] += product;
    }
    (result, shape)
}

fn check_einsum(equation: &str, output: &str, shapes: &[&[usize]]) {
    let operands: Vec<Tensor> = shapes.iter().zip(1..).map(|(shape, seed)| random(shape, seed)).collect();
    let terms: Vec<&str> = equation.split("->").next().unwrap().split(',').collect();
    let (expected, shape) = brute_force(&terms, output, &operands);
    check(&Tensor::einsum(equation, &operands).unwrap(), &expected, &shape, Float32, 1e-5);
}

#[test]
fn einsum_sums_any_equation() {
    check_einsum("ihd,jhd->ihj", "ihj", &[&[3, 2, 4], &[5, 2, 4]]);
    check_einsum("ihj,jhd->ihd", "ihd", &[&[3, 2, 5], &[5, 2, 4]]);
    check_einsum("ij,jk", "ik", &[&[2, 3], &[3, 4]]);
    check_einsum("ij,jk->ki", "ki", &[&[2, 3], &[3, 4]]);
    check_einsum("ba", "ab", &[&[2, 3]]);
    check_einsum("ij->ji", "ji", &[&[2, 3]]);
    check_einsum("ij->", "", &[&[2, 3]]);
    check_einsum("ii", "", &[&[3, 3]]);
    check_einsum("ii->i", "i", &[&[4, 4]]);
    check_einsum("iijj->ij", "ij", &[&[2, 2, 3, 3]]);
    check_einsum("iji->j", "j", &[&[2, 3, 2]]);
    check_einsum("i,j->ij", "ij", &[&[3], &[4]]);
    check_einsum("i,i->", "", &[&[3], &[3]]);
    check_einsum("i,i->i", "i", &[&[3], &[3]]);
    check_einsum("ab,bc,cd->da", "da", &[&[2, 3], &[3, 4], &[4, 2]]);
    check_einsum("ab,cd->c", "c", &[&[2, 3], &[4, 2]]);
    check_einsum("bhqk,bhkd->bqhd", "bqhd", &[&[2, 3, 4, 5], &[2, 3, 5, 2]]);
    check_einsum("kgqd,ktd->kgqt", "kgqt", &[&[2, 3, 1, 4], &[2, 5, 4]]);
    check_einsum("ij,ij,i->j", "j", &[&[2, 3], &[2, 3], &[2]]);
    check_einsum("ij,jk->ik", "ik", &[&[2, 1], &[3, 4]]);
    check_einsum("Aa,aB->AB", "AB", &[&[2, 3], &[3, 4]]);
}

#[test]
fn einsum_carries_leading_axes() {
    let (a, b) = (random(&[2, 1, 3, 4], 1), random(&[5, 4, 2], 2));
    let expected = a.matmul(&b).unwrap();
    for equation in ["...ij,...jk->...ik", "...ij, ...jk", "...ij,...jk -> ...ik"] {
        let found = Tensor::einsum(equation, &[a.clone(), b.clone()]).unwrap();
        let values: Vec<f64> = expected.to_floats().unwrap().into_iter().map(f64::from).collect();
        check(&found, &values, &[2, 5, 3, 2], Float32, 1e-5);
    }
    let sum = Tensor::einsum("...i->...", std::slice::from_ref(&a)).unwrap();
    let values: Vec<f64> =
        a.fold_axis(Fold::Sum, 3, false).unwrap().to_floats().unwrap().into_iter().map(f64::from).collect();
    check(&sum, &values, &[2, 1, 3], Float32, 1e-6);
    let empty = Tensor::zeros(&[0, 2, 4], Float32, &device()).unwrap();
    exact(&Tensor::einsum("ihd,jhd->ihj", &[random(&[3, 2, 4], 1), empty.clone()]).unwrap(), &[], &[3, 2, 0], Float32);
    exact(&Tensor::einsum("ihd->d", &[empty]).unwrap(), &[0.0; 4], &[4], Float32);
    exact(
        &Tensor::einsum("ij,jk->ik", &[whole(&[1, 2], &[1, 2], Int64), whole(&[3, 4], &[2, 1], Int64)]).unwrap(),
        &[11.0],
        &[1, 1],
        Int64,
    );
}

#[test]
fn einsum_says_what_does_not_fit() {
    let (a, b) = (random(&[2, 3], 1), random(&[4, 5], 2));
    let both = |equation| message(Tensor::einsum(equation, &[a.clone(), b.clone()]));
    assert_eq!(both("ij,jk->ik"), "`j` in `ij,jk->ik` is 3 and 4");
    assert_eq!(both("ijk,jk->ik"), "`ijk` in `ijk,jk->ik` does not name the axes of shape [2, 3]");
    assert_eq!(both("ij->i"), "`ij->i` takes 1 operands, found 2");
    assert_eq!(both("ij,kl->im"), "`m` stands only in the result of `ij,kl->im`");
    assert_eq!(both("ij,kl->ii"), "`i` stands twice in the result of `ij,kl->ii`");
    assert_eq!(both("i1,kl->i"), "`i1,kl->i` names axes by letters, found `1`");
}
