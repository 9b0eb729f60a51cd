//! Training and logic: parameters, objectives, relations, declarations.

use super::{check, check_fix, silent};
use crate::diagnostic::Code;

#[test]
fn learning_needs_something_to_change() {
    check(
        Code::LearnNoParameters,
        r"
tensor w: float32[1] = [0.5]
main {
    learn { // error[learn-no-parameters]: `learn` finds no tensor that it may change
        objective: sum(w * w)
        epochs: 3
    }
}",
    );
    silent(
        r"
tensor w: float32[1] learnable = [0.5]
main {
    learn {
        objective: sum(w * w)
        epochs: 3
    }
}",
    );
    silent("tensor w: float32[1] learnable = [0.5]\nlearn {\nlet loss = w * w\nobjective: loss\nepochs: 3\n}");
    check_fix(
        Code::LearnNoParameters,
        "tensor w: float32[1] = [0.5]\nlearn { objective: sum(w * w) }",
        "tensor w: float32[1] learnable = [0.5]\nlearn { objective: sum(w * w) }",
    );
}

#[test]
fn an_objective_is_a_single_number() {
    check(
        Code::LearnObjective,
        r"
tensor w: float32[2, 3] learnable = [[1, 2, 3], [4, 5, 6]]
learn {
    objective: w // error[learn-objective]: found `w` with its 6 elements
    epochs: 3
}",
    );
    silent("tensor w: float32[1] learnable = [0.5]\nlearn {\nobjective: w\nepochs: 3\n}");
}

#[test]
fn a_relation_has_as_many_arguments_as_it_declares() {
    check(
        Code::RelationArity,
        r"
relation Parent(x: entity, y: entity)
Ancestor(X, Z) <- Parent(X, Y, Z), Ancestor(Y, Z) // error[relation-arity]: `Parent` takes 2 arguments, found 3
main {
    Parent(alice) // error[relation-arity]: `Parent` takes 2 arguments, found 1
    Parent(alice, bob)
    Parent(alice, X, Y)? // error[relation-arity]: found 3
}",
    );
}

#[test]
fn a_variable_of_a_rule_that_occurs_once_says_nothing() {
    check(
        Code::SingletonLogicVariable,
        r#"
entity Person = {Alice, bob}
relation Parent(x: entity, y: entity)
Known(X) <- Parent(X, Y) // warning[singleton-logic-variable]: `Y` occurs only once
Ancestor(X, Z) <- Parent(X, Y), Ancestor(Y, Z)
Parented(X) <- Parent(X, _Any)
Mine(X) <- Parent(X, Alice), Parent(X, "carol")
main { Parent(alice, Who)? }"#,
    );
}

#[test]
fn declarations_of_one_kind_have_names_of_their_own() {
    check(
        Code::DuplicateName,
        r"
entity Person = {alice}
entity Person = {bob} // error[duplicate-name]: the entity `Person` is declared twice
relation Parent(x: entity, y: entity)
relation Parent(x: entity) // error[duplicate-name]: the relation `Parent`
struct Point { x: int, y: int, x: float } // error[duplicate-name]: the field `x`
struct Point { z: int } // error[duplicate-name]: the struct `Point`
fn f(x: int) -> int { x }
fn f(y: int) -> int { y } // error[duplicate-name]: the function `f`
main { print(f(1)) }",
    );
    silent("entity Point = {alice}\nstruct Point { x: int }\nfn f(x: int) -> int { x }\nmain { print(f(1)) }");
}
