//! Shapes, parts and lists.

use super::*;

#[test]
fn creation_fills() {
    check("zeros", &[ints(&[2, 3])], Ok("[[0, 0, 0], [0, 0, 0]]"));
    check("ones", &[floats(&[2.0, 1.0])], Ok("[[1], [1]]"));
    check("ones", &[tensor(&[2.0], &[1])], Ok("[1, 1]"));
    check("zeros", &[ints(&[0, 4])], Ok("float32[0, 4]"));
    check("zeros", &[ints(&[])], Ok("0"));
    let message = "`zeros` needs an array of sizes for `shape`, found FloatArray of length 1 with the entry 2.5";
    check("zeros", &[floats(&[2.5])], Err((Code::ArgumentType, message)));
    let message = "`zeros` needs sizes of at least 0, found -3";
    check("zeros", &[tensor(&[-3.0], &[1])], Err((Code::ArgumentType, message)));
    let large = failure(run().call("zeros", &[ints(&[1 << 40, 1 << 40])]).unwrap_err());
    assert_eq!(large.message, "a tensor of shape [1099511627776, 1099511627776] does not fit into memory");
}

#[test]
fn ranges_count() {
    check("range", &[int(3)], Ok("[0, 1, 2]"));
    check("range_i", &[float(2.0), int(5)], Ok("[2, 3, 4]"));
    check("range", &[int(5), int(2)], Ok("[]"));
    check("range", &[int(6), int(0), int(-2)], Ok("[6, 4, 2]"));
    check("range", &[tensor(&[2.0], &[])], Ok("[0, 1]"));
    check("range", &[int(i64::MAX - 1), int(i64::MAX)], Ok("[9223372036854775806]"));
    let message = "`range` needs a whole number for `start`, found the Float 0.5";
    check("range", &[float(0.5)], Err((Code::ArgumentType, message)));
}

#[test]
fn shapes_change() {
    let x = tensor(&[1.0, 2.0, 3.0, 4.0, 5.0, 6.0], &[2, 3]);
    check("shape", std::slice::from_ref(&x), Ok("[2, 3]"));
    check("dims", &[tokens(&[1, 2])], Ok("[2]"));
    check("reshape", &[x.clone(), ints(&[3, -1])], Ok("[[1, 2], [3, 4], [5, 6]]"));
    check("reshape", &[x.clone(), tensor(&[6.0], &[1])], Ok("[1, 2, 3, 4, 5, 6]"));
    let message = "`reshape` keeps the number of elements: float32[2, 3] has 6, [4] has 4";
    check("reshape", &[x.clone(), tensor(&[4.0], &[1])], Err((Code::ShapeMismatch, message)));
    check("reshape", &[noise(&[0, 4]), ints(&[-1, 2])], Ok("float32[0, 2]"));
    check("transpose", std::slice::from_ref(&x), Ok("[[1, 4], [2, 5], [3, 6]]"));
    check("transpose", &[x.clone(), int(-1), int(0)], Ok("[[1, 4], [2, 5], [3, 6]]"));
    check("broadcast_to", &[ints(&[1, 2]), ints(&[2, 2])], Ok("[[1, 2], [1, 2]]"));
    check("broadcast_to", &[int(7), ints(&[2])], Ok("[7, 7]"));
}

#[test]
fn slices_at_every_edge() {
    let x = tensor(&[1.0, 2.0, 3.0, 4.0, 5.0, 6.0], &[2, 3]);
    let slice = |numbers: &[i64], expected: Result<&str, (Code, &str)>| {
        let values: Vec<Value> = std::iter::once(x.clone()).chain(numbers.iter().map(|n| int(*n))).collect();
        check("slice", &values, expected);
    };
    slice(&[0, 2], Ok("[[1, 2, 3], [4, 5, 6]]"));
    slice(&[1, 2], Ok("[[4, 5, 6]]"));
    slice(&[2, 2], Ok("float32[0, 3]"));
    slice(&[-1, 2], Ok("[[4, 5, 6]]"));
    slice(&[0, 1, 1], Ok("[[1], [4]]"));
    slice(&[0, 3, -1], Ok("[[1, 2, 3], [4, 5, 6]]"));
    slice(&[1, 0, 2], Ok("[4, 5]"));
    slice(&[1, 1, 3], Ok("[5, 6]"));
    slice(&[-1, -2, 3], Ok("[5, 6]"));
    let message = "`slice` finds no position 3 on axis 0: [2, 3] has 0 to 2";
    slice(&[0, 3], Err((Code::IndexOutOfRange, message)));
    let message = "`slice` fits [2, 3] neither as start 1, end 0, axis 4 nor as row 1, start 0, end 4";
    slice(&[1, 0, 4], Err((Code::IndexOutOfRange, message)));
    check("slice", &[ints(&[1, 2, 3]), int(1), int(-1)], Ok("[2]"));
    check("slice", &[tokens(&[1, 2, 3]), int(0), int(2)], Ok("[1, 2]"));
    check("slice", &[string("Größe"), int(1), int(3)], Ok("rö"));
    check("slice", &[x.clone(), tensor(&[1.0], &[]), int(2)], Ok("[[4, 5, 6]]"));
    check("slice_last", std::slice::from_ref(&x), Ok("[4, 5, 6]"));
    check("slice_last", &[x.clone(), int(1)], Ok("[3, 6]"));
    check("slice_last", &[ints(&[1, 2])], Ok("2"));
    check("get_last_position", std::slice::from_ref(&x), Ok("[[4, 5, 6]]"));
    check("get_last_token", &[x.clone(), int(-1)], Ok("[[3], [6]]"));
}

