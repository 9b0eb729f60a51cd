use super::{check_help, check_line, check_main, check_problems};

#[test]
fn lines_part_statements() {
    check_main("let a = x\n[1]", "let a = x\n[1]");
    check_main("let a = f\n(3)", "let a = f\n3");
    check_main("let a = x\n* y", "let a = (x * y)");
    check_main("let a = x\n.f()", "let a = x.f()");
    check_main("f(x)\n-y", "f(x)\n(-y)");
    check_main("let a = x\n- y", "let a = (x - y)");
    check_main("x = 1 y = 2", "x = 1\ny = 2");
    check_main("f(\n  a,\n  b\n)", "f(a, b)");
}

#[test]
fn return_takes_a_value_from_its_line() {
    check_main("return\nx = 3", "return\nx = 3");
    check_main("return x + 1", "return (x + 1)");
    check_line("return 1, 2", &["8 syntax-error there are no tuples"]);
}

#[test]
fn let_binds_a_value() {
    check_main("let x: int = 3", "let x: int = 3");
    check_main("let w: float32[2, ?] = y", "let w: float32[2, ?] = y");
    check_main("letter = 5", "letter = 5");
    check_line("let x", &["5 syntax-error `x` gets no value"]);
    check_line("let x: int", &["5 syntax-error `x` gets no value"]);
    check_line("let (a, b) = x", &["5 syntax-error `let` binds one name"]);
    check_line("let in = 3", &["5 syntax-error `in` is a keyword"]);
}

#[test]
fn assignments_change_variables_and_elements() {
    check_main("x = 1", "x = 1");
    check_main("x += 1\nx -= 2\nx *= 3\nx /= 4", "x += 1\nx -= 2\nx *= 3\nx /= 4");
    check_main("a[i][j + 1] = 0", "a[i][(j + 1)] = 0");
    check_main("p.x = 3\np.x.y[0] += 3", "p.x = 3\np.x.y[0] += 3");
    check_line("a[0, 1] = 2", &["2 argument-type only one element can be assigned to"]);
    check_line("a[:] = 2", &["2 argument-type only one element can be assigned to"]);
    check_line("f(x)[0] = 2", &["1 syntax-error this cannot be assigned to"]);
}

#[test]
fn loops_have_bodies() {
    check_main(
        "for i in range(3) { if i == 1 { continue } break }",
        "
        for i in range(3) {
            if (i == 1) {
                continue
            }
            break
        }",
    );
    check_main("while x < 3 { x += 1 }", "while (x < 3) {\n    x += 1\n}");
    check_main("loop { return }", "loop {\n    return\n}");
    check_main("{ let x = 1 }", "{\n    let x = 1\n}");
    check_main("for i in 0..n { }", "for i in range(0, n) {\n}");
    check_main("for x in xs.f()[0] { }", "for x in xs.f()[0] {\n}");
}

#[test]
fn loops_bind_one_name() {
    check_line("for (a, b) in x { }", &["5 syntax-error `for` binds one name"]);
    check_line("for a, b in x { }", &["5 syntax-error `for` binds one name"]);
    check_line(
        "for (a, b) in x { let (c, d) = a }",
        &["5 syntax-error `for` binds one name", "23 syntax-error `let` binds one name"],
    );
    check_line("for i { }", &["5 syntax-error `i` has nothing to run over"]);
    check_line("for i range(3) { }", &["5 syntax-error `in` is missing after `i`"]);
    check_line("for in x { }", &["5 syntax-error a name is missing between `for` and `in`"]);
}

#[test]
fn tensors_have_a_type() {
    check_main("tensor w: float16[2, n] learnable = [1, 2]", "tensor w: float16[2, n] learnable = [1, 2]");
    check_main("tensor w: bool[3]", "tensor w: bool[3]");
    check_main("tensor w: f16[3] frozen", "tensor w: float16[3] frozen");
    check_line("tensor w = 3", &["8 syntax-error the tensor `w` has no type"]);
    check_line("tensor w: int = 3", &["11 syntax-error `int` is not a tensor type"]);
    check_line("tensor w: float[2]", &["11 unknown-name tensors have no elements of type `float`"]);
    check_line("tensor w: float23[2]", &["11 unknown-name tensors have no elements of type `float23`"]);
    check_line("tensor w: complex16[2]", &["11 not-supported-yet `complex16` cannot be executed yet"]);
    check_line("tensor w: float32[2.5]", &["19 malformed-number `2.5` is not a size"]);
    check_line("tensor w: float32[]", &["18 syntax-error a tensor type needs its sizes"]);
    check_help("tensor w: float23[2]", "write `float32[…]`");
    check_help("tensor w: float[2]", "write `float32[…]`");
}

#[test]
fn what_cannot_be_executed_yet_has_its_meaning() {
    check_main("p(X, Y)? where X != b, Y > 2 and q", "p(X, Y)? where (X != b), ((Y > 2) && q)");
    check_main("query p(X)", "p(X)?");
    check_main("a ~ b + 1", "a ~ (b + 1)");
    check_main("rule p(X) <- q(X)", "p(X) <- q(X)");
    check_main("infer forward query p(X)", "infer forward p(X)?");
    check_main(
        "infer { backward p(X)? symbolic q(X)? where X > 1 }",
        "infer {\n    backward p(X)?\n    symbolic q(X)? where (X > 1)\n}",
    );
    check_main("with m { f() }", "with m {\n    f()\n}");
    check_main("python import numpy.linalg as la", "python import numpy.linalg as la");
    check_main("for p in {a, \"b\"} { }", "for p in {a, \"b\"} {\n}");
    check_main("for p in {} { }", "for p in {} {\n}");
    check_main("a.b[0].c = 1", "a.b[0].c = 1");
}

#[test]
fn learn_has_two_forms() {
    check_main(
        "learn { let e = w - 1 objective: e * e, optimizer: sgd(lr: 0.1), epochs: 3 }",
        "
        learn {
            let e = (w - 1)
            objective: (e * e)
            optimizer: sgd(lr = 0.1)
            epochs: 3
        }",
    );
    check_main(
        "learn {
            optimizer: adam(lr=rate)
            epochs: 50
            for epoch in range(epochs) { backward(loss) }
        }",
        "
        learn {
            optimizer: adam(lr = rate)
            epochs: 50
            for epoch in range(epochs) {
                backward(loss)
            }
        }",
    );
}

#[test]
fn comments_mean_nothing() {
    check_main("a // one\n/* two\n*/ b", "a\nb");
    check_problems("main { a } // the last line", &[]);
}