#[test]
fn concat_in_all_its_forms() {
    let (a, b) = (tensor(&[1.0, 2.0], &[1, 2]), tensor(&[3.0, 4.0], &[1, 2]));
    check("concat", &[a.clone(), b.clone()], Ok("[[1, 2], [3, 4]]"));
    check("concat", &[a.clone(), b.clone(), float(0.0)], Ok("[[1, 2], [3, 4]]"));
    check("concat", &[a.clone(), b.clone(), int(1)], Ok("[[1, 2, 3, 4]]"));
    check("concat", &[a.clone(), b.clone(), tensor(&[-1.0], &[])], Ok("[[1, 2, 3, 4]]"));
    let tensor_of = |value: &Value| if let Value::Tensor(tensor) = value { tensor.clone() } else { panic!() };
    let list = Value::Array(Arc::new(Array::Tensor(vec![tensor_of(&a), tensor_of(&b)])));
    check("concat", std::slice::from_ref(&list), Ok("[[1, 2], [3, 4]]"));
    check("concat", &[list.clone(), int(1)], Ok("[[1, 2, 3, 4]]"));
    let named = run().call_named("concat", &[(None, list), (Some("axis"), int(1))]).unwrap();
    assert_eq!(shape_of(&named), [1, 4]);
    check("concat", &[ints(&[1]), ints(&[2]), ints(&[3])], Ok("[1, 2, 3]"));
    check("concat", &[ints(&[1]), floats(&[0.5])], Ok("[1, 0.5]"));
    check("concat", &[ints(&[]), strings(&["a"])], Ok("[\"a\"]"));
    check("concat", &[tokens(&[1]), ints(&[2])], Ok("[1, 2]"));
    check("concat", &[ints(&[1]), ints(&[2]), int(0)], Ok("[1, 2]"));
    check("concat", &[string("a"), string("b"), string("c")], Ok("abc"));
    check("concat", &[ints(&[1, 2]), tensor(&[3.0], &[1])], Ok("[1, 2, 3]"));
    check("concat", &[typed(&[1.0], &[1], ElementType::Float16), tensor(&[0.1], &[1])], Ok("[1, 0.1]"));
    let message = "`concat` cannot join IntArray of length 1 and a String";
    check("concat", &[ints(&[1]), string("a")], Err((Code::ArgumentType, message)));
    check(
        "concat",
        &[tokens(&[1]), ints(&[-2])],
        Err((
            Code::ArgumentType,
            "`concat` needs lists that join Tokens of length 1 for `parts`, found IntArray of length 1",
        )),
    );
}

#[test]
fn lists_grow() {
    check("append", &[ints(&[1]), int(2)], Ok("[1, 2]"));
    check("append", &[ints(&[1]), float(2.0)], Ok("[1, 2]"));
    check("append", &[ints(&[1]), float(2.5)], Ok("[1, 2.5]"));
    check("append", &[ints(&[1]), tensor(&[2.0], &[])], Ok("[1, 2]"));
    check("append", &[ints(&[]), string("a")], Ok("[\"a\"]"));
    check("append", &[ints(&[]), tensor(&[0.5], &[])], Ok("[0.5]"));
    check("append", &[ints(&[]), tensor(&[1.0, 2.0], &[2])], Ok("[[1, 2]]"));
    check("append_token", &[tokens(&[1]), int(2)], Ok("[1, 2]"));
    check("append", &[tokens(&[1]), float(2.0)], Ok("[1, 2]"));
    check("append", &[tensor(&[1.0, 2.0], &[1, 2]), ints(&[3, 4])], Ok("[[1, 2], [3, 4]]"));
    check("append", &[tensor(&[1.0], &[1]), int(2)], Ok("[1, 2]"));
    let message = "`append` needs a token id of at least 0, found -1";
    check("append", &[tokens(&[1]), int(-1)], Err((Code::IndexOutOfRange, message)));
    check("get", &[ints(&[4, 5]), int(-1)], Ok("5"));
    check("get", &[tokens(&[4, 5]), float(0.0)], Ok("4"));
    check("get", &[string("añb"), int(1)], Ok("ñ"));
    check("get", &[tensor(&[1.0, 2.0, 3.0, 4.0], &[2, 2]), int(1)], Ok("[3, 4]"));
    check("len", &[string("añb")], Ok("3"));
    check("len", &[noise(&[4, 2])], Ok("4"));
    check("count_tokens", &[tokens(&[1, 2])], Ok("2"));
}

#[test]
fn conversions_read_numbers() {
    check("to_int", &[float(-2.7)], Ok("-2"));
    check("to_int", &[float(1e300)], Ok("9223372036854775807"));
    check("to_int", &[Value::Boolean(true)], Ok("1"));
    check("to_int", &[string(" 42 ")], Ok("42"));
    check("to_int", &[tensor(&[3.9], &[1, 1])], Ok("3"));
    check("to_int", &[float(f64::NAN)], Err((Code::RuntimeError, "NaN cannot be converted to an Integer")));
    check("to_int", &[string("4x2")], Err((Code::RuntimeError, "the String \"4x2\" does not spell an Integer")));
    check("to_float", &[string("1e-3")], Ok("0.001"));
    check("to_float", &[int(3)], Ok("3"));
    check("str", &[ints(&[1, 2])], Ok("[1, 2]"));
    check("to_vec", &[tensor(&[1.5, 2.0], &[2, 1])], Ok("[1.5, 2]"));
    check("to_vec", &[typed(&[1.0, 0.0], &[2], ElementType::Bool)], Ok("[1, 0]"));
}
